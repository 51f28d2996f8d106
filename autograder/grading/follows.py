"""Whether a wrong answer is what right code makes of the student's own wrong earlier functions.

Then the mistake has cost its own part already. To compare wrong with wrong proves nothing, though:
earlier functions may be made to fit, by a student's mistake or by design. So the answer has to
depend on them, and on nothing else: the later function is called once more with others put in their
place (`nncourse.given.stand_ins`), and has to give what follows from those, which is known here.
"""

from collections.abc import Callable, Iterator

import numpy as np

from autograder.grading import judge
from nncourse import given

ROUNDING = 2e-6  # an answer is another one where it is further off, relative to its size
TOLERANCE = 5e-5  # of what follows from stand-ins, relative to its size, ...
MOVED = 5e-4  # ... and how far they have to move an answer
KINDS = (0, 1, 2)  # of stand-ins: one of them moves an answer of few possible values as well
MIN_ENTRIES = 4  # with fewer entries, zeros or equal numbers may be chance

Call = Callable[..., object]


def accepted(ask: Call, again: Call, reference: Call, got: object, want: object,
             follows: Callable[[Call], object], atol: float | None, only: judge.Part,
             arguments: tuple) -> bool:
    """Whether `got` follows from the student's own earlier functions and depends on them.

    Parameters
    ----------
    ask : asks an earlier function of the student's, in a fresh process
    again : the graded call again, in a fresh process, with these stand-ins in place
    reference : calls the reference's function of that name
    got, want : the graded answer and the reference's
    follows : from a function that asks an earlier function to what follows
    arguments : of the graded call, without those that no message can hold
    """
    try:
        poor = _degenerate(judge.part(got, only), judge.part(want, only), arguments)
    except Exception:  # it has another structure than the reference's
        return False
    if not judge.matches(_value_or_none(follows, reference), want, atol, only):
        return False  # this is not how the reference comes to its answer
    wrong: set[str] = set()

    def own(name, *args):
        value, right = ask(name, *args), reference(name, *args)
        if isinstance(right, list):  # of arrays, which may be as right as they are different
            wrong.add(name)
            return value
        value = _as_arrays(value, right)
        if not judge.matches(value, right, np.inf) or not _near(value, right, ROUNDING):
            wrong.add(name)
        return value

    mine = _value_or_none(follows, own)
    if not wrong or judge.matches(mine, want, atol, only) or not judge.matches(
            got, mine, atol, only):
        return False
    return _depends(again, reference, follows, wrong, mine, only, every=poor)


def _depends(again, reference, follows, wrong, mine, only, every) -> bool:
    """Whether other functions in the place of the wrong ones change the answer as they should.

    One kind of them proves it; an answer that shows nothing by itself needs `every` kind that
    moves it.
    """
    moved = False
    for kind in KINDS:
        names = dict.fromkeys(sorted(wrong), kind)
        others = given.stand_ins(names)

        def changed(name, *args, others=others):
            return others[name](*args) if name in others else reference(name, *args)

        expected = _value_or_none(follows, changed)
        if expected is None:
            return False
        if _near(mine, expected, MOVED, only):
            continue
        moved = True
        try:
            if not _near(again(names), expected, TOLERANCE, only):
                return False
        except judge.Verdict:
            return False
        if not every:
            return True
    return moved


def _near(value, right, share, only=None) -> bool:
    """Whether each array of a value is that of `right`, within a share of its largest entry."""
    if not judge.matches(value, right, np.inf, only):
        return False
    value, right = judge.part(value, only), judge.part(right, only)
    return all(np.all(np.abs(mine - its) <= share * max(1e-6, np.abs(its).max(initial=0)))
               for mine, its in zip(_leaves(_as_arrays(value, right)), _leaves(right)))


def _value_or_none(follows, call):
    try:
        value = follows(call)
    except Exception:  # values that do not go together: nothing follows from them
        return None
    return value if all(np.all(np.isfinite(leaf)) for leaf in _leaves(value)) else None


def _as_arrays(value, like):
    """The value with arrays for lists, in the structure of `like`, which it must have.

    Shapes may differ: a wrong earlier function's shape is one of the things that follow from it.

    Raises
    ------
    ValueError
        Another structure, or no numbers.
    """
    if isinstance(like, tuple):
        if not isinstance(value, (tuple, list)):
            raise ValueError("a tuple is due")
        return tuple(_as_arrays(*pair) for pair in zip(value, like, strict=True))
    if isinstance(like, dict):
        if not isinstance(value, dict) or value.keys() != like.keys():
            raise ValueError("a dict with the same keys is due")
        return {key: _as_arrays(value[key], like[key]) for key in like}
    array = judge.as_numbers(value)
    if array is None:
        raise ValueError("numbers are due")
    return array[()]


def _leaves(value) -> Iterator[np.ndarray]:
    """The arrays and numbers in an answer or an argument."""
    if isinstance(value, (dict, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield np.asarray(value)


def _degenerate(got, want, arguments) -> bool:
    """Whether nothing but zeros, equal numbers or arguments comes back where others are due."""
    given_numbers = [leaf for leaf in _leaves(arguments) if leaf.dtype.kind in "biuf"]
    leaves = list(zip(_leaves(_as_arrays(got, want)), _leaves(want)))
    if any(right.size and not mine.size for mine, right in leaves):
        return True
    pairs = [(mine, right) for mine, right in leaves if mine.size >= MIN_ENTRIES]
    return bool(pairs) and all(_poor(mine, right, given_numbers) for mine, right in pairs)


def _poor(mine, right, arguments) -> bool:
    others = [x for x in arguments if x.shape == mine.shape]
    if right.dtype.kind == "f":  # among classes, 0 is as good as any
        others.append(0.0)
    return any(np.all(mine == x) and not (np.shape(x) in ((), right.shape)
                                          and np.all(right == x)) for x in others) or bool(
        np.all(mine == mine.flat[0]) and not np.all(right == right.flat[0]))
