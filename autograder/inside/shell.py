"""The notebook inside the sandbox: its cells are executed, and what comes of each is captured.

A cell does here what it does in Jupyter: tests/autograder/test_shell.py runs the same in both.
"""

import asyncio
import base64
import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Iterable

import numpy as np

from autograder.inside.calls import OutOfTime, alarm, describe_error
from autograder.inside.kernel import Loop, make_shell

MAX_OUTPUT = 20_000  # characters of printed output kept per cell
MAX_IMAGES = 8  # pictures kept per cell, ...
MAX_IMAGE_BYTES = 4 << 20  # ... and their bytes
MAX_SHOWN = 20  # errors shown by one cell that did not end it
END_SECONDS = 0.5  # for a cell to end once it is cancelled
TURNS = 10  # of the event loop after each cell, for tasks that need not wait


class Output:
    """What a cell prints and displays: the first MAX_OUTPUT characters, and data by MIME type."""

    def __init__(self):
        self.clear()

    def clear(self, wait: bool = False) -> None:
        """Forget all of it, with `wait` only once there is something new."""
        self._stale = wait
        if not wait:
            self._room = MAX_OUTPUT
            self._parts: list[str] = []
            self.displayed: list[dict] = []
            self._shown: list[tuple[BaseException, str]] = []

    def write(self, text: str) -> None:
        """Add printed text."""
        if self._stale and text:
            self.clear()
        if self._room > 0:
            self._parts.append(text[:self._room])
            self._room -= len(text)

    def display(self, data: dict) -> None:
        """Add data, as text where it is no picture."""
        if self._stale:
            self.clear()
        if not isinstance(data, dict):
            raise TypeError(f"data must be a dict, got: {data!r}")
        self.displayed.append(data)
        if "image/png" not in data:
            self.write(f"{data.get('text/plain', '')}\n")

    def show_error(self, error: BaseException) -> None:
        """Add an exception that was caught; those that did not end the cell become text."""
        if len(self._shown) < MAX_SHOWN:
            self._shown.append((error, "{type}: {text}\n".format(**describe_error(error))))

    def text(self, error: BaseException | None) -> str:
        """All that was printed in a cell that ended with this error."""
        for shown, text in self._shown:
            if shown is not error:
                self.write(text)
        text = "".join(self._parts)[:MAX_OUTPUT]  # threads may have added too much
        return text if self._room > 0 else text + "\n[more output was cut]"

    def images(self) -> list[np.ndarray]:
        """The PNG pictures that were displayed, as uint8 arrays."""
        shown = [png for data in self.displayed if (png := data.get("image/png"))]
        pngs = [base64.b64decode(png) if isinstance(png, str) else png for png in shown]
        kept, room = [], MAX_IMAGE_BYTES
        for png in pngs[:MAX_IMAGES]:
            if len(png) <= room:
                room -= len(png)
                kept.append(np.frombuffer(png, np.uint8))
        return kept


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr, by this name and number; like Jupyter's, it has no `buffer`."""

    encoding = "UTF-8"

    def __init__(self, name: str, number: int, output: Output):
        self.name, self._number, self._output = name, number, output

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._output.write(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number


class Notebook:
    """The student's notebook in an IPython shell, its output captured."""

    def __init__(self):
        self._output, self._loop = Output(), Loop()
        sys.stdout = Stream("stdout", 1, self._output)
        sys.stderr = Stream("stderr", 2, self._output)
        self.shell = make_shell(self._output)
        self.namespace = self.shell.user_ns
        # the notebook's own modules, after Python's and before what is installed, as in Jupyter
        installed = [place for place, path in enumerate(sys.path)
                     if os.path.basename(path) in ("site-packages", "dist-packages")]
        sys.path.insert(min(installed, default=len(sys.path)), "")
        sys.argv[:] = ["ipykernel_launcher.py", "-f", "kernel.json"]

    def run(self, index: int, source: str, seconds: float) -> dict:
        """Execute one cell and return what it printed, drew and raised."""
        self._output.clear()
        self.shell.compile.get_code_name = lambda *args: f"<cell {index}>"
        images, cell = [], self._loop.create_task(self._execute(source))
        with self._programs():
            try:
                with alarm(seconds):
                    result = self._loop.run_until_complete(cell)
                error = result.error_before_exec or result.error_in_exec
                images = self._output.images()
            except BaseException as escaped:
                error = escaped
        outcome = "ok" if error is None else "error"
        if isinstance(error, OutOfTime):
            outcome = "timeout"
        text = self._output.text(error)
        if not cell.done():  # it waited when its time was over
            cell.cancel()
            with contextlib.suppress(BaseException), alarm(END_SECONDS):
                self._loop.run_until_complete(cell)
        return ran(index, outcome, text, images,
                   describe_error(error) if outcome == "error" else None)

    async def _execute(self, source: str):
        """One cell as ipykernel runs it: within the loop, whether it awaits or not."""
        shell, result = self.shell, None
        try:
            code, failed = shell.transform_cell(source), None
        except Exception:
            code, failed = source, sys.exc_info()
        if shell.should_run_async(source, transformed_cell=code, preprocessing_exc_tuple=failed):
            try:
                result = await shell.run_cell_async(
                    source, store_history=True, transformed_cell=code,
                    preprocessing_exc_tuple=failed)
            finally:
                shell.events.trigger("post_execute")
                shell.events.trigger("post_run_cell", result)
        else:
            result = shell.run_cell(source, store_history=True)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        return result

    @contextlib.contextmanager
    def _programs(self):
        """Keep what programs, and libraries in C, write to descriptor 1.

        Not to descriptor 2: there, libraries complain of what the sandbox does not have.
        """
        # an error says that there is no room, or that too many files are open
        with contextlib.suppress(Exception), tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), 1)
        yield
        with contextlib.suppress(Exception):  # the notebook may have closed it
            if sys.__stdout__ is not None:
                sys.__stdout__.flush()
        with contextlib.suppress(Exception):  # or put something else in its place
            os.lseek(1, 0, os.SEEK_SET)
            self._output.write(os.read(1, 4 * MAX_OUTPUT).decode(errors="replace"))
        with contextlib.suppress(Exception), open(os.devnull, "r+b") as nowhere:
            os.dup2(nowhere.fileno(), 1)


def ran(index: int, outcome: str, stdout: str = "", images: Iterable[np.ndarray] = (),
        error: dict | None = None) -> dict:
    """The message that a cell has ended."""
    return {"type": "ran", "cell": index, "outcome": outcome, "stdout": stdout,
            "images": list(images), "error": error}
