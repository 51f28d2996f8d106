"""Systematic mutants of an assignment's own solutions: one small change each.

Each is what a slip of the pen could make of a right answer: an operator, a sign, a constant, an
axis, a transpose, a term or a copy gone. Hidden tests that let one pass are too weak, unless the
mutant is equivalent: right for every input that the assignment's text allows. Those are listed with
the reason beside the graders' `VARIANTS`. (DeMillo, Lipton and Sayward, Computer 11, 1978.)
"""

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from autograder.grading.assignment import Assignment

SWAPS: dict[type[ast.AST], list[type[ast.AST]]] = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult], ast.FloorDiv: [ast.Mult],
    ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.And: [ast.Or],
    ast.Or: [ast.And], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is],
}
RENAMED = {
    "maximum": "minimum", "max": "min", "argmax": "argmin", "sum": "mean", "mean": "sum",
    "zeros": "ones", "zeros_like": "ones_like", "log1p": "log", "vstack": "hstack",
    "standard_normal": "random", "permutation": "arange",
}
TRANSPARENT = {"exp", "log", "sqrt", "abs", "copy", "transpose", "ravel", "asarray", "array",
               "norm"}


@dataclass(frozen=True)
class Mutant:
    """One function with one change, and the part whose tests must notice."""

    part: str
    function: str
    change: str
    source: str

    @property
    def name(self) -> str:
        """Unique within an assignment, as `EQUIVALENT` lists it."""
        return f"{self.function}: {self.change}"


def solutions(assignment: Assignment) -> dict[str, str]:
    """The solution cells by the part that is graded below them."""
    found, waiting = {}, ""
    for cell in assignment.source.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution") and cell.cell_type == "code":
            waiting = cell.source
        elif marks.get("grade") and cell.cell_type == "code":
            found[marks.grade_id] = waiting
    return found


def namespace_of(assignment: Assignment, sources: Iterable[str]) -> dict[str, Callable]:
    """What the notebook imports, and the functions that the solution cells define."""
    imports = [node for cell in assignment.source.cells if cell.metadata.nbgrader.locked
               and cell.cell_type == "code" and not cell.metadata.nbgrader.grade
               for node in ast.parse(cell.source).body
               if isinstance(node, (ast.Import, ast.ImportFrom))]
    namespace: dict[str, Callable] = {}
    for source in ("\n".join(map(ast.unparse, imports)), *sources):
        exec(compile(source, "<solution>", "exec"), namespace)
    return namespace


def mutants(assignment: Assignment) -> Iterator[Mutant]:
    """Every mutant of every solution cell."""
    for part, source in solutions(assignment).items():
        tree = ast.parse(source)
        for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
            seen = {ast.unparse(function)}
            found: Counter[str] = Counter()
            for change, mutated in changes(function):
                text = ast.unparse(ast.fix_missing_locations(mutated))
                if text not in seen:
                    seen.add(text)
                    found[change] += 1
                    if found[change] > 1:
                        change += f" ({found[change]})"
                    others = [node for node in tree.body if node is not function]
                    rest = "\n".join(map(ast.unparse, others))
                    yield Mutant(part, function.name, change, f"{rest}\n{text}")


def changes(tree: ast.stmt, more: Callable[[ast.AST], Iterable[ast.AST | None]] = lambda node: ()
            ) -> Iterator[tuple[str, ast.stmt]]:
    """(what changed, the whole statement changed) for every place and every way to change it.

    Parameters
    ----------
    more : from a node to what may stand in its place besides `replacements`
    """
    def ways(node):
        return [*replacements(node), *more(node)]

    for place, node in enumerate(ast.walk(tree)):
        for number in range(len(ways(node))):
            mutated = copy.deepcopy(tree)
            target = list(ast.walk(mutated))[place]
            new = ways(target)[number]
            before = ast.unparse(target)
            if new is None:
                _drop(mutated, target)
                yield f"drop `{before}`", mutated
            else:
                after = ast.unparse(ast.fix_missing_locations(new))
                _put(mutated, target, new)
                yield f"`{before}` to `{after}`", mutated


def _put(tree, target, new):
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, field, new)
            elif isinstance(value, list):
                setattr(parent, field, [new if item is target else item for item in value])


def _drop(tree, statement):
    for parent in ast.walk(tree):
        for field in ("body", "orelse"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and any(item is statement for item in block):
                setattr(parent, field,
                        [ast.Pass() if item is statement else item for item in block])


def replaced(node, **fields):
    """A copy of `node` with other fields."""
    new = copy.copy(node)
    for field, value in fields.items():
        setattr(new, field, value)
    return new


def replacements(node: ast.AST) -> Iterator[ast.AST | None]:
    """What may stand in a node's place; None for a statement that is left out."""
    if isinstance(node, ast.BinOp):
        for op in SWAPS.get(type(node.op), []):
            yield replaced(node, op=op())
        if isinstance(node.op, ast.MatMult):
            yield replaced(node, left=node.right, right=node.left)
        else:
            yield node.left
            if isinstance(node.op, (ast.Add, ast.Mult)):
                yield node.right
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for op in SWAPS.get(type(node.ops[0]), []):
            yield replaced(node, ops=[op()])
    elif isinstance(node, ast.BoolOp):
        for op in SWAPS[type(node.op)]:
            yield replaced(node, op=op())
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield replaced(node, value=node.value + 1)
        if node.value:
            yield replaced(node, value=node.value - 1)
    elif isinstance(node, ast.Constant) and type(node.value) is float:
        yield replaced(node, value=2 * node.value)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Call):
        yield from _other_calls(node)
    elif isinstance(node, ast.AugAssign):
        for op in SWAPS.get(type(node.op), []):
            yield replaced(node, op=op())
        yield ast.Assign(targets=[node.target], value=node.value)
        yield None
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield None
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load) and len(node.elts) == 2:
        yield replaced(node, elts=node.elts[::-1])
    elif isinstance(node, ast.If):
        yield replaced(node, test=ast.Constant(True))
        yield replaced(node, test=ast.Constant(False))


def _other_calls(node: ast.Call):
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if name in RENAMED and isinstance(node.func, ast.Attribute):
        yield replaced(node, func=replaced(node.func, attr=RENAMED[name]))
    if name in TRANSPARENT and node.args:
        yield node.args[0]
    elif name in TRANSPARENT and isinstance(node.func, ast.Attribute):
        yield node.func.value
    if name == "range" and len(node.args) == 1:
        yield replaced(node, args=[ast.Constant(1), node.args[0]])
        yield replaced(node, args=[ast.BinOp(node.args[0], ast.Sub(), ast.Constant(1))])
    for keyword in node.keywords:
        if keyword.arg in ("axis", "keepdims"):
            yield replaced(node, keywords=[k for k in node.keywords if k is not keyword])
