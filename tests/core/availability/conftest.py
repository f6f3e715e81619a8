"""Small makers: a schedule of working days, an instance, a busy time, a frame around them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from calmerge_desktop.core.availability.frame import build
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.rules import Horizon
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.availability.slots import Booking, Frame
from calmerge_desktop.core.freebusy import Busy, Load
from calmerge_desktop.core.model import CalendarId, Instance

BERLIN = ZoneInfo("Europe/Berlin")
WORK = CalendarId("c-work")
NINE_TO_FIVE = ((540, 1020),)


def at(text: str, tz: ZoneInfo = BERLIN) -> int:
    """`2026-11-24T09:00` on the wall of `tz` as an instant."""
    return int(datetime.fromisoformat(text).replace(tzinfo=tz).timestamp())


def hours(text: str, **more: Any) -> Schedule:
    """Monday to Friday at `09:00-17:00`."""
    start, end = (int(part[:2]) * 60 + int(part[3:]) for part in text.split("-"))
    return Schedule(**{"name": "x", "tzid": "Europe/Berlin", "week": (*[((start, end),)] * 5, (), ())} | more)


def link(**settings: Any) -> Link:
    """A link of 30 minutes without notice or horizon."""
    usual: dict[str, Any] = {"title": "x", "slug": "x", "minutes": (30,), "minimum_notice": 0, "horizon": Horizon()}
    return Link(**usual | settings)


def busy(start: str, end: str, name: str = "event", load: Load = Load.BUSY) -> Busy:
    """Something that takes the time, named by its title."""
    return Busy(at(start), at(end), load, f"e-{name}", name, (WORK,))


def frame(
    link: Link,
    schedule: Schedule,
    span: tuple[str, str],
    taken: Sequence[Busy] = (),
    bookings: Sequence[Booking] = (),
    now: str = "2026-11-01T00:00",
    **more: Any,
) -> Frame:
    """The question."""
    return build(link, schedule, sorted(taken), bookings, (at(span[0]), at(span[1])), at(now), **more)


def instance(start: str, end: str, **more: Any) -> Instance:
    """A timed instance of the work calendar."""
    values: dict[str, Any] = {"id": "e-1", "uid": "u-1", "recurrence_id": None, "calendar": WORK, "calendars": (WORK,)}
    return Instance(**values | {"start": at(start), "end": at(end), "summary": "x"} | more)
