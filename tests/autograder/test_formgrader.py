"""The formgrader with our settings, in a real browser: hostile submissions, and hand grading."""

import json
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
import ta
import toy
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook
from playwright.sync_api import expect

OWN = "window.owned = true; document.title = 'owned'"
MARKDOWN = f"""
<script>{OWN}</script>
<img src=x onerror="{OWN}"><svg onload="{OWN}"></svg><svg><script>{OWN}</script></svg>
<iframe srcdoc="<script>parent.owned = true</script>"></iframe>
<a id="bait" href="javascript:{OWN}">click</a> [bait](javascript:{OWN.replace(' ', '%20')})
<details open ontoggle="{OWN}">x</details><style>body {{ display: none }}</style>
<form action="javascript:{OWN}"><button>send</button></form><math><mi xlink:href="javascript:1">
<img src="https://example.org/seen.png">
$$\\require{{action}}\\href{{javascript:{OWN}}}{{x}}$$
"""
OUTPUTS = [new_output("display_data", {"text/html": MARKDOWN, "application/javascript": OWN,
                                       "image/svg+xml": f"<svg onload=\"{OWN}\"/>",
                                       "text/markdown": MARKDOWN}),
           new_output("stream", name="stdout", text=MARKDOWN)]
DISPLAY = f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
text = {MARKDOWN!r}
print(text)
display(HTML(text), Markdown(text), Javascript({OWN!r}))
raise ValueError(text)
"""


def source():
    """The toy assignment with a derivation that a person grades."""
    book = toy.source()
    book.cells.append(new_markdown_cell(
        "Derive it.\n\n=== BEGIN MARK SCHEME ===\nTwo points for each step.\n"
        "=== END MARK SCHEME ===", id="toy-derivation",
        metadata=toy.meta("derivation", locked=True, task=True, points=4)))
    return book


@pytest.fixture(scope="module")
def pages(tmp_path_factory, isolation):
    """The course, and pages that show submissions: the formgrader's and nbgrader's feedback."""
    root = tmp_path_factory.mktemp("formgrader")
    toy.write_course(root, source())
    toy.submit(root, "ada", toy.as_bytes(source()))
    book = source()
    book.cells += [new_markdown_cell(MARKDOWN), new_code_cell(DISPLAY, outputs=OUTPUTS)]
    book.metadata["title"] = MARKDOWN
    toy.submit(root, "mallory", toy.as_bytes(book))
    unsafe = ["--unsafe"] if isolation == "none" else []
    for arguments in (["release", "toy"], ["grade", "toy", *unsafe]):
        subprocess.run([sys.executable, "-m", "autograder", *arguments], cwd=root, check=True,
                       capture_output=True)
    subprocess.run([sys.executable, "-m", "nbgrader", "generate_feedback", "toy"], cwd=root,
                   check=True, capture_output=True)
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        notebook, honest = (gradebook.find_submission_notebook("toy", "toy", student).id
                            for student in ("mallory", "ada"))
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    extensions = {"nbgrader.server_extensions.formgrader": True}
    (root / "server.json").write_text(json.dumps(
        {"ServerApp": {"jpserver_extensions": extensions}}))
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root",
               f"--port={port}", "--ServerApp.token=", "--ServerApp.password=",
               f"--config={root}/server.json"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        try:
            address = _when_ready(f"http://127.0.0.1:{port}", process)
            yield {"course": root, "honest": f"{address}/formgrader/submissions/{honest}/",
                   "formgrader": f"{address}/formgrader/submissions/{notebook}/",
                   "feedback": f"file://{root}/feedback/mallory/toy/toy.html"}
        finally:
            process.terminate()


def _when_ready(address, process):
    while True:
        assert process.poll() is None, "the server did not start"
        try:
            urllib.request.urlopen(f"{address}/api", timeout=1).close()
        except OSError:
            time.sleep(0.1)  # it needs this processor to start
            continue
        return address


@pytest.mark.parametrize("which", ["formgrader", "feedback"])
def test_no_script_of_a_submission_runs(pages, browser, which):
    page = browser.new_page()
    said, asked = [], []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages[which], wait_until="load")
    page.locator("text=raise ValueError").first.wait_for()  # the notebook itself is there
    for bait in page.locator("a:has-text('bait'), #bait, form button").all():
        if bait.is_visible():
            bait.click(timeout=1000, no_wait_after=True)
    page.wait_for_timeout(1000)
    assert page.evaluate("window.owned") is None and page.title() != "owned" and not said
    assert page.locator("body").is_visible()  # no style of theirs either
    assert not [url for url in asked if "example.org" in url]
    page.close()


def test_a_person_grades_a_derivation_and_overrides_a_score(pages, browser, unsafe):
    course, page = pages["course"], browser.new_page()
    page.goto(pages["honest"], wait_until="load")
    assert page.locator("text=Two points for each step").count()  # the mark scheme is shown
    # the autograded score, which the page asks for after it has loaded
    expect(page.locator("#double")).to_have_attribute("placeholder", "3")

    def enter(selector, text):
        with page.expect_response(lambda r: "/formgrader/api/" in r.url and r.request.method
                                  == "PUT") as answer:
            page.fill(selector, text)
            page.press(selector, "Tab")
        assert answer.value.ok

    enter("#derivation", "3")
    enter("#derivation-comment", "Where does <b> come from?")
    enter("#double", "2.5")
    page.close()
    raw = toy.as_bytes(toy.source(split=toy.SPLIT + "  # handed in again"))
    (course / "submitted" / "ada" / "toy" / "toy.ipynb").write_bytes(raw)
    said = ta.autograder(course, "grade", "toy", "--student", "ada", *unsafe).stdout
    assert ("a person had given points, so these wait again: ada (derivation, had 3, double, had "
            "2.5)") in said.replace("\n", " ") and "7.5 / 9" in said
    said = ta.autograder(course, "export", "toy", *unsafe).stdout
    assert "2 wait for a person (derivation 2, double 1)" in said
    assert "--graded-only leaves them out" in said
    ta.autograder(course, "feedback", "toy", *unsafe)
    rows = json.loads((course / "exports" / "toy.json").read_text())
    (ada,) = [row for row in rows if row["student_id"] == "ada"]
    assert (ada["score"], ada["max_score"], ada["autograded"]) == (7.5, 9, 5)
    # the points stay, and wait for a second look at what is new
    assert (ada["part derivation"], ada["part double"]) == (3, 2.5)
    assert ada["status"] == "waits for a person"
    (mallory,) = [row for row in rows if row["student_id"] == "mallory"]
    assert mallory["status"] == "waits for a person"
    text = (course / "feedback" / "ada" / "toy.html").read_text()
    assert "derivation: waits for a person; 3 of 4 points for an earlier file" in text
    assert "Where does &lt;b&gt; come from?" in text
