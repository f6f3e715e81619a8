"""Pure decisions of the engine: how far a source can be trusted, when to try again, whether a listing is suspicious."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from calmerge_desktop.core.errors import CalmergeError, Cancelled, TryLater
from calmerge_desktop.core.model import SourceState, SourceStatus

LONGEST_WAIT = 3600
"""Seconds between two tries at most, unless the other side asks for more."""
_FIRST_WAIT = 30
_ALARMING = 10
_ORDER = (SourceState.FRESH, SourceState.STALE, SourceState.BROKEN)


def fresh(now: int) -> SourceStatus:
    """Just read completely."""
    return SourceStatus(state=SourceState.FRESH, as_of=now)


def failed(error: CalmergeError, before: SourceStatus | None, retry_at: int | None) -> SourceStatus | None:
    """The state after `error`: stale when time mends it and something was read before, else broken; None: as it was."""
    if isinstance(error, Cancelled):
        return None
    as_of = before.as_of if before else None
    later = isinstance(error, TryLater)
    return SourceStatus(
        state=SourceState.STALE if later and as_of is not None else SourceState.BROKEN,
        as_of=as_of,
        reason=f"{error.message} {error.hint}".strip(),
        kind=error.kind,
        retry_at=retry_at if later else None,
    )


def worst(parts: Iterable[SourceStatus]) -> SourceStatus | None:
    """The state of an account out of those of its calendars: the worst one, as old as the oldest."""
    found = list(parts)
    if not found:
        return None
    chosen = max(found, key=lambda each: _ORDER.index(each.state))
    ages = [each.as_of for each in found]
    known = [age for age in ages if age is not None]
    return SourceStatus(
        state=chosen.state,
        as_of=min(known) if len(known) == len(ages) else None,
        reason=chosen.reason,
        kind=chosen.kind,
        retry_at=chosen.retry_at,
    )


def suspicious(known: int, gone: int) -> bool:
    """Whether losing `gone` of `known` resources at once looks like a fault: more than half, and more than ten."""
    return gone > _ALARMING and gone * 2 > known


def wait(tries: int, random: Random, asked: float | None = None) -> int:
    """Seconds until the next try after `tries` failed ones: doubling, within an hour, with jitter, never below `asked`."""
    own = min(LONGEST_WAIT, _FIRST_WAIT * 2 ** min(tries, 10)) * random.uniform(0.9, 1.1)
    return int(max(min(own, LONGEST_WAIT), asked or 0)) + 1
