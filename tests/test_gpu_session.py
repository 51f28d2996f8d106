"""The GPU experiment keeps what was paid for: blocks, resuming, stopping, the file itself."""

import importlib.util
import io
import json
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import jupytext
import made_up_gpu
import pytest
import torch
from jsonschema import ValidationError, validate

from nncourse import data, page

sys.path.insert(0, str(Path(__file__).parents[1] / "experiments"))
import cifar10_gpu
import record
from gpu import recipes
from gpu.session import OutOfTime, Session

PROJECT = Path(__file__).parents[1]
SCHEMA = json.loads(cifar10_gpu.SCHEMA.read_text())


def session(minutes=None, results=None):
    """A session that keeps a copy of everything that it would write."""
    written = []
    results = {} if results is None else results
    made = Session(results, lambda r: written.append(json.loads(json.dumps(r))), minutes)
    return made, written


def test_a_failing_block_is_recorded_and_the_next_goes_on(capsys):
    made, written = session()
    made.block("breaks", lambda: 1 / 0)
    made.block("works", lambda: made.results.update(works=1))
    assert written[0]["blocks"]["breaks"]["why_not"] == "ZeroDivisionError: division by zero"
    assert written[-1]["blocks"]["works"]["why_not"] is None and written[-1]["works"] == 1


def test_a_complete_block_is_kept_and_a_failed_one_repeated():
    results = {"blocks": {"done": {"seconds": 3, "why_not": None},
                          "failed": {"seconds": 3, "why_not": "stopped"}}}
    made, _ = session(results=results)
    ran = []
    made.block("done", lambda: ran.append("done"))
    made.block("failed", lambda: ran.append("failed"))
    assert ran == ["failed"] and results["blocks"]["failed"]["why_not"] is None


def test_nothing_begins_that_would_end_too_late(monkeypatch):
    monkeypatch.setattr(record, "STARTED", time.monotonic())
    made, written = session(minutes=1)
    made.block("long", lambda: pytest.fail("began"), needs=100)
    assert written[-1]["blocks"]["long"]["why_not"].startswith("stopped: ")
    made.block("short", lambda: None, needs=10)
    assert written[-1]["blocks"]["short"]["why_not"] is None


@pytest.fixture
def little():
    """Thirty-two training and sixteen test images of noise, in two recipes' names."""
    torch.manual_seed(0)
    images = torch.randint(0, 256, (48, 32, 32, 3), dtype=torch.uint8)
    labels = torch.arange(48) % 10
    photos = {"train": (images[:32], labels[:32]), "test": (images[32:], labels[32:])}
    recipe = recipes.Recipe(network="small", epochs=1, batch=16, pad=2)
    return photos, {"one": recipe, "two": recipe}


def test_recipes_go_on_with_the_seeds_that_are_missing(little):
    photos, table = little
    made, written = session()
    rows = made.results["ladder"] = {}
    recipes.measure(table, photos, 2, "cpu", 1, made, rows)
    first = rows["one"]["runs"][0]
    recipes.measure(table, photos, 2, "cpu", 3, made, rows)
    assert rows["one"]["runs"][0] is first
    assert [run["seed"] for run in rows["two"]["runs"]] == [0, 1, 2]
    lengths = [len(r["ladder"]["two"]["runs"]) for r in written]
    assert lengths == sorted(lengths) and {1, 2, 3} <= set(lengths)  # written after each run


def test_recipes_stop_in_time_and_one_that_fails_does_not_stop_the_others(little, monkeypatch):
    photos, table = little
    made, written = session()
    table["broken"] = recipes.Recipe(network="none")
    rows = made.results["ladder"] = {}
    recipes.measure(table, photos, 2, "cpu", 1, made, rows)
    assert rows["broken"]["why_not"] == "KeyError: 'none'" and rows["one"]["runs"]
    monkeypatch.setattr(record, "STARTED", time.monotonic() - 61)
    late, _ = session(minutes=1)
    with pytest.raises(OutOfTime):
        recipes.measure(table, photos, 2, "cpu", 2, late, rows)


def test_other_settings_are_not_resumed(tmp_path):
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"results": {"settings": {"width": 2}}}))
    assert record.earlier(path, "settings", {"width": 2})["settings"] == {"width": 2}
    with pytest.raises(SystemExit, match="use the same"):
        record.earlier(path, "settings", {"width": 4})
    for broken in ("", "[]", '{"results": []}'):
        path.write_text(broken)
        with pytest.raises(SystemExit, match="holds no results"):
            record.earlier(path, "settings", {"width": 2})


@pytest.fixture
def command(monkeypatch, tmp_path):
    """Run the script in this process on the stand-in data, with blocks that take no time."""
    out = tmp_path / "results.json"
    images, threads = data.cifar10(standin=True), torch.get_num_threads()
    monkeypatch.setattr(data, "cifar10", lambda: images)
    monkeypatch.setattr(cifar10_gpu, "blocks", lambda session, *_: {
        "machine": lambda: None, "memory": lambda: 1 / 0, "profile": lambda: None})

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["experiments/cifar10_gpu.py", "--out", str(out),
                                          "--images", "20", "--tests", "10", *arguments])
        cifar10_gpu.main()
        return json.loads(out.read_text())["results"]

    yield run, out
    torch.set_num_threads(threads)


def test_the_file_is_written_even_if_the_schema_refuses_it(command, monkeypatch, tmp_path):
    run, out = command
    refusing = tmp_path / "schema.json"
    refusing.write_text('{"required": ["what nobody measures"]}')
    monkeypatch.setattr(cifar10_gpu, "SCHEMA", refusing)
    with pytest.raises(ValidationError):
        run()
    assert json.loads(out.read_text())["results"]["settings"]["images"] == 20
    assert not list(tmp_path.glob("*.part"))


def test_blocks_are_chosen_resumed_and_survive_an_error(command):
    run, _ = command
    assert set(run("--only", "machine", "memory")["blocks"]) == {"machine", "memory"}
    blocks = run("--resume")["blocks"]
    assert set(blocks) == {"machine", "memory", "profile"}
    assert blocks["memory"]["why_not"].startswith("ZeroDivisionError")


def test_without_jsonschema_nothing_is_compared(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    cifar10_gpu.check({"not": "valid"})


def chapter_cells():
    """The code of the chapter on the GPU."""
    notebook = jupytext.read(PROJECT / "book" / "part4" / "gpu.md")
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("missing", [(), ("lengths", "roofline", "loops", "ladder", "memory",
                                          "profile")], ids=["whole", "only the machine"])
def test_the_chapter_shows_a_gpus_results(missing, tmp_path, monkeypatch):
    made = made_up_gpu.recording()
    validate(made["results"], SCHEMA)
    for block in missing:
        del made["results"][block]
    (tmp_path / "cifar10_gpu.json").write_text(json.dumps(made))
    (tmp_path / made_up_gpu.CPU.name).write_text(made_up_gpu.CPU.read_text())
    monkeypatch.setattr(page, "RESULTS", tmp_path)
    printed, names = io.StringIO(), {"__name__": "__main__"}
    with redirect_stdout(printed):
        for cell in chapter_cells():
            if "data.cifar10()" not in cell and "for epoch in range" not in cell:
                exec(compile(cell, "gpu.md", "exec"), names)
    assert "no machine with a GPU" not in printed.getvalue()
    assert "no GPU: made-up numbers for a test" in printed.getvalue()
