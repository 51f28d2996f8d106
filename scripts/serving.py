"""Serving a folder's files on the loopback interface, for looking at pages."""

import functools
import http.server
from pathlib import Path


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *args):
        """Say nothing."""


def listen(folder: Path, port: int = 0,
           handler: type = QuietHandler) -> http.server.ThreadingHTTPServer:
    """A server of `folder` on this port, or on a free one where it is taken or 0."""
    handler = functools.partial(handler, directory=str(folder))
    try:
        return http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        return http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
