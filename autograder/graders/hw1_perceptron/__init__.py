"""Hidden graders of hw1_perceptron: one unit, gates, XOR, the perceptron, many classes."""

from autograder.sandbox import Limits

# every cell of the notebook takes under 3 s with plain Python loops, every call under 2 s
LIMITS = Limits(cell_seconds=20, call_seconds=10)
