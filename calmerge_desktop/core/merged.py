"""The same meeting in several calendars, shown once (same UID, same time), with all calendars that hold it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter

from calmerge_desktop.core.model import CalendarId, Instance, Status

_Key = tuple[str, int, int, bool]
_KEY: Callable[[Instance], _Key] = attrgetter("uid", "start", "end", "all_day")


def merge(instances: Iterable[Instance], rank: Mapping[CalendarId, int]) -> list[Instance]:
    """Instances ordered by start, copies of other calendars folded into the one that says most.

    Two instances of one calendar are never folded: a UID used twice there means two things. `rank` breaks ties: smaller
    first. A copy that is cancelled or declined stays its own answer only if no copy is better.
    """
    listed = list(instances)
    keys = list(map(_KEY, listed))
    if len(set(keys)) == len(listed):
        return sorted(listed, key=order)
    counted = Counter(keys)
    merged: list[Instance] = []
    several: dict[_Key, list[Instance]] = {}
    for key, one in zip(keys, listed, strict=True):
        if counted[key] == 1:
            merged.append(one)
        else:
            several.setdefault(key, []).append(one)
    for alike in several.values():
        merged += (_fold(group, rank) if len(group) > 1 else group[0] for group in _grouped(alike))
    return sorted(merged, key=order)


def _grouped(alike: Iterable[Instance]) -> list[list[Instance]]:
    """The first of each calendar together, the second of each, and so on."""
    groups: list[list[Instance]] = []
    for one in alike:
        for group in groups:
            if all(other.calendar != one.calendar for other in group):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def order(one: Instance) -> tuple[int, bool, int, str, str]:
    """By start, all-day first, longer first."""
    return one.start, not one.all_day, -one.end, one.summary, one.id


def _fold(group: list[Instance], rank: Mapping[CalendarId, int]) -> Instance:
    def says_most(one: Instance) -> tuple[bool, bool, bool, int]:
        return (
            one.status is Status.CANCELLED,
            not one.summary,
            one.partstat is None,
            rank.get(one.calendar, 1 << 30),
        )

    best = min(group, key=says_most)
    others = sorted((one for one in group if one is not best), key=lambda one: rank.get(one.calendar, 1 << 30))
    return best._replace(
        calendars=(best.calendar, *(one.calendar for one in others)),
        pending=any(one.pending for one in group),
        conflict=any(one.conflict for one in group),
        transparent=all(one.transparent for one in group),
    )
