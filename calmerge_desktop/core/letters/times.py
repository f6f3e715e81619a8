"""How a time is written to a guest: weekday, date, time, city, offset; the guest's zone first, ours below it.

A place is the city its zone is named after; letters such as EST or CST never stand there. English readers get a 12-hour
clock where people say so. Everything is worded by Babel's CLDR data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import Event
from calmerge_desktop.core.recurrence.words import Tongue, in_words
from calmerge_desktop.core.texts import speech

_TWELVE_HOURS = frozenset({"US", "CA", "AU", "IN", "PH"})
_DAY_NEAR = {"de_DE": "EEEE, d. MMMM", "en_US": "EEEE, MMMM d", "en_GB": "EEEE, d MMMM"}
"""CLDR knows this combination, but Babel's skeletons shorten it."""
_NARROW = "\u202f"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail is written to: `language` is `de` or `en`, the zones are IANA names, the guest's and ours."""

    language: str
    tzid: str
    host_tzid: str

    @property
    def locale(self) -> str:
        """The locale dates and times are worded in."""
        if self.language == "de":
            return "de_DE"
        return "en_US" if _territory(self.tzid) in _TWELVE_HOURS else "en_GB"


class Choice(NamedTuple):
    """One of several times that follow one another in a `Ticket`."""

    number: int
    link: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """One time as three lines, and what belongs to it."""

    day: str
    time: str
    place: str
    """City and offset of the guest."""
    host: str = ""
    """Time, city and offset of ours; empty when both clocks show the same."""
    label: str = ""
    number: int | None = None
    struck: bool = False
    more: tuple[str, ...] = ()
    link: str = ""
    choices: tuple[Choice, ...] = ()
    """Times without a gap between them are shown as one; each of them can be chosen."""
    note: str = ""
    """What a change of the clocks between this time and the next means; shown below it."""


def ticket(start: int, end: int, reader: Reader) -> Ticket:
    """The instants `[start, end)` as the reader sees them."""
    low, high = at(start, reader.tzid), at(end, reader.tzid)
    host_low, host_high = at(start, reader.host_tzid), at(end, reader.host_tzid)
    host = ""
    if low.utcoffset() != host_low.utcoffset():
        weekday = f"{_weekday(host_low, reader)} " if host_low.date() != low.date() else ""
        host = f"{weekday}{time_range(host_low, host_high, reader)}, {place(start, reader.host_tzid, reader)}"
    return Ticket(full_day(low, reader), time_range(low, high, reader), place(start, reader.tzid, reader), host)


def all_day_ticket(first: datetime, last: datetime, reader: Reader) -> Ticket:
    """Whole days, from `first` to `last`, both included: they have no zone."""
    end = "" if first.date() == last.date() else full_day(last, reader)
    return Ticket(full_day(first, reader), end, "")


def repeats(event: Event, first: int, reader: Reader) -> str:
    """A series as a sentence, empty when it happens once. `first`: the instant of its first occurrence.

    The days of a rule are those of its own zone; where the reader's are others, the sentence names that zone's city.
    """
    if not event.rrules and not event.rdates:
        return ""
    start = event.start.value
    day = start.date() if isinstance(start, datetime) else start
    tongue = Tongue(speech(reader.language), reader.locale)
    said = in_words(event.rrules[0] if event.rrules else "", day, event.start.tzid, tongue)
    if event.start.tzid and at(first, reader.tzid).date() != day:
        return f"{said} ({city(event.start.tzid, reader.language)})"
    return said


def short_when(start: int, reader: Reader) -> str:
    """For a subject: `Tue, Nov 24, 10:00 AM (New York)`."""
    from babel.dates import format_skeleton

    low = at(start, reader.tzid)
    day = format_skeleton("MMMEd", low, locale=reader.locale)
    return f"{day}, {clock(low, reader)} ({city(reader.tzid, reader.language)})"


def deadline(instant: int, reader: Reader) -> str:
    """`Wednesday, March 10, 6:00 PM (New York)`."""
    return f"{day_and_clock(instant, reader)} ({city(reader.tzid, reader.language)})"


def day_and_clock(instant: int, reader: Reader) -> str:
    """`Wednesday, March 10, 6:00 PM`: without the year, which is near."""
    from babel.dates import format_date

    low = at(instant, reader.tzid)
    return f"{format_date(low, _DAY_NEAR[reader.locale], locale=reader.locale)}, {clock(low, reader)}"


def full_day(moment: datetime, reader: Reader) -> str:
    """`Tuesday, November 24, 2026`."""
    from babel.dates import format_date

    return format_date(moment, "full", locale=reader.locale)


def time_range(low: datetime, high: datetime, reader: Reader) -> str:
    """`10:00 – 10:30 AM`, `12:00–12:30 Uhr`; a range past midnight names the second day."""
    from babel.dates import format_skeleton

    later = "" if low.date() == high.date() else format_skeleton("MMMEd", high, locale=reader.locale) + " "
    if reader.language == "de":
        return f"{low:%H:%M}–{later}{high:%H:%M} Uhr" if not later else f"{low:%H:%M} Uhr – {later}{high:%H:%M} Uhr"
    if reader.locale == "en_GB":
        return f"{low:%H:%M} – {later}{high:%H:%M}"
    first, last = clock(low, reader), clock(high, reader)
    if not later and (low.hour < 12) == (high.hour < 12):
        first = first.rsplit(" ", 1)[0]
    return f"{first} – {later}{last}"


def clock(moment: datetime, reader: Reader) -> str:
    """`10:00 AM`, `10:00`, `10:00 Uhr`."""
    from babel.dates import format_time

    if reader.language == "de":
        return f"{moment:%H:%M} Uhr"
    if reader.locale == "en_GB":
        return f"{moment:%H:%M}"
    return format_time(moment, "h:mm a", locale="en_US").replace(_NARROW, " ")


def place(instant: int, tzid: str, reader: Reader) -> str:
    """`New York (UTC−5)`."""
    name, shift = city(tzid, reader.language), offset(instant, tzid)
    return shift if name == "UTC" else f"{name} ({shift})"


def offset(instant: int, tzid: str) -> str:
    """`UTC−5`, `UTC+5:30`, `UTC`."""
    shift = at(instant, tzid).utcoffset() or timedelta()
    minutes = int(shift.total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


@lru_cache(maxsize=256)
def city(tzid: str, language: str) -> str:
    """The city a zone is named after, in the reader's language: `São Paulo`, `Kalkutta`."""
    from babel.dates import get_timezone, get_timezone_location

    if tzid in ("UTC", "Etc/UTC"):
        return "UTC"
    try:
        return get_timezone_location(get_timezone(tzid), locale=language, return_city=True)
    except LookupError:
        return tzid.rsplit("/", 1)[-1].replace("_", " ")


def gap_changes(starts: Sequence[int], reader: Reader) -> dict[int, tuple[int, int]]:
    """Index of a time -> minutes our clock is ahead of the guest's at it and at the next, where that changes."""
    found: dict[int, tuple[int, int]] = {}
    for index, (one, other) in enumerate(pairwise(starts)):
        gaps = _gap(one, reader), _gap(other, reader)
        if gaps[0] != gaps[1]:
            found[index] = gaps
    return found


def at(instant: int, tzid: str) -> datetime:
    """The wall clock of a zone at an instant."""
    return datetime.fromtimestamp(instant, ZoneInfo(tzid))


def _gap(instant: int, reader: Reader) -> int:
    """Minutes our clock is ahead of the guest's."""
    ours = at(instant, reader.host_tzid).utcoffset() or timedelta()
    guests = at(instant, reader.tzid).utcoffset() or timedelta()
    return int((ours - guests).total_seconds()) // 60


def _weekday(moment: datetime, reader: Reader) -> str:
    from babel.dates import format_date

    return format_date(moment, "EEE", locale=reader.locale)


@lru_cache(maxsize=256)
def _territory(tzid: str) -> str:
    from babel.core import get_global

    return str(get_global("zone_territories").get(tzid, ""))
