"""The one exception that ends in a one-line message for the person at the terminal."""


class AutograderError(Exception):
    """Something a person has to put right; the text is one line: what, where and the remedy."""
