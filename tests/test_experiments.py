"""The experiments' scripts run, and the committed results files say what made them."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from jsonschema import ValidationError, validate
from thorough import THOROUGH

PROJECT = Path(__file__).parents[1]
DEVICE_SCHEMA = json.loads((PROJECT / "experiments" / "cifar10_gpu.schema.json").read_text())
RESULTS = sorted((PROJECT / "nncourse" / "results").glob("*.json"))
FIELDS = {"command", "data", "checksums", "versions", "device", "date", "seconds"}


def run_experiment(project, tmp_path, *arguments):
    """Run a script on the stand-in data and return the results file that it wrote."""
    out = tmp_path / "results.json"
    code = ("import nncourse.data.download as d; "
            "d.fetch_mnist = d.fetch_cifar10 = lambda: None; "
            "import runpy, sys; sys.argv = sys.argv[1:]; sys.path.insert(0, 'experiments'); "
            "runpy.run_path(sys.argv[0], run_name='__main__')")
    subprocess.run([sys.executable, "-c", code, *arguments, "--out", out], cwd=project, check=True,
                   capture_output=True,  # without the minute that compiling takes
                   env={"PATH": "/usr/bin:/bin", "TORCHDYNAMO_DISABLE": "1",
                        "OMP_NUM_THREADS": "1"})
    return json.loads(out.read_text())


def test_the_perceptron_experiment_on_the_stand_in(project, tmp_path):
    written = run_experiment(project, tmp_path, "experiments/mnist_perceptron.py",
                             "--epochs", "2", "--limit", "300")
    assert set(written["run"]) == FIELDS and "stand-in" in written["run"]["data"]
    results = written["results"]
    assert results["num_train"] == 300
    for name in ("one_per_class", "averaged", "winner"):
        assert len(results[name]["test"]) == 2
        assert 0.5 < results[name]["test"][-1] <= 1
    assert sum(map(sum, results["confusion"])) == results["num_test"]


def test_the_order_experiment_on_little(project, tmp_path):
    written = run_experiment(project, tmp_path, "experiments/standin_order.py",
                             "--epochs", "1", "--seeds", "1")
    assert set(written["run"]) == FIELDS
    assert set(written["results"]["test_accuracy"]) == {"linear", "two_layer", "convnet"}


def test_random_labels_on_few_steps(project, tmp_path):
    written = run_experiment(project, tmp_path, "experiments/mnist1d_random_labels.py",
                             "--steps", "3", "--seeds", "2")
    assert set(written["run"]) == FIELDS
    assert len(written["results"]["further_seeds"]) == 1
    for name in ("published", "fast"):
        networks = written["results"][name]["networks"]
        assert [net["parameters"] for net in networks.values()] == [15208, 15210, 15235, 15319]
        assert all(net["loss"][-1] < net["loss"][0] for net in networks.values())


def test_the_browsers_training_for_a_moment(project, tmp_path, browser):
    written = run_experiment(project, tmp_path, "experiments/browser_training.py",
                             "--rounds", "1", "--milliseconds", "20")
    assert set(written["run"]) == FIELDS
    assert set(written["results"]) == {"convolutional", "two-layer"}
    assert all(min(speeds["ratios"]) > 0 for speeds in written["results"].values())


def test_layers_with_and_without_on_little(project, tmp_path):
    written = run_experiment(project, tmp_path, "experiments/cifar10_layers.py",
                             "--pictures", "100", "--width", "2", "--epochs", "1", "--seeds", "1")
    assert set(written["run"]) == FIELDS
    assert written["results"]["counts"]["train"] == 100
    layers = written["results"]["layers"]
    assert set(layers) == {"plain", "dropout", "batch normalisation", "both"}
    assert all(len(tried["rates"]) == 4 for tried in layers.values())


#: Scripts that write after each run, at a size of seconds, with what their runs differ in.
IN_RUNS = {
    "cifar10_depth": ("--images 100 --width 2 --epochs 1 --depths 8 14 --seeds 1",
                      {"kind": {"plain", "residual"}, "depth": {8, 14}}),
    "cifar10_dropout": ("--sizes 60 100 --hidden 5 --batch 20 --steps 3 --seeds 1",
                        {"size": {60, 100}, "p": {0, 0.25, 0.5}}),
    "cifar10_norms": ("--images 100 --seen 100 --width 4 --seeds 2",
                      {"norm": {"none", "batch", "group"}, "batch": {50, 8, 2}}),
    "cifar10_pooling": ("--images 100 --epochs 1 --seeds 2",
                        {"network": {"two-layer network", "max pooling", "average pooling",
                                     "stride 2", "global average pooling"}, "seed": {0, 1}}),
    "cifar10_search": ("--images 200 --epochs 1 --seeds 1",
                       {"rate": {1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1}, "reg": {1e-3, 0.1}}),
    "mnist_activations": ("--epochs 1 --seeds 2",
                          {"activation": {"logistic", "tanh", "ReLU", "leaky ReLU", "ELU"},
                           "rate": {0.003, 0.01, 0.03}}),
}


@pytest.mark.parametrize("name", IN_RUNS)
def test_experiments_of_many_runs_on_little(project, tmp_path, name):
    arguments, varied = IN_RUNS[name]
    arguments = [f"experiments/{name}.py", *arguments.split(), "--resume"]
    written = run_experiment(project, tmp_path, *arguments)
    assert set(written["run"]) == FIELDS and "--resume" not in written["run"]["command"]
    assert written["results"]["made_with"]["data"] == written["run"]["data"]
    runs = written["results"]["runs"]
    for key, values in varied.items():
        assert {run[key] for run in runs} == values
    assert all(run["loss"] and run["processor_seconds"] >= 0 for run in runs)
    if name == "cifar10_search" or THOROUGH:  # the quickest; they all resume in one way
        again = run_experiment(project, tmp_path, *arguments)["results"]["runs"]
        assert again == runs  # nothing was left to do


def test_runs_are_written_one_by_one_and_resumed_with_the_same_settings(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(PROJECT / "experiments")
    record = importlib.import_module("record")
    images = SimpleNamespace(name="made up", is_standin=True)
    arguments = SimpleNamespace(out=tmp_path / "runs.json", resume=True)

    def fail():
        raise RuntimeError

    runs = record.Runs(arguments, {"width": 2}, images, packages=("numpy",))
    runs.add(lambda: {"test": 0.5}, seed=0)
    with pytest.raises(RuntimeError):
        runs.add(fail, seed=1)
    resumed = record.Runs(arguments, {"width": 2}, images, packages=("numpy",))
    assert resumed.add(fail, seed=0)["test"] == 0.5
    with pytest.raises(SystemExit, match="use the same"):
        record.Runs(arguments, {"width": 3}, images)


def test_the_learning_rate_rises_in_the_warm_up_and_falls_to_zero(monkeypatch):
    monkeypatch.syspath_prepend(PROJECT / "experiments")
    plan = importlib.import_module("image_training").Plan(0.1, 1000, warm_up=100)
    rates = [plan.rate_at(step) for step in range(1001)]
    assert rates[0] < 0.01 and rates[100] == max(rates) > 0.97 and abs(rates[1000]) < 1e-12
    assert rates[:101] == sorted(rates[:101]) and rates[100:] == sorted(rates[100:], reverse=True)


def test_the_device_experiment_on_little(project, tmp_path):
    written = run_experiment(project, tmp_path, "experiments/cifar10_gpu.py",
                             "--images", "32", "--tests", "16", "--width", "2", "--batch", "4",
                             "--loop-batch", "4", "--seeds", "1")
    assert set(written["run"]) == FIELDS
    results = written["results"]
    validate(results, DEVICE_SCHEMA)
    assert {block["why_not"] for block in results["blocks"].values()} == {None}
    assert len(results["blocks"]) == 6
    able = {name for name, row in results["loops"]["rows"].items() if not row["why_not"]}
    assert {"naive", "data on the device", "fused optimiser", "deterministic"} <= able
    assert [len(row["runs"]) for row in results["ladder"].values()] == 11 * [1] + 2 * [0]
    with pytest.raises(ValidationError):
        validate(results | {"machine": {"peaks": {}}}, DEVICE_SCHEMA)


@pytest.mark.parametrize("path", [path for path in RESULTS if path.stem.startswith("cifar10_gpu")],
                         ids=lambda path: path.stem)
def test_committed_device_results_are_of_the_schema(path):
    recording = json.loads(path.read_text())
    validate(recording["results"], DEVICE_SCHEMA)
    assert path.stem.endswith("_on_cpu") == recording["run"]["device"].startswith("CPU")


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_committed_results_name_what_made_them(path):
    run = json.loads(path.read_text())["run"]
    assert set(run) == FIELDS
    script = Path(run["command"].split()[1])
    assert run["command"].startswith("python experiments/")
    assert path.stem.removesuffix("_on_cpu") == script.stem
    assert (path.parents[2] / script).is_file()
    assert "numpy" in run["versions"] or "Chromium" in run["device"]
    assert path.stem.startswith("standin") == ("stand-in" in run["data"])


def test_the_stand_in_is_hard_in_the_right_order(project):
    accuracies = json.loads((project / "nncourse" / "results" / "standin_order.json").read_text())[
        "results"]["test_accuracy"]
    assert max(accuracies["linear"]) < min(accuracies["two_layer"])
    assert max(accuracies["two_layer"]) < min(accuracies["convnet"])


@pytest.mark.parametrize("chapter", ["part3/two_layer", "part4/pooling"])
def test_a_chapter_on_cifar10_claims_nothing_from_generated_shapes(project, chapter):
    text = (project / "book" / f"{chapter}.md").read_text(encoding="utf-8")
    assert "data.cifar10()" in text and 'recorded("cifar10_' in text
    assert "generated\nshapes take" in text or "generated shapes take" in text
    outside = text.replace("{glue:text}`photos`", "", 1)
    assert "stand-in" not in text and "{glue:text}`photos`" not in outside


@pytest.mark.parametrize("name", ["cifar10_layers", "cifar10_two_layer", *IN_RUNS])
def test_committed_runs_on_cifar10_saw_photographs(project, name):
    path = project / "nncourse" / "results" / f"{name}.json"
    if path.is_file():  # experiments/README.md says which wait
        assert "stand-in" not in json.loads(path.read_text())["run"]["data"]
    else:
        assert f"{name}.json" in (project / "experiments" / "README.md").read_text("utf-8")


def test_mnist_was_the_publishers(project):
    paths = [path for path in RESULTS if "mnist" in path.stem
             and not path.stem.startswith("mnist1d")]
    assert len(paths) >= 10
    for path in paths:
        run = json.loads(path.read_text())["run"]
        assert run["data"] == "MNIST" and run["checksums"].startswith("the publisher's"), path.name
    folder = project / "nncourse" / "results"
    perceptron = json.loads((folder / "mnist_perceptron.json").read_text())
    assert perceptron["results"]["num_train"] == 60_000
    assert perceptron["results"]["num_test"] == 10_000


def test_the_performance_page_shows_what_was_measured(monkeypatch):
    monkeypatch.syspath_prepend(PROJECT / "benchmarks")
    tables = importlib.import_module("tables")
    assert tables.page() == tables.PAGE.read_text(encoding="utf-8")
    for path in sorted((PROJECT / "benchmarks" / "results").glob("grading_*.json")):
        found = json.loads(path.read_text())
        assert set(found["run"]) == FIELDS
        assert f"### {found['results']['assignment']}: " in tables.page()
