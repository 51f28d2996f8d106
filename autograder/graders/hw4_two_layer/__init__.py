"""Hidden graders of hw4_two_layer: layers forward and backward, the network, its training."""

from autograder.api import Limits

# The notebook's last cells train on 5,000 pictures, and a call on digits, for which the text gives
# 20 s: a busy machine takes several times as long. A cell that is stopped costs no points.
LIMITS = Limits(cell_seconds=90, call_seconds=60)
