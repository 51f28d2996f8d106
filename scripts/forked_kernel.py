"""Jupyter kernels that start with the chapters' libraries imported, as forks of one process.

A kernel's start and a chapter's imports take longer than many a chapter's own work.
"""

import multiprocessing
import os
import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

# what chapters import; jupyter_cache: multiprocessing lets each fork import execute_chapters.py;
# autograder: before what imports jsonschema, see decision 30
PRELOADED = ["autograder", "ipykernel.ipkernel", "ipykernel.kernelapp", "jupyter_cache.executors",
             "matplotlib.pyplot", "matplotlib_inline.backend_inline", "myst_nb", "nncourse.data",
             "nncourse.plot", "sklearn.datasets", "torch"]


class ForkedKernel:
    """A kernel's process, with what jupyter_client asks of a `subprocess.Popen`.

    Parameters
    ----------
    command : what would start the kernel
    cwd : the folder it works in
    env : its whole environment
    """

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], cwd: str, env: dict[str, str], **_):
        server = multiprocessing.get_context("forkserver")
        server.set_forkserver_preload(PRELOADED)
        leads, told = server.Pipe(duplex=False)
        self._process = server.Process(
            target=_run, args=(told, command[command.index("-f"):], cwd, env), daemon=True)
        self._process.start()
        told.close()
        self.pid = self._process.pid
        leads.recv()  # else signals to its group would be signals to ours

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self) -> int:
        """Return the exit code once it has ended."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal to the process."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process."""
        self.send_signal(signal.SIGKILL)


def _run(told: Connection, arguments: list[str], cwd: str, env: dict[str, str]) -> None:
    """Be the kernel, in the fork."""
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    told.send(True)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.path.remove(str(Path(__file__).parent))  # the scripts are nothing that a chapter imports
    IPKernelApp.launch_instance(argv=arguments, parent_handle=os.getppid())
