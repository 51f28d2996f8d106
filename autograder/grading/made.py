"""Arguments that no message can hold, made on either side."""

from dataclasses import dataclass

import numpy as np

from nncourse import given


@dataclass(frozen=True)
class Made:
    """An argument that no message can hold: a function or a random generator.

    `name` is a function of `nncourse.given` that makes it from `args`, afresh for every call.
    """

    name: str
    args: tuple = ()

    def make(self) -> object:
        """Make it here, for the reference."""
        return getattr(given, self.name)(*map(copied, self.args))


def copied(x: object) -> object:
    """The argument for one call, which may change it."""
    if isinstance(x, Made):
        return x.make()
    if isinstance(x, dict):
        return {key: copied(value) for key, value in x.items()}
    return np.array(x) if isinstance(x, np.ndarray) else x
