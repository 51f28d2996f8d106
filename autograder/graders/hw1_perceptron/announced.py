"""Where hw1_perceptron announces what each hidden test asks: the sentence in its notebook."""

KINDS = ("`X` may hold floats of either precision or integers, may be a view into a larger array, "
         "may lie in memory column by column (Fortran order) and may be read-only.")
ONE = "$N$ and $D$ may be 1, $C$ may be 2."
RETURNED = ("Return the weights, the bias and the list of mistakes, one entry for every epoch that "
            "was run.")
COUNTS = ("Return the weights, the biases and the list of counts, one entry for every epoch that "
          "was run.")
LARGEST = ("The prediction is the class with the **largest score**: no threshold is applied, and "
           "all scores may be negative.")
MOVES = ("If the unit should have fired and did not, its weighted sum for this example goes up; if "
         "it fired and should not have, the sum goes down.")

ANNOUNCED: dict[str, str] = {
    "unit.test_random_inputs": "Array of shape (N,): 1 where x . w + b > 0, else 0.",
    "unit.test_sums_near_0": "Any sum above 0 counts, however small.",
    "unit.test_exactly_at_the_threshold": "At exactly $z = 0$ the output is **0**.",
    "unit.test_one_example_or_one_input": ONE,
    "unit.test_kinds_of_arrays": KINDS,
    "gates.test_not": "NOT has one input: 0 gives 1 and 1 gives 0.",
    "gates.test_and_or": "Any weights and bias that give the table are correct.",
    "gates.test_nand": "Any weights and bias that give the table are correct.",
    "xor.test_truth_table": "XOR is 1 where exactly **one** input is 1.",
    "xor.test_other_orders": "`X` holds rows of 0s and 1s, any number of them in any order.",
    "xor.test_one_row": ONE,
    "update.test_should_have_fired": MOVES,
    "update.test_should_not_have_fired": MOVES,
    "update.test_right_predictions_change_nothing":
        "If the prediction is right, $y - \\hat{y} = 0$ and nothing changes.",
    "update.test_bias": "b : number, the bias after",
    "update.test_zero_start": "`y` may be an int or a float; `w` and `b` may be zero;",
    "update.test_kinds_of_arrays": "`x` is a row of an `X` of any kind named above.",
    "train.test_separable_data":
        "An **epoch** visits all examples once, in the order given, and updates after each.",
    "train.test_bias": RETURNED,
    "train.test_history": "Count the mistakes of the epoch: the examples that were predicted "
                          "wrongly when they were visited.",
    "train.test_max_epochs": "Stop after the first epoch **without** a mistake, or after "
                             "`max_epochs` epochs (at least 1).",
    "train.test_small_data":
        "There may be a single example, all labels may be equal, the classes need not be separable "
        "by a line (the same point may even come with both labels), and labels may be ints or "
        "floats.",
    "train.test_kinds_of_arrays": KINDS,
    "predict.test_random_scores": LARGEST,
    "predict.test_no_unit_fires": LARGEST,
    "predict.test_ties": "Among equal scores, the class with the smaller index wins.",
    "predict.test_one_example_or_one_input": ONE,
    "predict.test_two_classes_and_kinds_of_arrays": KINDS,
    "train_classes.test_separable_clusters":
        "unit $c$ has the target 1 for examples of class $c$ and 0 for all others, and learns "
        "whenever its **own** thresholded output is wrong.",
    "train_classes.test_biases": COUNTS,
    "train_classes.test_history":
        "Count the wrong unit decisions of every epoch: with $N$ examples there are $N C$ "
        "decisions.",
    "train_classes.test_max_epochs": "Stop after the first epoch in which all were right, or after "
                                     "`max_epochs` epochs.",
    "train_classes.test_absent_classes":
        "A class may have no example, $C$ may be 2, and the classes need not be separable by lines "
        "(the same point may come in two classes).",
    "train_classes.test_two_classes_and_kinds_of_arrays": KINDS,
    "digits.test_an_answer_for_every_picture":
        "It must work for any number of images and of pixels.",
    "digits.test_accuracy_on_new_pictures":
        "Your function must classify at least **80%** of the test images correctly, within 10 "
        "seconds.",
}
