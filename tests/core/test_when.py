"""Where the person's zone comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from tzlocal import get_localzone_name

from calmerge_desktop.core import when


@pytest.mark.parametrize("named", ["Europe/Berlin", "UTC", "Asia/Kathmandu"])
def test_the_environment_names_the_zone(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it does for every program."""
    monkeypatch.setenv("TZ", named)
    assert when.system_tzid() == named


@pytest.mark.parametrize("named", [":Europe/Berlin", "", None])
def test_whatever_is_not_plain_is_left_to_who_knows_all_systems(named: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same answer as tzlocal gives."""
    if named is None:
        monkeypatch.delenv("TZ", raising=False)
    else:
        monkeypatch.setenv("TZ", named)
    assert when.system_tzid() == get_localzone_name()


@pytest.mark.parametrize(
    ("linked", "noted", "found"),
    [
        ("/usr/share/zoneinfo/Europe/Berlin", None, "Europe/Berlin"),
        ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin\n", "Europe/Berlin"),
        ("../var/db/timezone/zoneinfo/Asia/Tokyo", None, "Asia/Tokyo"),
        ("/usr/share/zoneinfo/Europe/Berlin", "America/New_York\n", None),
        ("/usr/share/elsewhere", None, ""),
        (None, "Europe/Berlin\n", None),
    ],
)
def test_a_link_names_the_zone_unless_a_note_disagrees(
    linked: str | None, noted: str | None, found: str | None, tmp_path: Path
) -> None:
    """Then somebody who knows the system has to decide."""
    if linked is not None:
        (tmp_path / "localtime").symlink_to(linked)
    if noted is not None:
        (tmp_path / "timezone").write_text(noted, encoding="ascii")
    assert when._linked_tzid(tmp_path) == found
