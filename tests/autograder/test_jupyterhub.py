"""docs/jupyterhub.md, typed as it stands: its accounts, its exchange, its hub and its pages.

Where the page is typed are namespaces with the files and programs of this machine. Accounts, and
whatever is written to /etc, /home, /opt and /srv, are gone with them. What the page downloads is
the environment that runs the test, so the reasons to skip say what belongs into it.
"""

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote_plus

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright
from ta import PROJECT

sys.path.insert(0, str(PROJECT / "book" / "_ext"))
import chromium
from nnassignments import launches

PAGE = (PROJECT / "docs" / "jupyterhub.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?:bash|python)\n# (as (?P<who>\w+)|(?P<file>/\S+))\n(?P<text>.*?)^```",
                   re.M | re.S)
DOWNLOADS = re.compile(r"apt-get |npm |python3 -m venv |.*pip install -r ")
REPOSITORY = "https://example.org/perceptron-to-convnet"
NAME = "hw1_perceptron"
NOTEBOOK = f"{NAME}/{NAME}.ipynb"
EXCHANGE = "/srv/nbgrader/exchange/perceptron-to-convnet-autumn-2026"
HUB = "http://127.0.0.1:8000"
NEEDED = ("unshare", "nsenter", "ip", "useradd", "runuser", "chpasswd", "git",
          "configurable-http-proxy")

# the network is the loopback alone, so the page's ports are free
SETUP = """\
set -e
scratch=$1 prefix=$2
over() {  # OVER NAME LOWER PLACE: what is written there stays in memory
    mkdir "$scratch/$1" "$scratch/$1-work"
    mount -t overlay overlay -o "lowerdir=$2,upperdir=$scratch/$1,workdir=$scratch/$1-work" "$3"
}
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs "$scratch"
cp -a /etc "$scratch/etc" && mount --bind "$scratch/etc" /etc
for place in /home /srv; do mount -t tmpfs -o mode=755 tmpfs $place; done
over opt /opt /opt
mkdir /opt/hub
over hub "$prefix" /opt/hub
mount --bind /opt/hub "$prefix"
echo ready
exec sleep infinity
"""


def why_not() -> str | None:
    """What is missing here to type the page, or None."""
    if os.geteuid():
        return "needs root, to make accounts in namespaces of its own: run it as root"
    missing = [name for name in ("jupyterhub", "nbgitpuller")
               if importlib.util.find_spec(name) is None]
    missing += [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        return (f"needs {', '.join(missing)}: CONTRIBUTING.md, \"Run one test\", says how to have "
                "them")
    if sys.prefix == sys.base_prefix:
        return "needs a virtual environment"
    for program in (sys.prefix, os.path.realpath(sys.executable)):
        if subprocess.run(["runuser", "-u", "nobody", "--", "test", "-r", program],
                          check=False).returncode:
            return f"needs a Python that every account can read, unlike {program}"
    if chromium.program() is None:
        return f"needs a browser: install one of {', '.join(chromium.NAMES)}"
    return None


class Machine:
    """Where the page is typed."""

    def __init__(self, folder: Path):
        self._folder = folder
        (folder / "scratch").mkdir()
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc",
             "sh", "-c", SETUP, "sh", folder / "scratch", sys.prefix],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self._holder.stdout.readline() != "ready\n":
            pytest.skip("needs mounts of its own, also overlays: "
                        f"{self._holder.communicate()[1].strip()}")
        pid = self._holder.pid
        first = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
        path = f"{Path(shutil.which('configurable-http-proxy')).parent}:{os.environ['PATH']}"
        self.enter = ["nsenter", f"--target={first}", "--mount", "--pid", "--net", "--",
                      "env", "-i", "-C", "/", "HOME=/root", "LANG=C.UTF-8", f"PATH={path}",
                      "PIP_NO_INDEX=1", "PIP_NO_BUILD_ISOLATION=0"]

    def close(self):
        self._holder.kill()
        self._holder.wait()

    def type(self, who: str, text: str, fine=(0,), **more) -> subprocess.CompletedProcess:
        """Type lines in a login shell of `who`."""
        done = subprocess.run(self.command(who, text), capture_output=True, timeout=900,
                              check=False, **{"text": True, **more})
        assert done.returncode in fine, f"{who}: {text}\n{done.stdout}\n{done.stderr}"
        return done

    def command(self, who: str, text: str) -> list[str]:
        shell = ["bash", "-c"] if who == "root" else ["runuser", "-l", who, "-c"]
        return [*self.enter, *shell, f"set -e\n{text}"]

    def write(self, who: str, path: str, text: str) -> None:
        """Write a file as `who`."""
        place = shlex.quote(path)
        self.type(who, f"mkdir -p $(dirname {place}) && cat > {place}", input=text)

    def start(self, who: str, text: str, until: str) -> None:
        """Type lines whose last one goes on for ever, and wait for a line of its output."""
        log = self._folder / "log"
        with open(log, "w") as file:
            started = subprocess.Popen(self.command(who, text), stdout=file, stderr=file)
        while until not in log.read_text():
            assert started.poll() is None, log.read_text()

    def browser(self) -> Path:
        """A program that starts the browser on this machine."""
        path = self._folder / "browser"
        path.write_text(f"#!/bin/sh\nexec {shlex.join(self.enter)} {chromium.program()} \"$@\"\n")
        path.chmod(0o755)
        return path


def blocks(section: str):
    """Who types what, or which file holds what, in a section of the page."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    found = list(BLOCK.finditer(text))
    assert found, f"the page has no section {section!r} with blocks any more"
    return [(block["who"], block["file"], block["text"]) for block in found]


def follow(machine: Machine, section: str, before=None) -> None:
    """Do what a section of the page says, except downloading; `before` has what comes between."""
    for who, file, text in blocks(section):
        if file:
            machine.write("prof" if file.startswith("/home/prof") else "root", file, text)
            continue
        for line, also in (before or {}).items():
            if line in text:
                also()
        lines = [line for line in text.splitlines() if not DOWNLOADS.match(line)]
        machine.type(who, "\n".join(lines))


def origin(machine: Machine, folder: Path) -> None:
    """The repository that the page and the website name, with the files as they are here."""
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=PROJECT,
                            capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, folder / name)
    machine.write("root", "/etc/gitconfig", "[safe]\n\tdirectory = *\n"
                  f'[url "file:///srv/origin"]\n\tinsteadOf = {REPOSITORY}.git\n'
                  f'[url "file:///srv/origin"]\n\tinsteadOf = {REPOSITORY}\n')
    machine.type("root", f"cp -r {folder} /srv/origin && chmod -R a+rX /srv/origin\n"
                         "cd /srv/origin && git init -q -b main && git add -A\n"
                         "git -c user.name=x -c user.email=x@example.org commit -qm x")


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A machine on which everything up to the hub's start has been typed."""
    if why_not():
        pytest.skip(why_not())
    made = Machine(tmp_path_factory.mktemp("machine"))
    try:
        origin(made, tmp_path_factory.mktemp("origin"))
        for student in ("ada", "bob"):
            made.type("root", f"useradd --create-home --shell /bin/bash {student}")
        follow(made, "Install")
        made.type("root", "chpasswd", input="prof:p\nada:a\nbob:b\n")
        follow(made, "The exchange")
        follow(made, "The formgrader, for the instructor alone")
        made.write("prof", "/home/prof/students.csv", "student_id,first_name,last_name,email\n"
                   "ada,Ada,Lovelace,ada@example.org\nbob,Bob,Moog,bob@example.org\n")
        follow(made, "The term")
        (_, file, settings), (who, _, text) = blocks("Start the hub")
        made.write("root", file, settings)
        made.start(who, text, until="JupyterHub is now running")
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def handed_in(machine):
    """The machine after an assignment: ada handed in a right notebook, bob what he was given."""
    solved = PROJECT / "source_solutions" / NOTEBOOK

    def work():
        path = f"/home/ada/{NOTEBOOK}"
        book = nbformat.reads(machine.type("ada", f"cat {path}").stdout, as_version=4)
        right = {cell.metadata.nbgrader.grade_id: cell.source
                 for cell in nbformat.read(solved, as_version=4).cells
                 if cell.metadata.get("nbgrader", {}).get("solution")}
        for cell in book.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = right.get(name, cell.source)
        machine.write("ada", path, nbformat.writes(book))
        machine.type("bob", f"nbgrader fetch_assignment {NAME} && nbgrader submit {NAME}")

    follow(machine, "An assignment", before={"nbgrader submit": work})
    return machine


@pytest.fixture(scope="module")
def browser(machine):
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=machine.browser(),
                                             args=chromium.OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def at_work(browser):
    """A function that gives a page of the browser in which somebody is logged in."""
    pages = {}

    def log_in(who):
        if who not in pages:
            page = pages[who] = browser.new_context().new_page()
            page.goto(f"{HUB}/hub/login")
            page.fill("#username_input", who)
            page.fill("#password_input", who[0])
            page.click("#login_submit")
            page.wait_for_url(f"**/user/{who}/lab**", timeout=120_000)
        return pages[who]

    return log_in


def test_the_term_has_the_course_id_that_all_accounts_read(machine):
    said = machine.type("prof", "grep course_id ~/course/autumn/nbgrader_config.py").stdout
    (written,) = (text for _, file, text in blocks("The exchange") if file)
    assert said.strip() in written


def test_students_hand_in_and_get_their_feedback(handed_in):
    course = "cd ~/course/autumn &&"
    handed_in.type("prof", f"{course} autograder export {NAME}")
    rows = json.loads(handed_in.type("prof", f"{course} cat exports/{NAME}.json").stdout)
    ada, bob = sorted(rows, key=lambda row: row["student_id"])
    assert ada["score"] == ada["max_score"] and bob["score"] < ada["score"]
    page = handed_in.type("ada", f"find ~/{NAME} -path '*feedback*' -name '{NAME}.html'").stdout
    assert len(page.splitlines()) == 1
    # the page's other way to collect finds the same files
    (command,) = re.findall(rf"`(autograder collect {NAME} /\S+)`", PAGE)
    assert "2 unchanged" in handed_in.type("prof", f"{course} {command}").stdout


def test_nobody_reads_what_is_not_theirs(handed_in):
    """Neither files by name nor folders that could be listed."""
    handed_in.type("root", "useradd --create-home eve")  # an account made later
    private = ["/home/ada", "/home/eve", "/home/prof", "/home/prof/course/autograder/graders",
               "/home/prof/course/autumn/gradebook.db",
               f"{EXCHANGE}/inbound"]
    for path in private:
        handed_in.type("root", f"test -e {path}")
        handed_in.type("bob", f"! ls {path}/")
    found = handed_in.type("bob", "find /home /srv /opt/hub -type f -readable || true").stdout
    found = [path for path in found.splitlines()
             if not path.startswith(("/home/bob/", "/srv/origin/"))]
    assert f"{EXCHANGE}/outbound/{NOTEBOOK}" in found
    for path in found:
        secret = ("/autograder/",) if path.startswith("/opt") else ("inbound", "ada", "prof")
        assert not [word for word in secret if word in path], path
    handed_in.type("bob", "! python -c 'import autograder'")
    handed_in.type("bob", "python -c 'import nncourse'")
    # they may hand in, but replace nothing of others
    handed_in.type("bob", f"! rm -r {EXCHANGE}")


def test_the_formgrader_is_for_the_instructor_alone(handed_in, at_work):
    page = at_work("prof")
    assert page.goto(f"{HUB}/user/prof/formgrader/manage_assignments").status == 200
    expect(page.get_by_text(NAME).first).to_be_visible()
    page = at_work("ada")
    assert page.goto(f"{HUB}/user/ada/formgrader/").status == 404
    assert page.goto(f"{HUB}/user/ada/lab").status == 200
    page.get_by_role("menuitem", name="Nbgrader").click()
    expect(page.get_by_role("menuitem", name="Assignment List")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Formgrader")).to_have_count(0)
    page.keyboard.press("Escape")


@pytest.mark.parametrize("path", [f"assignments/{NOTEBOOK}", "book/part1/perceptron.md"])
def test_a_link_of_the_website_opens_a_notebook(machine, at_work, path):
    follow(machine, "Chapters")
    links = dict(launches(NAME, {"repository_url": REPOSITORY, "repository_branch": "main",
                                 "launch_buttons": {"jupyterhub_url": HUB}}))
    page = at_work("bob")
    # chapters have the same link, made by the theme
    page.goto(links["JupyterHub"].replace(quote_plus(f"assignments/{NOTEBOOK}"), quote_plus(path)))
    page.wait_for_url(f"**/lab/tree/perceptron-to-convnet/{path}**", timeout=120_000)
    expect(page.get_by_role("tab", name=Path(path).name)).to_be_visible(timeout=60_000)
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=60_000)


def test_the_next_term_collects_nothing_of_this_one(handed_in):
    handed_in.type("prof", "cd ~/course\nautograder --root spring init --roster ~/students.csv "
                           "--name 'Spring 2027' --timezone Europe/Berlin")
    own = handed_in.type("prof", "grep course_id ~/course/spring/nbgrader_config.py").stdout
    assert "perceptron-to-convnet-spring-2027" in own
    collect = f"nbgrader collect {NAME}\nls submitted || true"
    said = handed_in.type("prof", f"cd ~/course/spring\nautograder release {NAME}\n"
                                  f"nbgrader release_assignment {NAME}\n{collect}")
    assert "No submissions" in said.stderr and "ada" not in said.stdout
    # both settings still name autumn: a folder's own come first
    assert "ada" in handed_in.type("prof", f"cd ~/course/autumn\n{collect}").stdout
