"""Where hw6_deeper announces what each hidden test asks: the sentence in its notebook."""

KINDS = ("Arrays of numbers may hold floats of either precision, may be views into larger arrays, "
         "may lie in memory column by column (Fortran order) and may be read-only.")
EPS = ("A feature may be the same for all examples, or have a variance smaller than $\\epsilon$.")
RNG = ("Random numbers come from the generator `rng` that you are given and from "
       "nothing else.")
EVALUATION = ("In **evaluation mode** (inference; `train` is false) use the running averages in "
              "place of $\\mu$ and $\\sigma^2$, and leave them as they are; $N$ is 1 only there.")

ANNOUNCED: dict[str, str] = {
    "norm.test_output_in_training":
        "In **training** (`train` is true), bring every feature of the batch to mean 0 and "
        "variance 1, then stretch it by $\\gamma$ and shift it by $\\beta$:",
    "norm.test_running_averages":
        "Also keep running averages of $\\mu$ and $\\sigma^2$: `running = momentum * running + "
        "(1 - momentum) * (that of the batch)`.",
    "norm.test_output_in_a_test": EVALUATION,
    "norm.test_averages_stay_in_a_test": EVALUATION,
    "norm.test_one_example_in_a_test": EVALUATION,
    "norm.test_eps": EPS,
    "norm.test_kinds_of_arrays": KINDS,
    "norm_back.test_input_gradient":
        "Mean and variance depend on every example, so gradients go through them as well.",
    "norm_back.test_scale_gradient": "dgamma, dbeta : arrays of shape (D,)",
    "norm_back.test_shift_gradient": "dgamma, dbeta : arrays of shape (D,)",
    "norm_back.test_eps":
        "As in part 1a, a variance may be smaller than `eps`, and `eps` may be up to 0.5.",
    "norm_back.test_kinds_of_arrays": KINDS,
    "dropout.test_in_training":
        "In **training**, keep every entry with probability `keep_prob` (each drawn independently) "
        "and set the others to 0. Divide what is kept by `keep_prob`, so that its expected value "
        "stays the same.",
    "dropout.test_in_a_test":
        "Then nothing has to be done in **evaluation mode** (inference; `train` is false): the "
        "output equals the input.",
    "dropout.test_from_the_generator": RNG,
    "dropout.test_kinds_of_arrays": KINDS,
}
