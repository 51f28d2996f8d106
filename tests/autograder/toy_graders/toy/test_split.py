"""Sum and mean."""


def test_two_values(student, rng):
    """Two values come back."""
    student.compare("split", rng.normal(size=4), what=("sum", "mean"), atol=1e-12)
