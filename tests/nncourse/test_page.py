"""What keeps the numbers of the book's pages true."""

import builtins
import json

import pytest

from nncourse import page


@pytest.fixture
def record(tmp_path, monkeypatch):
    """A function that keeps these results as a run called x, the only one there is."""
    monkeypatch.setattr(page, "RESULTS", tmp_path)
    run = {"command": "python experiments/x.py", "data": "MNIST", "versions": {"numpy": "2"},
           "device": "CPU", "date": "2026-01-01"}
    return lambda results: (tmp_path / "x.json").write_text(
        json.dumps({"run": run, "results": results}))


def test_a_recorded_run_says_what_made_it(record, capsys):
    record({"accuracy": 0.5})
    assert page.recorded("x") == {"accuracy": 0.5}
    said = capsys.readouterr().out
    assert all(word in said for word in ("experiments/x.py", "MNIST", "numpy 2", "2026-01-01"))
    page.recorded("x", quiet=True)
    assert not capsys.readouterr().out


def test_a_missing_run_is_one_clear_line(record):
    record({})
    with pytest.raises(FileNotFoundError, match="no run of that name"):
        page.recorded("missing")


def test_numbers_do_no_harm_where_no_website_is_built(monkeypatch):
    real = builtins.__import__

    def without_myst_nb(name, *args):
        if name == "myst_nb":
            raise ModuleNotFoundError(name)
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", without_myst_nb)
    page.number("n", 3)
