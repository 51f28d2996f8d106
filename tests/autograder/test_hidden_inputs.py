"""Hidden inputs: drawn from what no sandbox sees, the same for all; digits nobody can look up."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import toy_graders.toy

from autograder.graders.common import NUM_TRAIN, digits, drawn_once
from autograder.graders.hw5_convnet import variants as hw5
from autograder.grading.assignment import Assignment
from autograder.grading.grade import run_part
from autograder.grading.pytest_plugin import HiddenTests, _public_seed
from autograder.sandbox.limits import Limits
from nncourse.data.placed import ACCURACY, placed
from nncourse.data.standins import small_digits

PIXELS, LABELS = small_digits()


def seed_of(path, name, reference=None):
    """The secret seed of a test in this file."""
    plugin = HiddenTests(toy_graders.toy, None, Limits())
    if reference:
        plugin.reference = SimpleNamespace(__file__=str(reference))
    return plugin._secret_seed(SimpleNamespace(path=path, name=name))


def test_hidden_inputs_change_with_the_hidden_files_and_with_nothing_else(tmp_path):
    test, other = tmp_path / "test_a.py", tmp_path / "test_b.py"
    reference = tmp_path / "reference.py"
    for path in (test, other, reference):
        path.write_text(path.name)
    before = seed_of(test, "test_x", reference)
    assert before == seed_of(test, "test_x", reference) != seed_of(test, "test_y", reference)
    of_other = seed_of(other, "test_x", reference)
    assert before != of_other
    test.write_text("changed")
    assert seed_of(test, "test_x", reference) != before
    assert seed_of(other, "test_x", reference) == of_other
    reference.write_text("changed")
    assert seed_of(other, "test_x", reference) != of_other


def test_what_is_drawn_once_is_as_if_it_were_drawn_each_time():
    """The same values and the same generator after them; nobody's change reaches the next."""
    drawn = []

    def draw(rng, *sizes):
        drawn.append(sizes)
        return {"X": rng.normal(size=sizes)}, rng.integers(0, 9, size=3)

    kept = drawn_once(draw)
    for sizes in ((2, 3), (2, 3), (3, 2), (2, 3)):
        one, other = np.random.default_rng(5), np.random.default_rng(5)
        for _ in range(2):
            (params, y), (wanted, labels) = kept(one, *sizes), draw(other, *sizes)
            assert np.array_equal(params["X"], wanted["X"]) and np.array_equal(y, labels)
            assert one.bit_generator.state == other.bit_generator.state
            params["X"][:], y[:] = 0, 0
    assert len(drawn) == 8 + 4  # of the calls of `kept` two for each sizes draw


def test_the_sandbox_gets_another_seed(tmp_path):
    test = tmp_path / "test_a.py"
    test.write_text("")
    node = SimpleNamespace(path=test, name="test_x")
    assert _public_seed(node) < 2**32 < seed_of(test, "test_x")


@pytest.mark.parametrize("secret", range(5))
def test_labels_of_digits_cannot_be_looked_up(secret):
    """By the nearest of the digits that lie in the sandbox, or by the very same picture."""
    X_train, y_train, X_test, y_test = digits(np.random.default_rng(secret))
    assert (len(X_train), len(X_test)) == (NUM_TRAIN, len(LABELS) - NUM_TRAIN)
    assert X_train.min() >= 0 and X_train.max() <= 1 and set(y_train) == set(range(10))
    inside = PIXELS / 16
    nearest = np.argmax(X_test @ inside.T - np.sum(inside**2, axis=1) / 2, axis=1)
    assert np.mean(LABELS[nearest] == y_test) < 0.1
    known = {row.tobytes() for row in inside}
    assert not any(row.tobytes() in known for row in np.vstack([X_train, X_test]))


@pytest.mark.parametrize("secret", range(3))
def test_digits_are_as_easy_to_learn_as_they_were(secret):
    X_train, y_train, X_test, y_test = digits(np.random.default_rng(secret))
    hw2 = importlib.import_module("autograder.graders.hw2_softmax.reference")
    assert np.mean(hw2.classify_digits(X_train, y_train, X_test) == y_test) > 0.93


def test_a_network_without_convolutions_misses_the_mark_of_hw5():
    """Of as many parameters, and with three times the epochs."""
    rng = np.random.default_rng(0)
    X_train, y_train, X_test, y_test = digits(rng)
    X_train, X_test = placed(X_train, rng), placed(X_test, rng)
    size = sum(parameter.numel() for parameter in hw5.RIGHT["make_convnet"](1, 16, 10).parameters())
    hidden = (size - 10) // (16 * 16 + 1 + 10)
    torch.manual_seed(0)
    two_layers = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(16 * 16, hidden),
                                     torch.nn.ReLU(), torch.nn.Linear(hidden, 10))
    hw5.RIGHT["fit"](two_layers, X_train, y_train, 75, 0.1, 20, "cpu")
    assert hw5.RIGHT["accuracy"](two_layers, X_train, y_train, "cpu") > 0.9  # it did train
    assert hw5.RIGHT["accuracy"](two_layers, X_test, y_test, "cpu") < ACCURACY - 0.05
    found = hw5.RIGHT["classify_images"](X_train, y_train, X_test, "cpu")
    assert np.mean(found == y_test) > ACCURACY + 0.05


@pytest.mark.parametrize("misses, outcome", [(1, "passed"), (2, "wrong")])
def test_who_misses_the_mark_of_hw5_is_tried_on_a_second_set(misses, outcome):
    """A network that fails on one draw, as it may by a leap of its loss, is no wrong answer."""
    sets = []

    def classify_images(X_train, y_train, X_test, device):
        if len(X_train) > 1000:
            sets.append(X_train)
        if len(X_train) < 1000 or len(sets) <= misses:
            return np.zeros(len(X_test), int)
        return hw5.RIGHT["classify_images"](X_train, y_train, X_test, device)

    source = Path(__file__).parents[2] / "source_solutions" / "hw5_convnet" / "hw5_convnet.ipynb"
    records = run_part(Assignment("hw5_convnet", source), {"classify_images": classify_images},
                       "digits", 60)
    assert [r["outcome"] for r in records if r["name"] == "test_accuracy_on_new_pictures"] == [
        outcome]
    first, second = sets
    assert not np.array_equal(first, second)
