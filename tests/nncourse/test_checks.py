"""The visible checks: right answers pass in any style, wrong ones are told in words."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from nncourse import check

NAMES = sorted(
    path.stem for path in (Path(__file__).parents[2] / "source_solutions").glob("*/*.ipynb"))
MISTAKES, VARIANTS = (
    {name: getattr(importlib.import_module(f"autograder.graders.{name}.{module}"), module.upper())
     for name in NAMES} for module in ("mistakes", "variants"))
# checked on the students' own data, which tests do not have
FUNCTIONS = [(name, function) for name in NAMES for function in VARIANTS[name]["reference"]
             if function != "classify_digits"]
# these go wrong only on inputs that the visible check does not use: graders find them
HIDDEN_ONLY = {
    ("softmax_loss", "loops-over-examples"),
    ("conv_im2col", "loops-over-places"),
}


@pytest.mark.parametrize("name, function, style", [
    (name, function, style) for name, function in FUNCTIONS for style in VARIANTS[name]
    if style == "reference"
    or VARIANTS[name][style][function] is not VARIANTS[name]["reference"][function]])
def test_right_answers_pass(name, function, style, capsys):
    answer = VARIANTS[name][style][function]
    getattr(check, function)(answer)
    called = getattr(answer, "__name__", "your function")  # a callable object has no name
    assert f"{called}: " in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # wrong answers overflow
@pytest.mark.parametrize("name, function, number", [
    pytest.param(name, function, number, id=f"{function}-{number}-{mistake.name}")
    for name, function in FUNCTIONS
    for number, mistake in enumerate(MISTAKES[name].get(function, []))])
def test_wrong_answers_are_told_in_words(name, function, number):
    mistake = MISTAKES[name][function][number]

    def answer(*args):
        return mistake.wrong(*args)

    if (function, mistake.name) in HIDDEN_ONLY:
        return getattr(check, function)(answer)
    with pytest.raises(check.CheckFailed) as caught:
        getattr(check, function)(answer)
    assert len(str(caught.value)) > 20


@pytest.mark.parametrize("name, function", FUNCTIONS)
def test_a_stub_is_told_what_to_do(name, function):
    def stub(*args):
        raise NotImplementedError

    with pytest.raises(check.CheckFailed, match="still to be written"):
        getattr(check, function)(stub)


@pytest.mark.parametrize("name, function", FUNCTIONS)
@pytest.mark.parametrize("value", [None, "text", np.zeros((9, 9, 9)), (), np.nan])
def test_answers_of_the_wrong_kind_are_told_in_words(name, function, value):
    with pytest.raises(check.CheckFailed):
        getattr(check, function)(lambda *args: value)


def test_a_network_without_visible_layers_is_sent_back():
    import torch

    right = VARIANTS["hw5_convnet"]["reference"]["make_convnet"]
    with pytest.raises(check.CheckFailed, match="torch.jit hides the layers: return the network"):
        check.make_convnet(lambda *sizes: torch.jit.script(right(*sizes)))


@pytest.mark.parametrize("before", [True, False])
def test_gradients_that_stay_off_are_noticed_if_they_were_on(before):
    import torch

    def accuracy(*args):
        torch.set_grad_enabled(False)
        return VARIANTS["hw5_convnet"]["reference"]["accuracy"](*args)

    with torch.set_grad_enabled(before):
        if before:
            with pytest.raises(check.CheckFailed, match="records no gradients any more"):
                check.accuracy(accuracy)
        else:
            check.accuracy(accuracy)
        assert torch.is_grad_enabled() == before
