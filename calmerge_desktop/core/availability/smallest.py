"""Causes made as small as they can be and still open the time: not "shorter buffers" but "at most ten minutes"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from calmerge_desktop.core.availability.causes import FINE, Cause, openings
from calmerge_desktop.core.availability.slots import Frame

_HOUR, _DAY = 3600, 86_400
_STEPS = (60, 30, 20, 15, 10)
"""Minutes between starts, the coarsest first."""


def smallest(frame: Frame, causes: Sequence[Cause], low: int, high: int) -> tuple[Cause, ...]:
    """The same causes, the settings among them no milder than a slot between `low` and `high` needs."""
    found = list(causes)
    for n, cause in enumerate(found):
        for what in _milder(frame, cause, found, low, high):
            tried = [*found[:n], Cause(cause.kind, what), *found[n + 1 :]]
            if openings(frame, tried, low, high):
                found = tried
                break
    return tuple(found)


def _milder(frame: Frame, cause: Cause, causes: Sequence[Cause], low: int, high: int) -> Iterator[int]:
    """Changes that may be enough, the smallest first."""
    match cause.kind:
        case "buffer":
            longest = max(frame.before, frame.after)
            yield from range((longest - 1) // FINE * FINE, 0, -FINE)
        case "interval":
            yield from (minutes * 60 for minutes in _STEPS if minutes * 60 < frame.step or frame.offset)
        case "notice":
            for others in ((*causes, Cause("first-only")), causes):
                latest = max(one.start for one in openings(frame, others, low, high))
                if latest < frame.earliest:
                    yield _round(frame.earliest - latest)
        case "horizon":
            yield openings(frame, causes, low, high)[0].start


def _round(seconds: int) -> int:
    """Up to what one would say: minutes below two hours, hours below two days, days."""
    unit = 60 if seconds <= 2 * _HOUR else _HOUR if seconds <= 2 * _DAY else _DAY
    return -(-seconds // unit) * unit
