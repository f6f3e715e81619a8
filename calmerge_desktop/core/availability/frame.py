"""A link, a schedule and what is known of the calendars -> one `slots.Frame`: the settings turned into instants."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from calmerge_desktop.core.availability.link import PERIODS, Link
from calmerge_desktop.core.availability.schedule import WEEKDAYS, Schedule, hours_of, within
from calmerge_desktop.core.availability.slots import FOREVER, Booking, Cap, Frame
from calmerge_desktop.core.freebusy import Busy
from calmerge_desktop.core.span import Range
from calmerge_desktop.core.when import DAY, date_seconds, seconds_date
from calmerge_desktop.core.zones import Zone, iana

_NOON = 12 * 3600


def build(
    link: Link,
    schedule: Schedule,
    busy: Sequence[Busy],
    bookings: Iterable[Booking],
    span: tuple[int, int],
    now: int,
    minutes: int | None = None,
    restriction: Schedule | None = None,
    pairs: Sequence[Range] | None = None,
) -> Frame:
    """The frame for `span`, at the instant `now`, for `minutes` (None: the usual length).

    `schedule` is the one in force (`link.own_schedule`); `busy` is sorted and wide enough for the buffers (`reach`). Events
    that were written for `bookings` are taken out of `busy`: a booking blocks with its own buffers. Outside the hours of
    `restriction` nothing is open. `pairs` are starts and ends of `busy`, if they are known.
    """
    low, high = span
    zone = iana(schedule.tzid)
    length = (minutes or link.minutes[0]) * 60
    counted = [one for one in bookings if one.state != "pending" or link.pending_blocks]
    events = {one.event for one in counted if one.event}
    first_day, last_day = _horizon(link, zone, now)
    window = max(low, first_day), min(high, last_day + length)
    hours, shut = hours_of(schedule, low, high)
    if restriction is not None:
        inside = hours_of(restriction, low - DAY, high + DAY)[0]
        hours, shut = within(hours, inside), within(shut, inside)
    return Frame(
        low=low,
        high=high,
        length=length,
        step=(link.interval or length // 60) * 60,
        offset=link.offset * 60,
        zone=zone,
        hours=hours,
        shut=shut,
        busy=[one for one in busy if one.id.partition("@")[0] not in events] if events else busy,
        pairs=None if events else pairs,
        bookings=counted,
        before=link.buffer_before * 60,
        after=link.buffer_after * 60,
        earliest=now + link.minimum_notice * 60,
        first_day=first_day,
        last_day=last_day,
        caps=_caps(link, zone, counted, length, window),
        first_only=link.first_only,
        keep_whole=link.keep_blocks_whole,
        seats=link.seats,
        days_wanted=link.horizon.bookable_days,
        score=_score(link.prefer, zone, busy) if link.prefer else None,
    )


def reach(link: Link) -> int:
    """Seconds around a span within which busy times still matter."""
    return (link.buffer_before + link.buffer_after) * 60


def _horizon(link: Link, zone: Zone, now: int) -> tuple[int, int]:
    """First and last instant of starts the horizon allows; the last one exclusive."""
    today = seconds_date(zone.to_wall(now))
    horizon = link.horizon
    if horizon.days is not None:
        return -FOREVER, _after(zone, today + timedelta(days=horizon.days))
    if horizon.business_days is not None:
        return -FOREVER, _after(zone, _business(today, horizon.business_days))
    if horizon.until is not None:
        return -FOREVER, _after(zone, horizon.until)
    if horizon.range is not None:
        return zone.to_utc(date_seconds(horizon.range[0])), _after(zone, horizon.range[1])
    return -FOREVER, FOREVER


def _after(zone: Zone, day: date) -> int:
    if day == date.max:
        return FOREVER
    return zone.to_utc(date_seconds(day + timedelta(days=1)))


def _business(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _caps(link: Link, zone: Zone, bookings: Sequence[Booking], length: int, window: tuple[int, int]) -> list[Cap]:
    """Periods in which a limit is reached. A booking belongs to the period its start lies in, in the link's zone."""
    if window[0] >= window[1]:
        return []
    found = []
    for period in PERIODS:
        most, minutes = link.counts.get(period), link.totals.get(period)
        if most is None and minutes is None:
            continue
        used: dict[date, list[Booking]] = {}
        for one in bookings:
            used.setdefault(_begin(period, seconds_date(zone.to_wall(one.start))), []).append(one)
        for day, there in used.items():
            low, high = zone.to_utc(date_seconds(day)), zone.to_utc(date_seconds(_next(period, day)))
            if most is not None and len(there) >= most:
                found.append(Cap(period, "count", most, low, high, len(there) + 1))
            elif minutes is not None and (total := sum(one.end - one.start for one in there) + length) > minutes * 60:
                found.append(Cap(period, "minutes", minutes, low, high, -(-total // 60)))
        if minutes is not None and length > minutes * 60:
            found.append(Cap(period, "minutes", minutes, -FOREVER, FOREVER, length // 60))
    return found


def _begin(period: str, day: date) -> date:
    if period == "week":
        return day - timedelta(days=day.weekday())
    if period == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if period == "year" else day


def _next(period: str, day: date) -> date:
    if period == "month":
        return (day + timedelta(days=31)).replace(day=1)
    if period == "year":
        return day.replace(year=day.year + 1)
    return day + timedelta(days=7 if period == "week" else 1)


def _score(prefer: Sequence[str], zone: Zone, busy: Sequence[Busy]) -> Callable[[int, int], int]:
    """Points by wish, the first wish weighing most."""
    weights = {wish: len(prefer) - at for at, wish in enumerate(prefer)}
    ends = sorted(one.end for one in busy)
    starts = [one.start for one in busy]
    bad_days = {WEEKDAYS.index(wish[4:]): weight for wish, weight in weights.items() if wish.startswith("not-")}

    def score(start: int, end: int) -> int:
        wall = zone.to_wall(start)
        points = -bad_days.get(seconds_date(wall).weekday(), 0)
        points += weights.get("morning" if wall % 86_400 < _NOON else "afternoon", 0)
        touches = _near(ends, start) or _near(starts, end)
        return points + weights.get("adjacent" if touches else "spread", 0)

    return score


def _near(instants: Sequence[int], at: int) -> bool:
    """Whether one of the sorted instants lies within a quarter of an hour of `at`."""
    index = bisect_left(instants, at - 900)
    return index < len(instants) and instants[index] <= at + 900
