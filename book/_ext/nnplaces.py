"""What a page has that a reader may look for: its sections, terms, exercises and references."""

import io
import re
import tokenize
from keyword import iskeyword

from docutils import nodes
from sphinx_exercise import nodes as exercises

LONGEST = 1000  # characters of a section's text; what is longer has its own sections mostly
LONGEST_SMALL = 220  # of an exercise or a reference
LONGEST_HEADING = 90  # of a reference: its authors, and the start of its title

_NAME = re.compile(r"[A-Za-z_]\w+")
_SILENT = (nodes.raw, nodes.literal_block, nodes.math_block, nodes.comment, nodes.section,
           nodes.image, nodes.title, exercises.solution_node)
_EXERCISE = (exercises.exercise_node, exercises.exercise_enumerable_node)

_GREEK = {  # the names of "αβγ…" as LaTeX has them
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Delta": "Δ", "Phi": "Φ", "Sigma": "Σ", "Omega": "Ω",
    "Theta": "Θ", "Lambda": "Λ"}
_SYMBOLS = _GREEK | {
    "nabla": "∇", "partial": "∂", "sum": "∑", "prod": "∏", "in": "∈", "R": "ℝ", "le": "≤",
    "ge": "≥", "ne": "≠", "approx": "≈", "cdot": "·", "times": "×", "to": "→", "infty": "∞",
    "top": "ᵀ", "dots": "…", "ldots": "…", "cdots": "…", "lVert": "‖", "rVert": "‖", "sqrt": "√",
    "odot": "⊙", "mid": "|", "relu": "ReLU", "pm": "±", "log": "log ", "exp": "exp "}
_DRESS = re.compile(
    r"\\(?:mathbf|mathbb|mathrm|text|operatorname\*?|bigl?|bigr?|left|right|hat|bar|tilde|underbrace|"
    r"quad|displaystyle|boldsymbol|tfrac|dfrac|frac)(?![a-zA-Z])")

_ATOM = r"\s*(?:\{([^{}]*)\}|(\\[a-zA-Z]+|\w))"
_FRACTION = re.compile(rf"\\[dt]?frac{_ATOM}{_ATOM}")


def plain(formula: str) -> str:
    """A formula within a line as one would type it: Greek letters, no backslashes, no braces."""
    formula = _FRACTION.sub(lambda f: f"{f[1] or f[2]}/{f[3] or f[4]}", formula)
    formula = _DRESS.sub("", formula)
    formula = re.sub(r"\\(?:(partial|nabla) ?|([a-zA-Z]+))",
                     lambda f: _SYMBOLS.get(f[1] or f[2], f[2]), formula)
    return " ".join(re.sub(r"(?<!\\)[{}]|\\[,;:! ]|\\", "", formula).split())


def words(node: nodes.Node) -> str:
    """The text of a node as it is read, in one line; what is no prose is left out."""
    return " ".join("".join(_pieces(node, top=True)).split())


def _pieces(node: nodes.Node, top: bool = False):
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, nodes.math):
        yield plain(node.astext())
    elif (top or not isinstance(node, (*_SILENT, *_EXERCISE))) and not _is_cell(node):
        for child in node.children:
            yield from _pieces(child)
        if not isinstance(node, nodes.Inline):
            yield " "


def _is_cell(node: nodes.Node | None) -> bool:
    return node is not None and node.get("nb_element") == "cell_code"


def cut(text: str, longest: int) -> str:
    """The start of a text, up to the last word that fits."""
    return text if len(text) <= longest else text[:longest].rpartition(" ")[0] + " …"


def names_in(section: nodes.section) -> list[str]:
    """The names in the code that a section shows, each once, without folded and hidden cells."""
    found = {}
    for part in _own(section):
        if isinstance(part, nodes.literal) or (
                isinstance(part, nodes.literal_block) and _is_shown(part)):
            found |= dict.fromkeys(_names(part.astext()))
    return list(found)


def _names(code: str) -> list[str]:
    """The names in Python code, not in its comments and texts; of other lines, all words."""
    try:
        read = [token.string for token in tokenize.generate_tokens(io.StringIO(code).readline)
                if token.type == tokenize.NAME]
    except (tokenize.TokenError, SyntaxError):
        read = _NAME.findall(code)
    return [name for name in read if len(name) > 1 and not iskeyword(name)]


def _is_shown(block: nodes.literal_block) -> bool:
    cell = block.parent.parent
    if not _is_cell(cell):
        return True  # what to type, or an example
    source = block.parent.get("nb_element") == "cell_code_source"
    return source and not cell.get("hide_mode") and "tag_nn-unseen" not in cell["classes"]


def _own(section: nodes.section):
    """The nodes of a section that belong to none of its subsections, exercises and solutions."""
    for child in section.children:
        if not isinstance(child, (nodes.section, exercises.solution_node, *_EXERCISE)):
            yield from child.findall()


def places(doctree: nodes.document) -> list[dict]:
    """All that can be found on a page, in reading order."""
    found = []
    for node in doctree.findall():
        if isinstance(node, nodes.section) and node["ids"] and _title(node) is not None:
            found.append(_section(node))
            if found[-1]["heading"] == "In the literature":
                _add_other_names(node, found)
        elif isinstance(node, _EXERCISE) and node["ids"]:
            found.append(_exercise(node))
        elif isinstance(node, nodes.citation):
            text = words(node).partition(" ")[2]  # without its label
            heading = cut(text, LONGEST_HEADING)
            rest = text[len(heading.removesuffix(" …")):]
            found.append({"kind": "reference", "anchor": node["ids"][0], "above": None,
                          "heading": heading, "text": cut(rest.strip(), LONGEST_SMALL)})
        elif isinstance(node, nodes.definition_list_item) and _is_entry(node[0]):
            found.append(_term(node))
    return found


def _is_entry(term: nodes.Node) -> bool:
    """Whether it is a term of the glossary, to which pages link."""
    return any(name.startswith("term-") for name in term["ids"])


def _title(section: nodes.section) -> nodes.title | None:
    return next((child for child in section.children if isinstance(child, nodes.title)), None)


def _section(section: nodes.section) -> dict:
    above = _title(section.parent) if isinstance(section.parent, nodes.section) else None
    texts = [text for child in section.children if not isinstance(child, (*_SILENT, *_EXERCISE))
             if (text := words(child))]
    text = cut(" ".join(texts), LONGEST)
    return {"kind": "section", "anchor": section["ids"][0], "heading": words(_title(section)),
            "above": words(above) if above is not None else None, "terms": _terms(_own(section)),
            "others": [], "names": names_in(section),
            "first": len(texts[0]) if texts else 0, "text": text}


def _terms(parts) -> list[str]:
    """What is printed in bold, and what a table explains: each once."""
    return list(dict.fromkeys(words(part).rstrip(".:") for part in parts
                              if isinstance(part, nodes.strong) or _is_explained(part)))


def _is_explained(part: nodes.Node) -> bool:
    """Whether it is a name alone in its cell of a table, which the table explains."""
    cell = part.parent.parent
    return (isinstance(part, nodes.literal) and isinstance(cell, nodes.entry)
            and cell.astext() == part.astext())


def _exercise(node: nodes.Element) -> dict:
    title = words(next(node.findall(nodes.title)))
    inside = (part for part in node.findall(nodes.section))
    text = " ".join(words(part) for part in inside)
    return {"kind": "exercise", "anchor": node["ids"][0], "above": "Exercises",
            "heading": re.sub(r"^\((.*)\)$", r"\1", title),
            "terms": _terms(node.findall()), "text": cut(text, LONGEST_SMALL)}


def _term(item: nodes.definition_list_item) -> dict:
    meaning = next(item.findall(nodes.paragraph))
    chapter = next((words(part) for part in meaning.findall(nodes.reference)
                    if part is meaning[-1]), "")
    return {"kind": "term", "anchor": item[0]["ids"][0], "heading": words(item[0]),
            "above": chapter or None, "text": words(meaning).removesuffix(chapter).strip()}


def _add_other_names(section: nodes.section, found: list[dict]) -> None:
    """What other books call a thing is also found where this book introduces it."""
    for row in section.findall(nodes.row):
        cells = [words(cell) for cell in row.children]
        here = cells[0].casefold()
        for place in found:
            known = [place["heading"], *place.get("terms", [])]
            if place["kind"] == "section" and any(
                    name and name.casefold() in here for name in known if len(name) > 3):
                place["others"].append(cells[1])
                break
