"""What the first frame says of dates: names of days, months and cities, in the languages the program speaks.

`resources/dates/names.json` holds what Babel answers for them; a test compares every entry. Babel itself, with its data of a
whole language, loads longer than the week takes to be read and painted: it is asked for whatever stands here not.
"""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any

from calmerge_desktop import resources
from calmerge_desktop.core import texts

DAY = 86_400


def locale_name() -> str:
    """The locale of dates and numbers: the language, for English in its day-month, 24-hour form."""
    return {"en": "en_GB"}.get(texts.language(), texts.language())


def clock(seconds: int) -> str:
    """Wall seconds since midnight as `09:45`; 24:00 is midnight again."""
    hours, minutes = divmod(seconds % DAY // 60, 60)
    return f"{hours:02d}:{minutes:02d}"


def weekday(weekday: int, width: str = "wide") -> str:
    """The name of a weekday, 0 is Monday; `width` is `wide`, `abbreviated`, `short` or `narrow`."""
    return str(_names()["weekdays"][width][weekday])


def month(month: int) -> str:
    """The name of a month, 1 is January."""
    return str(_names()["months"][month - 1])


def month_title(day: date) -> str:
    """`November 2026`."""
    return f"{month(day.month)} {day.year}"


def day_month(day: date) -> str:
    """`3 Nov`, in German `3. Nov.` with its point."""
    return str(_names()["day_month"][day.month - 1]).format(day=day.day)


def first_weekday() -> int:
    """What the language begins a week with; 0 is Monday."""
    return int(_names()["first_weekday"])


@lru_cache(maxsize=256)
def _city(tzid: str, locale: str) -> str:
    if tzid in ("UTC", "Etc/UTC"):
        return "UTC"
    return str(_read()[locale]["cities"].get(tzid) or tzid.rsplit("/", 1)[-1].replace("_", " "))


def city(tzid: str) -> str:
    """The city a zone is named after, in the person's language: `Berlin`, `New York`."""
    return _city(tzid, locale_name())


def _names() -> dict[str, Any]:
    found: dict[str, Any] = _read()[locale_name()]
    return found


@lru_cache(maxsize=1)
def _read() -> dict[str, dict[str, Any]]:
    read: dict[str, dict[str, Any]] = json.loads(resources.path("dates/names.json").read_text(encoding="utf-8"))
    return read
