"""Results as the engine writes them, hostile text included, and what one sees of their pages."""

import base64
import html
import io
import re

from axe_playwright_python.sync_playwright import Axe
from PIL import Image, PngImagePlugin

SCRIPTS = (
    "<script>window.__ran = 1</script>",
    "<img src=x onerror='window.__ran = 1'>",
    "<svg onload='window.__ran = 1'></svg>",
    "</pre></style></title><script>window.__ran = 1</script>",
    "[link](javascript:window.__ran=1)",
    "\"><iframe srcdoc='<script>parent.__ran = 1</script>'>",
    "{{ 7 * 7 }}{% raw %}",
    "`<style>body{background:url(http://192.0.2.1/x)}</style>`",
    "`<style>@import 'http://192.0.2.1/y';</style>",
    "<a href='javascript:window.__ran = 1'>link</a>",
    "<meta http-equiv=refresh content='0;url=http://192.0.2.1/z'>",
    "' autofocus onfocus='window.__ran = 1' x='",
    "\" style=\"background:url(http://192.0.2.1/s)\"",
)


def png(size=(4, 4), comment=None) -> str:
    """A small picture as base64, with a comment in its file where one is given."""
    data, chunks = io.BytesIO(), PngImagePlugin.PngInfo()
    if comment:
        chunks.add_text("Comment", comment)
    Image.new("RGB", size, "red").save(data, "PNG", pnginfo=chunks)
    return base64.b64encode(data.getvalue()).decode()


def test_record(outcome="passed", message="", mistake=None, **more):
    """One hidden test's record."""
    record = {"name": "test_random", "title": "Random inputs", "weight": 1.0, "outcome": outcome,
              "message": message, "mistake": mistake,
              "read": "part1/perceptron.html#the-unit" if mistake else None}
    return {**record, **more}


test_record.__test__ = False  # not a test of pytest's


def result(scores=(2.0, 3.0), tests=None, **changes) -> dict:
    """A graded result with two parts of 3 points."""
    parts = [{"name": name, "title": f"The {name}", "score": score, "max_score": 3.0, "check": "",
              "example": None, "tests": tests or [test_record()]}
             for name, score in zip(("unit", "gates"), scores)]
    return {"schema": 1, "assignment": "hw1", "engine": "abc", "isolation": "bubblewrap",
            "status": "graded", "reason": None, "score": sum(scores), "max_score": 6.0,
            "seconds": 0.5, "parts": parts, "cells": [], "notes": [], **changes}


def graded_parts(*scores, max_score=3.0) -> dict:
    """A result whose parts p0, p1, ... have these scores and no tests."""
    parts = [{"name": f"p{i}", "title": f"Part {i}", "score": score, "max_score": max_score,
              "tests": []} for i, score in enumerate(scores)]
    return result(parts=parts, score=sum(scores), max_score=max_score * len(scores))


def cell(**changes) -> dict:
    """A cell's record."""
    return {"index": 3, "grade_id": None, "source": "print(1)", "stdout": "1\n", "error": None,
            "images": [], "outcome": "ok", "seconds": 0.1, **changes}


def hostile() -> dict:
    """Every text that a student controls holds an attack."""
    attack = "\n".join(SCRIPTS)
    picture = base64.b64encode(b"<script>window.__ran = 1</script>").decode()
    tests = [test_record("crash", attack, attack, title=attack, read=attack)]
    return result(tests=tests, notes=[attack],
                  cells=[cell(source=attack, stdout=attack, error=attack, grade_id=attack,
                              images=[picture, "not base64", png()])])


def text_of(page: str) -> str:
    """What a reader sees of a page's HTML, in one line."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def faults_of(page) -> list[str]:
    """What is wrong with a page open in a browser: style refused, too wide, inaccessible."""
    faults = []
    if page.evaluate("getComputedStyle(document.body).margin") != "0px":
        faults.append("the policy refused the style")
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append("wider than the window")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return faults + ([found.generate_report()] if found.violations_count else [])
