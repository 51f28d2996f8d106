"""The honest among the attackers, who must lose nothing."""

import nbformat

from autograder.soundness.corpus import Attack

from .common import graded_cell, notebook, unsolved


def _copied_cells(book):
    book.cells += [nbformat.from_dict(c) for c in book.cells]


def _deleted_test(book):
    book.cells.remove(graded_cell(book))


def _wrong_kernel(book):
    book.metadata["kernelspec"] = {"name": "python310", "display_name": "Old", "language": "python"}


def _moved(book):
    book.cells.sort(key=lambda c: c.cell_type)


def _same_ids(book):
    for cell in book.cells:
        cell["id"] = "same"


def _version_3(raw):
    book = nbformat.reads(raw.decode(), as_version=4)
    return nbformat.writes(nbformat.convert(book, 3), version=3).encode()


KEEPS = "keeps all points"


def _honest(name, tries, **more):
    return Attack(name, tries, **{"must": KEEPS, "points": 5, "honest": True, **more})


HONEST = [
    _honest("honest", "hand in right answers"),
    _honest("honest-warning", "write warnings to stderr",
            last="import sys, warnings\nwarnings.warn('old')\nprint('x', file=sys.stderr)"),
    _honest("honest-print", "leave prints behind", last="print('debugging', double)"),
    _honest("honest-plot", "draw", last="%matplotlib inline\nimport matplotlib.pyplot as plt\n"
                                        "plt.plot([1, 2])\nplt.show()"),
    _honest("honest-scratch", "leave a scratch cell that fails", first="undefined_name + 1"),
    _honest("honest-shell", "use shell commands and magics", last="!ls /tmp\n%timeit -n1 -r1 1+1"),
    _honest("honest-input", "ask for input", last="input('continue?')"),
    _honest("honest-hang", "leave a cell that hangs", last="while True:\n    pass"),
    _honest("honest-exit", "leave a cell that exits", last="exit()"),
    _honest("honest-crash", "have one function that crashes", points=2,
            must="loses that function only", double=unsolved("return 1 / 0")),
    _honest("honest-endless", "have one function that hangs", points=2,
            must="loses that function only", double=unsolved("while True:\n    pass")),
    _honest("honest-copied", "copy every cell", file=notebook(_copied_cells)),
    _honest("honest-deleted", "delete a test cell", file=notebook(_deleted_test)),
    _honest("honest-kernel", "use a kernel of another name", file=notebook(_wrong_kernel)),
    _honest("honest-moved", "move cells about", file=notebook(_moved)),
    _honest("honest-ids", "have the same id on every cell", file=notebook(_same_ids)),
    _honest("honest-old", "use notebook format 3", points=2,
            must="is read; the names of its cells are gone", file=_version_3),
    _honest("honest-mark", "start the file with a byte order mark",
            file=lambda raw: b"\xef\xbb\xbf" + raw),
]
