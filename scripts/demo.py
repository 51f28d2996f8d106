"""`make demo`: build the book, release, grade the sample class, and serve what came of it."""

import argparse
import functools
import http.server
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from autograder.isolation import bubblewrap_problem

PROJECT = Path(__file__).resolve().parents[1]
COURSE = PROJECT / "_demo"
ASSIGNMENT = "hw1_perceptron"
CONFIG = """\
# Written by scripts/demo.py: the sample class's course, on the project's own assignments.
load_subconfig("../nbgrader_config.py")
c = get_config()
c.CourseDirectory.source_directory = "../source_solutions"
c.CourseDirectory.release_directory = "../assignments"
"""


def run(*command: str, fine: tuple[int, ...] = (0,)) -> None:
    """Run a command of the project as a TA would type it."""
    print(f"\n$ python {' '.join(command)}", flush=True)
    code = subprocess.run([sys.executable, *command], cwd=PROJECT, check=False).returncode
    if code not in fine:
        sys.exit(code)


def prepare_course() -> None:
    """The course's folder: configuration, roster and the sample class's submissions."""
    COURSE.mkdir(exist_ok=True)
    (COURSE / "nbgrader_config.py").write_text(CONFIG)
    shutil.copy(PROJECT / "samples" / "roster.csv", COURSE / "roster.csv")
    run("samples/make_samples.py", str(COURSE / "submitted"))


def serve(pages: dict[str, Path], first_port: int) -> None:
    """Serve each folder on a loopback port of its own until Ctrl-C."""
    print()
    for port, (name, page) in enumerate(pages.items(), first_port):
        handler = functools.partial(QuietHandler, directory=str(page.parent))
        try:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"{name:13} http://127.0.0.1:{server.server_port}/{page.name}")
    print("\nCtrl-C ends both", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *args):
        pass


def main() -> None:
    """Do the whole of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="end when the work is done")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()

    run("scripts/build_book.py")
    COURSE.mkdir(exist_ok=True)
    (COURSE / "nbgrader_config.py").write_text(CONFIG)
    grader = ("-m", "autograder", "--root", COURSE.name)
    run(*grader, "release", ASSIGNMENT)
    prepare_course()
    unsafe = []
    if bubblewrap_problem():
        print(f"\n{bubblewrap_problem()}\nThe sample class is this project's own code, so it is "
              "graded without isolation; every result is marked so.")
        unsafe = ["--unsafe"]
    run(*grader, "grade", ASSIGNMENT, *unsafe)
    book_url = f"http://127.0.0.1:{arguments.port}"
    run(*grader, "feedback", ASSIGNMENT, "--book-url", book_url, *unsafe)
    run(*grader, "report", ASSIGNMENT, *unsafe)
    run(*grader, "export", ASSIGNMENT, *unsafe)
    pages = {"website": PROJECT / "_build" / "html" / "index.html",
             "class report": COURSE / "reports" / f"{ASSIGNMENT}.html"}
    if arguments.no_serve:
        print("\n" + "\n".join(f"{name:13} {page.relative_to(PROJECT)}"
                               for name, page in pages.items()))
    else:
        serve(pages, arguments.port)


if __name__ == "__main__":
    main()
