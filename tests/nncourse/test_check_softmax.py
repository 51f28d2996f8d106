"""The visible checks of hw2: right answers pass in any style, wrong ones are told in words."""

import numpy as np
import pytest

from autograder.graders.hw2_softmax.mistakes import MISTAKES
from autograder.graders.hw2_softmax.variants import VARIANTS
from nncourse import check

FUNCTIONS = ("coin_log_likelihood", "softmax", "log_softmax", "cross_entropy", "score_gradient",
             "softmax_loss_loops", "softmax_loss", "predict", "train_softmax")
# these go wrong only on inputs that the visible check does not use: graders find them
HIDDEN_ONLY = {("softmax_loss", "loops-over-examples")}


@pytest.mark.parametrize("style", VARIANTS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_right_answers_pass(style, name, capsys):
    getattr(check, name)(VARIANTS[style][name])
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name, number", [
    pytest.param(name, number, id=f"{name}-{number}-{mistake.name}")
    for name in FUNCTIONS for number, mistake in enumerate(MISTAKES[name])])
def test_wrong_answers_are_told_in_words(name, number):
    mistake = MISTAKES[name][number]

    def answer(*args):
        return mistake.wrong(*args)

    if (name, mistake.name) in HIDDEN_ONLY:
        return getattr(check, name)(answer)
    with pytest.raises(check.CheckFailed) as caught:
        getattr(check, name)(answer)
    assert len(str(caught.value)) > 20


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_stub_is_told_what_to_do(name):
    def stub(*args):
        raise NotImplementedError

    with pytest.raises(check.CheckFailed, match="still to be written"):
        getattr(check, name)(stub)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("value", [None, "text", np.zeros((9, 9, 9)), (), np.nan])
def test_answers_of_the_wrong_kind_are_told_in_words(name, value):
    with pytest.raises(check.CheckFailed):
        getattr(check, name)(lambda *args: value)
