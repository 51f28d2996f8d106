"""Where the engine lies, and what it reads beside its modules."""

from pathlib import Path

ENGINE = Path(__file__).resolve().parent
PROJECT = ENGINE.parent  # the checkout, or the folder into which the package was installed
TEMPLATES = ENGINE / "output" / "templates"
CORPUS = PROJECT / "tests" / "attacks" / "corpus.py"
