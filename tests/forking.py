"""`python -m autograder ...` in forks of a Python that has imported what these commands import.

The imports take longer than most commands. ta.py starts this file as a process and writes a job to
it, a line of JSON; the exit code comes back.
"""

import json
import os
import runpy
import signal
import sys

del sys.path[0]  # this folder, whose parts are named as the packages are

import autograder.commands.main  # noqa: E402
import autograder.gradebook.recorder  # noqa: E402, F401

LONGEST = 900  # seconds of one command
FILES = {0: os.O_RDONLY, 1: os.O_WRONLY, 2: os.O_WRONLY}  # by their descriptors


def become(job: dict) -> None:
    """What a new process would be: folder, environment, search path, files, arguments."""
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    sys.path.insert(0, job["folder"])
    for descriptor, name in zip(FILES, job["files"], strict=True):
        file = os.open(name, FILES[descriptor])
        os.dup2(file, descriptor)
        os.close(file)
    sys.argv[1:] = job["arguments"]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.alarm(LONGEST)


def main() -> None:
    """Do one job after the other, until nobody writes any more."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(json.loads(line))
            runpy.run_module("autograder", run_name="__main__", alter_sys=True)
            sys.exit()
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
