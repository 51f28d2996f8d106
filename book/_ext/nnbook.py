"""What the website needs beyond Jupyter Book's settings. See ``_config.yml``."""

import socket
import time
from pathlib import Path
from subprocess import PIPE, Popen

import nbformat
from sphinxcontrib import katex

#: The only style sheets and scripts of our own that every page loads.
STYLE_SHEETS = ["book.css"]
SCRIPTS = [("scrollable.js", {"defer": "defer"})]

#: Short names for the mathematics of the whole book.
MACROS = {
    r"\R": r"\mathbb{R}",
    r"\argmax": r"\operatorname*{arg\,max}",
    r"\argmin": r"\operatorname*{arg\,min}",
    r"\step": r"\operatorname{step}",
    r"\relu": r"\operatorname{ReLU}",
    r"\softmax": r"\operatorname{softmax}",
}


def load_only_listed_files(app, config):
    """Undo Jupyter Book's habit of loading each CSS and JS file of ``_static`` on each page."""
    config.html_css_files = STYLE_SHEETS
    config.html_js_files = SCRIPTS


def offer_notebook(app, pagename, templatename, context, doctree):
    """Put the page as a notebook beside its source; the download menu then offers it."""
    converted = Path(app.outdir).parent / "jupyter_execute" / f"{pagename}.ipynb"
    if doctree is None or not converted.is_file():
        return
    notebook = nbformat.read(converted, as_version=4)
    for number, cell in enumerate(notebook.cells):
        # Outputs are there only if this build executed the page, and ids are random: the
        # download is the same notebook every time, for the reader to run.
        cell.id = f"cell-{number}"
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    offered = Path(app.outdir) / "_sources" / f"{pagename}.ipynb"
    offered.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, offered)
    context["ipynb_source"] = f"{pagename}.ipynb"


def repair_roles(app, pagename, templatename, context, doctree):
    """A list needs list items: docutils gives the bibliography's entries another role."""
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def start_formula_server(cls, folder, timeout):
    """Start node and connect to its Unix socket as soon as it listens there.

    The extension's own way may connect too early; over the network, each formula waits 40 ms.
    """
    address, end = str(folder / "katex.sock"), time.monotonic() + timeout
    process = Popen(cls.build_command(socket=address), stdin=PIPE, stdout=PIPE, cwd=folder)
    while True:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(address)
            return process, sock
        except (FileNotFoundError, ConnectionRefusedError):
            sock.close()
            if time.monotonic() > end:
                raise cls.timeout_error(timeout) from None
            time.sleep(0.01)


def setup(app):
    # katex_options of the configuration is not read when formulas are rendered at build.
    katex.KATEX_DEFAULT_OPTIONS.update(throwOnError=True, macros=MACROS)
    if hasattr(socket, "AF_UNIX"):
        katex.KaTeXServer.start_server_process = classmethod(start_formula_server)
    # A busy machine needs more than 5 s to start node.
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    app.connect("config-inited", load_only_listed_files)
    app.connect("html-page-context", offer_notebook)
    app.connect("html-page-context", repair_roles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
