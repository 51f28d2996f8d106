"""What ran, and what came of it: times at the end of pages, and the page of runs."""

import json
import re
from importlib.metadata import version
from pathlib import Path

from docutils import nodes
from jupyter_cache import get_cache

from nncourse.page import RESULTS

WORDS_A_MINUTE = 200
SECONDS_A_FORMULA = 20  # a displayed one
SECONDS_A_CELL = 15

PACKAGES = ("numpy", "matplotlib", "torch", "scikit-learn", "jupyter-book")
_GLUED = re.compile(r"\{glue:text\}`([^`]+)`")
_MADE = re.compile(r'number\(\s*f?"((?:\{[^}]*\}|[^"{])+)"')
_RECORDED = re.compile(r"""recorded\(\s*["']([^"']+)["']""")
_SEED = re.compile(r"(?:default_rng|manual_seed)\((\d[\d_]*)\)|seed=(\d+)")


def reading_minutes(doctree: nodes.document) -> int:
    """Estimate the minutes for a careful reader; code counts by cells, formulas by blocks."""
    hidden = (nodes.literal_block, nodes.math_block, nodes.raw, nodes.comment)
    words = sum(len(text.split()) for text in doctree.findall(nodes.Text)
                if not any(isinstance(parent, hidden) for parent in parents(text)))
    formulas = sum(1 for _ in doctree.findall(nodes.math_block))
    seconds = (60 * words / WORDS_A_MINUTE + SECONDS_A_FORMULA * formulas
               + SECONDS_A_CELL * len(_cells(doctree)))
    return max(1, round(seconds / 60))


def parents(node: nodes.Node):
    """Yield what a node is in, from the inside out."""
    while node.parent is not None:
        node = node.parent
        yield node


def _cells(doctree) -> list[nodes.container]:
    return [held for held in doctree.findall(nodes.container)
            if held.get("nb_element") == "cell_code"]


def _seconds(app, name: str, count: int) -> list[float | None]:
    """Of each shown cell, as scripts/execute_chapters.py kept them; else None for all."""
    cache = get_cache(app.env.mystnb_config.execution_cache_path)
    record = cache.get_cached_project_nb(app.env.doc2path(name))
    if record is None:  # it failed: the build ends, once all else that is wrong has been said
        return [None] * count
    notebook = cache.get_cache_bundle(record.pk).nb
    shown = [seconds for cell, seconds in
             zip(notebook.cells, notebook.metadata.get("cell_seconds", []), strict=False)
             if "remove-cell" not in cell.metadata.get("tags", [])]
    return shown if len(shown) == count else [None] * count


def collect(app, doctree):
    """Remember what the page of runs says about this page."""
    env, name = app.env, app.env.docname
    if not hasattr(env, "nn_runs"):
        env.nn_runs = {}
    cells, found = [], _cells(doctree)
    seconds = _seconds(app, name, len(found)) if found else []
    for cell, spent in zip(found, seconds, strict=True):
        code = "\n".join(block.astext() for block in cell.findall(nodes.literal_block)
                         if "output" not in "".join(block.parent["classes"]))
        cells.append({
            "line": next((line for line in code.splitlines() if line.strip()), ""),
            "seconds": spent,
            "seeds": ["".join(found) for found in _SEED.findall(code)],
            "numbers": _MADE.findall(code), "recorded": _RECORDED.findall(code)})
    source = Path(env.doc2path(name)).read_text(encoding="utf-8")
    values = [held.astext() for held in doctree.findall(nodes.inline)
              if "pasted-text" in held["classes"]]
    env.nn_runs[name] = {
        "cells": cells, "minutes": reading_minutes(doctree),
        "glued": list(zip(_GLUED.findall(source), values, strict=False))}


def forget(app, env, docname):
    getattr(env, "nn_runs", {}).pop(docname, None)


def merge(app, env, docnames, other):
    env.nn_runs = getattr(env, "nn_runs", {}) | getattr(other, "nn_runs", {})


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _runtime(env, name) -> float | None:
    return (env.nb_metadata.get(name, {}).get("exec_data") or {}).get("runtime")


def add_times(app, pagename, templatename, context, doctree):
    """At the end of a chapter: how long its code ran."""
    run = getattr(app.env, "nn_runs", {}).get(pagename)
    runtime = _runtime(app.env, pagename)
    if doctree is None or pagename == app.config.root_doc or not run or runtime is None:
        return
    link = f'{context["pathto"]("runs")}#{_anchor(pagename)}'
    context["body"] += (f'<p class="nn-time">The code of this page ran for <a href="{link}">'
                        f'{_count(round(runtime), "second")}</a>.</p>')


def _anchor(name: str) -> str:
    return "run-" + name.replace("/", "-")


def runs_page(app):
    """Yield the page of runs: each chapter's cells, seeds, seconds and numbers."""
    env = app.env
    recorded = {}
    for path in sorted(RESULTS.glob("*.json")):
        recorded[path.stem] = json.loads(path.read_text())["run"]
    chapters = []
    for name in [env.config.root_doc, *env.toctree_includes.get(env.config.root_doc, [])]:
        run = env.nn_runs[name]
        if not run["cells"]:
            continue
        # f"{name}-updates" in a cell may have made any name that ends so
        makers = [(re.compile(".+".join(map(re.escape, re.split(r"\{[^}]*\}", made)))), i)
                  for i, cell in enumerate(run["cells"], 1) for made in cell["numbers"]]
        used = [key for cell in run["cells"] for key in cell["recorded"]]
        chapters.append({
            "name": name, "anchor": _anchor(name), "title": env.titles[name].astext(),
            "seconds": _runtime(env, name), "cells": run["cells"],
            "glued": [(key, value, next((i for made, i in makers if made.fullmatch(key)), None))
                      for key, value in run["glued"]],
            "recorded": list(dict.fromkeys(used))})
    body = app.builder.templates.render("runs.html", {
        "chapters": chapters, "recorded": recorded,
        "versions": {package: version(package) for package in PACKAGES},
        "words": WORDS_A_MINUTE, "formula": SECONDS_A_FORMULA, "code": SECONDS_A_CELL})
    yield "runs", {"title": "What ran", "body": body}, "page.html"


def setup(app):
    app.connect("doctree-read", collect, priority=900)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-page-context", add_times)
    app.connect("html-collect-pages", runs_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
