"""Calls and what came of them as a student reads them: with the names of the assignment."""

import importlib
import inspect
from types import ModuleType

import numpy as np

from autograder.grading.made import Made
from autograder.sandbox import replies


def call(reference: ModuleType, name: str, args: tuple, kwargs: dict) -> str:
    """Such as "`softmax(scores of shape (2, 3))`"; numbers are told, arrays are not."""
    given = [*zip(arguments(reference, name, args), args), *kwargs.items()]
    return f"`{name}({', '.join(_argument(known, value) for known, value in given)})`"


def arguments(reference: ModuleType, name: str, args: tuple) -> list[str]:
    """What the arguments of a call are called in the assignment."""
    function = getattr(reference, name, None) or _solution(reference, name)
    names = list(inspect.signature(function).parameters) if function else []
    return names + [f"argument {i}" for i in range(len(names), len(args))]


def _solution(reference, name):
    """The solution's function, where no reference is asked, as there are many right answers."""
    package = reference.__name__.rpartition(".")[0]
    try:
        return importlib.import_module(f"{package}.variants").VARIANTS["reference"].get(name)
    except (ImportError, AttributeError, KeyError):  # of a package that is not whole
        return None


def _argument(name, value):
    if isinstance(value, np.ndarray):
        return f"{name} of shape {value.shape}"
    if isinstance(value, Made) and value.name == "generator":
        return f"{name}=np.random.default_rng({value.args[0]})"
    if isinstance(value, (float, np.floating)):
        return f"{name}={value:.6g}"
    if value is None or isinstance(value, (int, np.integer, np.bool_)):
        return f"{name}={value}"
    return name


def error(raised: replies.Raised) -> str:
    """What was raised, and where in the student's cells."""
    text = f"{raised.type}: {raised.text}".strip().rstrip(":")
    if raised.where:
        last = raised.where[-1]
        text += f" (in `{last.function}`, line {last.line} of the cell: `{last.source}`)"
    return text
