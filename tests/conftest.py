"""Shared by all tests: where the project is, and what this machine can do."""

import collections
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from autograder.sandbox.isolation import isolation_problem

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
import chromium

pytest.register_assert_rewrite("page_tests")


# Files that take minutes start first, so that no worker is left alone with one in the end.
LONGEST = ("test_pages_first_half.py", "test_samples.py", "test_attacks.py",
           "test_graders_are_sound.py", "test_faults.py", "test_pages_second_half.py",
           "test_chapters.py", "test_pdf.py", "test_search.py", "test_gpu_session.py",
           "test_trouble.py", "test_commands.py", "test_build_book.py", "test_reports.py",
           "test_odd_values.py", "test_single.py", "test_follows.py", "test_secrets.py",
           "test_experiments.py", "test_formgrader.py", "test_regrade.py", "test_jupyterhub.py")

# What `make check` leaves out besides: sandboxes by the dozen, builds, installations.
SLOW = {*LONGEST, "test_assignments.py", "test_closure.py", "test_cluster_files.py",
        "test_grading.py", "test_rounds.py", "test_sandbox.py", "test_scaffold.py",
        "test_shell.py", "test_steps.py", "test_wall.py", "test_wheels.py"}
SLOW_FOLDERS = {"attacks", "faults", "mutants", "site"}


def pytest_collection_modifyitems(items):
    """Put the tests of the longest files first, and mark what takes more than moments."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))
    for item in items:
        if item.path.name in SLOW or item.path.parent.name in SLOW_FOLDERS:
            item.add_marker("slow")


@pytest.fixture(scope="session")
def browser():
    """A real browser, for all tests that look at pages."""
    program = chromium.program()
    if program is None:
        names = ", ".join(chromium.NAMES)
        pytest.skip(f"needs a browser to look at pages: install one of {names}")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=chromium.OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's top folder."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def isolation() -> str:
    """The isolation that grading tests use: bubblewrap wherever it runs."""
    return "none" if isolation_problem("bubblewrap") else "bubblewrap"


@pytest.fixture(scope="session")
def bubblewrap() -> str:
    """Skip where bubblewrap cannot make a sandbox: the test is about isolation itself."""
    if isolation_problem("bubblewrap"):
        pytest.skip(isolation_problem("bubblewrap"))
    return "bubblewrap"


class Failures:
    """Names what fails at once: with several workers, pytest itself waits until the end."""

    def pytest_runtest_logreport(self, report):
        if report.failed:
            print(f"\nFAILED {report.nodeid}", flush=True)


SHOWN = 40  # of the slowest files


class Seconds:
    """Sums up what each file takes, so that whoever wants faster tests knows where to look."""

    def __init__(self):
        self._by_file = collections.Counter()

    def pytest_runtest_logreport(self, report):
        self._by_file[report.nodeid.partition("::")[0]] += report.duration

    def pytest_terminal_summary(self, terminalreporter):
        terminalreporter.section("seconds by file, together with its fixtures")
        terminalreporter.line("  ".join(
            f"{name.removeprefix('tests/').removesuffix('.py')} {seconds:.0f}"
            for name, seconds in self._by_file.most_common(SHOWN)))


def pytest_configure(config):
    if not hasattr(config, "workerinput"):  # the process that collects what the workers say
        config.pluginmanager.register(Failures())
        config.pluginmanager.register(Seconds())
