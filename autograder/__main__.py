"""The TA's command: `python -m autograder`, also installed as `autograder`."""


def main() -> None:
    """Run the command line."""
    # the processes that grade import the installed command's module again, and need no more of it
    from autograder.cli import main as command

    command()


if __name__ == "__main__":
    main()
