"""The thread that keeps pages of open times right while the program runs."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calmerge_desktop.app import pages
from calmerge_desktop.app.lock import ProfileLock
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.errors import Busy
from calmerge_desktop.core.model import CalendarId, Draft, Stamp
from calmerge_desktop.core.ports import Listener
from calmerge_desktop.core.proposal.offer import Offer, decode

_HOURS = (((0, 1440),),) * 7


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr(pages, "_SETTLE", 0.05)
    opened = Profile.open(str(tmp_path / "home"))
    opened.settings = replace(opened.settings, zone="Europe/Berlin")  # whatever this machine's is
    fields = {"name": "Lena", "path": str(tmp_path / "own"), "address": "lena@example.test"}
    opened.desk.accounts.add("local", fields)
    yield opened
    opened.close()


def published(profile: Profile, folder: Path) -> Offer:
    link = profile.desk.links.keep(Link(title="Talk", slug="talk", minutes=(60,), hours=_HOURS, minimum_notice=0))
    profile.desk.publishing.publish(link, str(folder))
    return shown(folder)


def shown(folder: Path) -> Offer:
    found = re.search(r'data-offer="([^"]+)"', (folder / "talk.html").read_text(encoding="utf-8"))
    assert found
    return decode(found[1])


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "never"
        time.sleep(0.02)


def add_event(profile: Profile, start: int) -> None:
    at = datetime.fromtimestamp(start, UTC)
    where = CalendarId(profile.store.calendars()[0].id)
    stamps = [Stamp(one.replace(tzinfo=None), "UTC") for one in (at, at + timedelta(hours=1))]
    profile.desk.events.add(Draft(calendar=where, summary="Dentist", start=stamps[0], end=stamps[1]))


def test_the_background_work_keeps_pages(profile: Profile, tmp_path: Path) -> None:
    """From the first synchronisation on, and after each edit; it ends with the work."""
    before = published(profile, tmp_path / "web")
    stop = threading.Event()
    work = profile.loop()
    quiet = Listener(changed=lambda _c: None, progress=lambda _p: None, idle=lambda: None)
    thread = threading.Thread(target=work.run, args=(stop, quiet))
    thread.start()
    try:
        add_event(profile, before.starts[3])
        work.push()
        until(lambda: before.starts[3] not in shown(tmp_path / "web").starts)
        assert before.starts[4] in shown(tmp_path / "web").starts
    finally:
        stop.set()
        work.cancel()
        thread.join(30)
    assert not thread.is_alive()
    assert not any(one.name == "calmerge-pages" for one in threading.enumerate())


def test_an_offer_is_made_anew_before_it_grows_old(profile: Profile, tmp_path: Path) -> None:
    """A day later the times are the same, and the page stands for three more days."""
    real = profile.clock
    before = published(profile, tmp_path / "web")
    profile.clock = lambda: real() + 20 * 3600
    later = Profile.__dict__["desk"].func(profile)  # a desk with that clock
    later.publishing.refresh()
    assert shown(tmp_path / "web").id != before.id  # the day moved on: other times
    second = shown(tmp_path / "web")
    assert second.expires > before.expires
    later.publishing.refresh()
    assert shown(tmp_path / "web").id == second.id


def test_two_never_write_at_once(profile: Profile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The second says so, and changes nothing."""
    before = published(profile, tmp_path / "web")
    monkeypatch.setattr(pages, "_WAIT", 0.1)
    other = ProfileLock(profile.folders.data / "pages.lock")
    other.acquire()
    try:
        with pytest.raises(Busy):
            profile.pages.once()
    finally:
        other.release()
    assert shown(tmp_path / "web").id == before.id
    profile.pages.once()


def test_a_page_says_until_when_it_is_known_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hours after a source became unreadable the page shows no time, and the hour at which it was read last."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    clock = [int(time.time())]
    profile = Profile.open(str(tmp_path / "home"), clock=lambda: clock[0])
    profile.settings = replace(profile.settings, zone="Europe/Berlin")
    quiet = Listener(changed=lambda _c: None, progress=lambda _p: None, idle=lambda: None)

    def sync() -> None:
        profile.engine().run_once(None, full=False, stop=threading.Event(), listener=quiet)

    try:
        fields = {"name": "Lena", "path": str(tmp_path / "own"), "address": "lena@example.test"}
        profile.desk.accounts.add("local", fields)
        file = tmp_path / "other.ics"
        file.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n")
        profile.desk.accounts.add("feed", {"url": str(file)})
        sync()
        good = clock[0]
        assert len(published(profile, tmp_path / "web").starts) > 10
        clock[0] += 5 * 3600
        file.unlink()
        sync()
        profile.desk.publishing.refresh()
        closed = shown(tmp_path / "web")
        assert closed.starts == ()
        assert closed.created == good // 60 * 60
        assert closed.expires > clock[0]
    finally:
        profile.close()
