"""What some providers can do beyond `CalendarProvider`; the engine asks, nobody must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from calmerge_desktop.core.model import RemoteId, Resource
from calmerge_desktop.core.ports import Stop


@runtime_checkable
class Interruptible(Protocol):
    """Waits for a network."""

    def interrupt(self) -> None:
        """End every wait at once with `Cancelled`. The only method that another thread may call."""


@runtime_checkable
class OneCalendar(Protocol):
    """Always has the same one calendar, so it is listed once and with every full read, not before each read."""

    single: bool


@runtime_checkable
class Unsettling(Protocol):
    """Can tell a calendar that is gone from one that cannot be read right now."""

    def unsettled(self, calendar: RemoteId) -> bool:
        """Whether an unlisted calendar is still there but unreadable; it then keeps its place and its events."""


@runtime_checkable
class Weighs(Protocol):
    """Knows beforehand how much a first reading will bring."""

    def weight(self) -> int:
        """About how many bytes, or how many at least. Quick; raises nothing."""


@runtime_checkable
class Foresees(Protocol):
    """Can say soon what reading a calendar is going to bring."""

    def foreseen(self, calendar: RemoteId, stop: Stop) -> Iterator[Sequence[Resource]]:
        """The pages that `changes` of a calendar of which nothing is known is going to bring, one after the other.

        It need not be asked to the end, and raises nothing: `changes` does.
        """


BusySpans = tuple[tuple[int, int], ...]
"""Busy time as (start, end) instants, in order, without overlap."""


@runtime_checkable
class KnowsOthers(Protocol):
    """Can say when other people of the same service are busy."""

    def busy(self, addresses: Sequence[str], low: int, high: int, stop: Stop) -> Mapping[str, BusySpans | None]:
        """Busy spans between two instants by address; None where the service does not say, which is never "free"."""
