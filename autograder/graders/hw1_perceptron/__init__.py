"""Hidden graders of hw1_perceptron: one unit, gates, XOR, the perceptron, many classes."""

from autograder.api import Limits

# With a plain loop over every pixel a call takes about 1 s and the slowest cell, the picture of
# the digits (28 x 28 pixels, trained twice), about 18 s. A cell that is stopped costs no points.
LIMITS = Limits(cell_seconds=20, call_seconds=10)
