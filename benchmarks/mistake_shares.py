"""What each named mistake costs, against the points of the tests that are about it.

Every test of `VALUES` judges a value that comes back for ordinary arguments; the others judge one
special thing, which a sentence of the notebook announces. So a mistake is about

- all tests of its part, if it makes every value wrong for ordinary arguments;
- the tests of the values that it makes wrong, if others stay right;
- the tests announced by one sentence, if no value is wrong for ordinary arguments.

It costs too much if it loses any other test. (`autograder verify` sees to it that no other part
loses points.)
"""

import argparse
import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "experiments"))
import record
from hidden_checks import assignment_of

from autograder.grading import notebook
from autograder.grading.assignment import Assignment
from autograder.grading.grade import run_part
from autograder.grading.result import TestRecord

RESULTS = Path(__file__).parent / "results" / "mistake_shares.json"
ENOUGH = 0.95  # of the mistakes cost no more than the tests about them
GRADIENTS = "loss weight_gradient bias_gradient"
VALUES = {  # by assignment and part, without "test_"
    "hw1_perceptron": {
        "unit": "random_inputs", "gates": "not and_or nand", "xor": "truth_table",
        "update": "should_have_fired should_not_have_fired bias",
        "train": "separable_data bias history", "predict": "random_scores",
        "train_classes": "separable_clusters biases history"},
    "hw2_softmax": {
        "coin": "few_flips", "softmax": "random_scores", "log_softmax": "random_scores",
        "cross_entropy": "random_log_probabilities", "score_gradient": "random_probabilities",
        "loss_loops": GRADIENTS, "loss": GRADIENTS, "predict": "classes confidence",
        "train": "weights biases losses"},
    "hw3_gradient_descent": {
        "descent": "path costs", "stopping": "stops_where_the_gradient_is_short",
        "schedule": "without_warm_up with_warm_up", "numerical": "vectors",
        "relative_error": "vectors_and_matrices", "minibatches": "every_example_once",
        "noise": "bias variance", "loss": "loss gradients", "sgd": "weights_and_biases losses"},
    "hw4_two_layer": {
        "affine": "outputs", "affine_back": "input_gradient weight_gradient bias_gradient",
        "relu": "values", "relu_back": "values", "loss_layer": "loss gradient",
        "network": "loss second_weights second_biases first_weights first_biases",
        "init": "shapes_and_biases size_of_the_weights normal_weights", "predict": "classes",
        "train": "parameters losses accuracies"},
    "hw5_convnet": {
        "conv": "stride_one", "conv_back": "input_gradient_without_padding "
                                           "input_gradient_with_padding weight_gradient "
                                           "bias_gradient",
        "im2col": "stride_one", "conv_im2col": "output", "pool": "values",
        "pool_back": "windows_apart", "network": "scores", "accuracy": "share",
        "fit": "whole_batches"},
    "hw6_deeper": {
        "norm": "output_in_training running_averages output_in_a_test",
        "norm_back": "input_gradient scale_gradient shift_gradient", "dropout": "in_training"},
}


def about(lost: set[str], values: set[str], announced: dict[str, str],
          weights: dict[str, float]) -> set[str]:
    """The tests of a part that a mistake is about, from those that it loses.

    Parameters
    ----------
    values : the tests of values for ordinary arguments
    announced : the sentence that announces each test of the part
    weights : of each test; of several sentences, the one that most of the points lost belong to
    """
    if values <= lost:
        return set(announced)
    if values & lost:
        return values & lost
    points = dict.fromkeys(announced.values(), 0.0)
    for test in lost:
        points[announced[test]] += weights[test]
    most = max(points, key=points.__getitem__)
    return {test for test, sentence in announced.items() if sentence == most}


def shares(assignment: Assignment, every: int = 1) -> list[dict]:
    """What each mistake costs in its part, one in `every` of a function's: a row for each."""
    known, right, sentences = (
        getattr(importlib.import_module(f"{assignment.graders.__name__}.{module}"), name)
        for module, name in (("mistakes", "MISTAKES"), ("variants", "VARIANTS"),
                             ("announced", "ANNOUNCED")))
    rows = []
    for part, functions in notebook.functions(assignment.source).items():
        announced = {key.removeprefix(f"{part}."): sentence for key, sentence in sentences.items()
                     if key.startswith(f"{part}.")}
        for function in functions:
            for mistake in known.get(function, [])[::every]:
                tests = run_part(assignment, right["reference"] | {function: mistake.wrong}, part,
                                 assignment.limits.call_seconds)
                rows.append({"part": part, "function": function, "mistake": mistake.name,
                             **cost(tests, VALUES[assignment.name][part].split(), announced)})
    return rows


def cost(tests: list[TestRecord], values: list[str], announced: dict[str, str]) -> dict:
    """The shares of a part's points that a mistake costs and that the tests about it have."""
    weights = {test["name"]: test["weight"] for test in tests}
    lost = {test["name"] for test in tests if test["outcome"] != "passed"}
    those = about(lost, {f"test_{name}" for name in values}, announced, weights)

    def share(names):
        return round(sum(weights[name] for name in names) / sum(weights.values()), 3)

    return {"tests": len(lost), "lost": share(lost), "about": share(those),
            "besides": sorted(lost - those)}


def main() -> None:
    """Try every mistake of every assignment, print and record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    found = {}
    for name in VALUES:
        rows = shares(assignment_of(name))
        unfair = [row for row in rows if row["besides"]]
        found[name] = {"mistakes": len(rows), "fair": len(rows) - len(unfair),
                       "share": round(1 - len(unfair) / len(rows), 3),
                       "one_test": sum(row["tests"] == 1 for row in rows),
                       "whole_part": sum(row["lost"] == 1 for row in rows), "unfair": unfair}
        print(f"{name}: {found[name]['fair']} of {len(rows)}", *unfair, sep="\n    ", flush=True)
    mistakes, fair = (sum(row[key] for row in found.values()) for key in ("mistakes", "fair"))
    record.write(arguments.out, {"mistakes": mistakes, "fair": fair,
                                 "share": round(fair / mistakes, 3), "assignments": found},
                 generated="the graders' named mistakes and hidden inputs")
    sys.exit(0 if fair >= ENOUGH * mistakes else 1)


if __name__ == "__main__":
    main()
