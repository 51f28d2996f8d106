"""The assignments as notebooks: the source runs through, the released version asks for work."""

import ast
import collections
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.preprocessors import ClearHiddenTests

from autograder.term import handout

PROJECT = Path(__file__).parents[1]
NAMES = sorted(path.stem for path in (PROJECT / "source_solutions").glob("*/*.ipynb"))

# what each locked cell leaves behind: a setup what is needed later, any other one function
SETUP = {"imports", "digits_data"}
BOUND = {
    "hw1_perceptron": {
        "imports": "nncourse np plt check data plot",
        "gates_picture": "show_gates",
        "xor_picture": "show_xor",
        "train_picture": "show_fish",
        "train_classes_picture": "show_three_groups",
        "digits_data": "digits X_train y_train X_test y_test",
        "digits_picture": "show_templates_and_mistakes",
    },
    "hw2_softmax": {
        "imports": "nncourse np plt check data plot",
        "coin_picture": "show_coin_likelihoods",
        "softmax_picture": "show_softmax_of_factors",
        "cross_entropy_picture": "show_cross_entropy",
        "loss_picture": "compare_speeds",
        "train_picture": "show_unsure_points",
        "digits_data": "digits X_train y_train X_test y_test",
        "digits_picture": "show_templates_and_confidence",
    },
    "hw3_gradient_descent": {
        "imports": "nncourse np plt check data given plot",
        "descent_picture": "show_three_rates",
        "stopping_picture": "show_steps_by_rate",
        "schedule_picture": "compare_schedules",
        "numerical_picture": "show_error_by_h",
        "relative_error_picture": "compare_five_programs",
        "digits_data": "digits X_train y_train X_test y_test",
        "noise_picture": "show_batch_noise",
        "sgd_picture": "compare_batch_sizes",
        "digits_picture": "show_misread_digits",
        "reading_curves": "show_recorded_runs",
    },
    "hw4_two_layer": {
        "imports": "nncourse np plt check data plot",
        "relu_picture": "show_hidden_unit",
        "network_picture": "show_gradient_errors",
        "spirals_picture": "show_spirals",
        "photographs": "train_on_photographs",
    },
    "hw5_convnet": {
        "imports": "nncourse np plt torch check data plot device",
        "conv_picture": "show_four_filters",
        "conv_im2col_picture": "compare_speeds",
        "digits_picture": "why_convolve",
        "photographs": "train_on_photographs",
    },
    "hw6_deeper": {
        "imports": "nncourse np plt check plot",
        "norm_picture": "through_twenty_layers",
        "dropout_picture": "what_the_next_layer_sees",
    },
}


@pytest.mark.parametrize("name", NAMES)
def test_the_source_runs_from_top_to_bottom(name, tmp_path):
    notebook = nbformat.read(PROJECT / "source_solutions" / name / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    notebook, _ = ClearHiddenTests().preprocess(notebook, {})
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    graded = [c for c in notebook.cells if c.metadata.nbgrader.get("grade")]
    said = ["".join(o.text for o in c.outputs if o.output_type == "stream") for c in graded]
    assert all(said) and len(said) >= 3  # every visible check has praised its function
    outputs = [o for c in notebook.cells for o in c.get("outputs", [])]
    assert len([o for o in outputs if "data" in o]) >= 2  # pictures
    assert all(cell.outputs for cell in notebook.cells
               if cell.metadata.nbgrader.grade_id in BOUND[name].keys() - SETUP)
    assert not [o for o in outputs if o.output_type == "error"]


@pytest.mark.parametrize("name", NAMES)
def test_run_all_goes_to_the_end_of_an_unsolved_notebook(name, tmp_path):
    """Every check says in one line that its function is still to be written."""
    released = nbformat.read(PROJECT / "assignments" / name / f"{name}.ipynb", as_version=4)
    assert {c.metadata.nbgrader.grade_id for c in released.cells if c.cell_type == "code"
            and c.metadata.nbgrader.locked and c.metadata.get("tags") != ["raises-exception"]
            } == {"imports"}
    NotebookClient(released, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    for cell in released.cells:
        if cell.metadata.nbgrader.grade and cell.metadata.nbgrader.locked:
            (error,) = [o for o in cell.outputs if o.output_type == "error"]
            (line,) = error.traceback
            assert line.startswith("CheckFailed: ") and "is still to be written" in line


@pytest.mark.parametrize("name", NAMES)
def test_the_source_is_kept_without_outputs_and_with_unique_names(name):
    notebook = nbformat.read(PROJECT / "source_solutions" / name / f"{name}.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    names = [cell.metadata.nbgrader.grade_id for cell in notebook.cells]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", NAMES)
def test_the_released_notebook_asks_for_every_solution(name):
    released = nbformat.read(PROJECT / "assignments" / name / f"{name}.ipynb", as_version=4)
    solutions = [c for c in released.cells if c.metadata.nbgrader.get("solution")]
    assert len(solutions) >= 3
    for cell in solutions:
        assert "raise NotImplementedError()" in cell.source and '"""' in cell.source


def headings(path: Path) -> list[str]:
    """Those of a chapter, the title first."""
    code = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
    return re.findall(r"^#+ (.+)$", code.sub("", path.read_text()), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_part_says_how_long_it_takes_and_what_to_read(name):
    source = nbformat.read(PROJECT / "source_solutions" / name / f"{name}.ipynb", as_version=4)
    intro = source.cells[0].source
    rows = [re.split(r" *\| *", line)[1:-1] for line in intro.splitlines() if line[:2] == "| "]
    (_, *table), minutes = rows, collections.Counter()
    points, part = collections.Counter(), None
    pages = dict(handout.NAMED_PAGE.findall(intro))
    pages = {" ".join(title.split()): path for title, path in pages.items()}
    for cell in source.cells:
        if found := re.match(r"## Part (\d+)", cell.source):
            part = found[1]
            (length,) = re.findall(r"^\*About (\d+) minutes\. Book: ", cell.source, re.MULTILINE)
            minutes[part] += int(length)
            (readings,) = handout.TO_READ.findall(cell.source)
            for reading in readings.split("; "):
                title = reading.partition(", section")[0]
                there = headings((PROJECT / "book" / pages[title]).with_suffix(".md"))
                sections = handout.SECTION.findall(reading)
                assert title == there[0] and sections and set(sections) <= set(there), reading
        points[part] += cell.metadata.nbgrader.get("points", 0)
    *parts, (_, what, all_points, all_minutes) = table
    assert what == "together"
    assert {row[0]: sum(map(float, row[2].split(" + "))) for row in parts} == {
        part: points[part] for part in minutes}
    assert {row[0]: int(row[3].removesuffix(" min")) for row in parts} == minutes
    assert float(all_points) == points.total()
    hours, rest = divmod(minutes.total(), 60)
    assert all_minutes == f"{hours} h {rest} min".removesuffix(" 0 min")


def bound(code: str) -> set[str]:
    """The names that code binds at the top level."""
    names, waiting = set(), list(ast.parse(code).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)  # what is bound inside stays inside, but for `global`
            inside = [inner for inner in ast.walk(node) if isinstance(inner, ast.Global)]
            names.update(name for inner in inside for name in inner.names)
        elif isinstance(node, ast.Lambda):
            continue
        elif isinstance(node, ast.comprehension):
            waiting += [node.iter, *node.ifs]  # its target is its own
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        else:
            waiting += ast.iter_child_nodes(node)
    return names


def released_code(name: str, kind: str) -> dict[str, str]:
    """The ungraded code cells of a released notebook that are "locked", or "solution" cells."""
    released = nbformat.read(PROJECT / "assignments" / name / f"{name}.ipynb", as_version=4)
    return {c.metadata.nbgrader.grade_id: c.source for c in released.cells
            if c.cell_type == "code" and c.metadata.nbgrader[kind]
            and not c.metadata.nbgrader.grade}


@pytest.mark.parametrize("code, names", [
    ("import a.b, c as d\nfrom e import f, g as h", "a d f h"),
    ("a = b, *c = d, e[0] = f.g = [1, 2]", "a b c d"),
    ("a += 1\nb: int = 2\nprint(c := 3, [d := e for e in f])", "a b c d"),
    ("for a, b in c:\n    d = 1\nwith e() as f, g() as (h, i):\n    pass", "a b d f h i"),
    ("def a(b):\n    global c\n    d = 1\nclass E:\n    f = 1\nlambda g: (h := g)", "a c E"),
])
def test_the_names_that_code_binds(code, names):
    assert bound(code) == set(names.split())


@pytest.mark.parametrize("name", NAMES)
def test_locked_cells_bind_few_names_and_none_twice(name):
    cells = {grade_id: bound(code) for grade_id, code in released_code(name, "locked").items()}
    assert cells == {grade_id: set(names.split()) for grade_id, names in BOUND[name].items()}
    solutions = [bound(code) for code in released_code(name, "solution").values()]
    everything = [found for names in [*cells.values(), *solutions] for found in names]
    assert len(set(everything)) == len(everything)


@pytest.mark.parametrize("name", NAMES)
def test_a_locked_cell_that_only_shows_is_a_function_and_its_call(name):
    for grade_id, code in released_code(name, "locked").items():
        if grade_id not in SETUP:
            function, call = ast.parse(code).body
            assert isinstance(function, ast.FunctionDef) and not function.decorator_list
            assert not ast.unparse(function.args)
            assert ast.unparse(call) == f"{function.name}()"
