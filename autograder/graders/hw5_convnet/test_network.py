"""A convolutional network in PyTorch."""

import numpy as np

from autograder.api import check_value, fail
from autograder.graders.hw5_convnet.mistakes import NETWORKS

FORM = {"convolutions": int, "convolved": int, "parameters": int, "without_gradient": list,
        "scores": np.ndarray, "shrinks": bool, "activated": bool, "steady": bool, "ends": str}
# what PyTorch says where a number is written that should be an argument
SIGNS = {"shapes cannot be multiplied": "size-fixed", "to have 3 channels": "channels-fixed"}
FEWEST, MOST = 1000, 500_000


def report(student, channels=3, size=32, classes=10, count=3):
    """What `nncourse.given.network_report` says of the student's network."""
    images = np.random.default_rng(0).normal(size=(count, channels, size, size))
    found = student.through("network_report", "make_convnet", (channels, size, classes), images)
    if not isinstance(found, dict) or "error" in found:
        why = str(found.get("error")) if isinstance(found, dict) else "no network came back"
        for sign, name in SIGNS.items():
            if sign in why:
                mistake = NETWORKS[name]
                fail(f"`make_convnet({channels}, {size}, {classes})`: {why}. {mistake.message}",
                     name, mistake.read)
        fail(f"`make_convnet({channels}, {size}, {classes})`: {why}.")
    if not all(isinstance(found.get(key), kind) for key, kind in FORM.items()):
        fail("`make_convnet` did not come back with a network that can be looked at.")
    return found


def check_scores(student, channels, size, classes, count=3):
    """A score for every image and class."""
    found = report(student, channels, size, classes, count)
    if found["scores"].shape == (count, 10) != (count, classes):
        NETWORKS["ten-classes-always"].fail()
    if count == 1 and found["scores"].shape == (classes,):
        NETWORKS["single-image-squeezed"].fail()
    check_value(found["scores"], np.zeros((count, classes)), what="the scores", atol=np.inf)


def test_scores(student, rng):
    """A score for every class, for images of several sizes."""
    for size in (8, 16, 32):
        check_scores(student, 3, size, 10)


def test_other_numbers(student, rng):
    """Other numbers of channels and classes; a single image."""
    check_scores(student, 1, 8, 10)
    check_scores(student, 3, 16, 4)
    check_scores(student, 3, 32, 10, count=1)


def test_layers(student, rng):
    """At least two convolutions, and a pooling or a stride; neither too small nor too large."""
    found = report(student)
    if found["convolutions"] < 2 <= found["convolved"]:
        NETWORKS["layers-in-a-plain-list"].fail()
    if found["convolutions"] < 2:
        NETWORKS["one-convolution"].fail()
    if not found["shrinks"]:
        NETWORKS["size-kept"].fail()
    if found["parameters"] < FEWEST:
        NETWORKS["too-small"].fail()
    if found["parameters"] > MOST:
        NETWORKS["too-large"].fail()


def test_activations(student, rng):
    """An activation between the convolutions, none at the end."""
    found = report(student)
    if found["convolutions"] > 1 and not found["activated"]:
        NETWORKS["no-activation"].fail()
    for ending in ("softmax", "log_softmax", "sign"):
        if found["ends"] == ending:
            NETWORKS[ending.replace("_", "-") + "-at-the-end"].fail()


def test_gradients_reach_all_layers(student, rng):
    """Every parameter has a gradient."""
    if found := report(student)["without_gradient"]:
        mistake = NETWORKS["layer-not-used"]
        fail(f"{mistake.message} No gradient reaches {', '.join(map(str, found[:3]))}.",
             mistake.name, mistake.read)


def test_evaluation_mode(student, rng):
    """In eval mode, scores depend neither on chance nor on the other images."""
    if not report(student)["steady"]:
        NETWORKS["not-steady"].fail()
