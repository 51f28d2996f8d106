"""Carries the sandbox's sockets over one pair of pipes, for sandboxes that share no socket with us.

A container's process has a standard input and output and nothing else that reaches it on every
system. Both ends run a `Relay`: what one end writes into socket `n` comes out of socket `n` of the
other. Socket 0 is the worker's control socket; each fork of the worker gets one more.

Frames are a header (socket number, length) and that many bytes; length 0 closes the socket, OPEN
opens it. This module is mounted into the sandbox, so it imports nothing of the autograder.
"""

import contextlib
import ctypes
import os
import queue
import selectors
import socket
import struct
import subprocess
import sys

HEADER = struct.Struct(">II")
OPEN = 0xFFFFFFFF
CHUNK = 1 << 16
PR_SET_DUMPABLE = 4


class Relay:
    """One end: pumps between a pair of pipes and numbered sockets until the pipes close.

    Parameters
    ----------
    on_open : called with a number that the far end opens; returns the socket for it
    """

    def __init__(self, read_fd: int, write_fd: int, control: socket.socket, on_open=None):
        self.read_fd, self.write_fd = read_fd, write_fd
        self.sockets = {0: control}
        self.on_open = on_open
        self._requests: queue.SimpleQueue[tuple[int, socket.socket]] = queue.SimpleQueue()
        self._woken, self._wake = socket.socketpair()

    def open(self, number: int, sock: socket.socket) -> None:
        """Ask the far end to open `number`, after all that was written to the control socket."""
        self._requests.put((number, sock))
        self._wake.send(b".")

    def run(self) -> None:
        """Pump until the far end is gone."""
        with contextlib.suppress(OSError, EOFError), selectors.DefaultSelector() as selector:
            self._selector = selector
            selector.register(self.read_fd, selectors.EVENT_READ, "pipe")
            selector.register(self._woken, selectors.EVENT_READ, "wake")
            selector.register(self.sockets[0], selectors.EVENT_READ, 0)
            while True:
                for key, _ in selector.select():
                    if key.data == "pipe":
                        self._from_pipe()
                    elif key.data == "wake":
                        self._open_requested()
                    elif key.data in self.sockets:
                        self._from_socket(key.data)
        for sock in [*self.sockets.values(), self._woken, self._wake]:
            sock.close()

    def _open_requested(self):
        self._woken.recv(1)
        while self._from_socket(0, wait=False):
            pass
        number, sock = self._requests.get()
        self._write(number, OPEN)
        self._add(number, sock)

    def _add(self, number, sock):
        self.sockets[number] = sock
        self._selector.register(sock, selectors.EVENT_READ, number)

    def _from_socket(self, number, wait=True):
        """Pass one chunk on; return whether there was one."""
        try:
            data = self.sockets[number].recv(CHUNK, 0 if wait else socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        self._write(number, len(data), data)
        if not data:
            self._close(number)
        return bool(data)

    def _from_pipe(self):
        number, length = HEADER.unpack(self._read(HEADER.size))
        if length == OPEN:
            if self.on_open is None or number in self.sockets:
                raise EOFError
            self._add(number, self.on_open(number))
        elif length == 0:
            self._close(number)
        elif length > CHUNK:
            raise EOFError
        else:
            data = self._read(length)
            if number in self.sockets:
                with contextlib.suppress(OSError):  # closed here, and the far end does not know
                    self.sockets[number].sendall(data)

    def _close(self, number):
        sock = self.sockets.pop(number, None)
        if sock is not None:
            self._selector.unregister(sock)
            sock.close()
        if number == 0:
            raise EOFError

    def _write(self, number, length, data=b""):
        data = memoryview(HEADER.pack(number, length) + data)
        while data:
            data = data[os.write(self.write_fd, data):]

    def _read(self, size):
        data = b""
        while len(data) < size:
            chunk = os.read(self.read_fd, size - len(data))
            if not chunk:
                raise EOFError
            data += chunk
        return data


def main() -> None:
    """Run the worker beside the far end of the relay, as a container's first process."""
    # the worker has the same user: without this it could write to our memory
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    control, theirs = socket.socketpair()

    def pass_on(_number):
        ours, forks = socket.socketpair()
        with forks:
            socket.send_fds(control, [b"f"], [forks.fileno()])
        return ours

    with theirs:
        subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "autograder.inside.worker", str(theirs.fileno())],
            pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    Relay(0, 1, control, pass_on).run()


if __name__ == "__main__":
    main()
