"""The `student` that hidden tests see: calls that cross into the sandbox and come back as data."""

import collections
import contextlib
import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

import numpy as np

from autograder import channel, judge, worker
from autograder.sandbox import GRACE_SECONDS, Sandbox
from nncourse import given

MAX_ERROR_TEXT = 3000  # characters of what a student's exception says
UNSOLVED = "NotImplementedError"  # what a released solution cell raises
MAX_TIMEOUTS = 2  # a function that has hung this often is not called again


@dataclass(frozen=True)
class Made:
    """An argument that no message can hold: a function or a random generator.

    `name` is a function of `nncourse.given` that makes it from `args`, afresh for every call.
    """

    name: str
    args: tuple = ()

    def make(self) -> object:
        """Make it here, for the reference."""
        return getattr(given, self.name)(*map(_copy, self.args))


class SandboxedCode:
    """A student's executed notebook in a sandbox; every `session` is a fresh fork of it.

    `died` says whether any of its processes has ended before it was told to.
    """

    def __init__(self, sandbox: Sandbox):
        self.sandbox = sandbox
        self.died = False

    @contextlib.contextmanager
    def session(self):
        """Yield a function from a request to the fork's reply."""
        try:
            with self.sandbox.fork() as sock:
                yield lambda request: self._ask(sock, request)
        except (channel.ChannelError, OSError):
            self.died = True
            raise judge.Verdict("crash", "The process of your notebook ended before this test: "
                                "look for code that exits or runs out of memory.") from None

    def _ask(self, sock, request):
        name = request["call"]
        deadline = time.monotonic() + request["seconds"] + GRACE_SECONDS
        try:
            channel.send(sock, request, deadline)
            reply = channel.receive(sock, deadline)
        except channel.ChannelTimeout:
            return {"timeout": True}
        except channel.ChannelClosed:
            self.died = True
            raise judge.Verdict("crash", f"`{name}` ended the whole Python process (os._exit, a "
                                "crash in compiled code, or too much memory).") from None
        except channel.ChannelError as error:
            raise judge.Verdict("crash", f"`{name}` did not come back with plain data: "
                                f"{error}.") from None
        if not isinstance(reply, dict):
            raise judge.Verdict("crash", f"`{name}` did not come back with a reply.")
        return reply


class InProcessCode:
    """Trusted functions in this very process, for checking the graders themselves."""

    def __init__(self, namespace: dict[str, Callable]):
        self.namespace = namespace

    @contextlib.contextmanager
    def session(self):
        """Yield a function from a request to its reply, through the same encoding."""
        yield self._ask

    def _ask(self, request):
        return _round_trip(worker.answer(self.namespace, _round_trip(request, layouts=True)))


def _round_trip(value, **kwargs):
    frame = channel.encode(value)
    structure_size, _ = channel.HEADER.unpack(frame[:channel.HEADER.size])
    body = frame[channel.HEADER.size:]
    return channel.decode(body[:structure_size], body[structure_size:], **kwargs)


@dataclass
class Budget:
    """What all tests of one submission may still use, and how often each function has hung."""

    call_seconds: float
    tests_seconds: float
    timeouts: collections.Counter = field(default_factory=collections.Counter)

    @contextlib.contextmanager
    def spend(self):
        """Count the wall time of one call or comparison."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.tests_seconds -= time.monotonic() - started


class Student:
    """What a hidden test calls.

    Parameters
    ----------
    ask : request -> reply, of one session
    reference : the assignment's module of right answers
    mistakes : known wrong answers by function name
    budget : of the submission, shared by all its tests
    """

    def __init__(self, ask: Callable, reference: ModuleType,
                 mistakes: dict[str, list[judge.Mistake]], seed: int, budget: Budget):
        self._ask, self._reference, self._mistakes = ask, reference, mistakes
        self._seed, self._budget = seed, budget

    def call(self, name: str, *args, may_change: bool = False, **kwargs) -> object:
        """Call the student's function `name` in the sandbox and return its value as plain data.

        Raises
        ------
        judge.Verdict
            The function is missing, crashes, does not end, or (unless `may_change`) changes an
            array that it was given.
        """
        return self._reply(name, args, kwargs, may_change).get("value")

    def through(self, report: str, name: str, args: tuple, *more) -> object:
        """Call the student's function and return what a function of `nncourse.given` says of it.

        For objects, which do not travel: `report(object, *more)` runs in the sandbox.

        Raises
        ------
        judge.Verdict
            As in `call`.
        """
        return self._reply(name, args, {}, then=[report, list(more)]).get("value")

    def _reply(self, name, args, kwargs, may_change=False, **more) -> dict:
        budget = self._budget
        if budget.timeouts[name] >= MAX_TIMEOUTS:
            raise judge.Verdict("timeout", f"`{name}` was not called again: it had not come to "
                                f"an end {MAX_TIMEOUTS} times before.")
        if budget.tests_seconds <= 0:
            raise judge.Verdict("timeout", f"`{name}` was not called: the time for all tests of "
                                "a submission was used up by the calls before.")
        with budget.spend():
            made = {i: arg.name for i, arg in enumerate(args) if isinstance(arg, Made)}
            sent = [list(arg.args) if i in made else arg for i, arg in enumerate(args)]
            reply = self._ask({"call": name, "args": sent, "made": made, "kwargs": kwargs,
                               "seed": self._seed, "seconds": budget.call_seconds, **more})
        called = self._describe_call(name, args, kwargs)
        # whatever is not as the worker sends it was forged, and may be of any type
        if reply.get("missing") is True:
            raise judge.Verdict("missing", f"Your notebook does not define a function `{name}`: "
                                "its cell has an error, or the name was changed.")
        if reply.get("timeout") is True:
            budget.timeouts[name] += 1
            raise judge.Verdict("timeout", f"{called} ran longer than {budget.call_seconds:g} s "
                                "and was stopped. Is there a loop that never ends?")
        if "error" in reply:
            if isinstance(reply["error"], dict) and reply["error"].get("type") == UNSOLVED:
                raise judge.Verdict("missing", f"`{name}` is not solved yet: it still raises "
                                    f"{UNSOLVED}.")
            raise judge.Verdict("crash", f"{called} raised {_error_text(reply['error'])}")
        changed = reply.get("changed")
        changed = [i for i in changed if type(i) is int and i in range(len(args))] \
            if isinstance(changed, list) else []
        if changed and not may_change:
            which = ", ".join(f"`{self._argument_names(name, args)[i]}`" for i in changed)
            judge.fail(f"{called} changed its argument {which} in place. Work on a copy: the "
                       "caller still needs the old values.", mistake="changes-its-arguments")
        return reply

    def steps(self, name: str, *args) -> int:
        """How many lines of Python a call runs: a measure of loops that no busy machine changes.

        Raises
        ------
        judge.Verdict
            As in `call`.
        """
        steps = self._reply(name, args, {}, count=True).get("steps")
        return steps if type(steps) is int else 0

    def compare(self, name: str, *args, what: str | tuple[str, ...] = "the result",
                atol: float = 0.0, only: judge.Part = None, follows: Callable | None = None,
                **kwargs) -> None:
        """Call the student's function and compare it with the reference, within `atol`.

        A wrong answer that is exactly what a known mistake gives is reported as that mistake.

        Parameters
        ----------
        only : the part to judge of a function that returns several values
        follows : gives the answer that follows from the student's own earlier functions; where
            it is finite it is right as well, so that a mistake costs its own part alone

        Raises
        ------
        judge.Verdict
            As in `call`, and when the answer is wrong.
        """
        def right_or(function):
            return function(*map(_copy, args), **{k: _copy(v) for k, v in kwargs.items()})

        want = right_or(getattr(self._reference, name))
        got = self.call(name, *args, **kwargs)
        # a million empty lists take long to look at: that time is the submission's, too
        try:
            with self._budget.spend():
                judge.check_value(got, want, what=what, atol=atol, only=only)
            return
        except judge.Verdict as verdict:
            message = f"{self._describe_call(name, args, kwargs)}: {verdict.message}"
        if follows and _follows(got, follows, atol, only):
            return
        with self._budget.spend():
            known = [(m, value) for m in self._mistakes.get(name, [])
                     if (value := _value_or_none(right_or, m.wrong)) is not None
                     and not judge.matches(value, want, atol, only)]
            # the mistake that explains the whole answer, else one that explains this item
            for item in dict.fromkeys([None, only]):
                for mistake, value in known:
                    if judge.matches(got, value, atol, item):
                        mistake.found()
        judge.fail(message)

    def _argument_names(self, name, args):
        function = getattr(self._reference, name, None)
        names = list(inspect.signature(function).parameters) if function else []
        return names + [f"argument {i}" for i in range(len(names), len(args))]

    def _describe_call(self, name, args, kwargs):
        given = [*zip(self._argument_names(name, args), args), *kwargs.items()]
        return f"`{name}({', '.join(_describe_argument(n, a) for n, a in given)})`"


def _copy(x):
    if isinstance(x, Made):
        return x.make()
    if isinstance(x, dict):
        return {key: _copy(value) for key, value in x.items()}
    return np.array(x) if isinstance(x, np.ndarray) else x


def _value_or_none(call, wrong):
    try:
        return call(wrong)
    except Exception:  # a mistake that crashes on this input is not what was returned here
        return None


def _follows(got, follows, atol, only) -> bool:
    value = _value_or_none(lambda function: function(), follows)
    return _finite(value) and judge.matches(got, value, atol, only)


def _finite(value) -> bool:
    if isinstance(value, (tuple, dict)):
        return all(map(_finite, value.values() if isinstance(value, dict) else value))
    return value is not None and bool(np.all(np.isfinite(value)))


def _describe_argument(name, value):
    if isinstance(value, np.ndarray):
        return f"{name} of shape {value.shape}"
    return name


def _error_text(error) -> str:
    if not isinstance(error, dict):
        return "an error"
    text = f"{error.get('type')}: {error.get('text')}".strip().rstrip(":")
    where = error.get("where")
    if isinstance(where, list) and where and isinstance(where[-1], list) and len(where[-1]) == 3:
        function, line, source = where[-1]
        text += f" (in `{function}`, line {line} of the cell: `{source}`)"
    return text[:MAX_ERROR_TEXT]
