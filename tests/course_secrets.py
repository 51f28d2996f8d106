"""What must stay secret, as text that can be searched for."""

import re
from pathlib import Path

import nbformat


def normalised(text: str) -> str:
    """The text without spaces, quotes' style and HTML, so that formatting hides nothing."""
    text = re.sub(r"<[^>]+>", "", text)
    for entity, character in {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"',
                              "&#39;": "'", "&#x27;": "'"}.items():
        text = text.replace(entity, character)
    return re.sub(r"\s+", "", text).replace('"', "'").replace("\\n", "")


def solution_pairs(project: Path, assignment: str) -> set[str]:
    """Every two neighbouring lines of code of a solution, normalised."""
    path = project / "source_solutions" / assignment / f"{assignment}.ipynb"
    pairs = set()
    for cell in nbformat.read(path, as_version=4).cells:
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source, re.S):
            lines = [normalised(line) for line in region.splitlines()]
            lines = [line for line in lines if line and not line.startswith("#")]
            pairs |= {a + b for a, b in zip(lines, lines[1:]) if len(a + b) > 20}
            if len(lines) == 1 and len(lines[0]) > 20:
                pairs.add(lines[0])
    return pairs


def grader_lines(project: Path, assignment: str) -> set[str]:
    """The telling lines of the hidden graders, normalised."""
    lines = set()
    for path in (project / "autograder" / "graders" / assignment).glob("*.py"):
        if path.name in ("announced.py", "examples.py"):  # the notebook's sentences, public inputs
            continue
        for line in path.read_text().splitlines():
            # a function's name and arguments are public: they are in the released notebook
            common = ("#", '"""', "import", "from", "def ")
            if len(line.strip()) > 30 and not line.strip().startswith(common):
                lines.add(normalised(line))
    return lines
