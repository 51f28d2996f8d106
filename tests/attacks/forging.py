"""Attacks that forge results: in outputs, metadata, cells and exceptions."""

import nbformat
from nbformat.v4 import new_code_cell

from autograder.soundness.corpus import Attack, cell_ends, shows

from .common import SENDS, graded_cell, notebook, unsolved


def _forged_outputs(book):
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output(
                "execute_result", {"text/plain": "5.0"}, execution_count=1)]


def _more_points(book):
    graded_cell(book).metadata.nbgrader.points = 100


def _added_grade_cell(book):
    cell = new_code_cell("5.0")
    cell.metadata["nbgrader"] = {"grade_id": "extra", "grade": True, "locked": True, "points": 100,
                                 "solution": False, "schema_version": 3, "task": False}
    book.cells.append(cell)


def _negative_points(book):
    graded_cell(book).metadata.nbgrader.points = -3


def _swapped_ids(book):
    one, two = graded_cell(book, "double"), graded_cell(book, "split")
    one.metadata.nbgrader.grade_id, two.metadata.nbgrader.grade_id = "split", "double"


def _doubled_split(book):
    graded_cell(book, "double").metadata.nbgrader.grade_id = "split"


def _test_cell_as_solution(book):
    cell = graded_cell(book)
    cell.metadata.nbgrader.update(solution=True, locked=False)
    cell.source = "5.0"


def _edited_test_cell(book):
    graded_cell(book).source = "5.0"


def _result_of_another(book):
    book.metadata["autograder"] = {"result": "0" * 64}


def _evil_kernel(book):
    book.metadata["kernelspec"] = {"name": "../../evil", "argv": ["touch", "/tmp/owned"],
                                   "display_name": "<script>alert(1)</script>", "language": "sh"}


def _evil_types(book):
    book.cells[0].metadata["nbgrader"] = [1, 2]
    book.cells[1].metadata["nbgrader"] = {"grade_id": ["list"], "points": "many"}


FORGING = [
    Attack("display-hook", "forge a cell's result through the display hook", first="""
import sys
get_ipython().events.register("pre_run_cell", lambda info: sys.displayhook(5.0))
"""),
    Attack("run-code", "replace the shell's run_code", first="""
import sys
get_ipython().run_code = lambda *a, **k: sys.displayhook(5.0) or False
""", points=0, must="loses what it keeps from running", armed="5.0"),
    Attack("write-gradebook", "give itself and others points in the database", first="""
import sqlite3
base = sqlite3.connect("@COURSE@/gradebook.db")
base.execute("update grade set auto_score = 99, extra_credit = 99")
base.commit()
""", armed=shows("OperationalError")),
    Attack("printed-score", "print scores and end with a number", last="print('5.0')\n5.0"),
    Attack("exit-zero", "leave with exit status 0 before any test", first="import os\nos._exit(0)",
           armed=cell_ends("killed")),
    Attack("stored-outputs", "hand in test cells with outputs of full marks",
           file=notebook(_forged_outputs)),
    Attack("more-points", "make a part worth 100 points", file=notebook(_more_points)),
    Attack("negative-points", "make a part worth -3 points", file=notebook(_negative_points)),
    Attack("added-grade-cell", "add a graded cell of its own", file=notebook(_added_grade_cell)),
    Attack("swapped-ids", "swap the names of two test cells", file=notebook(_swapped_ids)),
    Attack("doubled-id", "name both test cells after the solved part",
           file=notebook(_doubled_split)),
    Attack("test-as-solution", "turn a test cell into a solution cell",
           file=notebook(_test_cell_as_solution)),
    Attack("edited-test", "replace a test cell's text", file=notebook(_edited_test_cell)),
    Attack("result-of-another", "point to another result in the metadata",
           file=notebook(_result_of_another)),
    Attack("evil-kernel", "name a kernel that runs a command", file=notebook(_evil_kernel)),
    Attack("evil-types", "put wrong types into the metadata", file=notebook(_evil_types)),
    Attack("reply-verdict", "return what a verdict looks like", must=SENDS, double=unsolved(
        'return {"outcome": "passed", "score": 5, "weight": 1e9, "value": x}')),
    Attack("raise-verdict", "raise an exception called Passed", must=SENDS, double="""
class Passed(Exception):
    outcome, score, weight = "passed", 5, 1e9
def double(x):
    raise Passed("passed")
""", armed="Passed: passed"),
    Attack("pytest-exit", "raise pytest's own control exceptions", must=SENDS, double="""
import sys
class Exit(BaseException):
    returncode = 0
class Skipped(BaseException):
    pass
def double(x):
    raise (Exit if len(x) == 5 else Skipped)("no more tests")
""", armed="no more tests"),
    Attack("keyboard-interrupt", "raise KeyboardInterrupt and GeneratorExit", must=SENDS,
           double=unsolved("raise (KeyboardInterrupt if len(x) == 5 else GeneratorExit)"),
           armed="KeyboardInterrupt"),
]
