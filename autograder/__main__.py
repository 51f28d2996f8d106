"""The TA's command: `python -m autograder`, also installed as `autograder`."""

import gc


def main() -> None:
    """Run the command line."""
    # the processes that grade import the installed command's module again, and need no more of it
    from autograder.commands.main import main as command

    gc.freeze()  # what is imported stays; the collector need not walk through it again and again
    command()


if __name__ == "__main__":
    main()
