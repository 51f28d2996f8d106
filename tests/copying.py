"""What the book's own code earns when it is copied into a homework, with generic adapters.

A function of a chapter stands in for the one that is asked for, as far as three adapters of a few
lines bring its arguments and its answer into the form that is asked for: other arguments or another
order of them; W and b as one matrix, with a 1 appended to each example; an item, or another order,
of the answer.
"""

import ast
import builtins
import contextlib
import faulthandler
import functools
import importlib
import inspect
import io
import itertools
import math
import multiprocessing
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import jupytext
import numpy as np

from autograder.grading import notebook
from autograder.grading.assignment import Assignment
from autograder.grading.examples import Example
from autograder.grading.grade import run_part
from autograder.grading.made import copied
from autograder.grading.rounds import share
from autograder.inside.calls import OutOfTime, alarm
from autograder.inside.worker import one_thread
from autograder.soundness.mutants import namespace_of, solutions

BOOK = Path(__file__).resolve().parents[1] / "book"
SECONDS = 0.5  # for one assignment of a chapter, and for one call of a copied function
TRIED = 30  # public examples: a copy that is right for none of them is not graded
MOST_ORDERS = 400  # of arguments; beyond, some may be left out, and the others keep their order
MOST_SLOW = 3  # adapted forms of a function that have taken too long: others would, too
LONGEST = 60  # seconds for all forms of a function: compiled code hears no alarm
GRADED = 4  # of the copies for a part, the best by those examples


def linked(assignment: Assignment) -> list[Path]:
    """The chapters that the notebook sends its readers to."""
    pages = {page for cell in assignment.source.cells
             for page in re.findall(r"(\w+/\w+)\.html", cell.source)}
    return [BOOK / f"{page}.md" for page in sorted(pages)]


def functions_of(chapter: Path) -> dict[str, Callable]:
    """The functions that a chapter defines, with what they need; nothing is drawn or trained."""
    namespace = {"__builtins__": builtins, "__name__": chapter.stem}
    for cell in jupytext.read(chapter).cells:
        if cell.cell_type != "code":
            continue
        with contextlib.suppress(SyntaxError):
            for statement in ast.parse(cell.source).body:
                if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef,
                                          ast.ClassDef, ast.Assign)):
                    _execute(statement, namespace)
    return {name: value for name, value in namespace.items()
            if inspect.isfunction(value) and value.__module__ == chapter.stem}


def _execute(statement: ast.stmt, namespace: dict) -> None:
    code = compile(ast.Module([statement], []), "<chapter>", "exec")
    # a library that is stopped while it is imported is broken for good
    seconds = SECONDS if isinstance(statement, ast.Assign) else 0
    with contextlib.suppress(Exception, OutOfTime), alarm(seconds), _silence():
        exec(code, namespace)


def _silence():
    return contextlib.redirect_stdout(io.StringIO())


def adapted(function: Callable, wanted: Callable) -> Iterator[Callable]:
    """The copied function in the place of the one that is asked for, in every adapted form."""
    names = list(inspect.signature(wanted).parameters)
    most = [p for p in inspect.signature(function).parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    fewest = sum(p.default is p.empty for p in most)
    for count in range(min(len(most), len(names)), max(1, fewest) - 1, -1):
        orders = (itertools.permutations if math.perm(len(names), count) <= MOST_ORDERS
                  else itertools.combinations)
        for order in orders(range(len(names)), count):
            yield _reordered(function, order)
    if {"X", "W", "b"} <= set(names) and fewest <= len(names) - 1:
        yield from (_one_appended(function, names, order)
                    for order in itertools.permutations(range(len(names) - 1), max(2, fewest)))


def _reordered(function, order):
    return lambda *args: function(*(args[place] for place in order))


def _one_appended(function, names, order):
    """X with a 1 in each row, W and b as one matrix; a gradient of that matrix is taken apart."""
    def run(*args):
        given = dict(zip(names, args))
        Theta = np.hstack([given.pop("W"), given.pop("b")[:, np.newaxis]])
        X = given.pop("X")
        rest = [np.hstack([X, np.ones((len(X), 1))]), Theta, *given.values()]
        answer = function(*(rest[place] for place in order))
        parts = answer if isinstance(answer, tuple) else (answer,)
        return tuple(piece for part in parts for piece in (
            (part[:, :-1], part[:, -1]) if np.shape(part) == Theta.shape else (part,)))
    return run


def _forms(answer) -> Iterator:
    """What came back, its items, and some of them in any order."""
    yield answer
    if isinstance(answer, (tuple, list)) and 1 < len(answer) <= 4:
        yield from answer
        for count in range(2, len(answer) + 1):
            yield from itertools.permutations(answer, count)


def _is(answer, right) -> bool:
    if isinstance(right, tuple):
        return isinstance(answer, (tuple, list)) and len(answer) == len(right) and all(
            map(_is, answer, right))
    return np.shape(answer) == np.shape(right) and np.allclose(answer, right, atol=1e-4)


def _examples(assignment: Assignment, name: str) -> list[tuple[tuple, Callable]]:
    """Arguments, and what tells whether an answer to them is right."""
    package = assignment.graders.__name__
    known = importlib.import_module(f"{package}.examples").EXAMPLES
    reference = getattr(importlib.import_module(f"{package}.reference"), name, None)
    found = []
    for one in itertools.islice(known[name]() if name in known else (), TRIED):
        if not isinstance(one, Example):
            with contextlib.suppress(Exception):
                found.append((one, functools.partial(_is, right=reference(*map(copied, one)))))
        elif one.report is None and one.right:
            found.append((one.args, one.right))
    return found


def copies(assignment: Assignment, name: str, wanted: Callable,
           book: dict[str, Callable]) -> list[tuple[float, str, Callable]]:
    """The adapted functions of the book that are right for some example, the best first."""
    examples, found = _examples(assignment, name), []
    if not examples:
        return []  # a network, or predictions: whoever trains one has done the work
    for place, function in book.items():
        score, number, form = _in_a_child(
            lambda function=function: _best(function, wanted, examples)) or (0.0, 0, 0)
        if score:
            run = next(itertools.islice(adapted(function, wanted), number, None))
            found.append((score, place, _Copy(run, form)))
    return sorted(found, key=lambda row: -row[0])[:GRADED]


def _best(function: Callable, wanted: Callable, examples) -> tuple[float, int, int]:
    """The largest share of examples that are right, and in which adapted form of the function."""
    best = (0.0, 0, 0)
    slow = 0
    for number, run in enumerate(adapted(function, wanted)):
        try:
            for score, form in _right(run, examples):
                if score > best[0]:
                    best = (score, number, form)
        except OutOfTime:
            slow += 1
        if best[0] == 1 or slow == MOST_SLOW:
            break
    return best


class _Copy:
    """An adapted function of which one form of the answer is taken."""

    def __init__(self, run: Callable, form: int):
        self._run, self._form = run, form

    def __call__(self, *args):
        answer = self._run(*args)
        return next(itertools.islice(_forms(answer), self._form, None))


def _in_a_child(act: Callable):
    """What `act` returns, or None: with odd arguments, compiled code takes its process down."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def run():
        faulthandler.disable()  # a crash is expected here, and no news
        sender.send(act())

    child = context.Process(target=run)
    with one_thread():  # it would wait for torch's threads, and count as wrong
        child.start()
    sender.close()
    try:
        return receiver.recv() if receiver.poll(LONGEST) else None
    except EOFError:
        return None
    finally:
        child.kill()
        child.join()


def _right(run, examples) -> Iterator[tuple[float, int]]:
    """For which share of the examples each form of the answer is right."""
    answers = []
    for args, is_right in examples:
        with contextlib.suppress(Exception), alarm(SECONDS), _silence(), \
                np.errstate(all="ignore"):
            answers.append((list(_forms(run(*map(copied, args)))), is_right))
        if not answers:  # the first example does not even run
            return
    for form in range(len(answers[0][0])):
        score = 0
        for forms, is_right in answers:
            with contextlib.suppress(Exception):
                score += bool(is_right(forms[form]))
        yield score / len(examples), form


def earned(assignment: Assignment,
           book: dict[str, Callable]) -> dict[str, tuple[float, float, str]]:
    """For each part graded by tests: points of the best copy, the part's points, whose it is."""
    own = namespace_of(assignment, solutions(assignment).values())
    found = {}
    for part in notebook.parts(assignment.source):
        names = notebook.functions(assignment.source).get(part.name, [])
        best, whose = 0.0, ""
        for name in names:
            for _, place, copy in copies(assignment, name, own[name], book):
                with _silence():
                    records = run_part(assignment, own | {name: copy}, part.name, 10)
                if share(records) > best:
                    best, whose = share(records), place
        found[part.name] = (best * part.points, part.points, whose)
    return found
