"""Every rule a place was held against, the deciding ones first, each with where it can be changed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calmerge_desktop.core.agenda.links import SlotAnswer
from calmerge_desktop.core.availability.causes import Cause
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.slots import FOREVER, Frame
from calmerge_desktop.core.freebusy import Busy
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.links.fields import length_words

SCHEDULE = "schedule"
_HOURS = ("override", "holiday", "away", "hours")


class Ruling(NamedTuple):
    """One line of the explanation."""

    kept: bool
    """The place keeps the rule."""
    name: str
    value: str
    jump: str = ""
    """`link:FIELD`, `schedule`, `event:ID`, `calendar:ID`; empty: nothing to change."""


class Piece(NamedTuple):
    """A part of the strip around a gap: `event`, `buffer` or `free`."""

    kind: str
    minutes: int
    label: str
    calendar: CalendarId | None = None


def rulings(
    link: Link,
    answer: SlotAnswer,
    causes: Sequence[Cause],
    instant: int,
    names: Mapping[CalendarId, str],
    tz: ZoneInfo,
    kinds: Mapping[str, str],
) -> tuple[Ruling, ...]:
    """The causes with their provenance, then the rules that are kept."""
    decided = [_of_cause(cause, link, names, kinds) for cause in causes]
    broken = {cause.kind for cause in causes}
    kept = [made for kind, make in _KEPT.items() if kind not in broken and (made := make(link, answer.frame, instant, tz))]
    return (*decided, *kept)


def strip(frame: Frame, instant: int) -> tuple[Piece, ...]:
    """What lies around a free instant between two events, to scale; nothing when it does not lie between two."""
    before = [one for one in frame.busy if one.end <= instant]
    after = [one for one in frame.busy if one.start > instant]
    if not before or not after or any(one.start <= instant < one.end for one in frame.busy):
        return ()
    last, following = max(before, key=lambda one: one.end), min(after, key=lambda one: one.start)
    whole = (following.start - last.end) // 60
    if whole > 8 * 60:
        return ()
    early, late = min(frame.before // 60, whole), min(frame.after // 60, whole)
    free = max(whole - early - late, 0)
    pieces = [Piece("event", 0, last.summary, last.calendars[0] if last.calendars else None)]
    if early:
        pieces.append(Piece("buffer", early, _("buffer")))
    if free:
        pieces.append(Piece("free", free, _("free")))
    if late:
        pieces.append(Piece("buffer", late, _("buffer")))
    return (*pieces, Piece("event", 0, following.summary, following.calendars[0] if following.calendars else None))


def where(one: Busy, names: Mapping[CalendarId, str]) -> str:
    """The calendars that hold an event."""
    return ", ".join(names.get(calendar, str(calendar)) for calendar in one.calendars)


def _of_cause(cause: Cause, link: Link, names: Mapping[CalendarId, str], kinds: Mapping[str, str]) -> Ruling:
    name = kinds.get(cause.kind, cause.kind)
    if cause.kind == "event":
        return Ruling(
            False,
            name,
            _("“{words}”").format(words=cause.what.summary) + f" · {where(cause.what, names)}",
            f"event:{cause.what.id}",
        )
    if cause.kind == "unreadable":
        return Ruling(False, name, cause.what.summary, f"calendar:{cause.what.calendars[0]}")
    if cause.kind in _HOURS:
        note = getattr(cause.what, "note", "")
        return Ruling(False, name, note, "link:hours" if link.hours is not None else SCHEDULE)
    if cause.kind == "booking":
        return Ruling(False, name, "")
    said = {
        "buffer": lambda: _buffer_words(link),
        "notice": lambda: length_words(link.minimum_notice),
        "length": lambda: length_words(link.minutes[0]),
        "interval": lambda: length_words(link.step),
    }
    return Ruling(False, name, said.get(cause.kind, str)(), f"link:{cause.kind}")


def _buffer_words(link: Link) -> str:
    if link.buffer_before == link.buffer_after:
        return _("{time} around every event").format(time=length_words(link.buffer_before))
    before, after = length_words(link.buffer_before), length_words(link.buffer_after)
    return _("{before} before, {after} after").format(before=before, after=after)


def _hours(_link: Link, frame: Frame, instant: int, tz: ZoneInfo) -> Ruling | None:
    found = next((one for one in frame.hours if one.start <= instant < one.end), None)
    if found is None:
        return None
    day = phrases.weekday_name(local(found.start, tz).weekday(), "abbreviated").rstrip(".")
    return Ruling(True, _("Working hours"), f"{day} {phrases.time_at(found.start, tz)}–{phrases.time_at(found.end, tz)}")


def _notice(link: Link, frame: Frame, instant: int, tz: ZoneInfo) -> Ruling | None:
    if not link.minimum_notice or instant < frame.earliest:
        return None
    said = _("{time}, so from {moment}")
    moment = f"{phrases.day_short(local(frame.earliest, tz).date())}, {phrases.time_at(frame.earliest, tz)}"
    return Ruling(True, _("Notice"), said.format(time=length_words(link.minimum_notice), moment=moment))


def _horizon(_link: Link, frame: Frame, instant: int, tz: ZoneInfo) -> Ruling | None:
    if frame.last_day >= FOREVER or instant >= frame.last_day:
        return None
    last = local(frame.last_day - 1, tz).date()
    return Ruling(True, _("How far ahead"), _("until {day}").format(day=phrases.day_short(last)))


def _limit(link: Link, frame: Frame, instant: int, _tz: ZoneInfo) -> Ruling | None:
    most = link.counts.get("day")
    if most is None:
        return None
    day = frame.zone.to_wall(instant) // 86_400
    used = sum(frame.zone.to_wall(one.start) // 86_400 == day for one in frame.bookings)
    said = ngettext("{used} of {n} booking", "{used} of {n} bookings", most).format(used=used, n=most)
    return Ruling(True, _("Daily limit"), said)


def _buffer(link: Link, _frame: Frame, _instant: int, _tz: ZoneInfo) -> Ruling | None:
    return Ruling(True, _("Buffer"), _buffer_words(link)) if link.buffer_before or link.buffer_after else None


_KEPT: Mapping[str, Callable[[Link, Frame, int, ZoneInfo], Ruling | None]] = {
    "hours": _hours,
    "notice": _notice,
    "horizon": _horizon,
    "limit": _limit,
    "buffer": _buffer,
}
