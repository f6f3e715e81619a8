"""Causes -> words for the person: what decided, and the smallest change that would open the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calmerge_desktop.core.availability.causes import FINE, Cause
from calmerge_desktop.core.freebusy import Load
from calmerge_desktop.core.texts import _, language, ngettext
from calmerge_desktop.core.when import local


class Said(NamedTuple):
    """`because` is a stable word (`Cause.kind`), the other two are sentences."""

    because: str
    detail: str
    opens_if: str


def say(causes: tuple[Cause, ...], tz: ZoneInfo) -> Said:
    """The causes of one closed stretch in words; times in `tz`."""
    said = [_WORDS[cause.kind](cause, tz) for cause in causes]
    return Said(causes[0].kind, " ".join(one[0] for one in said), _together([one[1] for one in said]))


def _together(changes: list[str]) -> str:
    """`a` alone; with `a` and `b` both are needed."""
    unique = list(dict.fromkeys(changes))
    if len(unique) == 1:
        return _("Opens if {change}.").format(change=unique[0])
    from babel.lists import format_list

    return _("Opens if {change}.").format(change=format_list(unique, locale=language()))


def _times(start: int, end: int, tz: ZoneInfo) -> str:
    from babel.dates import format_datetime, format_time

    low, high = local(start, tz), local(end, tz)
    if low.date() == high.date():
        return f"{format_time(low, 'short', locale=_locale())}–{format_time(high, 'short', locale=_locale())}"
    pattern = "d MMM HH:mm"
    return f"{format_datetime(low, pattern, locale=_locale())} – {format_datetime(high, pattern, locale=_locale())}"


def _locale() -> str:
    """A day has 24 hours also in the English texts."""
    return "de" if language() == "de" else "en_GB"


def _event(cause: Cause, tz: ZoneInfo) -> tuple[str, str]:
    one = cause.what
    name = one.summary or _("an event without a title")
    when = _times(one.start, one.end, tz)
    if one.load is Load.TENTATIVE:
        detail = _("“{name}” ({when}) is tentative or not answered.")
    else:
        detail = _("“{name}” ({when}) takes the time.")
    return detail.format(name=name, when=when), _("“{name}” moves or no longer counts as busy").format(name=name)


def _booking(cause: Cause, tz: ZoneInfo) -> tuple[str, str]:
    one = cause.what
    when = _times(one.start, one.end, tz)
    if one.state == "pending":
        return _("A request for {when} waits for your answer.").format(when=when), _("you decline the request")
    return _("{when} is booked.").format(when=when), _("the booking is cancelled or moved")


def _unreadable(cause: Cause, _tz: ZoneInfo) -> tuple[str, str]:
    name = cause.what.summary
    return (
        _("“{name}” cannot be read, so nobody knows what lies there.").format(name=name),
        _("“{name}” can be read again, or is set not to block").format(name=name),
    )


def _limit(cause: Cause, _tz: ZoneInfo) -> tuple[str, str]:
    cap = cause.what
    said = _COUNTS if cap.kind == "count" else _MINUTES
    return said[cap.period](cap.most).format(n=cap.most), _("the limit is at least {n}").format(n=cap.needed)


_COUNTS: dict[str, Callable[[int], str]] = {
    "day": lambda n: ngettext(
        "The limit of {n} booking a day is reached.", "The limit of {n} bookings a day is reached.", n
    ),
    "week": lambda n: ngettext(
        "The limit of {n} booking a week is reached.", "The limit of {n} bookings a week is reached.", n
    ),
    "month": lambda n: ngettext(
        "The limit of {n} booking a month is reached.", "The limit of {n} bookings a month is reached.", n
    ),
    "year": lambda n: ngettext(
        "The limit of {n} booking a year is reached.", "The limit of {n} bookings a year is reached.", n
    ),
}
_MINUTES: dict[str, Callable[[int], str]] = {
    "day": lambda _n: _("The limit of {n} minutes a day is reached."),
    "week": lambda _n: _("The limit of {n} minutes a week is reached."),
    "month": lambda _n: _("The limit of {n} minutes a month is reached."),
    "year": lambda _n: _("The limit of {n} minutes a year is reached."),
}


def _shut(cause: Cause, _tz: ZoneInfo) -> tuple[str, str]:
    note = cause.what.note
    if cause.kind == "holiday":
        return _("{name} is a public holiday.").format(name=note), _("the date gets hours of its own")
    if cause.kind == "away":
        said = _("You are away: {note}.").format(note=note) if note else _("You are away.")
        return said, _("your absence ends earlier or the date gets hours of its own")
    return _("The date has hours of its own."), _("the hours of the date are changed")


def _length(cause: Cause, _tz: ZoneInfo) -> tuple[str, str]:
    minutes = cause.what // 60
    return (
        _("The time left is shorter than the meeting."),
        ngettext("the meeting is {n} minute long", "the meeting is {n} minutes long", minutes).format(n=minutes),
    )


def _series(cause: Cause, tz: ZoneInfo) -> tuple[str, str]:
    from babel.dates import format_date

    day = format_date(local(cause.what, tz), "long", locale=_locale())
    return _("A later meeting of the series, on {day}, is taken.").format(day=day), _("that meeting is skipped or moved")


def _buffer(cause: Cause, _tz: ZoneInfo) -> tuple[str, str]:
    if cause.what:
        change = _("the buffers are at most {time} long").format(time=_long(cause.what))
    else:
        change = _("there are no buffers")
    return _("Too close to another appointment: the buffer has to stay free."), change


def _notice(cause: Cause, _tz: ZoneInfo) -> tuple[str, str]:
    if cause.what is None:
        return _("It is too short notice."), _("there is no minimum notice")
    return _("It is too short notice."), _("the minimum notice is {time} shorter").format(time=_long(cause.what))


def _horizon(cause: Cause, tz: ZoneInfo) -> tuple[str, str]:
    from babel.dates import format_date

    said = _("It is outside the horizon of the link.")
    if cause.what is None:
        return said, _("the horizon is wider")
    day = format_date(local(cause.what, tz), "long", locale=_locale())
    return said, _("the horizon takes in {day}").format(day=day)


def _interval(cause: Cause, _tz: ZoneInfo) -> tuple[str, str]:
    often = _("a meeting may start every {time}").format(time=_long(cause.what or FINE))
    return _("No start of the grid fits here."), often


def _long(seconds: int) -> str:
    """A length as one says it: minutes up to two hours, hours up to two days, days."""
    from babel.units import format_unit

    for unit, size in (("day", 86_400), ("hour", 3600)):
        if seconds > 2 * size and seconds % size == 0:
            return format_unit(seconds // size, f"duration-{unit}", "long", locale=_locale())
    return format_unit(seconds // 60, "duration-minute", "long", locale=_locale())


def _setting(detail: Callable[[], str], change: Callable[[], str]) -> Callable[[Cause, ZoneInfo], tuple[str, str]]:
    return lambda _cause, _tz: (detail(), change())


_WORDS: dict[str, Callable[[Cause, ZoneInfo], tuple[str, str]]] = {
    "event": _event,
    "booking": _booking,
    "unreadable": _unreadable,
    "limit": _limit,
    "override": _shut,
    "holiday": _shut,
    "away": _shut,
    "length": _length,
    "series": _series,
    "buffer": _buffer,
    "notice": _notice,
    "horizon": _horizon,
    "interval": _interval,
    "first-only": _setting(
        lambda: _("Only the first time of each day is offered."), lambda: _("all times of a day are offered")
    ),
    "whole-blocks": _setting(
        lambda: _("It would cut a free stretch into parts that are too short."),
        lambda: _("free stretches need not stay whole"),
    ),
}
