"""The numbers of a figure as a table to read: no TeX in names, numbers as a person writes them."""

import csv
import io
import re

ROWS = 30  # of a table under a figure; its file has all
DIGITS = 4  # significant ones in a table

_FORMULA = re.compile(r"\$(.*?)\$")
_SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|(\S))")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_NUMBER = re.compile(r"[-−]?\d+(\.\d+)?(e[+-]?\d+)?", re.I)

#: What commands of mathematical text mean; those of style mean nothing.
SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε",
    "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "omega": "ω", "Delta": "Δ",
    "cdot": "·", "times": "×", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "approx": "≈",
    "infty": "∞", "partial": "∂", "nabla": "∇", "sqrt": "√", "ell": "ℓ", "to": "→",
    "rightarrow": "→", "pm": "±", "in": "∈", "sum": "∑", "prime": "′", "odot": "⊙",
    "log": "log", "exp": "exp", "max": "max", "min": "min", "sin": "sin", "cos": "cos",
    "quad": " ", "mathrm": "", "mathbf": "", "mathcal": "", "text": "", "left": "", "right": "",
    "hat": "", "tilde": "", "bar": "", "vert": "|", "Vert": "‖",
}
_LOW = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_HIGH = str.maketrans("0123456789+-=()inT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀ")


def readable(text: str) -> str:
    """Text with formulas in Matplotlib's TeX, as plain text.

    Raises
    ------
    ValueError
        A command is not known: add it to `SIGNS`.
    """
    return _FORMULA.sub(lambda found: _formula(found[1]), text)


def _formula(tex: str) -> str:
    tex = tex.replace(r"\,", " ").replace(r"\|", "‖").replace("-", "−")
    unknown = set(_COMMAND.findall(tex)) - SIGNS.keys()
    if unknown:
        raise ValueError(f"cannot write {sorted(unknown)} of a figure's label without TeX")
    tex = _COMMAND.sub(lambda found: SIGNS[found[1]], tex)
    return _SCRIPT.sub(_script, tex).replace("{", "").replace("}", "")


def _script(found: re.Match) -> str:
    inside = (found[2] if found[2] is not None else found[3]).replace("−", "-")
    moved = inside.translate(_LOW if found[1] == "_" else _HIGH)
    if any(map(str.isascii, moved)):  # a letter that has no such form
        return f"{found[1]}{inside}"
    return moved


def short(text: str) -> str:
    """A number in at most `DIGITS` significant digits; anything else as it is."""
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text.replace("−", "-"))
    digits = f"{value:.{DIGITS}g}"
    if "e" not in digits:
        return digits.replace("-", "−")
    if 1e4 <= abs(value) < 1e7:
        return f"{float(digits):,.0f}".replace("-", "−")
    head, _, power = digits.partition("e")
    return f"{head} × 10{str(int(power)).translate(_HIGH)}".replace("-", "−")


def table_of(numbers: str) -> dict:
    """What ``numbers.html`` shows of a figure's CSV: how many rows, columns, some of the rows."""
    header, *rows = csv.reader(io.StringIO(numbers))
    shown = rows if len(rows) <= ROWS else rows[::-(-len(rows) // ROWS)]
    kept = [i for i in range(len(header)) if any(row[i] for row in rows)]
    return {"count": len(rows), "columns": [header[i] for i in kept],
            "rows": [[short(readable(row[i])) for i in kept] for row in shown]}
