"""The ways to link a source, before anything is asked of a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from calmerge_desktop.ui.linking.kinds import ICLOUD, adding, kind, problems


def test_icloud_knows_its_server_and_the_address() -> None:
    """The person types only the account and the app password."""
    provider, fields, secret = adding(kind("icloud"), {"user": "lena@icloud.com", "password": "abcd"})
    assert (provider, secret) == ("caldav", "abcd")
    assert fields == {"user": "lena@icloud.com", "url": ICLOUD, "name": "iCloud", "address": "lena@icloud.com"}


@pytest.mark.parametrize("url", ["https://a.example/c.ics", "webcal://a.example/c.ics", "cloud.example", "localhost:8080"])
def test_an_address_may_be_short(url: str) -> None:
    """A host is enough; https is meant."""
    assert problems(kind("feed"), {"url": url}) == {}


@pytest.mark.parametrize("url", ["nonsense", "ftp://a.example/c.ics", "https://a b.example"])
def test_what_is_no_address_is_said_so(url: str) -> None:
    """With what one looks like."""
    assert "https://" in problems(kind("feed"), {"url": url})["url"]


def test_a_file_must_be_there(tmp_path: Path) -> None:
    """And its path is handed on whole."""
    assert "path" in problems(kind("file"), {"path": str(tmp_path / "no.ics")})
    assert problems(kind("file"), {"path": str(tmp_path)}) == {}
    assert adding(kind("file"), {"path": str(tmp_path)})[1] == {"url": str(tmp_path)}


def test_a_password_is_never_among_the_fields() -> None:
    """It is the secret and nothing else."""
    _provider, fields, secret = adding(kind("caldav"), {"url": "a.example", "user": "lena", "password": "s3cret"})
    assert "s3cret" not in fields.values()
    assert secret == "s3cret"
