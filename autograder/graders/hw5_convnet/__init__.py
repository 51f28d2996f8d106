"""Hidden graders of hw5_convnet: convolution, pooling, PyTorch."""

from autograder.api import Limits

# Plain loops over pictures, filters and places take some 0.1 s a call at the sizes tested; training
# takes seconds. A cell that is stopped costs no points.
LIMITS = Limits(cell_seconds=120, call_seconds=90)
