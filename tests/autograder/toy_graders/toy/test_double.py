"""Doubling."""
# what an attack would show that got to see this file: CANARY-hidden-5ec2e7

import numpy as np
import pytest


@pytest.mark.weight(2)
def test_random(student, rng):
    """Random numbers."""
    student.compare("double", rng.normal(size=5), what="2x")


def test_layouts(student, rng):
    """Strided and read-only input."""
    x = rng.normal(size=10)[::2]
    student.compare("double", x, what="2x")
    y = rng.normal(size=3).astype(np.float32)
    y.flags.writeable = False
    student.compare("double", y, what="2x", atol=1e-5)
