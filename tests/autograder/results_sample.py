"""Results as the engine writes them, hostile text included."""

import base64
import io

from PIL import Image

SCRIPTS = (
    "<script>window.__ran = 1</script>",
    "<img src=x onerror='window.__ran = 1'>",
    "<svg onload='window.__ran = 1'></svg>",
    "</pre></style></title><script>window.__ran = 1</script>",
    "[link](javascript:window.__ran=1)",
    "\"><iframe srcdoc='<script>parent.__ran = 1</script>'>",
    "{{ 7 * 7 }}{% raw %}",
    "`<style>body{background:url(http://192.0.2.1/x)}</style>`",
)


def png(size=(4, 4)) -> str:
    """A small picture as base64."""
    data = io.BytesIO()
    Image.new("RGB", size, "red").save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def test_record(outcome="passed", message="", mistake=None, **more):
    """One hidden test's record."""
    return {"name": "test_random", "title": "Random inputs", "weight": 1.0, "outcome": outcome,
            "message": message, "mistake": mistake,
            "read": "part1/perceptron.html#the-unit" if mistake else None, **more}


test_record.__test__ = False  # not a test of pytest's


def result(scores=(2.0, 3.0), tests=None, **changes) -> dict:
    """A graded result with two parts of 3 points."""
    parts = [{"name": name, "title": f"The {name}", "score": score, "max_score": 3.0,
              "tests": tests or [test_record()]} for name, score in zip(("unit", "gates"), scores)]
    return {"schema": 1, "assignment": "hw1", "engine": "abc", "isolation": "bubblewrap",
            "status": "graded", "reason": None, "score": sum(scores), "max_score": 6.0,
            "seconds": 0.5, "parts": parts, "cells": [], "notes": [], **changes}


def cell(**changes) -> dict:
    """A cell's record."""
    return {"index": 3, "grade_id": None, "source": "print(1)", "stdout": "1\n", "error": None,
            "images": [], "outcome": "ok", "seconds": 0.1, **changes}


def hostile() -> dict:
    """Every text that a student controls holds an attack."""
    attack = "\n".join(SCRIPTS)
    picture = base64.b64encode(b"<script>window.__ran = 1</script>").decode()
    return result(tests=[test_record("crash", attack, "wrong-sign")], notes=[attack],
                  cells=[cell(source=attack, stdout=attack, error=attack,
                              images=[picture, "not base64", png()])])
