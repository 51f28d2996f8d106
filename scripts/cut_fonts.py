"""Cut the site's fonts to what the book uses: `python scripts/cut_fonts.py FOLDER`.

FOLDER holds the unpacked npm packages source-serif 4.5.1, inter-ui 4.1.1 and
@fontsource-variable/jetbrains-mono 5.3.0, each below its own name; nothing is downloaded. The
results, in `book/_static/fonts/`, are committed: run this again only for other characters.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, save_font
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parents[1] / "book" / "_static" / "fonts"
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100)]
SIGNS = [*map(ord, "ŒœıŞşŠšŽž‐‑‒–—‘’“”„†•…′″€−×·≈≠≤≥→←↑↓√\u0302\u202f")]
RAISED = [*map(ord, "⁰⁴⁵⁶⁷⁸⁹⁻ᵢ₀₁₂₃₄₅₆₇₈₉")]  # in tables of figures' numbers
GREEK = [*range(0x391, 0x3AA), *range(0x3B1, 0x3CA)]
WEIGHTS = (400, 700)
FEATURES = ["kern", "liga", "ccmp", "mark", "mkmk", "tnum"]
#: The licence of Source Serif reserves its name for unmodified fonts.
RENAMED = "Course Serif"
FAMILY, UNIQUE, FULL, POSTSCRIPT, PREFIX = 1, 3, 4, 6, 25

#: Result: the font, its axes, its characters, its new name.
SERIF = "source-serif/WOFF2/VAR/SourceSerif4Variable-{}.ttf.woff2"
CUTS = {
    "serif": (SERIF.format("Roman"), {"opsz": 14, "wght": WEIGHTS}, LATIN + SIGNS + GREEK, RENAMED),
    "serif-italic": (SERIF.format("Italic"), {"opsz": 14, "wght": WEIGHTS}, LATIN + SIGNS, RENAMED),
    "inter": ("inter-ui/variable/InterVariable.woff2", {"opsz": 14, "wght": WEIGHTS},
              LATIN + SIGNS + GREEK + RAISED, None),
    "mono": ("jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2", {"wght": WEIGHTS},
             LATIN + SIGNS, None),
}


def main(folder: Path) -> None:
    """Write the four fonts, and say how large each is."""
    for result, (source, axes, characters, name) in CUTS.items():
        font = TTFont(folder / source)
        options = Options(flavor="woff2", layout_features=FEATURES, hinting=False)
        cut = Subsetter(options)
        cut.populate(unicodes=characters)
        cut.subset(font)
        instantiateVariableFont(font, axes, inplace=True)
        for record in font["name"].names:
            if name and record.nameID in (FAMILY, UNIQUE, FULL, POSTSCRIPT, PREFIX):
                record.string = name
        path = FONTS / f"{result}.woff2"
        save_font(font, path, options)
        print(f"{path.name}: {path.stat().st_size / 1000:.1f} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
