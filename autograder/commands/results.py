"""What became of a class: pages for students and instructors, files of grades."""

import contextlib
import datetime
import json
from pathlib import Path

import click

from autograder.atomic import write_atomically
from autograder.batch.batch import stored_results
from autograder.commands import console
from autograder.commands.options import assignment_argument, json_option, say, unsafe_option
from autograder.errors import AutograderError
from autograder.gradebook.history import History
from autograder.gradebook.standing import to_know
from autograder.grading import notebook
from autograder.grading.result import without_examples
from autograder.names import full_name
from autograder.output.export import pack_feedback, write_grades
from autograder.output.feedback import render_feedback
from autograder.output.report import render_report, snapshot
from autograder.output.similar import similar_pairs
from autograder.sandbox.isolation import choose_isolation
from autograder.term.collect import handed_over
from autograder.term.course import Course


def _graded(root: Path, assignment: str, unsafe: bool):
    """The course, results by student id, and what of each counts, hand grading included."""
    from autograder.gradebook.recorder import Recorder  # imports nbgrader, which takes a second

    course = Course(root)
    results = stored_results(course, course.assignment(assignment), choose_isolation(unsafe))
    if not results:
        raise AutograderError(f"{assignment}: nothing is graded: run `autograder grade "
                              f"{assignment}` first")
    recorder = Recorder(course, unsafe)
    with course.lock(f"reading the grades of {assignment}"):
        recorder.apply_term(assignment)  # points given by hand change what lateness costs
    return course, results, recorder.standings(assignment)


@click.command()
@assignment_argument
@click.option("--book-url", default=None,
              help="Address of the built book, for links from messages to sections; else the one "
                   "in term.toml.")
@click.option("--zip", "archive", type=click.Path(path_type=Path),
              help="Also pack the pages into this file, so named that Canvas ('Upload "
                   "submissions') and Moodle ('Upload multiple feedback files in a zip') give "
                   "each to its student.")
@json_option
@unsafe_option
@click.pass_obj
def feedback(root, assignment, book_url, archive, as_json, unsafe):
    """Write a page for every graded student.

    \b
    Example: autograder feedback hw1_perceptron --zip feedback.zip
    """
    course, results, standings = _graded(root, assignment, unsafe)
    pages, folder, roster = {}, course.path("feedback", "."), course.roster() or {}
    titles = notebook.titles(course.assignment(assignment).source)
    history = History(course.root)
    with console.progress() as progress:
        for student, result in progress.track(results.items(), description="writing pages"):
            if not course.term.examples:
                result = without_examples(result)
            page = render_feedback(result, student=student, book_url=book_url or course.term.book,
                                   standing=standings.get(student), titles=titles,
                                   name=full_name(roster.get(student, {})),
                                   earlier=history.earlier(assignment, student, course.notebook(
                                       student, assignment)), term=course.term)
            path = course.path("feedback", student) / f"{assignment}.html"
            pages[student] = page.encode()
            write_atomically(path, pages[student])
    if archive:
        names = handed_over(course, assignment)
        write_atomically(archive, pack_feedback(assignment, pages, names))
    say(as_json, f"wrote {len(results)} pages to {folder}",
         *([f"wrote {archive}"] if archive else []),
         *(f"{path}: held a student's earlier submissions and is damaged: read it, then delete it"
           for path in history.damaged(assignment)), folder=folder, zip=archive,
         students=sorted(pages))


@click.command()
@assignment_argument
@click.option("--similar", "look_for_similar", is_flag=True,
              help="Also list pairs of submissions that share unusual code: no proof of anything.")
@json_option
@unsafe_option
@click.pass_obj
def report(root, assignment, look_for_similar, as_json, unsafe):
    """Write the instructor's page: scores, mistakes, changes.

    \b
    Example: autograder report hw1_perceptron --similar
    """
    course, results, standings = _graded(root, assignment, unsafe)
    roster = course.roster() or dict.fromkeys(results, {})
    path = course.root / "reports" / f"{assignment}.html"
    kept = course.store.folder.parent / "reports" / f"{assignment}.json"
    before, similar = None, None
    with contextlib.suppress(OSError, ValueError):
        before = json.loads(kept.read_bytes())
    if look_for_similar:
        similar = similar_pairs(results, notebook.read_source(
            course.path("release", assignment=assignment) / f"{assignment}.ipynb"))
    page = render_report(assignment, results, roster, standings, before=before, similar=similar)
    write_atomically(path, page.encode())
    now = f"{datetime.datetime.now(course.term.zone):%d %B %Y, %H:%M}"
    write_atomically(kept, json.dumps(snapshot(results, standings, now)).encode())
    say(as_json, f"wrote {path}", *to_know(standings), page=path, similar=similar)


@click.command()
@assignment_argument
@click.option("--graded-only", is_flag=True,
              help="Leave students who wait for a person out of the files for Canvas and Moodle.")
@json_option
@unsafe_option
@click.pass_obj
def export(root, assignment, graded_only, as_json, unsafe):
    """Write the grades for Canvas, Moodle and others.

    As CSV and as JSON.

    \b
    Example: autograder export hw1_perceptron
    """
    course, results, standings = _graded(root, assignment, unsafe)
    roster = course.roster() or {}
    paths = write_grades(course.root / "exports", assignment, results, roster, standings,
                         graded_only)
    without = sorted({*roster, *results} - {s for s, r in results.items()
                                            if r["status"] == "graded"})
    waiting = sorted(s for s, standing in standings.items() if standing.waiting)
    notes = to_know(standings)
    if waiting:
        notes.append("those who wait are not in the files for Canvas and Moodle" if graded_only
                     else "those who wait are in the files for Canvas and Moodle as well: "
                          "--graded-only leaves them out")
    if without:
        notes.append(f"{len(without)} without a grade are not in the files for Canvas and Moodle, "
                     "where an empty cell would erase what stands there")
    say(as_json, *(f"wrote {path}" for path in paths), *notes, files=paths, without_grade=without,
        waiting=waiting)
