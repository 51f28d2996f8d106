"""`make live`: the website with code that runs in its pages, on a Jupyter server of this machine.

Both servers listen on the loopback interface only, and the Jupyter server wants a new random token
that only pages of this website are given. Nothing is loaded from elsewhere.
"""

import argparse
import posixpath
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from serving import QuietHandler, listen

PROJECT = Path(__file__).resolve().parents[1]
SITE = PROJECT / "_build" / "html"


class LiveHandler(QuietHandler):
    """The website, each page with the script that makes its code run."""

    script = ""

    def do_GET(self):
        """Send a page with the script, or any other file as it is."""
        self.path = posixpath.normpath(self.path.partition("?")[0])
        name = self.path.lstrip("/") or "index.html"
        page = Path(self.directory, name)
        if name.startswith("live/"):
            self.directory = str(PROJECT)
        if page.suffix != ".html" or not page.is_file():
            super().do_GET()
            return
        source = f"book/{name.removesuffix('.html')}.md"
        body = page.read_text(encoding="utf-8").replace(
            "</body>", f'{self.script} data-page="{source}"></script></body>').encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def free_port() -> int:
    """A port of the loopback interface on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(jupyter: subprocess.Popen, address: str) -> None:
    """Return when the Jupyter server answers; end the program when it has ended."""
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if jupyter.poll() is not None:
                sys.exit("live: the Jupyter server ended at once: see its lines above, and check "
                         "that requirements.txt is installed")
            time.sleep(0.1)


def main() -> None:
    """Start both servers, say where, and stop both at Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8002, help="of the website; 0: any free one")
    port = parser.parse_args().port
    if not (SITE / "index.html").is_file():
        sys.exit("live: there is no website in _build/html yet: make book")
    website = listen(SITE, port, LiveHandler)
    origin = f"http://127.0.0.1:{website.server_port}"
    token, jupyter_port = secrets.token_urlsafe(), free_port()
    server = f"http://127.0.0.1:{jupyter_port}"
    LiveHandler.script = (f'<script src="/live/live.js" data-server="{server}" '
                          f'data-token="{token}"')
    jupyter = subprocess.Popen([
        sys.executable, "-m", "jupyter_server", "--no-browser", "--log-level=ERROR",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={jupyter_port}",
        f"--IdentityProvider.token={token}", f"--ServerApp.allow_origin={origin}",
        f"--ServerApp.root_dir={PROJECT}", "--ServerApp.allow_root=True"], cwd=PROJECT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        wait_for(jupyter, f"{server}/api?token={token}")
        threading.Thread(target=website.serve_forever, daemon=True).start()
        print(f"website with live code  {origin}/index.html\nCtrl-C ends it", flush=True)
        jupyter.wait()
    except KeyboardInterrupt:
        print()
    finally:
        jupyter.terminate()
        jupyter.wait()


if __name__ == "__main__":
    main()
