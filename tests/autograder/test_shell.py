"""A cell does in the sandbox what it does in Jupyter: both run the same cells, one after another.

The cells are in shell_cells.txt, each below a line that begins with `# %%`. Compared is what a
cell raises, and, where it raises nothing, the lines that it prints and displays; of one marked
`loose` only the former. One marked `different` has to differ, for the reason that stands there.
"""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

import toy
from jupyter_client.manager import start_new_kernel

from autograder.grading.grade import grade
from autograder.inside.shell import MAX_OUTPUT
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox

CELL = re.compile(r"^# %%(.*)\n((?:(?!# %%|## ).*\n)+)", re.MULTILINE)
SECONDS = 60  # for a cell in Jupyter on a busy machine
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
OWN_FILE = re.compile(r"<cell \d+>|\S*ipykernel_\d+/\d+\.py")  # which a warning names
ADDRESS = re.compile(r"\b0x[0-9a-f]{8,}")


@dataclass
class Cell:
    source: str
    mark: str
    reason: str

    def same(self, ours: "Told", theirs: "Told") -> bool:
        return ours.error == theirs.error and (
            self.mark == "loose" or ours.error is not None or ours.lines() == theirs.lines())


class Told:
    """What became of a cell: the type of what it raised, and its text."""

    def __init__(self, error=None, text=""):
        self.error, self.text, self._stale = error, text, False

    def lines(self) -> list[str]:
        """In no order, as the two streams are in none, and without what differs each time."""
        text = ADDRESS.sub("0x", OWN_FILE.sub("<cell>", COLOUR.sub("", self.text)))
        return sorted(text.split("\n"))

    def hear(self, message: dict) -> None:
        """Take in a message that Jupyter's kernel sends to everybody."""
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            self._stale = content["wait"]
            if not self._stale:
                self.text = ""
        elif kind in ("stream", "error", "display_data", "execute_result"):
            if self._stale:
                self.text, self._stale = "", False
            if kind == "stream":
                self.text += content["text"]
            elif kind == "error":
                self.text += "{ename}: {evalue}\n".format(**content)
            elif "image/png" not in content["data"]:
                self.text += content["data"].get("text/plain", "") + "\n"

    def __repr__(self):
        return f"{self.error}: {self.text[:300]!r}"


def read_cells() -> list[Cell]:
    text = Path(__file__).with_name("shell_cells.txt").read_text()
    return [Cell(source.removesuffix("\n"), mark.strip(), reason.strip())
            for head, source in CELL.findall(text) for mark, _, reason in [head.partition(":")]]


def in_jupyter(cells: list[Cell], folder: Path) -> list[Told]:
    """What Jupyter's kernel tells of the cells, all of them sent at once."""
    env = {name: value for name, value in os.environ.items()
           if name != "PYTEST_CURRENT_TEST"}  # with it, a kernel leaves out what programs print
    env["SHELL"] = "/bin/bash"  # as where a student starts Jupyter, for `!`
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env=env)
    try:
        told = {client.execute(cell.source, allow_stdin=False, stop_on_error=False): Told()
                for cell in cells}
        running, unanswered = set(told), set(told)
        while running:
            message = client.get_iopub_msg(timeout=SECONDS)
            number = message["parent_header"].get("msg_id")
            if number in told:
                told[number].hear(message)
            if message["content"].get("execution_state") == "idle":
                running.discard(number)
        while unanswered:
            message = client.get_shell_msg(timeout=SECONDS)
            number = message["parent_header"].get("msg_id")
            if number in told:
                told[number].error = message["content"].get("ename")
            unanswered.discard(number)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return list(told.values())


def run(sources: list[str], isolation: str, **limits) -> list[Told]:
    with Sandbox(isolation, Limits(**limits)) as sandbox:
        reports = sandbox.execute(sources).cells
    return [Told(report.error.partition(":")[0] if report.error else
                 None if report.outcome == "ok" else report.outcome, report.stdout)
            for report in reports]


def test_cells_do_what_they_do_in_jupyter(isolation, tmp_path):
    cells = read_cells()
    assert len(cells) > 300 and {cell.mark for cell in cells} == {"", "loose", "different"}
    assert all(cell.reason for cell in cells if cell.mark == "different")
    theirs = in_jupyter(cells, tmp_path)
    ours = run([cell.source for cell in cells], isolation)
    wrong = [f"{cell.source}\n    here: {here}\n    in Jupyter: {there}"
             for cell, here, there in zip(cells, ours, theirs, strict=True)
             if cell.same(here, there) == (cell.mark == "different")]
    assert not wrong, "\n".join(wrong)


def test_a_cell_that_waits_too_long_is_stopped_and_the_loop_goes_on(isolation):
    started = time.monotonic()
    told = run(["import asyncio\nprint('begun')\nawait asyncio.sleep(99)", "while True: pass",
                "await asyncio.sleep(0.01, 'slept')", "await asyncio.to_thread(abs, -3)",
                "async def spin():\n    await asyncio.to_thread(print, 'threads')\n"
                "    while True: pass\nawait spin()", "1 + 1"], isolation, cell_seconds=1)
    assert [(one.error, one.text) for one in told] == [
        ("timeout", "begun\n"), ("timeout", ""), (None, "'slept'\n"), (None, "3\n"),
        ("timeout", "threads\n"), (None, "2\n")]
    assert time.monotonic() - started < 30


def test_a_graded_function_may_run_a_loop_of_its_own(isolation, toy_assignment):
    """In the notebook one runs already, as in Jupyter; in a fork there is none."""
    double = ("import asyncio\nasync def twice(x):\n    await asyncio.sleep(0.01)\n"
              "    return await asyncio.to_thread(lambda: 2 * x)\n"
              "def double(x):\n    return asyncio.run(twice(x))\nawait twice(1)")
    result = grade(toy.as_bytes(toy.source(double=double)), toy_assignment, isolation, Limits())
    assert (result["score"], result["notes"]) == (5, [])


def test_no_cell_keeps_more_text_than_it_may(isolation):
    told = run(["print('x' * 10 * 20_000)", "import os\nos.system('yes | head -c 900000');",
                "for _ in range(30_000):\n    print(end='x')", "print('\\ud800')",
                "for _ in range(99):\n    get_ipython().run_cell('1 / 0')", "print('x')",
                "os.close(1)", "os.dup2(os.pipe()[0], 1);", "kept = []\ntry:\n    while True:\n"
                "        kept.append(open('/dev/null'))\nexcept OSError:\n    pass",
                "kept.clear()", "os.system('echo back');"], isolation)
    assert {len(told[cell].text) for cell in (0, 1, 2)} == {MAX_OUTPUT + 22}
    assert told[4].text.count("ZeroDivisionError") == 20
    assert [one.error for one in told] == [None] * 11 and told[5].text == "x\n"
    assert told[-1].text == "back\n"


def test_the_user_inside_has_a_name_and_is_the_only_one(bubblewrap):
    (told,) = run(["import getpass, grp, os, pwd\nprint(getpass.getuser(), os.getuid() == "
                   "pwd.getpwnam('student').pw_uid, len(pwd.getpwall()), len(grp.getgrall()))\n"
                   "assert not os.access('/etc/passwd', os.W_OK)"], bubblewrap)
    assert (told.error, told.text) == (None, "student True 1 1\n")
