"""What a platform hands over, laid out for a test, and what was taken from it."""

import zipfile


def make_zip(path, files, compression=zipfile.ZIP_DEFLATED):
    """A zip of these files: contents by name."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def make_folder(path, files):
    """The same as a folder."""
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def raw(course, student):
    """The bytes that were collected as a student's notebook; None where there are none."""
    path = course.path("submitted", student, "toy") / "toy.ipynb"
    return path.read_bytes() if path.exists() else None
