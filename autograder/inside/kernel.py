"""What a notebook can see of Jupyter's kernel: its shell, its magics and its event loop.

`ipykernel` itself needs sockets of ZeroMQ and is slow to import.
"""

import asyncio
import builtins
import contextlib
import getpass
import os
import selectors
import sys
from pathlib import Path
from types import SimpleNamespace


class Loop(asyncio.SelectorEventLoop):
    """An event loop that has no descriptors but while it waits, so that forks share none."""

    def __init__(self):
        class Selector(selectors.SelectSelector):
            def select(_, timeout=None):
                if self._ssock is None and (timeout is None or timeout > 0):
                    super(Loop, self)._make_self_pipe()
                    return []  # a thread may have called meanwhile: look again
                return super().select(timeout)

        super().__init__(Selector())

    def _make_self_pipe(self):
        self._ssock = self._csock = None

    def _close_self_pipe(self):
        if self._ssock is not None:
            super()._close_self_pipe()

    def run_until_complete(self, future):
        try:
            return super().run_until_complete(future)
        finally:
            if not self.is_running():
                self._close_self_pipe()


def make_shell(output):
    """An IPython shell that hands over to `output` (shell.py) what cells display and show."""
    from IPython.core import page
    from IPython.core.autocall import ZMQExitAutocall
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.error import StdinNotImplementedError, UsageError
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.core.magic import Magics, line_magic, magics_class
    from IPython.utils._process_posix import ProcessHandler
    from traitlets import Any, Type
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, **kwargs):
            output.display(data)

        def clear_output(self, wait=False):
            output.clear(wait)

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def write_format_data(self, format_dict, md_dict=None):
            output.display(format_dict)

    @magics_class
    class KernelMagics(Magics):
        """Those that ipykernel adds, without the editor, the pager and the terminal."""

        @line_magic
        def autosave(self, line):
            try:
                seconds = int(line)
            except ValueError:
                raise UsageError(f"%autosave requires an integer, got {line!r}") from None
            print(f"\nAutosaving every {seconds} seconds" if seconds else "\nAutosave disabled")

        @line_magic
        def less(self, line):
            if not line:
                raise UsageError("Missing filename.")
            Path(line).read_bytes()

        @line_magic
        def edit(self, line):
            self.parse_options(line, "prn:")

        @line_magic
        def man(self, line):
            pass

        more = line_magic("more")(less)
        clear, subshell = line_magic("clear")(man), line_magic("subshell")(man)
        qtconsole, connect_info = line_magic("qtconsole")(man), line_magic("connect_info")(man)

    class Shell(InteractiveShell):
        display_pub_class = Type(Publisher)
        displayhook_class = Type(Hook)
        kernel = Any()

        def init_environment(self):
            folder = os.path.dirname(sys.executable)  # where `!python` finds this one
            os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", os.defpath)])
            os.environ.update(TERM="xterm-color", PAGER="cat", GIT_PAGER="cat")

        def init_hooks(self):
            super().init_hooks()
            self.set_hook("show_in_pager", page.as_hook(lambda *args, **kwargs: None), 99)

        def init_magics(self):
            super().init_magics()
            self.register_magics(KernelMagics)
            self.magics_manager.register_alias("ed", "edit")

        def ask_exit(self):
            pass  # what comes after a stray exit() runs

        def enable_gui(self, gui=None):
            pass  # there is no window to drive

        def showtraceback(self, exc_tuple=None, *args, **kwargs):
            with contextlib.suppress(ValueError):  # there is none to show
                output.show_error(self._get_exc_info(exc_tuple)[1])

        def showsyntaxerror(self, *args, **kwargs):
            self.showtraceback()

        def _format_exception_for_storage(self, *args, **kwargs):
            return {}  # which nobody reads

        def _tee(self, channel):
            return contextlib.nullcontext()  # else all that is printed is kept once more

    def refuse_input(*args, **kwargs):
        raise StdinNotImplementedError(
            "raw_input was called, but this frontend does not support input requests.")

    # by these, programs know that they are in a notebook
    Shell.__module__, Shell.__name__ = "ipykernel.zmqshell", "ZMQInteractiveShell"
    config = Config()
    config.IPKernelApp.parent_appname = "notebook"
    config.HistoryManager.enabled = False  # no history in a file
    shell = Shell.instance(config=config)
    shell.exiter = ZMQExitAutocall(shell)
    for names in (shell.user_ns, shell.user_ns_hidden):  # %who leaves out what is in both
        names.update(exit=shell.exiter, quit=shell.exiter)
    shell.kernel = SimpleNamespace(shell=shell, do_shutdown=lambda restart: None)
    shell.extension_manager.load_extension("storemagic")
    if os.path.exists("/bin/bash"):
        ProcessHandler._sh = "/bin/bash"  # for `!`
    builtins.input = getpass.getpass = refuse_input
    return shell
