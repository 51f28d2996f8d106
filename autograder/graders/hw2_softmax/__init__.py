"""Hidden graders of hw2_softmax: likelihood, softmax, its loss and gradients, training."""

from autograder.sandbox import Limits

# A plain double loop over examples and classes takes some 0.2 s a call at the sizes tested; the
# slowest cells train on 1200 digits. A cell that is stopped costs no points.
LIMITS = Limits(cell_seconds=20, call_seconds=10)
