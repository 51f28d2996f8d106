"""The lexer: it takes every character once, and sees what Python would see."""

import nbformat
import pytest
import ta

from autograder.lexer import HIGHLIGHTED, TOKEN, highlighted, tokens

CODE = '''@cache
async def f(x: int = 1e-5, *, y=rb"\\d") -> None:  # why
    """Doc \\""" still"""
    return x.T[0] + .5 if x in y else 'it\\'s' "a\\
b"
'''
HOSTILE = ["\n ", " \n", "\t", '"""', "'''a", "\"'", "\\", "\\\n", "'\\", "\\'", 'r"""', "rb'",
           "f'{", 'f"{\'', "[({", "@a.", "@a\n", "def ", "class\t", "1_", "1e", "0x_", ".", "a",
           "_", "é", "\u3000", "\u200d", "\U0001f600", "#", "#\n ", "\r", "\f", "import a.",
           "and\n ", "\x00"]


def test_the_kinds_of_python():
    found = {(kind, text) for kind, text in tokens(CODE) if kind not in ("space", "other", "word")}
    assert found == {
        ("keyword", "async"), ("keyword", "def"), ("name", "f"), ("number", "1e-5"),
        ("string", 'rb"\\d"'), ("keyword", "None"), ("comment", "# why"),
        ("string", '"""Doc \\""" still"""'), ("keyword", "return"), ("number", "0"),
        ("number", ".5"), ("keyword", "if"), ("keyword", "in"), ("keyword", "else"),
        ("string", "'it\\'s'"), ("string", '"a\\\nb"')}


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("end", ["", "\\", "'"])
def test_every_character_is_in_one_token(piece, end):
    source = piece * 200 + end
    assert "".join(text for _, text in tokens(source)) == source
    assert "".join(text for _, text in highlighted(source)) == source


@pytest.mark.parametrize("opening", ["'", '"', "'''", '"""', "#", "rb'"])
def test_what_is_never_closed_is_one_token(opening):
    """Or each opening would look for its end in all that follows."""
    text = opening + "\\" * 999
    assert [match.group() for match in TOKEN.finditer(text)] == [text]


def test_the_cells_of_the_homework_have_every_kind():
    for path in sorted(ta.PROJECT.glob("source_solutions/*/*.ipynb")):
        cells = [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        kinds = {kind for source in cells for kind, _ in highlighted(source)}
        assert kinds == HIGHLIGHTED | {None}, path


def test_the_classes_of_the_style():
    found = [(kind, text) for kind, text in highlighted("class A:\n  a = 1 # b") if kind]
    assert found == [("keyword", "class"), ("name", "A"), ("number", "1"), ("comment", "# b")]
    assert [*highlighted("a 'b'")] == [(None, "a "), ("string", "'b'")]
    assert [*highlighted("a b")] == [(None, "a b")]
