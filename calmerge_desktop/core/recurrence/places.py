"""Places of a series as text, for whole lists: a day and a time of day are written once and then remembered."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from calmerge_desktop.core.when import DAY, date_seconds, seconds_date

_YEAR_1000 = date_seconds(date(1000, 1, 1))


def written(marks: list[int], *, dates: bool, zulu: bool) -> list[str] | None:
    """Ascending seconds since 1970 as `20261124`, `20261124T090000` or `20261124T090000Z`; None when a year is too early."""
    if marks and marks[0] < _YEAR_1000:
        return None
    if dates:
        return [_day(mark // DAY) for mark in marks]
    end = "Z" if zulu else ""
    return [f"{_day(mark // DAY)}T{_time(mark % DAY)}{end}" for mark in marks]


@lru_cache(maxsize=8192)
def _day(day: int) -> str:
    return seconds_date(day * DAY).strftime("%Y%m%d").zfill(8)


@lru_cache(maxsize=512)
def _time(second: int) -> str:
    return f"{second // 3600:02}{second // 60 % 60:02}{second % 60:02}"
