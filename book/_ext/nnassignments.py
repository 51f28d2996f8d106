"""The table of assignments: points, due dates from ``term.toml``, files and launch buttons."""

import os
from pathlib import Path
from urllib.parse import quote, urlencode

import nbformat
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from autograder.grading.notebook import give_points, points
from autograder.term import handout
from autograder.term.term import read_term

PROJECT = Path(__file__).resolve().parents[2]


def term_folder() -> Path:
    """The folder whose ``term.toml`` holds: ``NNCOURSE_TERM``, else the project's own."""
    return Path(os.environ.get("NNCOURSE_TERM") or PROJECT)


def released() -> dict[str, Path]:
    """Students' notebooks by assignment: as released for the term, else as in the project."""
    return {path.stem: path for folder in (PROJECT, term_folder())
            for path in sorted((folder / "assignments").glob("*/*.ipynb"))}


def launches(name: str, theme: dict) -> list[tuple[str, str]]:
    """Where the notebook opens at once: names and addresses, none without a repository."""
    repository, buttons = theme.get("repository_url"), theme.get("launch_buttons") or {}
    if not repository:
        return []
    branch = theme.get("repository_branch") or "main"
    path, owner = f"assignments/{name}/{name}.ipynb", repository.removeprefix("https://github.com/")
    places = []
    if buttons.get("colab_url"):
        places.append(("Colab", f"{buttons['colab_url']}/github/{owner}/blob/{branch}/{path}"))
    if buttons.get("binderhub_url"):
        places.append(("Binder", f"{buttons['binderhub_url']}/v2/gh/{owner}/{branch}"
                                 f"?urlpath={quote(f'lab/tree/{path}', safe='')}"))
    if buttons.get("jupyterhub_url"):
        where = {"repo": repository, "branch": branch,
                 "urlpath": f"lab/tree/{repository.rpartition('/')[2]}/{path}"}
        places.append(("JupyterHub", f"{buttons['jupyterhub_url']}/hub/user-redirect/git-pull?"
                                     f"{urlencode(where)}"))
    return places


class AssignmentsTable(SphinxDirective):
    """``{assignments-table}``: what there is to hand in, and when."""

    def run(self):
        self.env.note_dependency(str(term_folder() / "term.toml"))
        for path in released().values():
            self.env.note_dependency(str(path))
        up = "../" * self.env.docname.count("/")
        values = {"rows": rows(self.config.html_theme_options, up)}
        text = self.env.app.builder.templates.render("assignments.html", values) \
            if self.env.app.builder.format == "html" else ""
        return [nodes.raw("", text, format="html")]


class AssignmentSetup(SphinxDirective):
    """``{assignment-setup} NAME``: what to type, as in the README of that assignment's zip."""

    required_arguments = 1

    def run(self):
        found = []
        for system in handout.STEPS:
            text = handout.steps(system, self.arguments[0])
            found += [nodes.paragraph("", f"{system}:"),
                      nodes.literal_block(text, text, language="text")]
        return found


def rows(theme: dict, up: str) -> list[dict]:
    """A row for each assignment; ``due`` is None where the term gives no date."""
    term, table = read_term(term_folder()), []
    for name, path in released().items():
        notebook = nbformat.read(path, as_version=4)
        give_points(notebook, term.of(name).points)
        table.append({
            "title": handout.title(notebook), "points": f"{sum(points(notebook).values()):g}",
            "due": term.due_in_words(name),
            "notebook": f"{up}{handout.FOLDER}/{name}.ipynb",
            "zip": f"{up}{handout.FOLDER}/{name}.zip",
            "launches": launches(name, theme)})
    return table


def write_files(app, error):
    """Put notebooks and zips beside the pages."""
    if error or app.builder.name != "html":
        return
    folder = Path(app.outdir) / handout.FOLDER
    folder.mkdir(exist_ok=True)
    for name, path in released().items():
        (folder / f"{name}.ipynb").write_bytes(path.read_bytes())
        (folder / f"{name}.zip").write_bytes(handout.pack(name, path.read_bytes()))


def setup(app):
    """Register the directive."""
    app.add_directive("assignments-table", AssignmentsTable)
    app.add_directive("assignment-setup", AssignmentSetup)
    app.connect("build-finished", write_files)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
