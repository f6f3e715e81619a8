"""The person's settings: one frozen dataclass, kept as JSON beside the database.

Unknown keys of a newer version are kept on save; a value of the wrong type falls back to its default and is reported,
never a reason not to start.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from calmerge_desktop.core.records import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every field has a default that is right for most people."""

    language: str = ""
    """`de`, `en`, or empty: what the system says."""
    theme: str = "system"
    """`light`, `dark` or `system`."""
    zone: str = ""
    """IANA name of the person's zone; empty: the system's."""
    second_zone: str = ""
    """IANA name of the second time column; empty: none."""
    week_start: int = -1
    """0 Monday … 6 Sunday; -1: as the language has it."""
    day_begins: int = 9
    """First working hour; earlier is painted as off-hours."""
    day_ends: int = 18
    """End of the working day, exclusive."""
    feed_minutes: int = 60
    """How often a feed that says nothing itself is read."""
    caldav_minutes: int = 5
    """How often a CalDAV account is read."""
    files_minutes: int = 1
    """How often local files are looked at."""
    page_url: str = ""
    """Where the guest's page lies in the web, for links in proposals; empty: answers come by mail."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys this version does not know; written back untouched."""


_DEFAULTS = Settings()
_WEEK = 7 * 24 * 60
_RANGES = {
    "week_start": (-1, 6),
    "day_begins": (0, 23),
    "day_ends": (1, 24),
    "feed_minutes": (1, _WEEK),
    "caldav_minutes": (1, _WEEK),
    "files_minutes": (1, _WEEK),
}


def from_json(text: str) -> tuple[Settings, list[str]]:
    """Settings out of JSON `text`, and the names of the fields whose value was unusable (empty text: all defaults)."""
    try:
        raw = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return _DEFAULTS, ["settings.json"]
    if not isinstance(raw, dict):
        return _DEFAULTS, ["settings.json"]
    known = {*Settings.__slots__} - {"extra"}
    good: dict[str, Any] = {}
    bad: list[str] = []
    for name in known & raw.keys():
        if type(raw[name]) is type(getattr(_DEFAULTS, name)) and _in_range(name, raw[name]):
            good[name] = raw[name]
        else:
            bad.append(name)
    return replace(_DEFAULTS, **good, extra={k: v for k, v in raw.items() if k not in known}), sorted(bad)


def _in_range(name: str, value: Any) -> bool:
    if isinstance(value, str):
        return value.isprintable()  # no lone surrogates, no line breaks
    low, high = _RANGES.get(name, (value, value))
    return bool(low <= value <= high)


def to_json(settings: Settings) -> str:
    """The fields that differ from their default, and every key we did not know."""
    out = dict(settings.extra)
    for name in Settings.__slots__:
        value = getattr(settings, name)
        if name != "extra" and value != getattr(_DEFAULTS, name):
            out[name] = value
    return json.dumps(out, indent=2, sort_keys=True) + "\n"
