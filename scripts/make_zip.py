"""Pack the website so that it works from a disk: ``make zip``, into ``_build/website.zip``.

Browsers load no modules from a disk, so each figure's program is put into its page.
"""

import base64
import json
import re
import sys
import zipfile
from pathlib import Path

import build_book
import offers

ZIP = build_book.BUILD / "website.zip"
FOLDER = "perceptron_to_convnet"

_MODULE = re.compile(r'<script type="module" src="([^"]+)"></script>')
_PRELOAD = re.compile(r'<link rel="preload" as="font"[^>]*>')  # not from a disk, says the browser
_IMPORT = re.compile(r'^import .* from "([^"]+)";$', re.M)


def from_disk(page: Path) -> str:
    """Return the page with its modules inside it, and what they import as data."""
    text, imports = page.read_text(encoding="utf-8"), {}

    def inline(found: re.Match) -> str:
        module = page.parent / found[1]
        program = module.read_text(encoding="utf-8")
        for name in _IMPORT.findall(program):
            content = base64.b64encode((module.parent / name).read_bytes()).decode()
            imports[name] = f"data:text/javascript;base64,{content}"
        return f'<script type="module">{program}</script>'

    text = _MODULE.sub(inline, _PRELOAD.sub("", text))
    if imports:
        table = f'<script type="importmap">{json.dumps({"imports": imports})}</script>'
        text = text.replace("</title>", f"</title>{table}", 1)
    return text


def main() -> int:
    """Bring the site up to date and pack it."""
    if build_book.main([]):
        return 1
    partial = ZIP.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in build_book.files_in(build_book.SITE):
            name = f"{FOLDER}/{path.relative_to(build_book.SITE).as_posix()}"
            if path.suffix == ".html":
                packed.writestr(name, offers.say(from_disk(path), ZIP.name, "You have it."))
            elif path.name != ZIP.name:  # of an earlier run
                packed.write(path, name)
    partial.replace(ZIP)
    offers.offer(ZIP, "All pages as a zip", build_book.SITE)
    print(f"zip: {ZIP} ({ZIP.stat().st_size / 1e6:.1f} MB); unpack it and open "
          f"{FOLDER}/index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
