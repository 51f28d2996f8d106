"""The `student` that hidden tests see: calls that cross into the sandbox and come back as data."""

import collections
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType

import msgspec
import numpy as np

from autograder.grading import described, judge
from autograder.grading import follows as following
from autograder.grading.made import Made, copied
from autograder.inside import channel
from autograder.sandbox import replies

UNSOLVED = "NotImplementedError"  # what a released solution cell raises
MAX_TIMEOUTS = 2  # a function that has hung this often is not called again

Ask = Callable[[dict[str, object]], object]  # from a request to the decoded reply
Session = Callable[[], contextlib.AbstractContextManager[Ask]]


@dataclass
class Budget:
    """What all tests of one submission may still use, and how often each function has hung."""

    call_seconds: float
    tests_seconds: float
    timeouts: collections.Counter[str] = field(default_factory=collections.Counter)

    @contextlib.contextmanager
    def spend(self):
        """Count the wall time of a call or comparison, and of those inside of it once."""
        started, before = time.monotonic(), self.tests_seconds
        try:
            yield
        finally:
            self.tests_seconds = before - (time.monotonic() - started)


class Student:
    """What a hidden test calls.

    Parameters
    ----------
    ask : request -> reply, of one session
    reference : the assignment's module of right answers
    mistakes : known wrong answers by function name
    seed : of the generators inside the sandbox; no hidden input is drawn from it
    budget : of the submission, shared by all its tests
    session : opens a fresh session, for `follows`
    told : the functions of this part of which a test has said already that they change their
        arguments: it costs one test, the others judge the values; None where nobody is to say it
    """

    def __init__(self, ask: Ask, reference: ModuleType,
                 mistakes: dict[str, list[judge.Mistake]], seed: int, budget: Budget,
                 session: Session | None = None, told: set[str] | None = None):
        self._ask, self._reference, self._mistakes = ask, reference, mistakes
        self._seed, self._budget, self._session = seed, budget, session
        self._told = told
        self._latest: tuple[bytes, object, object] = b"", None, None  # see `_asked_once`

    @contextlib.contextmanager
    def afresh(self):
        """Yield the same student in a process that has answered no call yet, for its values."""
        assert self._session, "`follows` needs sessions"
        with self._session() as ask:
            yield Student(ask, self._reference, self._mistakes, self._seed, self._budget,
                          self._session)

    def call(self, name: str, *args, stand_ins: dict[str, int] | None = None,
             **kwargs) -> object:
        """Call the student's function `name` in the sandbox and return its value as plain data.

        With `stand_ins`, functions of `nncourse.given.stand_ins` are in the place of the
        notebook's own.

        Raises
        ------
        judge.Verdict
            The function is missing, crashes, does not end, or is the first time in this part seen
            to change an array that it was given.
        """
        return self._reply(name, args, kwargs, stand_ins=stand_ins or {}).value

    def through(self, report: str, name: str, args: tuple, *more) -> object:
        """Call the student's function and return what a function of `nncourse.given` says of it.

        For objects, which do not travel: `report(object, *more)` runs in the sandbox.

        Raises
        ------
        judge.Verdict
            As in `call`.
        """
        return self._reply(name, args, {}, then=[report, list(more)]).value

    def _reply(self, name, args, kwargs, **more) -> replies.Value:
        reply = self._answer(name, args, kwargs, more)
        fixed = [i for i, arg in enumerate(args) if _is_read_only(arg)]
        if fixed and isinstance(reply, replies.Error) and "read-only" in reply.error.text:
            # does it change an argument that it may not? Then it works with one that it may, and
            # may have put it back
            again = self._answer(name, [_writable(arg) for arg in args], kwargs, more)
            if isinstance(again, replies.Value):
                reply = msgspec.structs.replace(again, changed=again.changed or fixed)

        def called():
            return described.call(self._reference, name, args, kwargs)

        if isinstance(reply, replies.Missing):
            raise judge.Verdict("missing", f"Your notebook does not define a function `{name}`: "
                                "its cell has an error, or the name was changed.")
        if isinstance(reply, replies.Timeout):
            self._budget.timeouts[name] += 1
            raise judge.Verdict("timeout", f"{called()} ran longer than "
                                f"{self._budget.call_seconds:g} s and was stopped. Is there a loop "
                                "that never ends?")
        if isinstance(reply, replies.Error):
            if reply.error.type == UNSOLVED:
                raise judge.Verdict("missing", f"`{name}` is not solved yet: it still raises "
                                    f"{UNSOLVED}.")
            raise judge.Verdict("crash", f"{called()} raised {described.error(reply.error)}")
        self._say_once_what_changed(name, args, reply.changed, called)
        return reply

    def _answer(self, name, args, kwargs, more) -> replies.Reply:
        """The checked reply to one call."""
        budget = self._budget
        if budget.timeouts[name] >= MAX_TIMEOUTS:
            raise judge.Verdict("timeout", f"`{name}` was not called again: it had not come to "
                                f"an end {MAX_TIMEOUTS} times before.")
        if budget.tests_seconds <= 0:
            raise judge.Verdict("timeout", f"`{name}` was not called: the time for all tests of "
                                "a submission was used up by the calls before.")
        with budget.spend():
            try:
                return replies.check(self._ask(self._request(name, args, kwargs, **more)))
            except (ValueError, RecursionError):
                raise judge.Verdict("crash", f"`{name}` did not come back with plain data: "
                                    "it was no reply to a call.") from None

    def _request(self, name, args, kwargs, **more) -> dict[str, object]:
        made = {i: arg.name for i, arg in enumerate(args) if isinstance(arg, Made)}
        sent = [list(arg.args) if i in made else arg for i, arg in enumerate(args)]
        return {"call": name, "args": sent, "made": made, "kwargs": kwargs, "seed": self._seed,
                "seconds": self._budget.call_seconds, **more}

    def _asked_once(self, name, args, kwargs) -> tuple[object, object]:
        """The right value of a call and the student's, for all its parts that are judged next."""
        question = channel.encode(self._request(name, args, kwargs))
        if question != self._latest[0]:  # one alone is kept: it may be large
            self._latest = (question, self._right(name, args, kwargs),
                            self.call(name, *args, **kwargs))
        return self._latest[1:]

    def _say_once_what_changed(self, name, args, changed, called):
        changed = [i for i in changed if i < len(args)]
        if changed and self._told is not None and name not in self._told:
            self._told.add(name)
            names = described.arguments(self._reference, name, args)
            which = ", ".join(f"`{names[i]}`" for i in changed)
            judge.fail(f"{called()} changed its argument {which} in place. Work on a copy: the "
                       "caller still needs the old values.", mistake="changes-its-arguments")

    def steps(self, name: str, *args) -> tuple[object, dict[str, int]]:
        """The value of a call, and how often each line of Python ran in it.

        Counts measure loops, and no busy machine changes them.

        Raises
        ------
        judge.Verdict
            As in `call`, and when the function switched the counting off.
        """
        reply = self._reply(name, args, {}, count=True)
        if reply.steps is None or not reply.steps.watched:
            judge.fail(f"`{name}` switches off the counting of lines (`sys.settrace`), or computes "
                       "in a process of its own: whether there is a loop cannot be seen then.")
        return reply.value, reply.steps.lines

    def compare(self, name: str, *args, what: str | tuple[str, ...] = "the result",
                atol: float | None = None, only: judge.Part = None,
                follows: Callable | None = None, **kwargs) -> None:
        """Call the student's function and compare it with the reference.

        A wrong answer that is exactly what a known mistake gives is reported as that mistake.

        Parameters
        ----------
        atol : by how much an entry may differ, such as `autograder.api.dot_atol` of a sum; without
            it, by a billionth of the largest; with 0.0 the very same numbers are asked for
        only : the part to judge of a function that returns several values; a test that judges
            several parts of one call asks once
        follows : from a function that asks an earlier one, `call(name, *args)`, to the answer that
            follows; what follows from the student's own is right as well, where it is seen to
            depend on them, so that a mistake costs its own part alone

        Raises
        ------
        judge.Verdict
            As in `call`, and when the answer is wrong.
        """
        want, got = ((self._right(name, args, kwargs), self.call(name, *args, **kwargs))
                     if only is None else self._asked_once(name, args, kwargs))
        # a million empty lists take long to look at: that time is the submission's, too
        try:
            with self._budget.spend():
                judge.check_value(got, want, what=what, atol=atol, only=only)
            return
        except judge.Verdict as verdict:
            message = f"{described.call(self._reference, name, args, kwargs)}: {verdict.message}"
        if follows and self._follows(name, args, got, want, follows, atol, only):
            return
        if mistake := self._known(name, args, kwargs, got, want, atol, only):
            mistake.fail()
        judge.fail(message)

    def check_attempt(self, name: str, args: tuple, got: object, *, what, atol: float | None,
                      follows: Callable | None = None) -> None:
        """Look whether `got`, the answer to a call, is worth judging for anything but its values.

        Something of it has to be right: one of its items, or all but a known mistake, or what
        follows from the student's own earlier functions.

        Raises
        ------
        judge.Verdict
            Nothing of it is.
        """
        want = self._right(name, args, {})
        items = range(len(want)) if isinstance(want, tuple) else (None,)
        with self._budget.spend():
            if any(judge.matches(got, want, atol, item) for item in items):
                return
            known = self._known(name, args, {}, got, want, atol, None)
        if known or follows and any(self._follows(name, args, got, want, follows, atol, item)
                                    for item in items):
            return
        with self._budget.spend():
            judge.check_value(got, want, what=what, atol=atol)

    def _right(self, name, args, kwargs, function=None):
        function = function or getattr(self._reference, name)
        return function(*map(copied, args), **{k: copied(v) for k, v in kwargs.items()})

    def _follows(self, name, args, got, want, follows, atol, only) -> bool:
        def again(stand_ins):
            with self.afresh() as other:
                return other.call(name, *args, stand_ins=stand_ins)

        def reference(earlier, *values):
            return self._right(earlier, values, {})

        try:
            # whoever has answered the graded call may have changed the earlier functions by it
            with self._budget.spend(), self.afresh() as other:
                return following.accepted(
                    other.call, again, reference, got, want, follows, atol, only,
                    tuple(arg for arg in args if not isinstance(arg, Made)))
        except judge.Verdict:
            return False

    def _known(self, name, args, kwargs, got, want, atol, only) -> judge.Mistake | None:
        """The mistake that explains the whole answer, else the one that explains this item.

        None where several of different names do: on small inputs they may coincide. An item of few
        numbers proves nothing by itself.
        """
        with self._budget.spend():
            known = [(m, value) for m in self._mistakes.get(name, [])
                     if (value := self._value_or_none(name, args, kwargs, m)) is not None
                     and not judge.matches(value, want, atol, only)]
            part = judge.part(want, only)
            proves = isinstance(part, (tuple, dict)) or np.size(part) >= judge.FEW
            for item in dict.fromkeys([None, only if proves else None]):
                found = {mistake.name: mistake for mistake, value in known
                         if judge.matches(got, value, atol, item)}
                if found:
                    return next(iter(found.values())) if len(found) == 1 else None
        return None

    def _value_or_none(self, name, args, kwargs, mistake):
        try:
            return self._right(name, args, kwargs, mistake.wrong)
        except Exception:  # a mistake that crashes on this input is not what was returned here
            return None


def _is_read_only(argument):
    held = argument.values() if isinstance(argument, dict) else (argument,)
    return any(isinstance(x, np.ndarray) and not x.flags.writeable for x in held)


def _writable(argument):
    return argument if isinstance(argument, Made) else copied(argument)
