"""Write a large class as a learning platform hands it over: make_class.py FOLDER [--size 300].

`students.csv` is Canvas's list of the class, `submissions.zip` what it gives for the assignment,
`times.csv` says when each came, and `truth.csv` what became of whom and why. Everything is drawn
from the sample class with one seed; with --distinct no two files are the same.
"""

import argparse
import csv
import datetime
import random
import tempfile
import zipfile
from pathlib import Path

import autograder  # noqa: F401  # before what imports jsonschema: decision 30

# isort: split
import nbformat
from make_samples import HERE, make_samples

DUE = datetime.datetime(2026, 10, 12, 23, 59)
LATE, ABSENT, AGAIN = 0.15, 0.05, 0.1  # shares of the class
# one student each whose file needs a person
ODD = ("only a text file", "another assignment's notebook", "under a name that nobody has",
       "cut short")
FIRST = ("Ada", "Alan", "Barbara", "Chen", "Dilek", "Emmy", "Farid", "Grace", "Hedy", "Inger")
LAST = ("Lovelace", "Müller", "O'Neil", "García", "Nguyễn", "de Vries", "Smith-Jones", "Øst")


def make_class(folder: Path, assignment: str, size: int = 300, seed: int = 0,
               distinct: bool = False) -> list[dict]:
    """Write the class's files below FOLDER; return the rows of `truth.csv`.

    A row says whose work a student copied (`sample`), when it came (`submitted`, local time), and
    in `odd` what a person has to see to; who has neither handed nothing in.
    """
    rng = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as held:
        works = {path.parents[1].name: path.read_bytes()
                 for path in make_samples(assignment, Path(held))}
        other = next(p for p in sorted((HERE.parent / "assignments").glob("*/*.ipynb"))
                     if p.stem != assignment).read_bytes()
    samples = sorted(works)
    people = [{"student": f"s{number:04d}", "canvas": str(40000 + 7 * number),
               "first": rng.choice(FIRST), "last": f"{rng.choice(LAST)} {number}"}
              for number in range(1, size + 1)]
    truth = []
    with zipfile.ZipFile(folder / "submissions.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number, person in enumerate(people):
            odd = ODD[number] if number < len(ODD) else ""
            row = {"student": person["student"], "sample": "", "submitted": "", "odd": odd}
            truth.append(row)
            if number >= len(ODD) + len(samples) and rng.random() < ABSENT:
                continue
            came = DUE - datetime.timedelta(minutes=rng.randrange(1, 5000))
            if rng.random() < LATE:
                came = DUE + datetime.timedelta(minutes=rng.randrange(1, 5000))
            # each sample once, then any
            at = number - len(ODD)
            row["sample"] = samples[at] if 0 <= at < len(samples) else rng.choice(samples)
            row["submitted"] = came.strftime("%Y-%m-%d %H:%M")
            raw, name = works[row["sample"]], f"{assignment}.ipynb"
            if distinct:
                notebook = nbformat.reads(raw.decode(), as_version=4)
                notebook.cells.append(nbformat.v4.new_markdown_cell(person["student"]))
                raw = nbformat.writes(notebook).encode()
            known = "".join(c for c in person["last"] + person["first"] if c.isalnum()).lower()
            user = person["canvas"]
            if odd == ODD[0]:
                raw, name = b"see my e-mail", "hw.txt"
            elif odd == ODD[1]:
                raw = other
            elif odd == ODD[2]:
                known, user = "someoneelse", "1"
            elif odd == ODD[3]:
                raw = raw[:1000]
            late = "LATE_" if came > DUE else ""
            upload = 900000 + 10 * number
            if not odd and rng.random() < AGAIN:  # another one came before
                archive.writestr(f"{known}_{late}{user}_{upload}_{name}", works[samples[0]])
                name = f"{assignment}-1.ipynb"
            archive.writestr(f"{known}_{late}{user}_{upload + 1}_{name}", raw)
    _write(folder / "students.csv", [
        {"Student": f"{p['last']}, {p['first']}", "ID": p["canvas"], "SIS User ID": "",
         "SIS Login ID": p["student"], "Section": "1"} for p in people])
    _write(folder / "times.csv", [{"student_id": row["student"], "submitted": row["submitted"]}
                                  for row in truth if row["submitted"]])
    _write(folder / "truth.csv", truth)
    return truth


def _write(path: Path, rows: list[dict]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assignment", default="hw1_perceptron")
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--distinct", action="store_true", help="no two files the same")
    arguments = parser.parse_args()
    rows = make_class(arguments.folder, arguments.assignment, arguments.size, arguments.seed,
                      arguments.distinct)
    print(f"{sum(bool(row['submitted']) for row in rows)} of {len(rows)} students handed something "
          f"in: {arguments.folder}")
