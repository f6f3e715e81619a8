"""Hours of a day as a person types or paints them, and the places whose public holidays are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from calmerge_desktop.core.availability.schedule import Hours, check_hours, parse_hours, span_text

DAY = 1440
_BETWEEN = re.compile(r"[,;\s]+")


def day_from_text(text: str) -> Hours:
    """`09:00–12:00, 13:00–17:00` as minutes of the day; nothing typed: closed. Raises `BadInput`."""
    joined = re.sub(r"\s*[-–]\s*", "-", text.strip())
    hours = tuple(sorted(parse_hours(part) for part in _BETWEEN.split(joined) if part.strip()))
    check_hours(hours)
    return hours


def day_to_text(hours: Hours) -> str:
    """What `day_from_text` reads."""
    return ", ".join(span_text(*span).replace("-", "–") for span in hours)


def with_span(hours: Hours, low: int, high: int) -> Hours:
    """`hours` and `[low, high)`, spans that touch made one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted((*hours, (max(low, 0), min(high, DAY)))):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        elif start < end:
            out.append((start, end))
    return tuple(out)


def without_span(hours: Hours, low: int, high: int) -> Hours:
    """`hours` but for `[low, high)`."""
    out: list[tuple[int, int]] = []
    for start, end in hours:
        out += [part for part in ((start, min(end, low)), (max(start, high), end)) if part[0] < part[1]]
    return tuple(out)


@lru_cache(maxsize=4)
def holiday_countries(spoken: str) -> Mapping[str, str]:
    """Countries with a list of public holidays: ISO 3166 code -> name in the language `spoken`, by name.

    Takes about a second the first time: not for the GUI thread.
    """
    import holidays
    from babel import Locale

    names = Locale.parse(spoken).territories
    found = {code: names.get(code, code) for code in holidays.list_supported_countries(include_aliases=False)}
    return dict(sorted(found.items(), key=lambda one: one[1]))


@lru_cache(maxsize=64)
def holiday_regions(country: str) -> Mapping[str, str]:
    """Regions of a country with holidays of their own: code -> name, by name; empty when there are none."""
    import holidays

    try:
        found = holidays.country_holidays(country, years=2026)
    except NotImplementedError:
        return {}
    named = {code: name for name, code in getattr(found, "subdivisions_aliases", {}).items()}
    return dict(sorted(((code, named.get(code, code)) for code in found.subdivisions), key=lambda one: one[1]))
