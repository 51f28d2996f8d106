"""The Chromium of this machine, which looks at pages and prints them."""

import shutil

#: The first has no windows, and opens a page in half of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: For root in a container, and without a word to any other machine.
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
           "--disable-background-networking", "--disable-component-update", "--disable-sync")


def program() -> str | None:
    """Return the path of a browser, or None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
