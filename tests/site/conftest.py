"""The built website, served on this machine only, and pages of it in a real browser."""

import functools
import importlib.util
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import serving
import yaml

PROJECT = Path(__file__).resolve().parents[2]


@functools.cache
def pages_of_toc() -> list[str]:
    """Names of all pages, such as "part1/perceptron", in reading order."""
    toc = yaml.safe_load((PROJECT / "_toc.yml").read_text())
    return [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]


def pytest_generate_tests(metafunc):
    if "page_name" in metafunc.fixturenames:
        half = {"test_pages_first_half.py": slice(0, None, 2),
                "test_pages_second_half.py": slice(1, None, 2)}
        pages = pages_of_toc()[half.get(metafunc.definition.path.name, slice(None))]
        # The scope makes pytest run all tests of one page before those of the next.
        metafunc.parametrize("page_name", pages, scope="session")


@pytest.fixture(scope="session")
def page_names() -> list[str]:
    return pages_of_toc()


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site; built now unless it is up to date."""
    build = [sys.executable, str(PROJECT / "scripts" / "build_book.py")]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return PROJECT / "_build" / "html"


@pytest.fixture
def builder(tmp_path, project):
    """The build script of a small project of its own, with one chapter."""
    for folder in ("book/_ext", "book/_static", "book/_templates", "scripts"):
        shutil.copytree(project / folder, tmp_path / folder)
    for name in ("_config.yml", "CITATION.cff"):
        shutil.copy(project / name, tmp_path)
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "book" / "references.bib").write_text("")
    (tmp_path / "book" / "index.md").write_text("# A chapter\n\nText with $x > 0$.\n")
    library = tmp_path / "nncourse"
    library.mkdir()
    (library / "data.py").write_text("size = 1\n")
    spec = importlib.util.spec_from_file_location("build_book", tmp_path / "scripts/build_book.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert tmp_path == module.ROOT
    return module


HEIGHT = 900  # of a window

# As when the reader has been everywhere: every section is laid out, and observers have seen it.
VISITED = """() => {
  document.querySelectorAll('section').forEach((e) => { e.style.contentVisibility = 'visible'; });
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


# Some time after a resize the theme has found what scrolls now, and made it a tab stop.
SETTLED = """() => [...document.querySelectorAll(
    'article pre, article .pst-scrollable-table-container')]
  .every(e => e.tabIndex === 0 || e.scrollWidth <= e.clientWidth)"""


@pytest.fixture(scope="session")
def base_url(site):
    with serving.listen(site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Visit:
    """A page open in the browser, and what went wrong while it loaded."""

    def __init__(self, page, address, base_url):
        self.page = page
        self.elsewhere, self.failed, self.complaints = [], [], []
        page.on("request", lambda request: self._check_address(request.url, base_url))
        page.on("response", self._check_status)
        page.on("console", self._check_message)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(base_url + address, wait_until="networkidle")
        # a busy machine may be idle on the network before the page's scripts have run
        page.wait_for_load_state("load")
        page.evaluate(VISITED)

    def turn(self, mode, width):
        """The same page in another look, as where a reader's system turns dark."""
        size = {"width": width, "height": HEIGHT}
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)
            self.page.emulate_media(color_scheme=mode)
            self.page.evaluate(VISITED)
            self.page.wait_for_function(SETTLED)
        return self

    def _check_address(self, url, base_url):
        if urlsplit(url).scheme not in ("data", "blob") and not url.startswith(base_url):
            self.elsewhere.append(url)

    def _check_status(self, response):
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")

    def _check_message(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture(scope="session")
def visits(browser, base_url):
    """``visits(page_name, mode, width)``: a page, opened once for the tests that look at it."""
    opened = {}

    def close_all():
        while opened:
            opened.popitem()[1].page.close()

    def visit(page_name, mode="light", width=1280):
        key = (page_name, mode, width)
        if key not in opened:
            if any(name != page_name for name, *_ in opened):
                close_all()
            size = {"width": width, "height": HEIGHT}
            page = browser.new_page(color_scheme=mode, viewport=size)
            opened[key] = Visit(page, f"{page_name}.html", base_url)
        return opened[key]

    yield visit
    close_all()
