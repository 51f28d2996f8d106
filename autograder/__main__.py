"""The TA's command: `python -m autograder`, also installed as `autograder`."""

import gc
import signal
import sys


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGINT, _stop_once)
    try:
        # the processes that grade import the installed command's module again, and need no more
        from autograder.commands.main import main as command

        gc.freeze()  # what is imported stays; the collector need not walk through it again
        command()
    except KeyboardInterrupt:
        print("stopped before anything was done", file=sys.stderr)
        sys.exit(130)


def _stop_once(*_) -> None:
    """Stop at the first Ctrl-C; further ones would only disturb the way out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
