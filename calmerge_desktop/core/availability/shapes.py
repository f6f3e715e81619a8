"""Values as people type them, in TOML, on the command line and in JSON, one function a shape.

Each takes the name of the setting, for the sentence, and what stands there. All raise `BadInput`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from calmerge_desktop.core.availability.schedule import WEEKDAYS, Hours, parse_hours, span_text
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _

_DURATION = re.compile(r"^(?:(\d+)w)?\s*(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m(?:in)?)?$")
_ISO = re.compile(r"^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$")


def text(name: str, value: Any) -> str:
    """Words."""
    if not isinstance(value, str):
        raise BadInput(_("{name}: words are needed, not {value}.").format(name=name, value=str(value)[:40]))
    return value


def flag(name: str, value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadInput(_("{name}: true or false, not {value}.").format(name=name, value=str(value)[:40]))
    return value


def number(name: str, value: Any) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**7:
        raise BadInput(_("{name}: a number is needed, not {value}.").format(name=name, value=str(value)[:40]))
    return value


def words(name: str, value: Any) -> tuple[str, ...]:
    """A word, or a list of them."""
    many = [value] if isinstance(value, str) else value
    if not isinstance(many, list | tuple) or not all(isinstance(one, str) for one in many):
        raise BadInput(_("{name}: a list of words is needed.").format(name=name))
    return tuple(many)


def one_of(name: str, value: Any, known: Sequence[str]) -> str:
    """One of a few words."""
    if value not in known:
        raise BadInput(_("{name}: known are {names}.").format(name=name, names=", ".join(known)))
    return str(value)


def table(name: str, value: Any, known: Sequence[str]) -> Mapping[str, Any]:
    """Values by name, with no other names than these."""
    if not isinstance(value, Mapping) or set(value) - set(known):
        raise BadInput(_("{name}: known are {names}.").format(name=name, names=", ".join(sorted(known))))
    return value


def minutes(name: str, value: Any) -> int:
    """A length: a number of minutes, `15m`, `2h`, `1d`, or ISO 8601 (`PT15M`). Raises `BadInput`."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**7:
        return value
    if isinstance(value, str):
        typed = value.strip()
        if typed.isdigit() and len(typed) < 8:
            return int(typed)
        found = _DURATION.match(typed.lower()) or _ISO.match(typed.upper())
        if found and any(found.groups()) and all(len(part or "") < 7 for part in found.groups()):
            weeks, days, hours, rest = (int(part or 0) for part in found.groups())
            return int(timedelta(weeks=weeks, days=days, hours=hours, minutes=rest).total_seconds() // 60)
    raise BadInput(
        _("{name}: “{value}” is no length of time.").format(name=name, value=str(value)[:40]),
        hint=_("Use a form such as 15m, 2h, 1d, PT15M, or a number of minutes."),
    )


def hours_table(name: str, raw: Any) -> tuple[Hours, ...]:
    """`{mon = ["09:00-12:00"], …}` as a week. Raises `BadInput`."""
    if not isinstance(raw, Mapping) or (unknown := sorted(set(raw) - set(WEEKDAYS))):
        wrong = unknown[0] if isinstance(raw, Mapping) else str(raw)
        raise BadInput(_("{name}: “{value}” is no day.").format(name=name, value=wrong[:40]), hint=", ".join(WEEKDAYS))
    return tuple(day_hours(f"{name}.{day}", raw.get(day, [])) for day in WEEKDAYS)


def day_hours(name: str, raw: Any) -> Hours:
    """`["09:00-12:00", "13:00-17:00"]`. Raises `BadInput`."""
    if isinstance(raw, str):
        raw = [raw]
    if not isinstance(raw, Sequence) or not all(isinstance(one, str) for one in raw):
        raise BadInput(_("“{text}” are no hours.").format(text=name), hint=_("Use a form such as 09:00-17:00."))
    return tuple(sorted(parse_hours(one) for one in raw))


def hours_plain(week: Sequence[Hours]) -> dict[str, list[str]]:
    """A week as `hours_table` reads it."""
    return {day: [span_text(*span) for span in hours] for day, hours in zip(WEEKDAYS, week, strict=True) if hours}


def overrides_plain(overrides: Mapping[date, Hours]) -> list[dict[str, Any]]:
    """Dates with other hours as `overrides_table` reads them."""
    return [
        {"date": day.isoformat(), "hours": [span_text(*span) for span in hours]} for day, hours in sorted(overrides.items())
    ]


def overrides_table(name: str, raw: Any) -> dict[date, Hours]:
    """`[{date = 2026-12-24, hours = []}, …]`. Raises `BadInput`."""
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise BadInput(_("{name}: a list of dates with their hours is needed.").format(name=name))
    out: dict[date, Hours] = {}
    for one in raw:
        if not isinstance(one, Mapping) or "date" not in one:
            raise BadInput(_("{name}: a list of dates with their hours is needed.").format(name=name))
        out[a_date(name, one["date"])] = day_hours(name, one.get("hours", []))
    return out


def a_date(name: str, value: Any) -> date:
    """A date, or its ISO text. Raises `BadInput`."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise BadInput(_("{name}: “{value}” is no date.").format(name=name, value=str(value)[:40])) from error
