"""Files and pages from templates, by Jinja2."""

import functools

import jinja2

from autograder.paths import TEMPLATES


def environment(autoescape: bool) -> jinja2.Environment:
    """A new environment of all templates, which does not pass over what is undefined."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=autoescape, trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined)


@functools.cache
def _plain() -> jinja2.Environment:
    return environment(autoescape=False).overlay(keep_trailing_newline=True)


def render_text(template: str, **values) -> str:
    """A text file from one of the templates, nothing escaped."""
    return _plain().get_template(template).render(**values)
