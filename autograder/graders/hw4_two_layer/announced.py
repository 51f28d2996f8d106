"""Where the assignment of hw4_two_layer says what each hidden test asks for.

From "part.test_name" to a sentence of the notebook's text, or of the docstring in a solution cell.
"""

KINDS = (
    "Arrays of numbers may hold floats of either precision, may be views into larger arrays, may "
    "lie in memory column by column (Fortran order) and may be read-only.")
LABEL_KINDS = KINDS + " Labels may have any integer type."
SIZES = (
    "$N$, $D$, $H$ may be 1, $C$ may be 2, and a class may have no example in a batch.")
SCORES = (
    "Scores may lie anywhere between -40,000 and 40,000, within one row as well as from row to "
    "row.")
GENERATOR = (
    "Random numbers come from the generator `rng` that you are given and from nothing else; how "
    "you draw them is up to you.")
LOSS = (
    "The last layer turns scores and labels into the loss, a mean over the batch, and its gradient "
    "with respect to the scores.")
GRADIENTS = (
    "Without labels (`y` is `None`) return the scores; with labels the loss and a dict of "
    "gradients, with the keys of `params`.")
POINTS = (
    "You are graded on 450 points for training and as many new ones, drawn in the same way: your "
    "function must classify at least **90%** of the new ones correctly, within 20 seconds.")

START = (
    "In both layers draw normal weights with mean 0, with **standard deviation** $\\sqrt{2/D}$ in "
    "$W_1$ and $\\sqrt{2/H}$ in $W_2$.")
STEP = (
    "For each batch compute the loss, the penalty included, record it, and take one plain step "
    "with all four arrays, here called $\\theta$:")

ANNOUNCED: dict[str, str] = {
    "affine.test_outputs": "Every output is a weighted sum of the inputs plus a bias.",
    "affine.test_sizes_of_one": SIZES,
    "affine.test_kinds_of_arrays": KINDS,
    "affine_back.test_input_gradient":
        "Return three gradients, with respect to `X`, `W` and `b`.",
    "affine_back.test_weight_gradient":
        "Return three gradients, with respect to `X`, `W` and `b`.",
    "affine_back.test_bias_gradient":
        "A bias is used by every example, so what arrives there adds up:",
    "affine_back.test_sizes_of_one": SIZES,
    "affine_back.test_kinds_of_arrays": KINDS,
    "relu.test_values": "Compute $\\max(0, z)$, entry by entry.",
    "relu.test_numbers_of_axes": "The array may have any number of axes.",
    "relu.test_kinds_of_arrays": KINDS,
    "relu_back.test_values":
        "Where $z$ was positive, the output moved with it, and the gradient passes unchanged. "
        "Elsewhere nothing passes.",
    "relu_back.test_numbers_of_axes": "The arrays may have any number of axes.",
    "relu_back.test_zeros":
        "At exactly 0 there is no derivative; here, as usual, it is taken as 0.",
    "relu_back.test_kinds_of_arrays": KINDS,
    "loss_layer.test_loss": LOSS,
    "loss_layer.test_gradient": LOSS,
    "loss_layer.test_big_scores": SCORES,
    "loss_layer.test_class_without_examples": SIZES,
    "loss_layer.test_one_example": SIZES,
    "loss_layer.test_kinds_of_arrays": LABEL_KINDS,
    "network.test_scores": GRADIENTS,
    "network.test_loss":
        "The loss is regularised: half the sum of all squared weights, of both layers, times "
        "`reg`.",
    "network.test_second_weights": GRADIENTS,
    "network.test_second_biases": "The biases are left alone.",
    "network.test_first_weights": GRADIENTS,
    "network.test_first_biases": "The biases are left alone.",
    "network.test_class_without_examples": SIZES,
    "network.test_sizes_of_one": SIZES,
    "network.test_kinds_of_arrays": LABEL_KINDS,
    "network.test_hidden_units_of_zero":
        "A hidden unit may be off for all examples, and its pre-activation may be exactly 0.",
    "network.test_big_scores": SCORES,
    "init.test_shapes_and_biases": "All biases are 0.",
    "init.test_size_of_the_weights": START,
    "init.test_normal_weights": START,
    "init.test_from_the_generator": GENERATOR,
    "predict.test_classes": "Predict the class with the largest score;",
    "predict.test_ties": "among equal scores, the class with the smaller index wins.",
    "predict.test_big_scores": SCORES,
    "predict.test_sizes_of_one": SIZES,
    "predict.test_kinds_of_arrays": KINDS,
    "train.test_parameters": STEP,
    "train.test_losses": STEP,
    "train.test_accuracies":
        "After each epoch, record the accuracy on the validation examples, a number from 0 to 1.",
    "train.test_each_example_once":
        "In every epoch, shuffle the examples anew (with `rng`) and go through them in batches of "
        "`batch_size`, the last of which may be smaller.",
    "train.test_order": GENERATOR,
    "train.test_odd_batch_sizes":
        "`batch_size` may be larger than the data set, examples may be equal, and a rate may be 0: "
        "then losses and accuracies are recorded and nothing moves.",
    "train.test_kinds_of_arrays": LABEL_KINDS,
    "spirals.test_an_answer_for_every_point": "It must work for any number of points.",
    "spirals.test_accuracy_on_new_points": POINTS,
}
