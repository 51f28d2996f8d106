"""`make demo`: build the book, release, grade the sample class, and serve what came of it."""

import argparse
import http.server
import subprocess
import sys
import threading
from pathlib import Path

from serving import QuietHandler, listen

from autograder.errors import AutograderError
from autograder.sandbox.isolation import choose_isolation

PROJECT = Path(__file__).resolve().parents[1]
COURSE = PROJECT / "_demo"
ASSIGNMENT = "hw1_perceptron"


def run(*command: str) -> None:
    """Run a command of the project as a TA would type it."""
    print(f"\n$ python {' '.join(command)}", flush=True)
    code = subprocess.run([sys.executable, *command], cwd=PROJECT, check=False).returncode
    if code:
        sys.exit(code)


class CourseHandler(QuietHandler):
    """Serves a course's pages, but not its submissions and gradebook."""

    def send_head(self):
        if not self.path.startswith(("/reports/", "/feedback/")):
            self.send_error(404)
            return None
        return super().send_head()


def serve(pages: dict[str, tuple[http.server.ThreadingHTTPServer, str]]) -> None:
    """Serve until Ctrl-C, and say where."""
    print()
    for name, (server, page) in pages.items():
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"{name:13} http://127.0.0.1:{server.server_port}/{page}")
    print("\nCtrl-C ends both", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()


def main() -> None:
    """Do the whole of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="end when the work is done")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()

    run("scripts/build_book.py")
    site, report = PROJECT / "_build" / "html", f"reports/{ASSIGNMENT}.html"
    pages = {} if arguments.no_serve else {
        "website": (listen(site, arguments.port), "index.html"),
        "class report": (listen(COURSE, arguments.port + 1, CourseHandler), report)}
    port = pages["website"][0].server_port if pages else arguments.port

    grader = ("-m", "autograder", "--root", COURSE.name)
    run(*grader, "init", "--roster", "samples/roster.csv", "--name", "The sample class's term")
    run(*grader, "release", ASSIGNMENT)
    run("samples/make_samples.py", str(COURSE / "submitted"))
    unsafe = []
    try:
        choose_isolation(unsafe=False)
    except AutograderError as error:
        print(f"\n{error}\nThe sample class is this project's own code, so it is graded without "
              "isolation; every result is marked so.")
        unsafe = ["--unsafe"]
    run(*grader, "grade", ASSIGNMENT, *unsafe)
    run(*grader, "feedback", ASSIGNMENT, "--book-url", f"http://127.0.0.1:{port}", *unsafe)
    run(*grader, "report", ASSIGNMENT, *unsafe)
    run(*grader, "export", ASSIGNMENT, *unsafe)
    if pages:
        serve(pages)
    else:
        print(f"\nwebsite       {(site / 'index.html').relative_to(PROJECT)}\n"
              f"class report  {COURSE.name}/{report}")


if __name__ == "__main__":
    main()
