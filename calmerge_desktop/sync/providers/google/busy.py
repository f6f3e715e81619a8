"""When other people are busy (`freebusy.query`): merged spans without words. What is not known is said so, never as free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from calmerge_desktop.core.ports import Stop
from calmerge_desktop.core.span import join
from calmerge_desktop.core.when import DAY
from calmerge_desktop.sync.abilities import BusySpans
from calmerge_desktop.sync.providers.google.api import Api

_MOST_CALENDARS = 50
_LONGEST = 60 * DAY
"""Seconds in one question; Google refuses much longer ones."""


def ask(api: Api, addresses: Sequence[str], low: int, high: int, stop: Stop) -> Mapping[str, BusySpans | None]:
    """Busy spans by address, as (start, end) instants in order; None where Google does not say."""
    found: dict[str, list[tuple[int, int]] | None] = {each: [] for each in addresses}
    for names in _chunks(list(found), _MOST_CALENDARS):
        for start in range(low, high, _LONGEST):
            body = {
                "timeMin": _rfc3339(start),
                "timeMax": _rfc3339(min(start + _LONGEST, high)),
                "timeZone": "UTC",
                "items": [{"id": each} for each in names],
                "calendarExpansionMax": _MOST_CALENDARS,
            }
            told = api.run(api.freebusy.query(body=body), stop).get("calendars") or {}
            for each in names:
                spans = _spans(told.get(each))
                before = found[each]
                found[each] = None if spans is None or before is None else before + spans
    return {each: None if spans is None else tuple(join(sorted(spans))) for each, spans in found.items()}


def _spans(said: Any) -> list[tuple[int, int]] | None:
    """One calendar's answer: status 200 may still hold an error for it."""
    if not isinstance(said, Mapping) or said.get("errors") or not isinstance(said.get("busy", []), list):
        return None
    try:
        return [(_instant(each["start"]), _instant(each["end"])) for each in said.get("busy", [])]
    except (KeyError, TypeError, ValueError):
        return None


def _chunks(names: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(names), size):
        yield names[start : start + size]


def _rfc3339(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
