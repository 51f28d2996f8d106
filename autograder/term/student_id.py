"""What can be a student's id: the name of a folder that every system can write."""

import re

from autograder.names import STUDENT_ID, is_reserved, visible

MAX_ID = 100  # bytes: names of folders and files are made of it
SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
CUT_SHORT = ("is a number that a spreadsheet cut short: download the list again and do not save it "
             "from there")


def misfit(student: str) -> str | None:
    """Why an id cannot be a folder's name on every system."""
    shown = visible(student)
    if student.endswith(".") and STUDENT_ID.fullmatch(student.rstrip(".")):
        return (f"'{shown}' ends in a dot, which no folder's name can do on Windows: delete the "
                "dot")
    if not STUDENT_ID.fullmatch(student):
        return (f"'{shown}' is not a student id, which names a folder (letters, digits, spaces "
                "and . _ @ + ' - only, a letter or digit first): correct the line")
    if len(student.encode()) > MAX_ID:
        return (f"'{shown}' is longer than {MAX_ID} characters"
                + ("" if student.isascii() else " (one that is not ASCII counts as two or more)")
                + ": use a shorter id, or see that the line has its commas")
    if re.fullmatch(r"[0-9]+[.,]0", student):
        return f"'{shown}' is a number that a program gave a decimal: write {student[:-2]}"
    if SHORTENED.fullmatch(student):
        return f"'{shown}' {CUT_SHORT}"
    if is_reserved(student):
        return (f"'{shown}' names a device on Windows, so that no folder can have it: use another "
                f"id, such as {student.replace('.', '-')}-1")
    return None
