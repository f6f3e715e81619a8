"""What a person writes in files: hours as VAVAILABILITY and TOML, booking links as TOML."""

from __future__ import annotations

from calmerge_desktop.core.availability.frame import build
from calmerge_desktop.core.availability.link import own_schedule
from calmerge_desktop.core.availability.plain import from_toml, to_toml
from calmerge_desktop.core.availability.plain_schedule import schedule_from_toml, schedule_to_toml
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.availability.slots import offered
from calmerge_desktop.core.availability.vavailability import from_ics, to_ics
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.freebusy import Busy, Load
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.when import DAY

NOW = 1_795_000_000
_WORK = Schedule(name="x", tzid="Europe/Berlin", week=(*[((540, 1020),)] * 5, (), ()))
_BUSY = (Busy(NOW + 3600, NOW + 7200, Load.BUSY, "e", "e", (CalendarId("c"),)),)


def hours(text: str) -> None:
    """A VAVAILABILITY: what is understood is written as TOML and read back, and written as VAVAILABILITY without a fault."""
    try:
        made = from_ics(text, "x", "Europe/Berlin")
    except BadInput:
        return
    _used(made)


def schedule(text: str) -> None:
    """A schedule as TOML."""
    try:
        made = schedule_from_toml(text)
    except BadInput:
        return
    _used(made)


def _used(made: Schedule) -> None:
    assert schedule_from_toml(schedule_to_toml(made)) == made
    again = from_ics(to_ics(made, 2026), made.name, made.tzid)
    assert again.week == made.week


def link(text: str) -> None:
    """A booking link as TOML: what is understood comes back the same, and has times or none."""
    try:
        made = from_toml(text)
    except BadInput:
        return
    assert from_toml(to_toml(made)) == made
    frame = build(made, own_schedule(made, _WORK), _BUSY, (), (NOW, NOW + 7 * DAY), NOW)
    for one in offered(frame):
        assert one.start < one.end
