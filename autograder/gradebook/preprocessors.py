"""What runs in the place of nbgrader's own steps; `plugin.configure` puts it there."""

import contextlib
import functools
import hashlib
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

from autograder.errors import AutograderError
from autograder.gradebook.history import History
from autograder.grading import notebook
from autograder.grading.assignment import Assignment
from autograder.grading.grade import grade
from autograder.grading.result import CellRecord, PartRecord, Result
from autograder.grading.store import Store
from autograder.sandbox.isolation import choose_isolation
from autograder.term import handout
from autograder.term.course import Course, submitted_at
from autograder.term.term import FILE, Term


class ApplyTerm(NbGraderPreprocessor):
    """At release: the points of `term.toml`, their sum and the due date, links to the book."""

    def preprocess(self, nb, resources):
        term = _term(Path(self.parent.parent.coursedir.root))
        name = resources["nbgrader"]["assignment"]
        points, due = term.of(name).points, term.due_in_words(name)
        notebook.give_points(nb, points)
        if points or due:
            first, total = nb.cells[0], sum(notebook.points(nb).values())
            heading, _, rest = first.source.partition("\n")
            when = f", due {due}" if due else ""
            first.source = f"{heading}\n\n**{total:g} points{when}**\n{rest}"
        if term.book:
            handout.give_address(nb, name, term.book.rstrip("/"))
        return nb, resources


class LatePolicy(LateSubmissionPlugin):
    """The late policy of `term.toml` at the point where nbgrader asks for one."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """Points to take off; extensions count even before the gradebook has them."""
        step = self.parent
        name = step.assignment_id
        course = step.parent.parent.coursedir
        submission = step.gradebook.find_submission(name, student_id)
        return _term(Path(course.root)).penalty(name, student_id, score, submission.timestamp)


class LenientExporter(NotebookExporter):
    """Reads whatever our own reader accepts: byte order marks, old formats, odd metadata."""

    optimistic_validation = Bool(True)  # once after all pre-processors, not after each

    def from_file(self, file_stream, resources=None, **kw):
        try:
            nb = notebook.read(file_stream.buffer.read())
        except notebook.Unreadable as error:
            raise NbGraderException(f"{file_stream.name}: {error}") from None
        return self.from_notebook_node(nb, resources=resources, **kw)


class Assemble(NbGraderPreprocessor):
    """First pass: grade the submitted file and put its code into the source notebook's frame."""

    unsafe = Bool(False, help="Grade without isolation where nothing can give it.").tag(
        config=True)
    graders = Unicode(Assignment.package, help="The package of hidden graders.").tag(config=True)

    def preprocess(self, nb, resources):
        course = self.parent.parent.coursedir
        name = resources["nbgrader"]["assignment"]
        source = Path(course.format_path(course.source_directory, ".", name)) / f"{name}.ipynb"
        submitted = Path(resources["metadata"]["path"], resources["metadata"]["name"] + ".ipynb")
        root = Path(course.root)
        assignment = _assignment(name, source, self.graders, _term(root).of(name).points)
        store = Store(root)
        try:
            raw = submitted.read_bytes()
            isolation = choose_isolation(self.unsafe)
            key = assignment.key(raw, isolation)
            result = store.get(key)
            if result is None:
                result = grade(raw, assignment, isolation)
                store.put(key, result)
            if result["status"] != "graded":
                raise AutograderError(f"{submitted}: {result['reason']}")
        except AutograderError as error:
            raise NbGraderException(str(error)) from None
        assembled = notebook.assemble(notebook.read(raw), assignment.source)
        assembled.metadata = {**assembled.metadata, "autograder": {
            "result": key, "submission": hashlib.sha256(raw).hexdigest()}}
        return assembled, resources


def _term(root: Path) -> Term:
    """The term of a course, read once as long as nothing that it names or says has changed."""
    stamps = []
    for path in (root / FILE, root / "roster.csv", root / "source"):
        with contextlib.suppress(OSError):
            stamps.append((path.name, path.stat().st_mtime_ns))
    return _term_once(root, tuple(stamps))


@functools.lru_cache(8)
def _term_once(root: Path, _stamps) -> Term:
    try:
        return Course(root).term
    except AutograderError as error:
        raise NbGraderException(str(error)) from None


def _assignment(name: str, source: Path, graders: str, points: dict[str, float]) -> Assignment:
    """The assignment, read once for all students of a class.

    Graders are imported once as well, so what this process grades by and the key agree.
    """
    try:
        stamp = source.stat()
    except OSError as error:
        raise NbGraderException(f"{source}: cannot be read ({error.strerror})") from None
    return _read_once(name, source, (stamp.st_mtime_ns, stamp.st_size), graders,
                      tuple(sorted(points.items())))


@functools.lru_cache(8)
def _read_once(name, source, _stamp, graders, points) -> Assignment:
    return Assignment(name, source, graders, dict(points))


def _stored(root: Path, nb: nbformat.NotebookNode) -> Result:
    """The result that the first pass has stored."""
    result = Store(root).get(nb.metadata.autograder.result)
    if result is None:
        raise NbGraderException("the stored result is gone: run the command again")
    return result


class InsertResults(NbGraderPreprocessor):
    """Second pass: the outputs of the graded run and each test cell's score and messages.

    The first pass has written the notebook already; only this one's, written once the points are
    saved, is marked as recorded.
    """

    def preprocess(self, nb, resources):
        result = _stored(Path(self.parent.parent.coursedir.root), nb)
        nb.metadata.autograder.recorded = True
        for record in result["cells"]:
            nb.cells[record["index"]].outputs = _outputs(record)
        parts = {part["name"]: part for part in result["parts"]}
        for cell in nb.cells:
            if notebook.is_autograded(cell):
                # without an explicit number nbgrader gives full marks
                cell.outputs = _score_outputs(parts[cell.metadata.nbgrader.grade_id])
        return nb, resources


class LookAgain(NbGraderPreprocessor):
    """Cells to which a person gave points wait for a person again.

    nbgrader does so for cells that have tests as well, not for tasks, whose points would pass in
    silence to whatever is handed in next.
    """

    def preprocess(self, nb, resources):
        of = resources["nbgrader"]
        with Gradebook(of["db_url"], self.parent.parent.coursedir.course_id) as gradebook:
            submission = gradebook.find_submission(of["assignment"], of["student"])
            for submitted in submission.notebooks:
                for given in submitted.grades:
                    if given.manual_score is not None:
                        given.needs_manual_grade = True
            gradebook.db.commit()
        return nb, resources


class KeepHistory(NbGraderPreprocessor):
    """What the file has reached, for the day when another one takes its place."""

    def preprocess(self, nb, resources):
        of, course = resources["nbgrader"], self.parent.parent.coursedir
        root, came = Path(course.root), None
        submitted = Path(course.format_path(course.submitted_directory, of["student"],
                                            of["assignment"]))
        with contextlib.suppress(AutograderError):  # an unclear time is none
            came = submitted_at(submitted, _term(root).zone)
        try:
            History(root).add(of["assignment"], of["student"],
                              nb.metadata.autograder.submission, came, _stored(root, nb))
        except AutograderError as error:
            raise NbGraderException(str(error)) from None
        return nb, resources


def _outputs(record: CellRecord) -> list[nbformat.NotebookNode]:
    outputs = []
    if record["stdout"]:
        outputs.append(nbformat.v4.new_output("stream", name="stdout", text=record["stdout"]))
    for image in record["images"]:
        outputs.append(nbformat.v4.new_output("display_data", {"image/png": image}))
    if record["error"]:
        # not an "error" output: nbgrader would take it for a failed test
        outputs.append(nbformat.v4.new_output("stream", name="stdout", text=record["error"]))
    return outputs


def _score_outputs(part: PartRecord) -> list[nbformat.NotebookNode]:
    lines = [f"{part['title']}: {part['score']:g} of {part['max_score']:g} points"]
    for test in part["tests"]:
        mark = "passed" if test["outcome"] == "passed" else test["message"]
        lines.append(f"- {test['title']}: {mark}")
    text = nbformat.v4.new_output("stream", name="stdout", text="\n".join(lines) + "\n")
    score = nbformat.v4.new_output(
        "execute_result", {"text/plain": str(part["score"])}, execution_count=None)
    return [text, score]
