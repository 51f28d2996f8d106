"""Dates and times as people and platforms write them: read in the one way they can be, or refused.

Nothing is guessed. A wrong guess is a wrong lateness, and nobody would see it.
"""

import datetime
import re
import unicodedata
import zoneinfo
from dataclasses import dataclass

from autograder.errors import AutograderError
from autograder.names import visible

MAX_LENGTH = 100  # characters: the longest that is known, Moodle's in words, has 45
FIRST_YEAR, LAST_YEAR = 2000, 2099
EXAMPLE = "2026-10-12 18:00"
# English and German, as Moodle, Brightspace and Blackboard write them
MONTHS = {name: number for number, names in enumerate((
    "january jan januar jänner jän", "february feb februar", "march mar märz mär mrz",
    "april apr", "may mai", "june jun juni", "july jul juli", "august aug",
    "september sep sept", "october oct oktober okt", "november nov", "december dec dezember dez",
), 1) for name in names.split()}
WEEKDAYS = {name: number for number, names in enumerate((
    "monday mon montag mo", "tuesday tue tues dienstag di", "wednesday wed mittwoch mi",
    "thursday thu thur thurs donnerstag do", "friday fri freitag fr",
    "saturday sat samstag sonnabend sa", "sunday sun sonntag so")) for name in names.split()}
UNIVERSAL = ("Z", "UTC", "UT", "GMT")  # all year round, even where winter is called so
# Hours east of Greenwich of names that are one country's or mean the same everywhere they are
# used. CST, CDT, IST, BST, AST and others are not here: each is the time of several countries.
ZONES = {"WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
         "MSK": 3, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
         "EST": -5, "EDT": -4, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
         "HST": -10}

_CLOCK = (r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
          r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
          r"(?: ?(?P<half>[ap])\.?m\b\.?)?(?: uhr)?")
# Brightspace has no colon in names of folders
_JOINED = r"(?P<joined_hour>[0-9]{1,2})(?P<joined_minute>[0-9]{2}) ?(?P<joined_half>[ap])m"
_ZONE = r"(?: ?(?P<zone>[a-z+(-].*))?"
_WEEKDAY = r"(?:(?P<weekday>[^\W\d_]+)\.?,? )?"
_NAME, _YEAR = r"(?P<name>[^\W\d_]+)", r"(?P<year>[0-9]{4}|[0-9]{2})"
_JOIN = r"(?:t|,? (?:(?:at|um|@) )?)"
_DAY = r"(?P<day>[0-9]{1,2})"
FORMS = [re.compile(form, re.IGNORECASE) for form in (
    # ISO, Rails, nbgrader: the year first, and then always month and day
    rf"(?P<year>[0-9]{{4}})(?P<iso>[-/.])(?P<month>[0-9]{{1,2}})(?P=iso){_DAY}{_JOIN}{_CLOCK}{_ZONE}",
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?P<iso>t)"
    rf"(?P<hour>[0-9]{{2}})(?P<minute>[0-9]{{2}})(?P<second>[0-9]{{2}})?{_ZONE}",
    # Blackboard's names of files
    r"(?P<year>[0-9]{4})(?P<iso>-)(?P<month>[0-9]{2})-(?P<day>[0-9]{2})-(?P<hour>[0-9]{2})-"
    r"(?P<minute>[0-9]{2})-(?P<second>[0-9]{2})",
    # Monday, 12 October 2026, 11:59 PM; Montag, 12. Oktober 2026, 23:59; 12-Oct-2026 23:59
    rf"{_WEEKDAY}{_DAY}(?:\.|st|nd|rd|th)?[ -]?{_NAME}\.?,?[ -]{_YEAR}{_JOIN}"
    rf"(?:{_CLOCK}{_ZONE}|{_JOINED})",
    # Oct 12, 2026 1247 PM; Monday, October 12, 2026 11:59:00 PM EDT
    rf"{_WEEKDAY}{_NAME}\.? {_DAY}(?:st|nd|rd|th)?,? {_YEAR}{_JOIN}"
    rf"(?:{_CLOCK}{_ZONE}|{_JOINED})",
    # 12.10.2026 18:00; 12/10/2026 6:00 PM; 12-10-2026 18:00
    rf"{_WEEKDAY}(?P<first>[0-9]{{1,2}})(?P<sign>[./-]) ?(?P<other>[0-9]{{1,2}})(?P=sign) ?{_YEAR}"
    rf"{_JOIN}{_CLOCK}{_ZONE}")]


class Unclear(ValueError):
    """A text is no time, or could be two: one sentence that says why and what to write."""


@dataclass(frozen=True)
class _Written:
    """A time as it stands there: the date if days come first, and if months do; None: no date."""

    text: str
    day_first: datetime.date | None
    month_first: datetime.date | None
    clock: datetime.time
    zone: str
    half: bool  # it has AM or PM
    bare: bool  # it has neither, and an hour that could have

    @property
    def both(self) -> tuple[datetime.date, datetime.date] | None:
        """The two days, where the order matters and is not seen from this one; else None."""
        if self.day_first and self.month_first and self.day_first != self.month_first:
            return self.day_first, self.month_first
        return None


def read(text: str, zone: datetime.tzinfo) -> datetime.datetime:
    """One time as a platform wrote it, in UTC.

    Parameters
    ----------
    zone : the time zone of a text that names none, as a rule the term's

    Raises
    ------
    Unclear
        It is no time, has no day, year or time of day, a zone that nobody knows or that several
        countries have, or could be two days.
    """
    written = _parse(text)
    if written.both:
        raise Unclear(_either(written, *written.both))
    return _in_utc(written, written.day_first or written.month_first, zone)


def read_all(rows: list[tuple[str, str]], zone: datetime.tzinfo) -> list[datetime.datetime]:
    """All times of one file, in UTC; one value can settle the order of day and month for all.

    Parameters
    ----------
    rows : for each where it stands, such as "times.csv, line 7 (u001)", and its text
    zone : the time zone of texts that name none

    Raises
    ------
    AutograderError
        One is unclear, even beside the others; the text begins with where it stands.
    """
    written = []
    for where, text in rows:
        try:
            written.append((where, _parse(text)))
        except Unclear as error:
            raise AutograderError(f"{where}: {error}") from None
    day = next((one for one in written if one[1].month_first is None), None)
    month = next((one for one in written if one[1].day_first is None), None)
    if day and month:
        raise AutograderError(
            f'{month[0]}: "{visible(month[1].text)}" has the month first, but "'
            f'{visible(day[1].text)}" ({day[0]}) the day: write all of them as {EXAMPLE}')
    halves = any(one.half for _, one in written)
    times = []
    for where, one in written:
        try:
            if one.both and not (day or month):
                raise Unclear(_either(one, *one.both))
            if one.bare and halves:
                raise Unclear(f'"{visible(one.text)}" has neither AM nor PM, which others of the '
                              f"file have: add it, or write {EXAMPLE}")
            times.append(_in_utc(one, one.month_first if month else one.day_first, zone))
        except Unclear as error:
            raise AutograderError(f"{where}: {error}") from None
    return times


def _either(written: _Written, day: datetime.date, month: datetime.date) -> str:
    return (f'is "{visible(written.text)}" {day.day} {day:%B} or {month:%B} {month.day}? write '
            f"{day} {written.clock:%H:%M}")


def _parse(text: str) -> _Written:
    """What stands there; Unclear if it is no date with a time of day."""
    if len(text) > MAX_LENGTH:
        raise Unclear(f'"{visible(text)}" is no time such as {EXAMPLE}: correct it')
    plain = " ".join(unicodedata.normalize("NFC", text).split())  # no-break spaces as well
    found = next(filter(None, (form.fullmatch(plain) for form in FORMS)), None)
    if not found:
        raise Unclear(_why_not(plain, visible(text)))
    said = {key.removeprefix("joined_"): value for key, value in found.groupdict().items()
            if value}
    year = said["year"]
    if len(year) == 2:
        raise Unclear(f'"{visible(text)}" has a year of two digits: write it as {EXAMPLE}')
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise Unclear(f'"{visible(text)}" is in the year {year}: correct it')
    if "first" in said:
        day_first = _date(year, said["other"], said["first"])
        month_first = _date(year, said["first"], said["other"])
        # Dots: no country writes the month first with them, and those who have AM and PM write
        # none; so Excel's 12.10.2026 18:00 is 12 October, and with AM or PM it is left open.
        if said["sign"] == "." and "half" not in said:
            month_first = day_first
    else:
        month = said.get("month") or MONTHS.get(said["name"].casefold())
        if not month:
            raise Unclear(_why_not(plain, visible(text)))
        day_first = month_first = _date(year, month, said["day"])
    if not (day_first or month_first):
        raise Unclear(f'"{visible(text)}" has a day that is not in the calendar: write it as '
                      f"{EXAMPLE}, the year first, then the month")
    if "weekday" in said:
        weekday = WEEKDAYS.get(said["weekday"].casefold())
        if weekday is None:
            raise Unclear(_why_not(plain, visible(text)))
        day_first, month_first = (date if date and date.weekday() == weekday else None
                                  for date in (day_first, month_first))
        if not (day_first or month_first):
            raise Unclear(f'"{visible(text)}": that day is no {said["weekday"]}: write it as '
                          f"{EXAMPLE}")
    clock, half = _clock(said, text), "half" in said
    return _Written(text, day_first, month_first, clock, said.get("zone", ""), half,
                    bare=not half and "iso" not in said and 1 <= clock.hour <= 12)


def _date(year: str, month: str | int, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _clock(said: dict[str, str], text: str) -> datetime.time:
    hour = int(said["hour"])
    try:
        if "half" in said:
            if not 1 <= hour <= 12:
                raise ValueError
            hour = hour % 12 + 12 * (said["half"].casefold() == "p")
        return datetime.time(hour, int(said["minute"]), int(said.get("second", 0)),
                             int(said.get("fraction", "0").ljust(6, "0")[:6]))
    except ValueError:
        raise Unclear(f'"{visible(text)}" has no such time of day: write it as {EXAMPLE}'
                      ) from None


def _why_not(plain: str, shown: str) -> str:
    """What is wrong with a text that has none of the forms."""
    if re.fullmatch(r"[0-9]{5}(?:[.,][0-9]+)?", plain):
        return (f'"{shown}" is how Excel counts days: give the column the format yyyy-mm-dd hh:mm '
                "and save the file again")
    if re.fullmatch(_CLOCK + _ZONE, plain, re.IGNORECASE):
        return f'"{shown}" has no date: write it as {EXAMPLE}'
    if any(form.fullmatch(f"{plain} 00:00") for form in FORMS):
        return f'"{shown}" has no time of day: write it as {EXAMPLE}'
    return f'"{shown}" is no time such as {EXAMPLE}: correct it'


def _in_utc(written: _Written, date: datetime.date | None,
            zone: datetime.tzinfo) -> datetime.datetime:
    assert date  # `_parse` sees to it that one of the two is there
    local = datetime.datetime.combine(date, written.clock)
    zone = _zone(written, local, zone) if written.zone else zone
    # When clocks are set back an hour comes twice, and when they are set forward one does not
    # come. The earlier reading counts, which is never to the student's harm.
    return min(local.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC) for fold in (0, 1))


def _zone(written: _Written, local: datetime.datetime, own: datetime.tzinfo) -> datetime.tzinfo:
    """The zone that stands behind a time."""
    name = written.zone
    offset = re.fullmatch(r"(?:UTC|GMT)? ?([+-])([0-9]{1,2})(?::?([0-5][0-9]))?(?: ?\([^()]*\))?",
                          name, re.IGNORECASE)
    if offset:
        sign, hours, minutes = offset.groups(default="0")
        away = datetime.timedelta(hours=int(hours), minutes=int(minutes))
        if away <= datetime.timedelta(hours=14):
            return datetime.timezone(-away if sign == "-" else away)
    name = name.strip("()")
    if name.upper() in UNIVERSAL:
        return datetime.UTC
    if re.fullmatch(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+", name):
        try:
            return zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            pass
    # what the term's own zone is called is meant, whoever else is called so; but many say EST all
    # year long, when they mean the time on the clock
    now = local.replace(tzinfo=own)
    for month in (1, 7):
        there = now.replace(month=month, day=1)
        east = there.utcoffset()
        if east is not None and there.tzname() == name.upper():
            if there.tzname() not in (now.tzname(), now.replace(fold=1).tzname()):
                raise Unclear(f'"{visible(written.text)}" is in {name.upper()}, but that day has '
                              f"{now.tzname()}: write {now.tzname()}, or the hours from UTC, such "
                              f"as {there:%z}")
            return datetime.timezone(east)
    if name.upper() in ZONES:
        return datetime.timezone(datetime.timedelta(hours=ZONES[name.upper()]))
    raise Unclear(f'"{visible(written.text)}" has the time zone {visible(name)}, which is unknown '
                  'or has several meanings: write the hours from UTC in its place, such as +02:00')
