"""A student's functions as hidden tests reach them: in a sandbox, or in this very process."""

import contextlib
import time
from collections.abc import Callable

from autograder.grading import judge
from autograder.inside import calls, channel
from autograder.sandbox.sandbox import GRACE_SECONDS, Sandbox


class SandboxedCode:
    """A student's executed notebook in a sandbox; every `session` is a fresh fork of it.

    `died` says whether any of its processes has ended before it was told to.
    """

    def __init__(self, sandbox: Sandbox):
        self.sandbox = sandbox
        self.died = False

    def session(self):
        """Yield a function from a request to the fork's reply, a decoded message."""
        return self._session(self.sandbox.fork())

    def itself(self):
        """As `session`, with the process that has executed the notebook."""
        return self._session(self.sandbox.itself())

    @contextlib.contextmanager
    def _session(self, connected):
        try:
            with connected as sock:
                yield lambda request: self._ask(sock, request)
        except (channel.ChannelError, OSError):
            self.died = True
            raise judge.Verdict("crash", "The process of your notebook ended before this test: "
                                "look for code that exits or runs out of memory.") from None

    def _ask(self, sock, request):
        name = request["call"]
        deadline = time.monotonic() + request["seconds"] + GRACE_SECONDS
        try:
            channel.send(sock, request, deadline)
            return channel.receive(sock, deadline)
        except channel.ChannelTimeout:
            return {"timeout": True}
        except channel.ChannelClosed:
            self.died = True
            raise judge.Verdict("crash", f"`{name}` ended the whole Python process (os._exit, a "
                                "crash in compiled code, or too much memory).") from None
        except channel.ChannelError as error:
            raise judge.Verdict("crash", f"`{name}` did not come back with plain data: "
                                f"{error}.") from None


class InProcessCode:
    """Trusted functions in this very process, for checking the graders themselves."""

    def __init__(self, namespace: dict[str, Callable]):
        self.namespace = namespace

    def place(self, _part: str) -> int:
        """All parts are there from the beginning."""
        return 0

    @contextlib.contextmanager
    def session(self, _part: str):
        """Yield a function from a request to its reply, through the same encoding."""
        yield self._ask

    def _ask(self, request):
        return _round_trip(calls.answer(self.namespace, _round_trip(request, layouts=True)))


def _round_trip(value, **kwargs):
    frame = channel.encode(value)
    structure_size, _ = channel.HEADER.unpack(frame[:channel.HEADER.size])
    body = frame[channel.HEADER.size:]
    return channel.decode(body[:structure_size], body[structure_size:], **kwargs)
