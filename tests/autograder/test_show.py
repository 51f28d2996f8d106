"""What a TA sees while a class is graded."""

import io
import re

from results_sample import result, test_record
from rich.console import Console

from autograder.batch.batch import Outcome
from autograder.commands import console as show
from autograder.commands.main import main


def test_the_board_counts_what_fails_most_by_students(monkeypatch):
    console = Console(width=100, record=True, force_terminal=True, file=io.StringIO())
    monkeypatch.setattr(show, "stderr", console)
    wrong = result(tests=[test_record("wrong", "", "sum-for-mean"), test_record("timeout"),
                          test_record("wrong", "", "sum-for-mean")])
    with show.board("grading hw1", 4) as board:
        for student, found in (("ada", result()), ("bob", wrong), ("eve", wrong)):
            board.add(Outcome(student, found))
        board.add(Outcome("zoe", None, "submitted/zoe: the file is empty"))
    text = console.export_text()
    assert "4/4" in text and "submitted/zoe: the file is empty" in text
    lines = [line.split() for line in text.splitlines()]
    assert ["2", "The", "unit", "sum-for-mean"] in lines
    assert ["2", "The", "unit", "timeout"] in lines


def test_changes_are_those_of_points():
    before = {"unit": 1.0, "gates": 3.0, "gone": 2.0}
    assert show.changes(before, result((2.0, 3.0))) == {"unit": [1.0, 2.0]}


def documented_commands(project):
    """Each command that a page of the documentation tells a TA to type."""
    for page in [project / "README.md", *sorted((project / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in re.findall(r"(?:python -m )?\bautograder (?:--root|[a-z-]+)\b[^`\n#&]*", text):
            words = line.split()
            if words[0] == "python" or f"`{line.strip()}`" in text:
                yield page.name, words[words.index("autograder") + 1:]


def test_what_the_documentation_says_can_be_typed(project):
    seen = set()
    for page, words in documented_commands(project):
        if words[0] == "--root":
            words = words[2:]
        if words[0] == "--help":
            continue
        command = main.commands.get(words[0])
        assert command, f"{page}: {words[0]}"
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {w for w in words if w.startswith("--")} <= options, f"{page}: {words}"
        seen.add(words[0])
    assert seen == main.commands.keys(), "every command is documented"


def test_every_command_has_a_line_of_help_that_is_not_cut():
    for name, command in main.commands.items():
        assert not command.get_short_help_str(62).endswith("..."), name
