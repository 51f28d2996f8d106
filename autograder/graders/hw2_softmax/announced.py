"""Where hw2_softmax announces what each hidden test asks: the sentence in its notebook."""

KINDS = ("Arrays of numbers may hold floats of either precision, may be views into larger arrays, "
         "may lie in memory column by column (Fortran order) and may be read-only.")
SMALL = "$N$ may be 1, $C$ may be 2, and a class may have no example in a batch."
BIG = ("Scores may lie anywhere between -20,000 and 20,000, within one row as well as from row to "
       "row.")
PENALTY = ("Now put everything together, with **regularisation**: `reg` times half the sum of the "
           "squared weights.")

LOSS = {
    "test_loss": "loss : number, the mean cross-entropy plus the regularisation",
    "test_weight_gradient": PENALTY,
    "test_bias_gradient": "The biases are left alone.",
    "test_small_batches": SMALL,
    "test_kinds_of_arrays": KINDS,
    "test_big_scores": BIG,
}

ANNOUNCED: dict[str, str] = {
    "coin.test_few_flips":
        "Write the log-likelihood for an array of one or more values of $p$ strictly between 0 "
        "and 1.",
    "coin.test_thousands_of_flips":
        "There may be thousands of flips: the product is then too small for a float and becomes "
        "0, but the sum is harmless.",
    "coin.test_no_heads_and_p_near_0_or_1":
        "The number of heads or of tails may be 0. A `p` may be very close to 0 or to 1: add "
        "nothing to it and cut nothing off.",
    "coin.test_kinds_of_arrays_and_one_value": KINDS,
    "softmax.test_random_scores":
        "Softmax makes probabilities from scores: all positive, and each row adds up to 1.",
    "softmax.test_big_scores": BIG,
    "softmax.test_rows_far_apart": BIG,
    "softmax.test_scores_far_apart": BIG,
    "softmax.test_two_classes_and_one_example": SMALL,
    "softmax.test_kinds_of_arrays": KINDS,
    "log_softmax.test_random_scores": "Array of floats of shape (N, C): log p, finite, at most 0.",
    "log_softmax.test_big_scores": BIG,
    "log_softmax.test_rows_far_apart": BIG,
    "log_softmax.test_scores_far_apart": BIG,
    "log_softmax.test_two_classes_and_one_example": SMALL,
    "log_softmax.test_kinds_of_arrays": KINDS,
    "cross_entropy.test_random_log_probabilities":
        "A number: the mean over the batch of -log p(true class).",
    "cross_entropy.test_improbable_true_classes":
        "Where the true class is improbable they may be as low as -40,000.",
    "cross_entropy.test_small_batches": SMALL,
    "cross_entropy.test_kinds_of_arrays": KINDS,
    "score_gradient.test_random_probabilities":
        "Return the gradient of the mean cross-entropy with respect to the scores.",
    "score_gradient.test_probabilities_of_0_and_1": "Some may be rounded to 0 or to 1.",
    "score_gradient.test_small_batches": SMALL,
    "score_gradient.test_kinds_of_arrays": KINDS,
    **{f"loss_loops.{test}": sentence for test, sentence in LOSS.items()},
    **{f"loss.{test}": sentence for test, sentence in LOSS.items()},
    "loss.test_no_loop_over_examples":
        "Write the same function with whole arrays and **no Python loop over the examples**.",
    "predict.test_classes": "classes : array of ints of shape (N,), 0 to C - 1",
    "predict.test_ties": "Among equal scores, the class with the smaller index wins.",
    "predict.test_confidence":
        "Predict the class with the largest score, and say how sure you are: the probability that "
        "softmax gives to that class.",
    "predict.test_big_scores": BIG,
    "predict.test_two_classes_and_one_example": SMALL,
    "predict.test_kinds_of_arrays": KINDS,
    "train.test_weights":
        "This is gradient descent: start from `W` and `b` full of zeros and take `steps` steps "
        "against the gradient, each computed on **all** examples.",
    "train.test_biases": "Both gradients are computed before either parameter moves.",
    "train.test_losses":
        "Record the loss **before** each step, regularisation included: the list has `steps` "
        "entries, and the first is $\\log C$ (why?).",
    "train.test_small_batches": SMALL,
    "train.test_kinds_of_arrays": KINDS,
    "digits.test_an_answer_for_every_picture":
        "It must work for any number of images and of pixels.",
    "digits.test_accuracy_on_new_pictures":
        "Your function must classify at least **88%** of the test images correctly.",
}
