"""`make live`: code that runs in the pages, and only for them."""

import re
import subprocess
import sys
import urllib.error
import urllib.request

import pytest


@pytest.fixture(scope="module")
def address(site, project):
    """Where the live website listens."""
    command = [sys.executable, project / "scripts" / "live.py", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as live:
        yield re.search(r"http://127\.0\.0\.1:\d+/", live.stdout.readline())[0]
        live.terminate()


def test_a_changed_cell_runs_in_its_page(address, browser):
    page = browser.new_page()
    page.goto(address + "part1/boolean.html")
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    page.get_by_role("button", name="Run the code here").click()
    page.wait_for_function("() => document.querySelector('.nn-live [role=status]').innerText"
                           ".includes('Python is ready')", timeout=60_000)
    page.evaluate("""() => document.querySelectorAll('.CodeMirror')[1].CodeMirror
        .setValue('import os; print(6 * 7, os.path.basename(os.getcwd()))')""")
    page.locator(".thebe-run-button").nth(1).click()
    page.get_by_text("42 part1", exact=True).wait_for(timeout=60_000)
    assert hosts == {"127.0.0.1"}
    page.close()


def test_nobody_else_is_given_python(address, site):
    page = urllib.request.urlopen(address + "part1/boolean.html").read().decode()
    server = re.search(r'data-server="([^"]+)" data-token="[^"]{20,}"', page)[1]
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{server}/api/kernels")
    assert "data-token" not in (site / "part1" / "boolean.html").read_text()
    for path in ("live/../README.md", "../README.md", "live/../../../etc/passwd"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address + path)
