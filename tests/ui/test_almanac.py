"""The names for the first frame are what Babel says."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

import pytest
from babel import Locale, dates

from calmerge_desktop import resources
from calmerge_desktop.core import texts
from calmerge_desktop.ui import almanac

BOTH = pytest.mark.parametrize("language", texts.LANGUAGES)


@pytest.fixture(autouse=True)
def _language(language: str) -> object:
    texts.choose(language, resources.path("i18n"))
    yield
    texts.choose("en", resources.path("i18n"))


@BOTH
def test_days_and_months_are_babels(language: str) -> None:
    """Every name and every date of a year."""
    del language
    locale = almanac.locale_name()
    for width in ("wide", "abbreviated", "short", "narrow"):
        names = dates.get_day_names(width, "stand-alone", locale)
        assert [almanac.weekday(day, width) for day in range(7)] == [names[day] for day in range(7)]
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert almanac.day_month(day) == dates.format_skeleton("MMMd", day, locale=locale)
        assert almanac.month_title(day) == dates.format_skeleton("yMMMM", day, locale=locale)
        assert almanac.month(day.month) == dates.get_month_names("wide", "stand-alone", locale)[day.month]
    assert almanac.first_weekday() == Locale.parse(locale).first_week_day


@BOTH
def test_every_minute_is_babels(language: str) -> None:
    """24 hours, and midnight again."""
    del language
    from datetime import time

    for minute in range(24 * 60):
        at = time(minute // 60, minute % 60)
        assert almanac.clock(minute * 60) == dates.format_time(at, "short", locale=almanac.locale_name())
    assert almanac.clock(86_400) == "00:00"


@BOTH
def test_cities_are_babels(language: str) -> None:
    """Of every zone there is data for."""
    del language
    locale, wrong = almanac.locale_name(), []
    for tzid in sorted(available_timezones() - {"UTC", "Etc/UTC"}):
        try:
            said = dates.get_timezone_location(dates.get_timezone(tzid), locale=locale, return_city=True)
        except LookupError:
            said = tzid.rsplit("/", 1)[-1].replace("_", " ")
        if almanac.city(tzid) != said:
            wrong.append((tzid, said))
    assert wrong == []
