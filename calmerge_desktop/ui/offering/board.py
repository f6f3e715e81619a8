"""What is on offer while the mode lasts: painted windows, the slots they are cut into, and a verdict on each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from calmerge_desktop.core.model import Instance, Status
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.almanac import city

Span = tuple[int, int]
"""Start and exclusive end as instants."""
_GOOD = (8, 18)
_WEEKEND = 5
_HOLD = "@hold.calmerge"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How good a slot is, in words. `tone`: `best`, `good`, `warn`, `taken`."""

    tone: str
    words: str


class Board(QObject):
    """The offer that is being made."""

    changed = Signal()
    """Other slots, another length, or another verdict."""
    lit = Signal(int)
    """The slot that is pointed at in the list or on the grid; -1: none."""

    def __init__(self, tz: ZoneInfo, guest: ZoneInfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tz = tz
        self.guest = guest
        self.length: int | None = 60
        """Minutes; None: each window is taken whole."""
        self.windows: tuple[Span, ...] = ()
        self.shone = -1
        self._clean: set[Span] = set()
        """Slots that were free once."""
        self._busy: Mapping[Span, str] = {}

    @property
    def slots(self) -> tuple[Span, ...]:
        """What is offered, by start: the order of the mail, so that a number means the same everywhere."""
        return tuple(sorted(one for window in self.windows for one in cut(window, self.length)))

    def offered(self) -> tuple[Span, ...]:
        """The slots without those that were taken meanwhile."""
        return tuple(one for one in self.slots if not self.taken(one))

    def taken(self, slot: Span) -> bool:
        """Whether it was free when it was painted and is not any more."""
        return slot in self._busy and slot in self._clean

    def paint(self, window: Span) -> None:
        """Add a window; what touches another becomes one with it."""
        self._put(joined([*self.windows, window]))

    def take(self, spans: Sequence[Span]) -> None:
        """Exactly these windows."""
        self._put(tuple(sorted(spans)))

    def drop(self, slot: Span) -> None:
        """Take one slot out; the rest of its window stays."""
        out: list[Span] = []
        for window in self.windows:
            pieces = cut(window, self.length)
            out += [window] if slot not in pieces else [one for one in pieces if one != slot]
        self._put(tuple(out))

    def cut_to(self, minutes: int | None) -> None:
        """Another length of the slots."""
        self.length = minutes
        self.windows = joined(self.windows)
        self.changed.emit()

    def for_guest(self, guest: ZoneInfo) -> None:
        """The guest is in another zone."""
        self.guest = guest
        self.changed.emit()

    def point(self, index: int) -> None:
        """Light a slot up everywhere."""
        if index != self.shone:
            self.shone = index
            self.lit.emit(index)

    def know(self, instances: Sequence[Instance]) -> None:
        """What is in the calendars at the times of the slots now."""
        before = dict(self._busy)
        self._busy = clashes(self.slots, instances)
        self._clean |= {one for one in self.slots if one not in self._busy}
        if before != self._busy:
            self.changed.emit()

    def verdict(self, slot: Span) -> Verdict:
        """In words, by our calendars and the guest's hours."""
        if self.taken(slot):
            return Verdict("taken", _("just taken"))
        if slot in self._busy:
            return Verdict("warn", _("You are busy"))
        found = by_hours(slot, self.guest)
        good = [one for one in self.offered() if one not in self._busy and by_hours(one, self.guest).tone == "good"]
        return Verdict("best", _("Best")) if good and slot == good[0] and len(self.slots) > 1 else found

    def _put(self, windows: tuple[Span, ...]) -> None:
        self.windows = windows
        self.shone = min(self.shone, len(self.slots) - 1)
        self.changed.emit()


def cut(window: Span, minutes: int | None) -> list[Span]:
    """A window as slots of a length; one that is too short for a single slot is made long enough."""
    start, end = window
    if minutes is None:
        return [window]
    step = minutes * 60
    return [(at, at + step) for at in range(start, max(end - step, start) + 1, step)]


def joined(windows: Sequence[Span]) -> tuple[Span, ...]:
    """Windows that touch or overlap as one."""
    out: list[Span] = []
    for start, end in sorted(windows):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


def clashes(slots: Sequence[Span], instances: Sequence[Instance]) -> dict[Span, str]:
    """Slots at whose time something stands, with its title. Holds of offers do not count, nor what leaves one free."""
    counting = [
        one
        for one in instances
        if not (one.transparent or one.all_day or one.status is Status.CANCELLED or one.partstat == "declined")
        and not one.uid.endswith(_HOLD)
    ]
    out: dict[Span, str] = {}
    for slot in slots:
        for one in counting:
            if one.start < slot[1] and one.end > slot[0]:
                out[slot] = one.summary
                break
    return out


def by_hours(slot: Span, guest: ZoneInfo) -> Verdict:
    """What the guest's clock says of a slot."""
    start, end = (datetime.fromtimestamp(at, guest) for at in slot)
    place = city(guest.key)
    if start.weekday() >= _WEEKEND:
        return Verdict("warn", _("Weekend in {city}").format(city=place))
    if start.hour < _GOOD[0]:
        return Verdict("warn", _("Early in {city}").format(city=place))
    if end.date() > start.date() or end.hour * 60 + end.minute > _GOOD[1] * 60:
        return Verdict("warn", _("Late in {city}").format(city=place))
    return Verdict("good", _("Good"))
