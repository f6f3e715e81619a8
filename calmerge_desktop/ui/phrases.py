"""Dates, times, zones and states in words, for the window. Pure: no widgets; formats come from Babel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from calmerge_desktop.core.model import AccountView, Instance, SourceState, SourceStatus
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import known_zone, local, seconds_date
from calmerge_desktop.ui import almanac
from calmerge_desktop.ui.almanac import city, locale_name

__all__ = ["city", "locale_name"]

_MINUTE = 60


def clock_time(at: datetime) -> str:
    """`11:18`."""
    return almanac.clock(at.hour * 3600 + at.minute * 60)


def time_at(seconds: int, tz: ZoneInfo) -> str:
    """The wall clock of `tz` at an instant: `11:18`."""
    return clock_time(local(seconds, tz))


def skeleton(day: date, fields: str) -> str:
    """A date by CLDR skeleton, such as `MMMEd`."""
    from babel.dates import format_skeleton

    text: str = format_skeleton(fields, datetime(day.year, day.month, day.day), locale=locale_name())
    return text


def day_short(day: date) -> str:
    """`Tue, 24 Nov`."""
    return skeleton(day, "MMMEd")


def day_long(day: date) -> str:
    """`Tuesday 24 November 2026`."""
    from babel.dates import format_date

    return format_date(day, "full", locale=locale_name())


def month_title(day: date) -> str:
    """`November 2026`."""
    return almanac.month_title(day)


def day_range(first: date, last: date) -> str:
    """`24 Nov – 4 Dec`."""
    from babel.dates import format_interval

    if first == last:
        return day_short(first)
    text: str = format_interval(first, last, "MMMd", locale=locale_name())
    return text


def weekday_name(weekday: int, width: str = "wide") -> str:
    """The name of a weekday, 0 is Monday; `width` is `wide`, `abbreviated`, `short` or `narrow`."""
    return almanac.weekday(weekday, width)


def month_name(month: int) -> str:
    """The name of a month, 1 is January."""
    return almanac.month(month)


def near_day(day: date, today: date) -> str:
    """`today`, `yesterday`, a weekday of the last six days, else the date."""
    if day == today:
        return _("today")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    if day == today - timedelta(days=1):
        return _("yesterday")
    if 0 < (today - day).days < 7:
        return weekday_name(day.weekday())
    return day_short(day)


def offset(tzid: str, at: int) -> str:
    """`UTC+1`, `UTC+5:30`."""
    shift = local(at, ZoneInfo(tzid)).utcoffset() or timedelta()
    minutes = int(shift.total_seconds()) // _MINUTE
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02d}" if rest else "")


def zone_words(tzid: str, at: int) -> str:
    """`Berlin, UTC+1`."""
    return "UTC" if tzid in ("UTC", "Etc/UTC") else f"{city(tzid)}, {offset(tzid, at)}"


def duration(seconds: int) -> str:
    """`1 h 30 min`."""
    hours, minutes = divmod(seconds // _MINUTE, 60)
    if hours and minutes:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if hours:
        return _("{hours} h").format(hours=hours)
    return _("{minutes} min").format(minutes=minutes)


def first_date(instance: Instance, tz: ZoneInfo) -> date:
    """The date an instance begins on."""
    return seconds_date(instance.start) if instance.all_day else local(instance.start, tz).date()


def last_date(instance: Instance, tz: ZoneInfo) -> date:
    """The last date an instance covers."""
    if instance.all_day:
        return max(seconds_date(instance.end - 1), seconds_date(instance.start))
    return local(max(instance.end - 1, instance.start), tz).date()


def when(instance: Instance, tz: ZoneInfo) -> str:
    """`Tue, 24 Nov · 11:30 – 12:30`, or the days of an all-day event."""
    first, last = first_date(instance, tz), last_date(instance, tz)
    if instance.all_day:
        if first == last:
            return _("{day} · all day").format(day=day_short(first))
        return _("{first} – {last} · all day").format(first=day_short(first), last=day_short(last))
    start, end = time_at(instance.start, tz), time_at(instance.end, tz)
    if instance.start == instance.end:
        return f"{day_short(first)} · {start}"
    if first == last:
        return _("{day} · {start} – {end}").format(day=day_short(first), start=start, end=end)
    return _("{first}, {start} – {last}, {end}").format(first=day_short(first), start=start, last=day_short(last), end=end)


def times(instance: Instance, tz: ZoneInfo) -> str:
    """`11:30–12:30`, or `all day`."""
    if instance.all_day:
        return _("all day")
    return f"{time_at(instance.start, tz)}–{time_at(instance.end, tz)}"


def moment(seconds: int, now: int, tz: ZoneInfo) -> str:
    """When something last happened, as short as it can be told honestly: `11:18`, `Sun`, `3 Nov`."""
    at, today = local(seconds, tz), local(now, tz).date()
    if at.date() == today:
        return clock_time(at)
    if 0 < (today - at.date()).days < 7:
        return weekday_name(at.weekday(), "abbreviated").rstrip(".")
    return almanac.day_month(at.date())


def health(status: SourceStatus, now: int, tz: ZoneInfo) -> str:
    """The state of a source in words: `Fresh · 11:18`, `Broken since Sun · sign in again`."""
    as_of = None if status.as_of is None else moment(status.as_of, now, tz)
    if status.state is SourceState.FRESH:
        return _("Fresh · {time}").format(time=as_of) if as_of else _("Not read yet")
    if status.state is SourceState.STALE:
        retry = None if status.retry_at is None else time_at(status.retry_at, tz)
        if as_of and retry:
            return _("Stale · last read {time}, retry {retry}").format(time=as_of, retry=retry)
        if as_of:
            return _("Stale · last read {time}").format(time=as_of)
        return _("Not read yet · retry {retry}").format(retry=retry) if retry else _("Not read yet")
    if status.kind == "never":
        return _("Not read yet")
    deed = repair(status.kind)
    if as_of:
        return _("Broken since {time} · {deed}").format(time=as_of, deed=deed)
    return _("Broken · {deed}").format(deed=deed)


def repair(kind: str | None) -> str:
    """What the person can do about a broken source, as the end of a line."""
    words = {
        "sign-in": _("sign in again"),
        "access": _("access denied"),
        "input": _("check the address"),
        "suspicious": _("your word is needed"),
        "not-a-calendar": _("no calendar there"),
    }
    return words.get(kind or "", _("see details"))


def honest_age(accounts: Sequence[AccountView], now: int, tz: ZoneInfo) -> tuple[str, bool]:
    """The age of what the week shows, and whether something is not current: `As of 08:05 (Halden Robotics), Sunday (…)`."""
    old = [view for view in accounts if view.status.state is not SourceState.FRESH]
    if old:
        parts = [
            _("{time} ({name})").format(time=long_moment(view.status.as_of, now, tz), name=view.account.name) for view in old
        ]
        return _("As of {parts}").format(parts=", ".join(parts)), True
    ages = [view.status.as_of for view in accounts if view.status.as_of is not None]
    return (_("Everything as of {time}").format(time=moment(min(ages), now, tz)), False) if ages else ("", False)


def listed(names: Sequence[str]) -> str:
    """`Sam, Priya and Mei`."""
    from babel.lists import format_list

    return format_list(names, style="standard", locale=locale_name())


def long_moment(seconds: int | None, now: int, tz: ZoneInfo) -> str:
    """`08:05` of today, the weekday of a day of the last week, else the date; or that it was not read yet."""
    if seconds is None:
        return _("not read yet")
    at, today = local(seconds, tz), local(now, tz).date()
    if 0 < (today - at.date()).days < 7:
        return weekday_name(at.weekday())
    return moment(seconds, now, tz)


def waiting(n: int) -> str:
    """`1 change waiting to be sent`."""
    return ngettext("{n} change waiting to be sent", "{n} changes waiting to be sent", n).format(n=n)


def week_number(day: date) -> int:
    """ISO 8601 week of a date."""
    return day.isocalendar().week


def zone_or(tzid: str | None, fallback: str) -> str:
    """`tzid` when it is an IANA name we know, else `fallback`."""
    return tzid if tzid and known_zone(tzid) else fallback


def in_minutes(start: int, now: int) -> str:
    """`in 10 minutes`, for the next hour only; else an empty string."""
    minutes = (start - now + _MINUTE - 1) // _MINUTE
    if 0 < minutes <= 60:
        return ngettext("in {n} minute", "in {n} minutes", minutes).format(n=minutes)
    return ""
