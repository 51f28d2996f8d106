"""The error of this package."""


class DataError(Exception):
    """A data file is missing or damaged; the text is one line with the file and the remedy."""
