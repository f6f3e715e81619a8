from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from calmerge_desktop.core.errors import BadInput, UnreadableCalendar
from calmerge_desktop.core.model import Account, AccountId
from calmerge_desktop.sync import registry
from calmerge_desktop.sync.http import never
from tests.provider_contract import ics


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("webcal://example.test/a.ics", "https://example.test/a.ics"),
        ("webcals://example.test/a.ics", "https://example.test/a.ics"),
        ("https://example.test/a.ics?key=1", "https://example.test/a.ics?key=1"),
        ("http://example.test/a.ics", "http://example.test/a.ics"),
        ("webcal://127.0.0.1:8000/a.ics", "http://127.0.0.1:8000/a.ics"),
        (" HTTPS://Example.test/a.ics ", "https://example.test/a.ics"),
    ],
)
def test_a_feed_address_in_one_spelling(typed: str, url: str) -> None:
    """Webcal means https, except on this machine."""
    assert registry.prepare("feed", {"url": typed}).config == {"url": url}


def test_a_password_in_an_address_never_reaches_the_config() -> None:
    """It is handed over apart, and not shown."""
    found = registry.prepare("feed", {"url": "https://lena:s3cret@example.test/a.ics"})
    assert found.config == {"url": "https://example.test/a.ics", "user": "lena"}
    assert found.secret == "s3cret"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("feed", {"url": "ftp://example.test/a.ics"}),
        ("feed", {"url": "/no/such/file.ics"}),
        ("feed", {}),
        ("feed", {"url": "https://"}),
        ("feed", {"url": "https://exa mple.test/"}),
        ("caldav", {"url": "https://example.test/"}),
        ("caldav", {"url": "https://example.test/", "user": "l", "colour": "red"}),
        ("local", {"path": "/tmp", "address": "nobody"}),
        ("carrier-pigeon", {"url": "x"}),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(kind: str, fields: dict[str, str]) -> None:
    """One clear sentence, before anything is stored."""
    with pytest.raises(BadInput) as caught:
        registry.prepare(kind, fields)
    assert caught.value.message.endswith(".")


def test_caldav_takes_hosts_mail_domains_and_loopback() -> None:
    """Https unless it is this machine or the person typed http."""
    for typed, url in (
        ("example.test", "https://example.test/"),
        ("lena@example.test", "https://example.test/"),
        ("localhost:5232", "http://localhost:5232/"),
        ("http://nas.example.test/dav", "http://nas.example.test/dav"),
    ):
        found = registry.prepare("caldav", {"url": typed, "user": "Lena@example.test", "password": " p "})
        assert (found.config["url"], found.secret, found.address) == (url, " p ", "lena@example.test")


def test_a_path_becomes_a_calendar(tmp_path: Path) -> None:
    """A file, a folder, and a file that is no calendar."""
    path = tmp_path / "müller team.ics"
    path.write_text(ics("a"))
    for typed in (str(path), path.as_uri(), str(tmp_path)):
        found = registry.prepare("feed", {"url": typed})
        account = Account(id=AccountId("a"), provider=found.provider, name=found.name, config=found.config)
        provider = registry.open_provider(account, None)
        assert len(provider.calendars(never)) == 1
        provider.close()
    (tmp_path / "page.ics").write_text("<html></html>")
    with pytest.raises(UnreadableCalendar):
        registry.prepare("feed", {"url": str(tmp_path / "page.ics")})


def test_the_registry_loads_no_adapter() -> None:
    """Start-up pays for what is used only."""
    code = (
        "import sys, calmerge_desktop.sync.registry; print([m for m in sys.modules if 'providers.' in m or m == 'httpx2'])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_every_kind_has_a_label() -> None:
    """For the dialog and for sentences."""
    assert all(kind.label() for kind in registry.kinds().values())
