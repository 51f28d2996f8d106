"""What a chapter's code does for the page alone, `number(...)`, is not shown to its readers."""

import ast

from docutils import nodes

HELPER, MODULE = "number", "nncourse.page"


def without_plumbing(source: str) -> str:
    """The code of a cell without calls of the helper, loops over nothing else, and its import."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic
        return source
    lines = source.split("\n")
    for statement in _plumbing(tree.body):
        first, last = statement.lineno - 1, statement.end_lineno
        kept = _without_helper(statement) if isinstance(statement, ast.ImportFrom) else None
        lines[first:last] = [kept] + [None] * (last - first - 1)
    return "\n".join(line for line in lines if line is not None).strip("\n")


def _plumbing(statements: list[ast.stmt]):
    """The statements that serve the page, at any depth."""
    for statement in statements:
        if _serves_the_page(statement):
            yield statement
        else:
            for part in ("body", "orelse"):
                inner = getattr(statement, part, [])
                # a block needs a statement: one that would lose all keeps all
                if isinstance(inner, list) and not all(map(_serves_the_page, inner)):
                    yield from _plumbing(inner)


def _serves_the_page(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return isinstance(statement.value.func, ast.Name) and statement.value.func.id == HELPER
    if isinstance(statement, ast.ImportFrom):
        return statement.module == MODULE and any(a.name == HELPER for a in statement.names)
    return (isinstance(statement, ast.For | ast.If)
            and all(map(_serves_the_page, [*statement.body, *statement.orelse])))


def _without_helper(statement: ast.ImportFrom) -> str | None:
    names = [alias.name for alias in statement.names if alias.name != HELPER]
    return f"from {MODULE} import {', '.join(names)}" if names else None


def hide(app, doctree):
    """Show each cell's code without it; a cell of nothing else vanishes."""
    for held in list(doctree.findall(nodes.container)):
        if held.get("nb_element") == "cell_code_source":
            for block in list(held.findall(nodes.literal_block)):
                shown = without_plumbing(block.astext())
                if shown:
                    block.rawsource = shown
                    block.children = []
                    block += nodes.Text(shown)
                else:
                    held.parent.remove(held)


def setup(app):
    app.connect("doctree-read", hide, priority=900)  # after nnruns.py has read what it names
    return {"parallel_read_safe": True, "parallel_write_safe": True}
