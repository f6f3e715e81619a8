"""Zones read from their data files, held against probing them week by week."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from calmerge_desktop.core import zones
from calmerge_desktop.core.zones import Zone, from_tzinfo, iana, zone_changes

_NAMES = (
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Caracas", "Africa/Casablanca", "Asia/Jerusalem",
    "Asia/Gaza", "Antarctica/Troll", "America/Nuuk", "America/Santiago", "Africa/Cairo", "Pacific/Auckland",
    "Asia/Kolkata", "Asia/Pyongyang", "Australia/Lord_Howe", "Pacific/Apia", "America/Argentina/San_Luis", "Etc/GMT+5",
)  # fmt: skip


def _table(zone: Zone) -> list[tuple[int, int]]:
    return list(zip(zone.starts, zone.offsets, strict=True))


@pytest.mark.parametrize("name", _NAMES)
def test_the_file_gives_what_probing_gives(name: str) -> None:
    """All changes with their offsets: daylight saving, Ramadan, half hours, a skipped day, none at all."""
    assert _table(iana(name)) == _table(from_tzinfo(name, ZoneInfo(name)))


def test_an_offset_kept_for_less_than_a_week_is_in_the_file() -> None:
    """Freetown, September 1939: probing steps over it."""
    tz = ZoneInfo("Africa/Freetown")
    assert set(_table(from_tzinfo(None, tz))) < set(_table(iana("Africa/Freetown")))


def test_a_file_that_cannot_be_read_is_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A data file of an unknown form costs time, nothing else."""
    monkeypatch.setattr(zones, "_zone_file", lambda _name: b"TZif2")
    assert zone_changes("Europe/Berlin") == ()
    assert _table(zones.from_tzinfo(None, ZoneInfo("Europe/Berlin"))) == _table(iana("Europe/Berlin"))


def test_the_package_serves_where_the_system_has_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """As `zoneinfo` itself does; its files may end earlier, where the yearly rule begins."""
    there = _table(iana("Europe/Berlin"))
    monkeypatch.setattr(zones, "TZPATH", ())
    changes = zone_changes("Europe/Berlin")
    assert changes
    assert _table(from_tzinfo(None, ZoneInfo("Europe/Berlin"), changes)) == there
