"""Pages that are light and quick: nothing loaded that the page does not show."""

import re
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset

FONT = Path("_static", "vendor", "fontawesome", "webfonts", "fa-solid-900.woff2")
THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
CUT_NAME = "CourseIcons"
FAMILY, UNIQUE, FULL, POSTSCRIPT = 1, 3, 4, 6  # which entries of a font's name table are its names
NEEDED = ("documentation_options.js", "doctools.js")  # at once, by scripts inside the pages

_ICON = re.compile(r"\bfa-([a-z0-9-]+)")
_NAMED = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')
_ESCAPED = re.compile(r'"\\([ef][0-9a-f]{3})"')
_ITSELF = re.compile("[\ue000-\uf8ff]")


def lighten(app, pagename, templatename, context, doctree):
    """Let scripts wait for the page, and ask for the fonts of its formulas at once."""
    for script in context.get("script_files", []):
        name = str(getattr(script, "filename", None) or "")
        if name and not any(needed in name for needed in NEEDED):
            script.attributes.setdefault("defer", "defer")
    context["nn_preload"] = 'class="katex"' in context.get("body", "")


def keep_used_icons(app, error):
    """Cut the icons' font (156 KB) and styles (85 KB) down to what pages and theme name."""
    if error or app.builder.name != "html":
        return
    out = Path(app.outdir)
    codes, points = {}, set()
    for path in [*(out / "_static").rglob("*.css"), *(THEME / "styles").glob("*.css")]:
        style = path.read_text(encoding="utf-8")
        for names, code in _NAMED.findall(style):
            codes |= dict.fromkeys(_ICON.findall(names), int(code, 16))
        points |= {ord(icon) for icon in _ITSELF.findall(style)}
        points |= {int(code, 16) for code in _ESCAPED.findall(_NAMED.sub("", style))}
    texts = [page.read_text(encoding="utf-8") for page in out.rglob("*.html")]
    texts += [script.read_text(encoding="utf-8") for script in (out / "_static").rglob("*theme.js")]
    used = {name for text in texts for name in _ICON.findall(text)} & codes.keys()
    points |= {codes[name] for name in used}
    for path in (out / "_static" / "styles").glob("*.css"):
        style = path.read_text(encoding="utf-8")
        path.write_text(_NAMED.sub(
            lambda rule: rule[0] if used & set(_ICON.findall(rule[1])) else "", style),
            encoding="utf-8")
    options = subset.Options(flavor="woff2", layout_features=[])
    font = subset.load_font(THEME / FONT.relative_to("_static"), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=points)
    worker.subset(font)
    # the licence reserves the name for unmodified fonts; style sheets use one of their own
    for record in font["name"].names:
        if record.nameID in (FAMILY, UNIQUE, FULL, POSTSCRIPT):
            record.string = CUT_NAME
    subset.save_font(font, out / FONT, options)


def setup(app):
    app.connect("html-page-context", lighten, priority=950)
    app.connect("build-finished", keep_used_icons)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
