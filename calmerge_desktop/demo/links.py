"""The booking links of the sample, and what its calendars do to free times."""

from __future__ import annotations

from collections.abc import Mapping

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.rules import Horizon, Question
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.freebusy import AllDay, Blocking, Unreadable
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _
from calmerge_desktop.demo.entries import TZID

OFFICE = "s-office"
_DAY, _FRIDAY = ((9 * 60, 18 * 60),), ((9 * 60, 15 * 60),)


def schedules() -> tuple[Schedule, ...]:
    """Lena's office hours, short on Fridays."""
    week = (*[_DAY] * 4, _FRIDAY, (), ())
    return (Schedule(id=OFFICE, name=_("Office hours"), tzid=TZID, week=week, holidays="DE-BE"),)


def links(target: CalendarId | None = None) -> tuple[Link, ...]:
    """A short check-in, and the consultation her clients book."""
    return (
        Link(
            id="l-checkin",
            title=_("Check-in"),
            slug="check-in",
            minutes=(15,),
            schedule=OFFICE,
            horizon=Horizon(days=14),
            target=target,
        ),
        Link(
            id="l-consultation",
            title=_("Consultation"),
            slug="consultation",
            minutes=(45, 30, 60),
            interval=15,
            buffer_before=15,
            buffer_after=15,
            minimum_notice=120,
            schedule=OFFICE,
            horizon=Horizon(days=21),
            counts={"day": 3, "week": 8},
            confirm=True,
            confirm_within=24 * 60,
            questions=(Question(label=_("What is it about?"), kind="long", required=True),),
            target=target,
            video="teams",
        ),
    )


def rules(calendars: tuple[CalendarId, ...]) -> Mapping[CalendarId, Blocking]:
    """Lena wants to be warned about a calendar that cannot be read, and offers times also beside all-day events."""
    return {one: Blocking(unreadable=Unreadable.WARN, all_day=AllDay.IGNORE) for one in calendars}
