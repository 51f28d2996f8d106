"""The TA's commands."""

import contextlib
import datetime
import json
import os
import sys
from functools import partial
from pathlib import Path

import click

from autograder import collect as collecting
from autograder import export as exporting
from autograder import handout, notebook, show, single
from autograder.attacks import load_corpus, run_attacks
from autograder.batch import grade_class, stored_results
from autograder.beginning import begin
from autograder.cluster import Cluster
from autograder.course import Course
from autograder.doctor import examine
from autograder.errors import AutograderError
from autograder.feedback import render_feedback
from autograder.files import write_atomically
from autograder.gradebook import Recorder
from autograder.isolation import choose_isolation, isolation_in_a_container
from autograder.machine import ThisMachine
from autograder.report import render_report, snapshot
from autograder.scaffold import scaffold
from autograder.similar import similar_pairs
from autograder.verify import check_mistakes, check_mutants, check_pieces, check_variants


class OneLineErrors(click.Group):
    """A group whose AutograderErrors end in one line and exit code 2."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except AutograderError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(2)
        except KeyboardInterrupt:
            click.echo("stopped: everything graded so far is kept; run the command again to "
                       "continue", err=True)
            sys.exit(130)


assignment_argument = click.argument("assignment")
json_option = click.option("--json", "as_json", is_flag=True,
                           help="Print what was done as JSON instead.")
workers_option = click.option(
    "--workers", type=click.IntRange(1), default=os.cpu_count(), show_default=True,
    help="Submissions graded at a time.")
unsafe_option = click.option(
    "--unsafe", is_flag=True,
    help="Grade without isolation where bubblewrap cannot run: students' code can then read and "
         "change everything that you can. Every such result is marked.")


def _say(as_json: bool, *lines: str, **done) -> None:
    """What was done: lines for a person, or all of it for a program."""
    click.echo(json.dumps(done, default=str) if as_json else "\n".join(lines))


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--root", type=click.Path(path_type=Path), default=Path("."), show_default=True,
              help="The course's folder: the one with nbgrader_config.py.")
@click.pass_context
def main(ctx, root):
    """Release assignments, grade them in isolation, hand back feedback and grades."""
    ctx.obj = root


@main.command()
@click.option("--roster", type=click.Path(path_type=Path), required=True,
              help="The class: Canvas's gradebook export, Moodle's participants, or a CSV file "
                   "with student_id, first_name, last_name, email.")
@click.option("--name", default="", help="The term's name, such as 'Autumn 2026'.")
@click.option("--timezone", default="UTC", show_default=True,
              help="Of the due dates, such as Europe/Berlin.")
@json_option
@click.pass_obj
def init(root, roster, name, timezone, as_json):
    """Begin a term in the folder --root, or bring its roster up to date.

    \b
    Example: autograder --root autumn init --roster canvas.csv --timezone Europe/Berlin
    """
    lines = begin(root, roster, name, timezone)
    _say(as_json, *lines, done=lines)


@main.command()
@assignment_argument
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--times", type=click.Path(path_type=Path),
              help="When each came: Moodle's grading worksheet, or a CSV file with student_id "
                   "and submitted.")
@click.option("--match", "matches", multiple=True, metavar="NAME=STUDENT",
              help="Whose a file is that nobody was found for; can be given several times.")
@json_option
@click.pass_obj
def collect(root, assignment, paths, times, matches, as_json):
    """Put notebooks from zips or folders in their places, each student's last one.

    Takes what Canvas, Moodle, Gradescope and nbgrader's exchange hand over, and folders or files
    named by student id. Ends with 1 when some of it needs a person (a line each says why).

    \b
    Example: autograder collect hw1_perceptron submissions.zip
    """
    course = Course(root)
    course.assignment(assignment)
    pairs = [match.partition("=") for match in matches]
    if not all(student for _, _, student in pairs):
        raise AutograderError("--match: write it as 'NAME=STUDENT', the name as quoted before")
    with course.lock():
        done = collecting.collect(course, assignment, list(paths), times=times,
                                  matches={name: student for name, _, student in pairs})
    for line in done.problems:
        show.problem(line)
    _say(as_json, *done.notes, f"{len(done.new)} new, {len(done.replaced)} replaced, "
         f"{len(done.unchanged)} unchanged, {len(done.problems)} with a problem",
         assignment=assignment, **vars(done))
    sys.exit(1 if done.problems else 0)


@main.command()
@assignment_argument
@json_option
@click.pass_obj
def release(root, assignment, as_json):
    """Make the students' version of an assignment, and a zip of it with the library.

    \b
    Example: autograder release hw1_perceptron
    """
    course = Course(root)
    course.assignment(assignment)
    with course.lock():
        recorder = Recorder(course, unsafe=False)
        recorder.release(assignment)
        recorder.apply_term(assignment)
    folder = course.path("release", assignment=assignment).resolve()
    raw = (folder / f"{assignment}.ipynb").read_bytes()
    archive = course.root / "releases" / f"{assignment}.zip"
    write_atomically(archive, handout.pack(assignment, raw))
    _say(as_json, f"released {folder}", f"wrote {archive}", released=folder, zip=archive)


@main.command()
@assignment_argument
@workers_option
@click.option("--student", help="Grade this student only.")
@click.option("--cell", "part",
              help="Test this part only, named by its cell's grade_id, and record nothing.")
@click.option("--preview", is_flag=True,
              help="Show whose points would change by how much; the gradebook stays as it is.")
@click.option("--cluster", metavar="ADDRESS",
              help="Grade on the workers of this Dask scheduler, such as tcp://192.0.2.1:8786.")
@json_option
@unsafe_option
@click.pass_obj
def grade(root, assignment, workers, student, part, preview, cluster, as_json, unsafe):
    """Grade what was submitted and is not graded yet.

    Ctrl-C is safe: the same command goes on. Ends with 0 when every submission was graded, 1 when
    some were not (a line each says why).

    \b
    Example: autograder grade hw1_perceptron --preview
    """
    course = Course(root)
    chosen = course.assignment(assignment)
    isolation = choose_isolation(unsafe)
    recorder = Recorder(course, unsafe)
    submissions = course.submissions(assignment)
    missing = course.missing(submissions)
    parts = [p.name for p in notebook.parts(chosen.source)]
    if part and part not in parts:
        raise AutograderError(f"{assignment} has no part {part!r}; there are: {', '.join(parts)}")
    if student:
        submissions = [s for s in submissions if s.student == student]
        missing = [s for s in missing if s == student]
        if not submissions and not missing:
            raise AutograderError(f"{course.path('submitted', student, assignment)}: no such "
                                  "folder: check the student id")
    machines = Cluster(cluster) if cluster else ThisMachine(workers)
    looking, lines, outcomes, changes = preview or part is not None, {}, [], {}
    with course.lock():
        recorder.require_released(chosen)
        if not looking:
            recorder.add_students()
        before = recorder.automatic_points(assignment)
        with show.board(f"grading {assignment}", len(submissions)) as board:
            for outcome in grade_class(course, chosen, submissions, isolation, machines,
                                       None if looking else recorder, part):
                board.add(outcome)
                name = outcome.student
                if outcome.problem is None and name in before and (
                        changed := show.changes(before[name], outcome.result)):
                    changes[name] = changed
                lines[name] = show.line(outcome)
                if as_json:  # all results of a class would fill the memory
                    outcomes.append(vars(outcome))
        if not looking:
            recorder.apply_term(assignment)
    changes = dict(sorted(changes.items()))
    if as_json:
        click.echo(json.dumps({"assignment": assignment, "isolation": isolation,
                               "missing": missing, "changes": changes,
                               "outcomes": sorted(outcomes, key=lambda o: o["student"])}))
    else:
        show.lines(assignment, lines, missing, isolation)
        show.changed(changes, looking)
    sys.exit(0 if all(line.graded for line in lines.values()) else 1)


def _graded(root: Path, assignment: str, unsafe: bool):
    """The course, results by student id, and what of each counts, hand grading included."""
    course = Course(root)
    results = stored_results(course, course.assignment(assignment), choose_isolation(unsafe))
    if not results:
        raise AutograderError(f"{assignment}: nothing is graded: run `autograder grade "
                              f"{assignment}` first")
    recorder = Recorder(course, unsafe)
    with course.lock():
        recorder.apply_term(assignment)  # points given by hand change what lateness costs
    return course, results, recorder.standings(assignment)


@main.command()
@assignment_argument
@click.option("--book-url", default=None,
              help="Address of the built book, for links from messages to sections; else the one "
                   "in term.toml.")
@click.option("--zip", "archive", type=click.Path(path_type=Path),
              help="Also pack the pages into this file, so named that Canvas ('Upload "
                   "submissions') and Moodle ('Upload feedback files') give each to its student.")
@json_option
@unsafe_option
@click.pass_obj
def feedback(root, assignment, book_url, archive, as_json, unsafe):
    """Write a page for every graded student.

    \b
    Example: autograder feedback hw1_perceptron --zip feedback.zip
    """
    course, results, standings = _graded(root, assignment, unsafe)
    pages, folder = {}, course.path("feedback", ".")
    with show.progress() as progress:
        for student, result in progress.track(results.items(), description="writing pages"):
            page = render_feedback(result, student=student, book_url=book_url or course.term.book,
                                   standing=standings.get(student))
            path = course.path("feedback", student) / f"{assignment}.html"
            pages[student] = page.encode()
            write_atomically(path, pages[student])
    if archive:
        names = collecting.handed_over(course, assignment)
        write_atomically(archive, exporting.pack_feedback(assignment, pages, names))
    _say(as_json, f"wrote {len(results)} pages to {folder}",
         *([f"wrote {archive}"] if archive else []), folder=folder, zip=archive,
         students=sorted(pages))


@main.command()
@assignment_argument
@click.option("--similar", "look_for_similar", is_flag=True,
              help="Also list pairs of submissions that share unusual code: no proof of anything.")
@json_option
@unsafe_option
@click.pass_obj
def report(root, assignment, look_for_similar, as_json, unsafe):
    """Write the instructor's page: the class's scores, its mistakes, what changed.

    \b
    Example: autograder report hw1_perceptron --similar
    """
    course, results, _ = _graded(root, assignment, unsafe)
    roster = sorted(course.roster() or results)
    path = course.root / "reports" / f"{assignment}.html"
    kept = course.store.folder.parent / "reports" / f"{assignment}.json"
    before, similar = None, None
    with contextlib.suppress(OSError, ValueError):
        before = json.loads(kept.read_bytes())
    if look_for_similar:
        similar = similar_pairs(results, notebook.read_source(
            course.path("release", assignment=assignment) / f"{assignment}.ipynb"))
    page = render_report(assignment, results, roster, before=before, similar=similar)
    write_atomically(path, page.encode())
    now = f"{datetime.datetime.now(course.term.zone):%d %B %Y, %H:%M}"
    write_atomically(kept, json.dumps(snapshot(results, now)).encode())
    _say(as_json, f"wrote {path}", page=path, similar=similar)


@main.command()
@assignment_argument
@json_option
@unsafe_option
@click.pass_obj
def export(root, assignment, as_json, unsafe):
    """Write the grades as CSV and as JSON, for Canvas, Moodle and others.

    \b
    Example: autograder export hw1_perceptron
    """
    course, results, standings = _graded(root, assignment, unsafe)
    roster = course.roster() or {}
    paths = exporting.write_grades(course.root / "exports", assignment, results, roster, standings)
    without = sorted({*roster, *results} - {s for s, r in results.items()
                                            if r["status"] == "graded"})
    note = (f"{len(without)} without a grade are not in the files for Canvas and Moodle, where an "
            "empty cell would erase what stands there")
    _say(as_json, *(f"wrote {path}" for path in paths), *([note] if without else []), files=paths,
         without_grade=without)


@main.command()
@json_option
@click.pass_obj
def final(root, as_json):
    """Write the whole term's points and the weighted total of every student.

    \b
    Example: autograder final
    """
    course = Course(root)
    recorder, standings = Recorder(course, unsafe=False), {}
    with course.lock():
        for assignment in recorder.assignments():
            recorder.apply_term(assignment)
            standings[assignment] = recorder.standings(assignment)
    if not any(standings.values()):
        raise AutograderError("nothing is graded: run `autograder grade <assignment>` first")
    weights = {name: course.term.of(name).weight for name in standings}
    waiting = sum(s.waits for class_ in standings.values() for s in class_.values())
    paths = exporting.write_final(course.root / "exports", standings, weights,
                                  course.roster() or {})
    note = (f"{waiting} submissions wait for a person in the formgrader; their points count as "
            "they stand")
    _say(as_json, *(f"wrote {path}" for path in paths), *([note] if waiting else []), files=paths,
         waiting=waiting)


@main.command()
@click.argument("assignment", required=False)
@click.option("--attacks", is_flag=True,
              help="Grade the attack corpus instead, in a course of its own.")
@workers_option
@json_option
@click.pass_obj
def verify(root, assignment, attacks, workers, as_json):
    """Check an assignment's hidden graders, or, with --attacks, the isolation.

    Right answers must pass, known mistakes must be named, and every small change of the solutions
    must lose points; no attack may gain anything.

    \b
    Example: autograder verify hw1_perceptron
    """
    if attacks:
        choose_isolation(unsafe=False)
        rows = run_attacks(load_corpus(), workers, lambda line: click.echo(line, err=True))
        if as_json:
            _say(as_json, attacks=[vars(row) for row in rows])
        else:
            show.attacks(rows)
        sys.exit(0 if all(row.held for row in rows) else 1)
    if assignment is None:
        raise AutograderError("name an assignment to verify, or add --attacks")
    chosen, kinds = Course(root).assignment(assignment), {}
    for kind, look in (("pieces of the assignment", check_pieces),
                       ("right answers in other styles", check_variants),
                       ("named mistakes", check_mistakes),
                       ("mutants of the solutions", partial(check_mutants, workers=workers))):
        kinds[kind] = []
        for check in look(chosen):
            kinds[kind].append(check)
            if not as_json:
                click.echo(f"{'sound  ' if check.sound else 'UNSOUND'}  {check.what}: "
                           f"{check.detail}")
        if kind.startswith("pieces") and not all(check.sound for check in kinds[kind]):
            break  # what is missing would only fail again
    _say(as_json, *(f"{sum(check.sound for check in checks)} of {len(checks)} {kind} are judged as "
                    "they should be" for kind, checks in kinds.items()),
         **{kind: [vars(check) for check in checks] for kind, checks in kinds.items()})
    sys.exit(0 if all(c.sound for checks in kinds.values() for c in checks) else 1)


@main.command("grade-one")
@assignment_argument
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as", "form", type=click.Choice(sorted(single.FORMS)), default="result",
              show_default=True, help="What to write: docs/results.md, Gradescope's results.json, "
                                      "or GitHub Classroom's.")
@click.option("--out", type=click.Path(path_type=Path), help="A file to write to, not the screen.")
@unsafe_option
@click.pass_obj
def grade_one(root, assignment, path, form, out, unsafe):
    """Grade one notebook, or the one in a folder, and write the result as JSON.

    Needs no roster and no gradebook: for Gradescope, GitHub Classroom and a first look.

    \b
    Example: autograder grade-one hw1_perceptron my.ipynb
    """
    course = Course(root)
    isolation = "none" if unsafe else isolation_in_a_container()
    formed = single.FORMS[form](single.grade_path(course, assignment, path, isolation))
    text = formed if isinstance(formed, str) else json.dumps(formed)
    if out:
        write_atomically(out, text.encode())
    else:
        click.echo(text)


@main.command()
@assignment_argument
@json_option
@click.pass_obj
def gradescope(root, assignment, as_json):
    """Write the zip that Gradescope takes as an autograder.

    \b
    Example: autograder gradescope hw1_perceptron
    """
    course = Course(root)
    archive = course.root / "gradescope" / f"{assignment}.zip"
    write_atomically(archive, single.gradescope_zip(course.assignment(assignment)))
    _say(as_json, f"wrote {archive}: upload it as the assignment's autograder, base image Ubuntu "
         "24.04", zip=archive)


@main.command()
@click.argument("name")
@json_option
@click.pass_obj
def new(root, name, as_json):
    """Write a new assignment, small and sound, to be changed into yours.

    \b
    Example: autograder new hw6_attention
    """
    paths = scaffold(Course(root), name)
    _say(as_json, *(f"wrote {path}" for path in paths),
         f"now change them; `autograder verify {name}` tells what is missing, `autograder release "
         f"{name}` makes the students' version", files=paths)


@main.command()
@json_option
@click.pass_obj
def doctor(root, as_json):
    """Say what this machine and this course lack.

    \b
    Example: autograder doctor
    """
    findings = examine(root)
    _say(as_json, *(f"{'ok     ' if f.ok else 'missing'}  {f.what}: {f.detail}" for f in findings),
         findings=[vars(finding) for finding in findings])
    sys.exit(0 if all(f.ok for f in findings) else 1)
