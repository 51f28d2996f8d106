"""What the home page says of a file to take along, see ``book/_templates/home/take.html``."""

import re
import shutil
from pathlib import Path


def offer(path: Path, name: str, site: Path) -> None:
    """Put a copy beside the published pages, and a link to it on the home page.

    A page built anew has neither, until the file is made anew as well.
    """
    shutil.copyfile(path, site / path.name)
    index = site / "index.html"
    link = f'<a href="{path.name}" download>{name}</a>, {path.stat().st_size / 1e6:.1f} MB'
    index.write_text(say(index.read_text(encoding="utf-8"), path.name, link), encoding="utf-8")


def say(page: str, file: str, words: str) -> str:
    """The home page with these words about a file."""
    return re.sub(rf'(<p data-offer="{re.escape(file)}">).*?(?=</p>)',
                  lambda found: found[1] + words, page, flags=re.S)
