"""Which sentence of the notebook announces what each hidden test asks for."""

ARRAYS = """Arrays of numbers may hold floats of either precision (part 4: double precision only),
may be views into larger arrays, may lie in memory column by column (Fortran order) and may be
read-only."""
LOSS = """This is the loss from assignment 2; the next parts train with it."""
LOSS_INPUTS = """$C$ may be 2, a class may have no example, and scores may lie anywhere between
-15,000 and 15,000."""
BATCH = """For each batch compute the loss and the gradients **of the batch** at the current
parameters, record the loss, and then move both parameters:"""
SGD_INPUTS = """`batch_size` may be larger than the data set, examples may be equal, their numbers
may go into the millions, and a rate may be 0: then the losses are recorded and nothing moves."""

ANNOUNCED = {
    "descent.test_path": "path : array of shape (steps + 1, *w0.shape), the points visited, w0 "
                         "first",
    "descent.test_costs": "Keep all points on the way, the start included, and the cost $f$ at "
                          "each of them.",
    "descent.test_as_many_steps_as_asked": "Take all of them, even from a minimum, and even where "
                                           "too large a rate makes the cost rise. `steps` may be "
                                           "0.",
    "descent.test_kinds_of_arrays": "`w0` may be a vector or a matrix, and may hold whole numbers; "
                                    "the path holds floats.",
    "stopping.test_stops_where_the_gradient_is_short": "So stop as soon as it is short: as soon as "
        "its **length**, the root of the sum of the squares of all its entries, is at most `tol`.",
    "stopping.test_no_step_where_none_is_needed": "Check before each step, the first one included: "
        "a start that is good enough needs no step. A length equal to `tol` is short enough, and "
        "`tol` may be 0.",
    "stopping.test_gives_up_in_the_end": "Nothing else ends the descent before `max_steps` steps, "
        "but never take more: the gradient may never get so short, or may even grow.",
    "schedule.test_without_warm_up": "`warmup` may be 0, and may be as large as `steps`.",
    "schedule.test_with_warm_up": "Before that, a short **warm-up** raises the rate in a straight "
                                  "line, because gradients tend to be large and to change quickly "
                                  "at the start.",
    "schedule.test_nothing_but_warm_up": "`warmup` may be 0, and may be as large as `steps`.",
    "numerical.test_vectors": "Move **one entry** of `w` by $h$ to each side, and leave all others "
                              "alone:",
    "numerical.test_any_number_of_axes": "`w` may have any number of axes, holds floats of double "
                                         "precision, and may be read-only: change a copy.",
    "numerical.test_the_step_that_is_given": "`h` may be anything from `1e-5` to 0.5; use it as it "
                                             "is.",
    "numerical.test_kinds_of_arrays": ARRAYS,
    "relative_error.test_vectors_and_matrices": "where $\\lVert \\cdot \\rVert$ is the root of the "
        "sum of the squares of all entries. The arrays may have any shape, and their entries may "
        "be as small as $10^{-7}$ or as large as $10^7$.",
    "relative_error.test_zeros": "One or both may be zero. If both are zero, they agree: $r = 0$.",
    "relative_error.test_sizes": "The arrays may have any shape, and their entries may be as small "
                                 "as $10^{-7}$ or as large as $10^7$.",
    "minibatches.test_every_example_once": "an **epoch** then shows every example exactly once. "
        "The last piece takes what is left; it is smaller if `batch_size` does not divide $N$. No "
        "piece is empty.",
    "minibatches.test_edges": "`batch_size` may be larger than $N$: then there is one batch, with "
                              "all examples.",
    "minibatches.test_in_random_order": "Draw from `rng`, a NumPy generator, for example by "
        "`rng.permutation`. Called again with the same generator, the function gives another "
        "order.",
    "noise.test_bias": "With $g$ the gradient over all examples and $\\bar g = \\frac1M \\sum_m "
                       "g_m$, they are the estimates",
    "noise.test_variance": "The gradients may have any shape and may all be equal; $M$ may be 1.",
    "loss.test_loss": LOSS,
    "loss.test_gradients": LOSS,
    "loss.test_small_batches": LOSS_INPUTS,
    "loss.test_kinds_of_arrays": ARRAYS + " Labels may have any integer type.",
    "loss.test_big_scores": LOSS_INPUTS,
    "sgd.test_weights_and_biases": BATCH,
    "sgd.test_losses": "losses : list of numbers, one for each batch, before its step",
    "sgd.test_rates_and_regularisation": "reg : number, passed on to the loss batch_size : int, at "
        "least 1 rates : array of shape (epochs,), the learning rate of each epoch",
    "sgd.test_special_inputs": SGD_INPUTS,
    "sgd.test_every_example_once_with_its_label": BATCH,
    "sgd.test_every_epoch_shuffles_anew": "In every epoch, call `minibatches` anew with the "
                                          "generator that you are given.",
    "digits.test_an_answer_for_every_picture": "Array of ints of shape (M,): the predicted digits.",
    "digits.test_accuracy_on_new_pictures": "Your function must classify at least **91%** of the "
                                            "test images correctly, within 10 seconds.",
}
