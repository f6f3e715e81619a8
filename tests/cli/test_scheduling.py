"""Servers that send invitations themselves are recognised, and then nobody gets anything twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.servers import caldav as servers
from tests.servers import cyrus
from tests.servers.caldav import PASSWORD, USER
from tests.servers.cyrus import CyrusServer

BERLIN = ("--tz", "Europe/Berlin")
WEEK = ("--from", "2027-11-22", "--to", "2027-11-29", *BERLIN)
needs_cyrus = pytest.mark.skipif(bool(cyrus.missing()), reason=cyrus.missing() or "-")


@pytest.fixture(scope="module")
def server() -> Iterator[CyrusServer]:
    made = CyrusServer()
    yield made
    made.stop()


class Person:
    """Somebody whose calendar is at the server, and who has no mailbox in this program."""

    def __init__(self, name: str, run: Calmerge, server: CyrusServer) -> None:
        self.name, self.run, self.server = name, run, server
        run.ok("account", "add", "caldav", server.url, "--user", name, "--password-stdin", stdin=f"{name}\n")
        self.sync()

    def sync(self) -> None:
        (account,) = self.run.ok("sync")["accounts"]
        assert account["state"] == "fresh", account

    def events(self) -> list[Any]:
        self.sync()
        return list(self.run.ok("agenda", *WEEK)["instances"])

    def days(self) -> list[tuple[str, str]]:
        return [(one["start"], one["status"]) for one in self.events()]

    def answers(self) -> dict[str, str]:
        return {one["address"].partition("@")[0]: one["partstat"] for one in self.events()[0]["attendees"]}

    def letters(self) -> int:
        return len(self.run.ok("mail", "outbox")["letters"])


@pytest.fixture
def people(server: CyrusServer, at_home: Callable[[str], Calmerge]) -> list[Person]:
    return [Person(name, at_home(name), server) for name in cyrus.NAMES]


def _agree(people: list[Person], days: list[tuple[str, str]]) -> None:
    assert {one.name: one.days() for one in people} == {one.name: days for one in people}


class Inboxes:
    """The scheduling messages that the server ever put into inboxes: it takes old ones out, and leaves some changes out."""

    def __init__(self, server: CyrusServer) -> None:
        self._server = server
        self._seen: dict[str, set[str]] = {name: set() for name in cyrus.NAMES}

    def gained(self) -> dict[str, int]:
        """How many since it was asked last."""
        found = {}
        for name, seen in self._seen.items():
            now = set(self._server.texts(name, "Inbox"))
            found[name] = len(now - seen)
            seen.update(now)
        return found


@needs_cyrus
def test_three_people_at_one_server(people: list[Person], server: CyrusServer) -> None:
    """Invited, accepted, declined, moved, one occurrence and then all cancelled: one message per change and guest."""
    alice, bob, carol = people
    inboxes = Inboxes(server)
    event = alice.run.ok(
        "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", "--end", "2027-11-23T11:00", *BERLIN,
        "--rrule", "FREQ=DAILY;COUNT=3", "--attendee", "bob@example.test", "--attendee", "carol@example.test",
    )["event"]["id"]  # fmt: skip
    assert alice.run.ok("invite", event, "--send")["invitation"]["by_server"]
    alice.sync()
    at_ten = [(f"2027-11-{day}T10:00:00+01:00", "confirmed") for day in (23, 24, 25)]
    _agree(people, at_ten)
    assert inboxes.gained() == {"alice": 0, "bob": 1, "carol": 1}

    for person, answer in ((bob, "accept"), (carol, "decline")):
        id = person.events()[0]["id"].partition("@")[0]
        assert person.run.ok("rsvp", id, answer)["answer"]["by_server"]
        person.sync()
    assert alice.answers() == {"bob": "accepted", "carol": "declined"}
    assert inboxes.gained() == {"alice": 2, "bob": 0, "carol": 0}

    alice.run.ok(
        "event", "edit", event, "--start", "2027-11-23T14:00", "--end", "2027-11-23T15:00", *BERLIN, "--scope", "all"
    )
    at_two = [(f"2027-11-{day}T14:00:00+01:00", "confirmed") for day in (23, 24, 25)]
    _agree(people, at_two)
    assert max(inboxes.gained().values()) <= 1

    second = alice.events()[1]["id"]
    alice.run.ok("invite", second, "--cancel", "--scope", "this", "--send")
    alice.sync()
    first_and_last = [at_two[0][0], at_two[2][0]]
    for person in people:
        assert [start for start, status in person.days() if status == "confirmed"] == first_and_last, person.name
    assert max(inboxes.gained().values()) <= 1

    alice.run.ok("invite", event, "--cancel", "--send")
    alice.sync()
    for person in people:
        assert [start for start, status in person.days() if status == "confirmed"] == [], person.name
    assert max(inboxes.gained().values()) <= 1
    assert [one.letters() for one in people] == [0, 0, 0]


@pytest.mark.parametrize("schedules", [True, False])
def test_a_server_says_whether_it_schedules(calmerge: Calmerge, tmp_path: Path, schedules: bool) -> None:
    """By its DAV header, asked when the account is linked and with every sync; else the program writes the mails itself."""
    config = tmp_path / "server"
    config.mkdir()
    server = servers.radicale(config, dav="1, 3, calendar-access, calendar-auto-schedule" if schedules else "")
    try:
        server.make_calendar("Work")
        calmerge.ok(
            "account", "add", "caldav", server.url, "--user", USER, "--password-stdin", "--address", "me@example.test",
            stdin=PASSWORD + "\n",
        )  # fmt: skip
        event = calmerge.ok(
            "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", *BERLIN, "--attendee", "bob@example.test"
        )["event"]["id"]
        assert calmerge.ok("invite", event, "--send")["invitation"]["by_server"] is schedules
        assert len(calmerge.ok("mail", "outbox")["letters"]) == (0 if schedules else 1)
    finally:
        server.stop()


def test_a_server_that_begins_to_schedule_is_noticed(calmerge: Calmerge, tmp_path: Path) -> None:
    """It was rebuilt since the account was linked; the address the person gave stays."""
    config = tmp_path / "server"
    config.mkdir()
    server = servers.radicale(config)
    try:
        server.make_calendar("Work")
        calmerge.ok(
            "account", "add", "caldav", server.url, "--user", USER, "--password-stdin", "--address", "me@example.test",
            stdin=PASSWORD + "\n",
        )  # fmt: skip
        server.stop()
        with (config / "config").open("a") as more:
            more.write("[headers]\nDAV = 1, calendar-access, calendar-auto-schedule\n")
        server.start()
        calmerge.ok("sync")
        event = calmerge.ok(
            "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", *BERLIN, "--attendee", "bob@example.test"
        )["event"]["id"]
        assert calmerge.ok("invite", event)["invitation"]["by_server"]
        assert calmerge.ok("account", "list")["accounts"][0]["address"] == "me@example.test"
    finally:
        server.stop()
