"""Tables of the chapters' notebooks, in Markdown that every front end shows."""

import re

from sphinx_tojupyter.writers import jupyter
from sphinx_tojupyter.writers.translate_all import JupyterTranslator

_FORMULA = re.compile(r"((?<!\\)\$.*?(?<!\\)\$)")


class WholeTables(JupyterTranslator):
    """Writes links, emphasis and code of a table's cell into that cell.

    sphinx-tojupyter 0.6.0 writes the text there, and all of these in front of the table.
    """

    def visit_entry(self, node):
        self._around, self.markdown_lines = self.markdown_lines, []
        self._table, self.table_builder = self.table_builder, None

    def depart_entry(self, node):
        text = " ".join("".join(self.markdown_lines).split())
        self.markdown_lines, self.table_builder = self._around, self._table
        self.table_builder["line_pending"] += f" {without_bars(text)} |"

    def depart_table(self, node):
        super().depart_table(node)
        self.markdown_lines.append("\n")  # else the next paragraph would be a row


def without_bars(text: str) -> str:
    """The text of a cell, in which no bar ends the cell."""
    pieces = _FORMULA.split(text)
    pieces[::2] = [piece.replace("|", r"\|") for piece in pieces[::2]]
    pieces[1::2] = [formula.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
                    for formula in pieces[1::2]]
    return "".join(pieces)


def setup(app):
    """Take the place of the translator that the writer names."""
    jupyter.JupyterTranslator = WholeTables
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
