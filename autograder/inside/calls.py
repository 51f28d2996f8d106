"""One call of a student's function, inside the sandbox: what it is given, and the reply as data."""

import contextlib
import random
import signal
import sys
import threading
import traceback
from collections import Counter

import numpy as np
import numpy.random  # otherwise every fork would import it

from autograder.inside import channel
from nncourse import given
from nncourse.values import TooLarge, as_plain

MAX_ERROR = 2000  # characters of what an exception says
MAX_SOURCE = 300  # characters of a line of code
MAX_NAME = 100  # characters of a function's or an exception's name
MAX_WHERE = 5  # lines of the notebook that an exception went through
MAX_LINES = 4000  # lines of Python whose passes are told
# after these, lines of Python run unseen
UNSEEN = {"settrace", "setprofile", "start_new_thread", "fork", "fork_exec"}
SWITCHES = {"f_trace", "f_trace_lines"}  # of one frame


class OutOfTime(BaseException):
    """Raised in student code by the alarm; not an Exception, so `except Exception` lets it by."""


@contextlib.contextmanager
def alarm(seconds: float):
    """Raise OutOfTime in the main thread when `seconds` of wall time have passed."""

    def ring(_signal, _frame):
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def describe_error(error: BaseException) -> dict:
    """An exception as data: its type, text and the lines of the notebook that it went through."""
    try:
        text = str(error)
    except Exception:
        text = "(the exception has no text)"
    where = [
        [frame.name[:MAX_NAME], frame.lineno or 0, (frame.line or "")[:MAX_SOURCE]]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<cell ")
    ]
    if isinstance(error, SyntaxError):
        text = str(error.msg)
        where = [["", error.lineno or 0, (error.text or "").strip()[:MAX_SOURCE]]]
    return {"type": type(error).__name__[:MAX_NAME], "text": text[:MAX_ERROR],
            "where": where[-MAX_WHERE:]}


class StepCounter:
    """Counts how often each line of Python runs inside of it, in threads started there too.

    `watched` turns False where code switches the counting off, or starts a process or a thread
    other than by `threading`. What runs in compiled code is not seen, and whoever knows this
    interpreter well can forge the counts.
    """

    def __init__(self):
        self.lines: Counter[str] = Counter()
        self.watched, self._over = True, False

    def __enter__(self):
        self._before = sys.gettrace(), sys.getprofile()
        threading.settrace(self._trace)
        threading.setprofile(self._profile)
        sys.settrace(self._trace)
        sys.setprofile(self._profile)  # from here on, to switch either is noticed
        return self

    def __exit__(self, *exc):
        self._over = True
        self.watched = self.watched and sys.gettrace() == self._trace
        sys.settrace(self._before[0])
        sys.setprofile(self._before[1])
        threading.settrace(None)
        threading.setprofile(None)

    def _trace(self, frame, event, _arg):
        code = frame.f_code
        if event == "call" and not SWITCHES.isdisjoint(code.co_names):
            self.watched = False
        line = f"{code.co_filename[-MAX_NAME:]}:{frame.f_lineno}:{code.co_name[:MAX_NAME // 2]}"
        self.lines[line] += 1
        return self._trace

    def _profile(self, frame, event, arg):
        if event == "c_call" and arg.__name__ in UNSEEN and not self._over \
                and frame.f_globals.get("__name__") != "threading":
            self.watched = False

    def told(self) -> dict:
        """The counts as data; of very many lines, those that ran most."""
        return {"lines": dict(self.lines.most_common(MAX_LINES)), "watched": self.watched}


def _contents(argument) -> dict:
    """Copies of the arrays in an argument: the one that it is, or those of a dict by their keys."""
    named = argument if isinstance(argument, dict) else {None: argument}
    return {k: np.array(v) for k, v in named.items() if isinstance(v, np.ndarray)}


def _same(old: dict, new: dict) -> bool:
    return old.keys() == new.keys() and all(
        np.array_equal(old[k], new[k], equal_nan=True) for k in old)


@contextlib.contextmanager
def _replaced(namespace: dict, others: dict):
    """Put other functions in the place of the notebook's own."""
    before = {name: namespace[name] for name in others if name in namespace}
    namespace.update(others)
    try:
        yield
    finally:
        for name in others:
            namespace.pop(name, None)
        namespace.update(before)


def answer(namespace: dict, request: dict) -> dict:
    """Perform one call of a student's function and return the reply as plain data."""
    others = request.get("stand_ins", {})
    if not all(callable(namespace.get(name)) for name in (request["call"], *others)):
        return {"missing": True}
    function = namespace[request["call"]]
    args, kwargs = request["args"], request["kwargs"]
    for i, name in request["made"].items():
        args[i] = getattr(given, name)(*args[i])
    before = [_contents(a) for a in args]
    seed = request["seed"]
    random.seed(seed)
    np.random.seed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
    steps = StepCounter() if request.get("count") else None
    try:
        with alarm(request["seconds"]), _replaced(namespace, given.stand_ins(others)):
            with steps or contextlib.nullcontext():
                value = function(*args, **kwargs)
                if "then" in request:
                    report, more = request["then"]
                    value = getattr(given, report)(value, *more)
            changed = [i for i, old in enumerate(before) if not _same(old, _contents(args[i]))]
            value = as_plain(value)
            channel.encode({"value": value})
    except OutOfTime:
        return {"timeout": True}
    except (channel.ChannelError, TooLarge) as error:
        return {"error": {"type": "ValueError", "text": f"the returned value is {error}",
                          "where": []}}
    except BaseException as error:
        return {"error": describe_error(error)}
    return {"value": value, "changed": changed, "steps": steps and steps.told()}
