"""Attacks on those who look at feedback, report and terminal."""

from nbformat.v4 import new_markdown_cell

from autograder.soundness.corpus import Attack, shows

from .common import notebook, unsolved

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=alert(1)>"
SHOWN = [
    Attack("script-in-output", "print a script", must="shows as text",
           first=f"print({SCRIPT!r})"),
    Attack("script-displayed", "display HTML, JavaScript and SVG", must="shows no script",
           first=f"""
from IPython.display import HTML, SVG, Javascript, Markdown, display
script = {SCRIPT!r}
display(HTML(script), Javascript("alert(1)"), Markdown(script),
        SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"))
"""),
    Attack("script-in-markdown", "write a script into a text cell", must="shows as text",
           file=notebook(lambda b: b.cells.append(new_markdown_cell(SCRIPT)))),
    Attack("escape-codes", "write terminal codes into outputs and errors", must="shows as text",
           first="print('\\x1b]0;owned\\x07\\x1b[2J\\u202e')\nraise ValueError('\\x1b[2J')",
           armed=shows("ValueError")),
    Attack("lone-surrogate", "print half a surrogate pair", must="is graded as it is",
           first="print('\\ud800')", double=unsolved("return chr(0xD800)")),
]
