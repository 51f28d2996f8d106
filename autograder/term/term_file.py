"""The file `term.toml`: read, and what is wrong in it said in one line with its remedy."""

import datetime
import difflib
import json
import math
import re
import tomllib
import zoneinfo
from collections.abc import Collection
from pathlib import Path

import jsonschema

from autograder.errors import AutograderError
from autograder.names import visible
from autograder.term.dates import FIRST_YEAR, LAST_YEAR

TIME = "2026-10-12T23:59:00"
NO_SUMMER_TIME = {"EST": "America/New_York", "MST": "America/Denver"}
_KINDS = {
    # a time with a zone of its own would not be in the term's
    "time": lambda _, value: isinstance(value, datetime.datetime) and value.tzinfo is None
    and FIRST_YEAR <= value.year <= LAST_YEAR,
    "number": lambda _, value: isinstance(value, int | float) and not isinstance(value, bool)
    and math.isfinite(value)}
_Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(_KINDS))


def _number(maximum: float) -> dict:
    return {"type": "number", "minimum": 0, "maximum": maximum}


def _table(**properties) -> dict:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _any_names(kind: dict) -> dict:
    return {"type": "object", "additionalProperties": kind}


_TIME, _TEXT = {"type": "time"}, {"type": "string"}
# it stands in links, and in a line that students' notebooks run
_ADDRESS = _TEXT | {"pattern": r"^https?://[^\s{}$\"'`\\()<>|;&]+$"}
SCHEMA = _table(
    name=_TEXT, timezone=_TEXT, book=_ADDRESS, examples={"type": "boolean"},
    late=_table(grace_minutes=_number(10_000), per_day=_number(1), last_day=_number(1000)),
    assignments=_any_names(_table(
        due=_TIME, weight=_number(1_000_000), points=_any_names(_number(1_000_000)),
        extensions=_any_names(_TIME)))) | {"required": ["timezone"]}


def load(path: Path) -> dict:
    """What stands in the file.

    Raises
    ------
    AutograderError
        It cannot be read, is not TOML, or says something that no term has.
    """
    try:
        return parse(path.read_bytes().decode("utf-8-sig"), path)
    except UnicodeDecodeError:
        raise AutograderError(f"{path}: is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise AutograderError(f"{path}: cannot be read ({error.strerror}): see that it is a file "
                              "that you may read") from None


def parse(text: str, path: Path) -> dict:
    """What a text says that is the file's, or is to be.

    Raises
    ------
    AutograderError
        It is not TOML, or says something that no term has.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AutograderError(f"{path}, {_not_toml(text, error)}") from None
    except RecursionError:
        raise AutograderError(f"{path}: is nested too deep: correct it") from None
    problem = jsonschema.exceptions.best_match(_Validator(SCHEMA).iter_errors(found))
    if problem:
        where = ".".join(map(str, problem.absolute_path))
        raise AutograderError(
            f"{path}: {visible(f'{where}: ' if where else '')}{_not_a_term(problem)}")
    if wrong := wrong_zone(found["timezone"]):
        raise AutograderError(f"{path}: timezone: {wrong}")
    return found


def wrong_zone(name: str) -> str | None:
    """What is wrong with the name of a time zone, and the remedy."""
    if name in NO_SUMMER_TIME:
        return f'"{name}" has no summer time: write {NO_SUMMER_TIME[name]}'
    try:
        zoneinfo.ZoneInfo(name)
        return None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        nearest = did_you_mean(name, zoneinfo.available_timezones())
        return f'"{visible(name)}" is no time zone such as Europe/Berlin{nearest}: correct it'


def did_you_mean(name: str, known: Collection[str]) -> str:
    """The one that is most like a name, to be put behind it; empty where none is."""
    plain = {one.casefold(): one for one in known}
    begun = [one for one in plain if name and one.startswith(name.casefold())]
    likely = begun if len(begun) == 1 else difflib.get_close_matches(name.casefold(), plain, n=1)
    return f" (did you mean {visible(plain[likely[0]])}?)" if likely else ""


def _not_toml(text: str, error: tomllib.TOMLDecodeError) -> str:
    """The line at which TOML ends, and what to write there."""
    lines = text.rstrip().splitlines() or [""]
    at = re.search(r"line ([0-9]+)", str(error))
    number = min(int(at[1]) if at else len(lines), len(lines))
    line = lines[number - 1].strip()
    what = str(error).partition(" (at ")[0]
    return f"line {number}: {visible(line)}: {_remedy(line, what)}"


def _remedy(line: str, what: str) -> str:
    said = line.partition("#")[0].strip()
    key, _, value = (part.strip() for part in said.partition("="))
    if "twice" in what or "overwrite" in what:
        return "this is there already: delete one of the two"
    if quoted := re.search(r"([\w.+'-]+@[\w.@+-]+)\s*=", said):
        return f'an id with @ needs quotes: write "{quoted[1]}" = ...'
    if any(mark in said for mark in "“”„‟‘’"):
        return 'write straight quotation marks: "'
    if "{" in said and "}" not in said:
        return "write all of it in one line, from { to }"
    if re.search(r",\s*\}", said):
        return "delete the comma before }"
    if re.match(r"[\w-]+\s*:", said):
        return "write = in place of the colon"
    if "key" in what:
        return 'an id or name with others than A to Z, digits, _ and - needs quotes: "..." = ...'
    if date := re.search(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]([0-9]{1,2}):([0-9]{2}))?",
                         said):
        return _date_remedy(date)
    if re.search(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}", said):
        return f"write a time as {TIME}, the year first, then the month"
    if percent := re.search(r"([0-9]+(?:\.[0-9]+)?)\s*%", value):
        return f"write {float(percent[1]) / 100:g}"
    if decimal := re.fullmatch(r"([0-9]*)[.,]([0-9]*)", value):
        return f"write {decimal[1] or 0}.{decimal[2] or 0}"
    if key == "due":
        return f"write it as {TIME}"
    if key and value in ("True", "False"):
        return f"write {value.lower()}"
    if re.fullmatch(r"[^\W\d_][\w /+:.-]*", value):
        return f'a text needs quotes: write {key} = "{value}"'
    return f"{what[:1].lower()}{what[1:]}: correct the line"


def _date_remedy(date: re.Match) -> str:
    year, month, day, hour, minute = date.groups()
    try:
        time = datetime.datetime(int(year), int(month), int(day), int(hour or 23),
                                 int(minute or 59))
    except ValueError:
        return f"there is no such day or time: write it as {TIME}, the year, the month, the day"
    return f"write {time.isoformat()}"


def _not_a_term(problem: jsonschema.ValidationError) -> str:
    """What is wrong at a place of the file."""
    value, wanted = problem.instance, problem.validator_value
    match problem.validator:
        case "required":
            return 'says no timezone: add a line such as timezone = "Europe/Berlin"'
        case "additionalProperties":
            known = problem.schema["properties"]
            unknown = next(key for key in value if key not in known)
            return (f"'{visible(unknown)}' is none of: {', '.join(known)}"
                    f"{did_you_mean(unknown, known)}")
        case "pattern":
            return (f'"{visible(value)}" is no address of a website: write it as '
                    '"https://example.org/course"')
        case "minimum":
            return f"{value:g} is less than {wanted}: correct it"
        case "maximum" if wanted == 1:
            return f"{value:g} is more than 1, the whole: for {value:g}% write {value / 100:g}"
        case "maximum":
            return f"{value:g} is more than {wanted}: correct it"
    shown = _shown(value)
    match wanted:
        case "time" if isinstance(value, dict):  # an id with a dot became a table
            name = f"{problem.absolute_path[-1]}.{next(iter(value), '')}"
            return f'an id with a dot needs quotes: write "{visible(name)}" = ...'
        case "time":
            return _no_time(value, shown)
        case "number" if isinstance(value, str):
            return _text_for_number(value, shown)
        case "number":
            return f"{shown} is no number: write one such as 0.1"
        case "string":
            return f'{shown} is no text: write it in quotation marks, "{visible(value)}"'
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "write its heading with [ and ], not with [[ and ]]"
    return f"{shown} is no table: give it a heading in [ and ], and a line for each value below it"


def _no_time(value: object, shown: str) -> str:
    if isinstance(value, str):
        try:
            read = datetime.datetime.fromisoformat(value).replace(tzinfo=None).isoformat()
        except ValueError:
            return f"{shown} is text: write a time such as {TIME}, without quotes"
        return f"{shown} is text: write {read} without quotes"
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return (f"{shown} has a zone of its own: write it as {TIME}, in the zone that timezone "
                "names")
    if isinstance(value, datetime.datetime):
        return f"{shown} is in the year {value.year}: correct it"
    if isinstance(value, datetime.date):
        return f"{shown} has no time of day: write {shown}T23:59:00"
    return f"{shown} is no time: write it as {TIME}"


def _text_for_number(value: str, shown: str) -> str:
    number = re.fullmatch(r"\s*([0-9]*)(?:[.,]([0-9]+))?\s*(%?)\s*", value)
    if not number or not any(number.groups()[:2]):
        return f"{shown} is text: write a number, without quotes"
    plain = float(f"{number[1] or 0}.{number[2] or 0}") / (100 if number[3] else 1)
    if number[3]:
        return f"{visible(value)}: write {plain:g}, without quotes"
    return f"{shown} is text: write {plain:g} without quotes"


def _shown(value: object) -> str:
    """A value as TOML writes it, in short."""
    if isinstance(value, bool | str):
        return visible(json.dumps(value, ensure_ascii=False))
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return visible(value)
