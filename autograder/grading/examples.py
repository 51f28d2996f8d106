"""Why a part was not passed: the smallest public input on which the student's function goes wrong.

A grader package lists such inputs in its `examples.py`: `EXAMPLES` maps a function's name to a
generator function that yields them as a student would try them, the smallest first (as SmallCheck
does: Runciman, Naylor and Lindblad, Haskell Symposium 2008). They are the same for everybody and
have nothing to do with the hidden inputs, so that a student may see them with the right answer.
"""

import importlib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from autograder.grading import described, judge
from autograder.grading.made import Made, copied
from autograder.grading.result import Counterexample
from autograder.grading.student import Budget, Session, Student

SECONDS = 4.0  # of one call, and ...
TOTAL_SECONDS = 12.0  # ... of all that is tried for one submission
MOST = 60  # inputs that are tried for one function
CLEARLY = 1e-4  # of the largest entry: a smaller difference would not be seen in what is printed
MAX_SHOWN = 400  # characters of a value
MAX_ITEMS = 20  # of a tuple or list, with what is in those inside it
LINE = 79
MAX_TRIES = 5  # of an input that goes wrong once and not again
LOOKS_LIKE = "This looks like a known mistake, but is not quite it. "


@dataclass(frozen=True)
class Example:
    """One call, for a function that has many right answers.

    Parameters
    ----------
    args : what the function is called with; a `Made` where no message can hold the argument
    right : from what came back, as plain data, to whether it is right
    wanted : what is asked for, in words: "each of 0 to 5 once"
    report, more : as `Student.through`, for a function that returns an object: what `report` of
        `nncourse.given` says of it is what came back
    """

    args: tuple
    right: Callable[[object], bool] | None = None
    wanted: str = ""
    report: str | None = None
    more: tuple = ()


@dataclass(frozen=True)
class _Outcome:
    """What came of one call; `yours` and `right` as a student reads them where it went wrong."""

    value: object
    yours: str = ""
    right: str = ""


def as_code(example: Counterexample) -> str:
    """An example as lines to paste: the call, and as comments what comes of it and what should."""
    before = example["before"]
    return "\n".join([example["code"], *_comment("yours:  ", example["yours"]),
                      *_comment("wanted: ", example["right"]),
                      *([f"# {before} smaller input{'s' * (before > 1)} came out right"]
                        if before else [])])


def _comment(title, text) -> list[str]:
    first, *rest = text.splitlines() or [""]
    return [f"# {title}{first}", *(f"# {' ' * len(title)}{line}" for line in rest)]


class Search:
    """Looks for examples for one submission.

    Parameters
    ----------
    graders : the assignment's package
    session : opens a fresh process of the student's notebook
    """

    def __init__(self, graders: ModuleType, session: Session, budget: Budget | None = None):
        self._reference = importlib.import_module(graders.__name__ + ".reference")
        self._mistakes = importlib.import_module(graders.__name__ + ".mistakes").MISTAKES
        try:
            self._examples = importlib.import_module(graders.__name__ + ".examples").EXAMPLES
        except ModuleNotFoundError:  # a package need not have any
            self._examples = {}
        self._session = session
        self._budget = budget or Budget(SECONDS, TOTAL_SECONDS)

    def first(self, functions: list[str]) -> Counterexample | None:
        """The first input on which one of these functions goes wrong, twice in the same way.

        Returns
        -------
        `code`, lines to paste into the notebook; `yours` and `right`, what it gives and what it
        should; `before`, how many smaller inputs came out right. None where nothing was found.
        """
        for name in functions:
            before, tries = 0, 0
            for example, outcome in self._outcomes(name):
                if not outcome.yours:
                    before += 1
                elif self._again(name, example) == outcome.yours:
                    return {"code": self._code(name, example.args), "yours": outcome.yours,
                            "right": outcome.right, "before": before}
                elif (tries := tries + 1) == MAX_TRIES:
                    break
        return None

    def doubtful(self, functions: list[str], named: set[str]) -> set[str]:
        """Which of these mistakes, by name, are not quite what the functions do on all inputs."""
        found = set()
        for name in named:
            known = [(function, mistake) for function in functions
                     for mistake in self._mistakes.get(function, []) if mistake.name == name]
            if known and not any(self._fits(*one) for one in known):
                found.add(name)
        return found

    def _fits(self, name, mistake) -> bool:
        """Whether a known mistake gives what the student's function does, on all these inputs."""
        for example, outcome in self._outcomes(name):
            if example.right or outcome.value is None or _is_random(example.args):
                continue
            try:
                wrong = mistake.wrong(*map(copied, example.args))
            except Exception:  # the mistake crashes on this input, and the student's did not
                return False
            if _compared(outcome.value, wrong).yours:
                return False
        return True

    def _outcomes(self, name: str) -> Iterator[tuple[Example, _Outcome]]:
        """Each input with what came of it, all in one process."""
        inputs = self._examples.get(name, tuple)()
        with self._session() as ask:
            for args in itertools.islice(inputs, MOST):
                if self._budget.tests_seconds <= 0 or self._budget.timeouts[name]:
                    return
                example = args if isinstance(args, Example) else Example(args)
                outcome = self._outcome(name, example, ask)
                yield example, outcome
                if outcome.value is None and not outcome.yours:
                    return  # there is no such function

    def _again(self, name, example) -> str:
        with self._session() as ask:
            return self._outcome(name, example, ask).yours

    def _outcome(self, name, example, ask) -> _Outcome:
        student = Student(ask, self._reference, {}, 0, self._budget, told=set())
        try:
            got = student.through(example.report, name, example.args, *example.more) \
                if example.report else student.call(name, *example.args)
        except judge.Verdict as verdict:
            return _without_value(verdict)
        with self._budget.spend():  # a million empty lists take long to look at
            if example.right:
                return _judged(got, example.right, example.wanted)
            return _compared(got, getattr(self._reference, name)(*map(copied, example.args)))

    def _code(self, name, args) -> str:
        """The call as a student would type it, in one line or with a line for each argument."""
        texts = [_literal(arg) for arg in args]
        call = f"{name}({', '.join(texts)})"
        if len(call) <= LINE:
            return call
        names = described.arguments(self._reference, name, args)
        lines = [f"{known} = {text}" for known, text, arg in zip(names, texts, args)
                 if isinstance(arg, (np.ndarray, dict, Made))]
        given = [known if isinstance(arg, (np.ndarray, dict, Made)) else text
                 for known, text, arg in zip(names, texts, args)]
        return "\n".join([*lines, f"{name}({', '.join(given)})"])


def _is_random(args) -> bool:
    """Whether a known mistake may draw other numbers than a student who makes it."""
    return any(isinstance(arg, Made) and arg.name == "generator" for arg in args)


def _without_value(verdict: judge.Verdict) -> _Outcome:
    if verdict.outcome == "timeout":
        return _Outcome(None, f"it had not come to an end after {SECONDS:g} s", "an answer")
    if verdict.outcome == "crash":
        _, raised, what = verdict.message.partition(" raised ")
        return _Outcome(None, raised.lstrip() + what or "no answer came back", "an answer")
    if verdict.mistake == "changes-its-arguments":
        return _Outcome(None, "its argument is another one afterwards", "its argument as it was")
    return _Outcome(None)


def _judged(got, right: Callable[[object], bool], wanted: str) -> _Outcome:
    try:
        fine = bool(right(got))
    except Exception:  # it has another form than what was asked for
        fine = False
    return _Outcome(got) if fine else _Outcome(got, _shown(got)[:MAX_SHOWN], wanted)


def _compared(got, want) -> _Outcome:
    """Nothing wrong, or the first of its values that differs, beside what it should be."""
    for place, mine, right in _pairs(got, want):
        if not _agrees(mine, right):
            return _Outcome(got, *(f"{place}{text}" for text in _difference(mine, right)))
    return _Outcome(got)


def _pairs(got, want) -> Iterator[tuple[str, object, object]]:
    """The values of an answer beside the reference's, one pair where the structure is another."""
    if isinstance(want, tuple) and isinstance(got, (tuple, list)) and len(got) == len(want):
        for number, (mine, right) in enumerate(zip(got, want), 1):
            for place, one, other in _pairs(mine, right):
                yield f"value {number} of {len(want)}{place or ': '}", one, other
    elif isinstance(want, dict) and isinstance(got, dict) and got.keys() == want.keys():
        for key in want:
            yield f"[{key!r}]: ", got[key], want[key]
    else:
        yield "", got, want


def _agrees(got, want) -> bool:
    numbers = None if isinstance(want, (tuple, dict)) else judge.as_numbers(want)
    if numbers is None:
        return judge.matches(got, want, None)
    finite = np.abs(numbers[np.isfinite(numbers)], dtype=float)
    return judge.matches(got, want, CLEARLY * (finite.max(initial=0.0) or 1.0))


def _difference(got, want) -> tuple[str, str]:
    """Two values, in whole where they are short, else where they differ first."""
    mine, right = judge.as_numbers(got), judge.as_numbers(want)
    texts = _shown(got), _shown(want)
    if max(map(len, texts)) <= MAX_SHOWN and texts[0] != texts[1]:
        return texts
    if mine is None or right is None or mine.shape != right.shape:
        return judge.describe(got), judge.describe(want)
    unlike = ~np.isclose(mine, right, rtol=0, equal_nan=True,
                         atol=CLEARLY * np.abs(right).max(initial=0.0))
    place = tuple(int(i[0]) for i in np.nonzero(unlike)) if unlike.any() else (0,) * right.ndim
    yours, wanted = (f"entry {place}: {float(x[place]):.6g}" for x in (mine, right))
    return yours, wanted


def _shown(value) -> str:
    array = judge.as_numbers(value)
    if array is None and isinstance(value, (tuple, list)) and value and _is_short(value):
        text = ", ".join(map(_shown, value))
        return f"({text})" if isinstance(value, tuple) else f"[{text}]"
    if array is None:
        return judge.describe(value)
    if not array.ndim:
        return f"{float(array):.6g}"
    return np.array2string(array, separator=", ", max_line_width=LINE - 8,
                           formatter={"float_kind": lambda x: f"{x:.6g}"})


def _is_short(value) -> bool:
    """Whether lists and tuples, one inside the other, hold few things in all."""
    waiting, count = [value], 0
    while waiting and count <= MAX_ITEMS:
        item, count = waiting.pop(), count + 1
        waiting += item if isinstance(item, (tuple, list)) else ()
    return not waiting


def _literal(value) -> str:
    """A value as it is typed."""
    if isinstance(value, Made):
        made = ", ".join(map(_literal, value.args))
        return f"np.random.default_rng({made})" if value.name == "generator" else \
            f"nncourse.given.{value.name}({made})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, np.ndarray) and not value.size:
        return f"np.zeros({value.shape}, np.{value.dtype})"
    if isinstance(value, np.ndarray):
        numbers = re.sub(r"\b(nan|inf)\b", r"np.\1", repr(value.tolist()))
        plain = value.dtype in (np.float64, np.int64, np.bool_)
        return f"np.array({numbers}{'' if plain else f', np.{value.dtype}'})"
    return repr(value.item() if isinstance(value, np.generic) else value)
