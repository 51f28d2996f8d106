"""docs/jupyterhub.md, typed as it stands, where JupyterHub is installed: what both sides see.

The hub runs as root in namespaces of its own, with copies of /etc and /home: no account, file or
port of this machine is touched.
"""

import contextlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import venv
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from ta import PROJECT, readable_system

from autograder.sandbox import bubblewrap

pytest.importorskip("jupyterhub")
pytest.importorskip("nbgitpuller")

NAME, COURSE = "hw1_perceptron", "perceptron-to-convnet-autumn-2026"
PASSWORD = "a test's own"
PAGE = (PROJECT / "docs" / "jupyterhub.md").read_text()
PROGRAMS = r"(jupyter|nbgrader|gitpuller)"
HUB = "http://127.0.0.1:8000"


def blocks() -> list[tuple[str, str, str]]:
    """Each block of the page: its section, whose it is or which file, and its text."""
    found = []
    for section in PAGE.split("\n## ")[1:]:
        for head, body in re.findall(r"```(?:bash|python)\n# ([^\n]+)\n(.+?)```", section,
                                     re.DOTALL):
            found.append((section.partition("\n")[0], head, body))
    return found


class Machine:
    """A machine's worth of namespaces, and commands in it."""

    def __init__(self, base: Path):
        proxy = shutil.which("configurable-http-proxy")
        _, _, _, _, *options, _ = readable_system(PROJECT)
        for folder in ("/etc", "/home", "/opt", "/srv"):
            options += ["--bind", f"{base}{folder}", folder]
        for folder in ("/run", "/var/log", "/var/mail"):
            options += ["--perms", "0755", "--tmpfs", folder]
        modules = Path(proxy).resolve().parents[1]
        options += ["--ro-bind", str(modules), "/opt/proxy"]
        # a process namespace of bubblewrap's own would leave none to make inside of it
        self._process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "bwrap",
             "--ro-bind", "/", "/", *options, "--unshare-net", "--die-with-parent", "--", "sleep",
             "600"])
        self._target = self._innermost()

    def _innermost(self) -> int:
        while True:
            assert self._process.poll() is None, "the namespaces could not be made"
            for child in psutil.Process(self._process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    if child.name() == "sleep":
                        return child.pid
            time.sleep(0.05)

    def command(self, user: str, text: str) -> list[str]:
        home = "/root" if user == "root" else f"/home/{user}"
        return ["nsenter", f"--target={self._target}", "--mount", "--pid", "--net", "runuser", "-u",
                user, "--", "env", "-i", f"HOME={home}", f"USER={user}", "LANG=C.UTF-8",
                f"PATH=/opt/hub/bin:{os.environ['PATH']}", "bash", "-ec", f"cd; {text}"]

    def run(self, user: str, text: str, fine=(0,)) -> str:
        done = subprocess.run(self.command(user, text), capture_output=True, text=True, timeout=120,
                              check=False)
        assert done.returncode in fine, f"{user}: {text}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def get(self, user: str, path: str, *options: str) -> SimpleNamespace:
        """What a browser of this user's shows, redirects followed, cookies kept."""
        jar = f"/home/{user}/cookies"
        options = shlex.join(["-w", "\n%{http_code} %{url_effective}", *options, HUB + path])
        text = self.run("root", f"curl -s -L -b {jar} -c {jar} {options}")
        body, _, end = text.rpartition("\n")
        code, _, address = end.partition(" ")
        return SimpleNamespace(code=int(code), address=address, text=body)

    def log_in(self, user: str) -> None:
        """Log in with the password, and wait for the user's own server."""
        self.get(user, "/hub/login")
        cookies = self.run("root", f"cat /home/{user}/cookies")
        (xsrf,) = re.findall(r"\s_xsrf\s(\S+)", cookies)
        self.get(user, "/hub/login?next=%2Fhub%2Fspawn", "--data-urlencode", f"_xsrf={xsrf}",
                 "--data-urlencode", f"username={user}", "--data-urlencode",
                 f"password={PASSWORD}")
        until = time.monotonic() + 60
        while (seen := self.get(user, f"/user/{user}/lab")).code != 200 or (
                f"/user/{user}/lab" not in seen.address):
            assert time.monotonic() < until, f"{seen.code} {seen.address}: {seen.text[-2000:]}"
            time.sleep(0.5)

    def end(self) -> None:
        self._process.kill()  # with the first process of the namespace, all of it ends
        self._process.wait()


def write_environment(hub: Path) -> None:
    """/opt/hub with what is installed here, but for our own packages."""
    venv.create(hub, symlinks=True, with_pip=False)
    folders = [path for path in map(Path, sys.path) if path.name == "site-packages"]
    packages = next(hub.glob("lib/python*/site-packages"))
    seen = set()
    for folder in folders:
        new = [path for path in folder.iterdir() if path.name not in seen
               and not re.search("nncourse|autograder", path.name)]
        seen |= {path.name for path in new}
        # links, where that goes: these are gigabytes
        if subprocess.run(["cp", "-al", *new, packages], capture_output=True).returncode:
            subprocess.run(["cp", "-a", *new, packages], check=True)
    for prefix in {path.parents[2]: None for path in reversed(folders)}:
        for part in ("etc/jupyter", "share/jupyter", "share/jupyterhub"):
            if (prefix / part).is_dir():
                shutil.copytree(prefix / part, hub / part, dirs_exist_ok=True)
    for script in entry_points(group="console_scripts"):
        if re.match(PROGRAMS, script.name):
            path = hub / "bin" / script.name
            path.write_text(f"#!/opt/hub/bin/python\nimport sys\nfrom {script.module} import "
                            f"{script.attr.partition('.')[0]}\nsys.exit({script.attr}())\n")
            path.chmod(0o755)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """The machine after all blocks of the page."""
    tools = ("bwrap", "unshare", "nsenter", "runuser", "useradd", "curl", "git",
             "configurable-http-proxy")
    if missing := [tool for tool in tools if not shutil.which(tool)]:
        pytest.skip(f"needs {', '.join(missing)}")
    if problem := "only root makes accounts" if os.geteuid() else bubblewrap.problem():
        pytest.skip(problem)
    base = tmp_path_factory.mktemp("hub")
    for folder in ("home", "srv", "opt/proxy"):
        (base / folder).mkdir(parents=True)
    shutil.copytree("/etc", base / "etc", symlinks=True)
    write_environment(base / "opt" / "hub")
    machine = Machine(base)
    try:
        yield follow(machine)
    finally:
        machine.end()


def follow(machine: Machine) -> Machine:
    """Type the page's blocks in their order."""
    for user in ("prof", "ada"):
        machine.run("root", f"useradd --create-home --shell /bin/bash {user}; "
                            f"echo {shlex.quote(f'{user}:{PASSWORD}')} | chpasswd")
    machine.run("root", "mkdir /home/prof/course; ln -s /opt/proxy/bin/configurable-http-proxy "
                        "/opt/hub/bin; cd " + shlex.quote(str(PROJECT)) + "; cp -r nncourse "
                        "autograder source_solutions nbgrader_config.py /home/prof/course; "
                        "printf 'student_id\\nada\\n' > /home/prof/students.csv; "
                        "chown -R prof: /home/prof")
    # what is to be had from elsewhere is there already
    offline = "export PIP_NO_INDEX=1 PIP_NO_BUILD_ISOLATION=0\n"
    for section, head, body in blocks():
        if section == "Install":
            lines = [line for line in body.splitlines() if "--no-deps" in line or "chmod" in line]
            assert len(lines) == 3
            machine.run("root", offline + "\n".join(lines))
        elif head.startswith("/"):
            user = "prof" if head.startswith("/home/prof") else "root"
            machine.run(user, f"mkdir -p $(dirname {head}); echo {shlex.quote(body)} > {head}")
        elif section == "Start the hub":
            machine.hub = subprocess.Popen(machine.command("root", f"{body} > log 2>&1"))
        else:
            if "submit" in body:  # the work
                machine.run("root", "install -o ada /home/prof/course/source_solutions/"
                                    f"{NAME}/{NAME}.ipynb /home/ada/{NAME}/{NAME}.ipynb")
            machine.run(head.removeprefix("as "), body)
    return machine


def test_the_submission_comes_through_the_exchange_and_feedback_goes_back(hub):
    grades = hub.run("prof", f"cd course/autumn; autograder export {NAME} > /dev/null; "
                             f"cat exports/{NAME}.json")
    (row,) = json.loads(grades)
    assert row["student_id"] == "ada" and row["autograded"] > 0
    assert "Score" in hub.run("ada", f"cat {NAME}/feedback/*/{NAME}.html")
    hub.run("root", f"test -d /srv/nbgrader/exchange/{COURSE}/inbound")


def test_the_autograder_collects_from_the_exchange(hub):
    hub.run("ada", f"nbgrader submit {NAME}")
    said = hub.run("prof", f"cd course/autumn; autograder collect {NAME} "
                           f"/srv/nbgrader/exchange/{COURSE}/inbound")
    assert "ada" in said


def test_students_have_the_library_and_neither_tests_nor_others_work(hub):
    hub.run("ada", "python -c 'import nncourse.page'")
    hub.run("ada", "python -c 'import autograder.graders.hw1_perceptron.reference'", fine=(1,))
    hub.run("ada", "cat /home/prof/course/source_solutions/*/*", fine=(1,))
    hub.run("ada", f"ls /srv/nbgrader/exchange/{COURSE}/inbound", fine=(2,))
    hub.run("ada", f"mv /srv/nbgrader/exchange/{COURSE} /srv/nbgrader/exchange/x", fine=(1,))


def disabled(page: str) -> set[str]:
    config = re.search(r'id="jupyter-config-data"[^>]*>(.+?)</script>', page, re.DOTALL)
    return {name for name in json.loads(config[1])["disabledExtensions"] if "nbgrader" in name}


def test_the_formgrader_is_the_instructors_alone(hub):
    hub.log_in("prof")
    seen = hub.get("prof", "/user/prof/formgrader/")
    assert seen.code == 200 and "Sorry" not in seen.text, seen.text
    (row,) = json.loads(hub.get("prof", "/user/prof/formgrader/api/assignments").text)[:1]
    assert (row["name"], row["num_submissions"]) == (NAME, 1)
    assert disabled(hub.get("prof", "/user/prof/lab").text) == {"@jupyter/nbgrader:course-list"}


def test_a_student_has_the_list_of_assignments_alone(hub):
    hub.log_in("ada")
    assert hub.get("ada", "/user/ada/formgrader/").code == 404
    assert hub.get("ada", "/user/prof/formgrader/").code in (403, 404)
    answer = json.loads(hub.get("ada", f"/user/ada/assignments?course_id={COURSE}").text)
    assert {row["assignment_id"] for row in answer["value"]} == {NAME}
    assert disabled(hub.get("ada", "/user/ada/lab").text) == {
        f"@jupyter/nbgrader:{name}" for name in ("formgrader", "create-assignment", "course-list")}
