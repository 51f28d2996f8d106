"""Hidden tests of the toy assignment: `double` (3 points) and `split` (2 points)."""
