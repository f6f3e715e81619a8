"""Stretches of the merged calendar kept in memory: the same week asked again, or one inside, costs a search by halves.

A stretch counts only as long as nothing changed in either file (`Memory.version`): it is thrown away whole, never mended.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from functools import cached_property

from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.when import DAY
from calmerge_desktop.core.zones import Zone

MOST_INSTANCES = 20_000
"""All stretches together: some ten megabytes."""
_SHORT = 26 * 3600


class Stretch:
    """Merged instances that touch `[low, high)`, in the order of `core.merged.order`."""

    def __init__(self, low: int, high: int, zone: Zone, found: Sequence[Instance]) -> None:
        self.low, self.high, self.zone = low, high, zone
        self._found = found if isinstance(found, list) else list(found)

    @cached_property
    def _starts(self) -> list[int]:
        return [one.start for one in self._found]

    @cached_property
    def _long(self) -> list[Instance]:
        return [one for one in self._found if one.end - one.start > _SHORT]

    def __len__(self) -> int:
        return len(self._found)

    def part(self, low: int, high: int) -> list[Instance] | None:
        """Those that touch `[low, high)`; None when that is not inside, or the clock changes at one of its ends.

        Around a change of the clock a floating time may lie on one side on its wall and on the other as an instant.
        """
        if not self.low <= low <= high <= self.high:
            return None
        if (low, high) == (self.low, self.high):
            return self._found.copy()
        if not (self._still(low) and self._still(high)):
            return None
        wall_low, wall_high = self.zone.to_wall(low), self.zone.to_wall(high)

        def touches(one: Instance) -> bool:
            first, last = (wall_low, wall_high) if one.all_day else (low, high)
            return one.start < last and (one.end > first or one.start >= first)

        starts, found = self._starts, self._found
        early = bisect_left(starts, min(low, wall_low) - _SHORT)
        inner = bisect_left(starts, max(low, wall_low))
        outer = max(inner, bisect_left(starts, min(high, wall_high)))
        late = bisect_left(starts, max(high, wall_high))
        out = [one for one in self._long if one.start < min(low, wall_low) - _SHORT and touches(one)]
        out += [one for one in found[early:inner] if touches(one)]
        out += found[inner:outer]
        out += [one for one in found[outer:late] if touches(one)]
        return out

    def _still(self, instant: int) -> bool:
        """Whether no change of the clock is nearer than what it moves the clock by."""
        zone = self.zone
        n = bisect_left(zone.starts, instant - 2 * DAY)
        while n < len(zone.starts) and zone.starts[n] <= instant + 2 * DAY:
            if n and abs(zone.starts[n] - instant) <= abs(zone.offsets[n] - zone.offsets[n - 1]):
                return False
            n += 1
        return True


class Kept:
    """Stretches by what was asked besides the span. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: object = None
        self._stretches: OrderedDict[tuple[Hashable, int, int], Stretch] = OrderedDict()

    def calm(self, version: object) -> bool:
        """Whether nothing changed since the last question; what is kept of before goes."""
        with self._lock:
            if version == self._version:
                return True
            self._stretches.clear()
            self._version = version
            return False

    def part(self, version: object, question: Hashable, low: int, high: int) -> list[Instance] | None:
        """A part of what is kept; None when it must be read."""
        with self._lock:
            if version != self._version:
                return None
            for key, stretch in self._stretches.items():
                if key[0] == question and (found := stretch.part(low, high)) is not None:
                    self._stretches.move_to_end(key)
                    return found
        return None

    def keep(self, version: object, question: Hashable, stretch: Stretch) -> None:
        """Keep what was read after `version` was asked for."""
        if len(stretch) > MOST_INSTANCES:
            return
        with self._lock:
            if version != self._version:
                return
            self._stretches[question, stretch.low, stretch.high] = stretch
            while sum(map(len, self._stretches.values())) > MOST_INSTANCES:
                self._stretches.popitem(last=False)

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._stretches.clear()
