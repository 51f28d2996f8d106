"""A convolutional network in PyTorch."""

import numpy as np

from autograder.api import check_value, fail

FORM = {"kinds": list, "parameters": int, "without_gradient": list, "scores": np.ndarray,
        "shrinks": bool, "linear": bool, "steady": bool}


def report(student, channels, size, classes, count=3):
    """What `nncourse.given.network_report` says of the student's network."""
    images = np.random.default_rng(0).normal(size=(count, channels, size, size))
    found = student.through("network_report", "make_convnet", (channels, size, classes), images)
    if not isinstance(found, dict) or "error" in found:
        why = found.get("error") if isinstance(found, dict) else None
        fail(f"`make_convnet({channels}, {size}, {classes})`: {why or 'no network came back'}.")
    if not all(isinstance(found.get(key), kind) for key, kind in FORM.items()):
        fail("`make_convnet` did not come back with a network that can be looked at.")
    return found


def test_scores(student, rng):
    """A score for every class, for pictures of several sizes and numbers of channels."""
    for channels, size, classes, count in [(1, 8, 10, 3), (3, 32, 10, 2), (3, 16, 4, 1)]:
        found = report(student, channels, size, classes, count)
        check_value(found["scores"], np.zeros((count, classes)), what="the scores", atol=np.inf)


def test_layers(student, rng):
    """At least two convolutions, an activation, and a pooling or a stride; not too large."""
    found = report(student, 3, 32, 10)
    kinds = list(found["kinds"])
    if kinds.count("Conv2d") < 2:
        fail(f"at least two `nn.Conv2d` layers are asked for, yours has {kinds.count('Conv2d')}.")
    if not found["shrinks"]:
        fail("pictures keep their size through all layers: pool, or use a stride.")
    if found["linear"]:
        fail("your network is linear in its pictures: is there an activation between its layers?")
    if not 1000 <= found["parameters"] <= 500_000:
        fail(f"between 1,000 and 500,000 parameters are asked for, yours has "
             f"{found['parameters']:,}.")


def test_gradients_reach_all_layers(student, rng):
    """Every parameter has a gradient; the answer in a test does not depend on the batch."""
    found = report(student, 1, 8, 10)
    if found["without_gradient"]:
        fail(f"no gradient reaches {', '.join(map(str, found['without_gradient'][:3]))}: is the "
             "layer used?")
    if not found["steady"]:
        fail("in eval mode, a picture's scores depend on chance or on the other pictures.")
