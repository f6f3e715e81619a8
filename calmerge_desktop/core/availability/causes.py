"""What can keep a slot away, and the same question without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from calmerge_desktop.core.availability.schedule import Open, Shut
from calmerge_desktop.core.availability.slots import FOREVER, Frame, Slot, offered
from calmerge_desktop.core.records import replace

FINE = 300
"""Seconds between starts fine enough to show that only the grid was in the way."""


class Cause(NamedTuple):
    """One thing that keeps a slot away.

    `kind` is `event`, `booking`, `unreadable`, `buffer`, `notice`, `horizon`, `limit`, `first-only`, `whole-blocks`,
    `interval`, `length`, or what shut the hours: `override`, `holiday`, `away`.
    """

    kind: str
    what: Any = None
    """The `Busy`, `Booking`, `Cap` or `Shut` behind it. Of settings the mildest change that is enough, None for their end:
    `buffer` and `interval` the most seconds, `notice` by how many seconds shorter, `horizon` an instant it takes in.
    """


def without(frame: Frame, causes: Sequence[Cause]) -> Frame:
    """The frame as it would be if none of `causes` were there."""
    for cause in causes:
        frame = _without(frame, cause)
    return frame


def openings(frame: Frame, causes: Sequence[Cause], low: int, high: int) -> list[Slot]:
    """What would be offered between `low` and `high` without `causes`."""
    return [one for one in offered(without(frame, causes)) if one.start < high and one.end > low]


def _without(frame: Frame, cause: Cause) -> Frame:
    what = cause.what
    match cause.kind:
        case "event" | "unreadable":
            return replace(frame, busy=[one for one in frame.busy if one is not what], pairs=None)
        case "booking":
            return replace(frame, bookings=[one for one in frame.bookings if one is not what])
        case "limit":
            return replace(frame, caps=[one for one in frame.caps if one is not what])
        case "override" | "holiday" | "away":
            shut: Shut = what
            return replace(frame, hours=[*frame.hours, Open(shut.start, shut.end, shut.day)])
        case "length":
            return replace(frame, length=what, step=min(frame.step, FINE), offset=0)
        case _:
            return replace(frame, **_setting(frame, cause.kind, what))


def _setting(frame: Frame, kind: str, most: int | None) -> dict[str, Any]:
    """A setting of the link made milder."""
    match kind:
        case "buffer":
            return {"before": min(frame.before, most or 0), "after": min(frame.after, most or 0)}
        case "interval":
            return {"step": min(frame.step, most or FINE), "offset": 0}
        case "notice":
            return {"earliest": -FOREVER if most is None else frame.earliest - most}
        case "horizon" if most is not None:
            first, last = min(frame.first_day, most), max(frame.last_day, most + 1)
            return {"first_day": first, "last_day": last, "days_wanted": None}
        case "horizon":
            return {"first_day": -FOREVER, "last_day": FOREVER, "days_wanted": None}
        case "first-only":
            return {"first_only": False}
    return {"keep_whole": False}  # whole-blocks
