"""What others wrote is shown as it is, and bounded; text files are filled, not escaped."""

import tomllib

import jinja2
import pytest

from autograder.templating import environment, render_text
from autograder.text import MAX_TEXT, make_visible


@pytest.mark.parametrize("value, shown", [
    ("fine: ä\t\n", "fine: ä\t\n"), ("\x1b[31m\u202e", "\\u001b[31m\\u202e"),
    ("\U000e0041", "\\U000e0041"), ({"a": ["\0", 5, None, {"b": "\u200b"}]},
                                     {"a": ["\\u0000", 5, None, {"b": "\\u200b"}]}),
])
def test_odd_characters_are_shown_as_escapes_in_all_data(value, shown):
    assert make_visible(value) == shown


def test_a_long_text_keeps_its_beginning():
    assert make_visible("abcdef", 3) == "abc\n[3 more characters were cut]"
    assert make_visible(["abc"], 3) == ["abc"]
    assert len(make_visible("x" * (MAX_TEXT + 9))) < MAX_TEXT + 50


def test_a_text_file_says_what_it_is_given():
    text = render_text("term.toml", name="R&D <2026>", timezone="UTC",
                       assignments={"hw1": {"unit": 2.0}})
    assert tomllib.loads(text)["name"] == "R&D <2026>"


def test_what_a_template_lacks_is_no_empty_place():
    with pytest.raises(jinja2.UndefinedError):
        environment(autoescape=False).from_string("{{ nobody }}").render()
    assert environment(autoescape=True).from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    # a line that only decides something leaves no line behind
    assert environment(autoescape=False).from_string(
        "a\n  {% if true %}\nb\n  {% endif %}\n").render() == "a\nb\n"
