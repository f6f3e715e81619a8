"""The two servers, each in a process of its own: `python -m benchmarks.wire.servers google|caldav FOLDER EVENTS`.

Prints one JSON object with what a client needs, then answers each line on its input: `change N` lets somebody else change N
events and prints `done`. Ends with its input.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2

from tests.servers.caldav import PASSWORD, USER, radicale
from tests.servers.google import GoogleServer

_BEGIN = datetime(2024, 1, 1, 8, tzinfo=UTC)
SCOPES = ("calendar.calendarlist.readonly", "calendar.events")


def google(events: int) -> tuple[dict[str, object], Callable[[int], None]]:
    """Events in the primary calendar, one in twenty a series."""
    server = GoogleServer()
    primary = server.state.primary
    for number in range(events):
        start = _BEGIN + timedelta(hours=number)
        more = {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=10"]} if number % 20 == 0 else {}
        primary.put(
            f"bench{number:06d}",
            summary=f"Event {number}",
            description="Some words about what it is for. " * 3,
            start={"dateTime": start.isoformat(), "timeZone": "Europe/Berlin"},
            end={"dateTime": (start + timedelta(minutes=45)).isoformat(), "timeZone": "Europe/Berlin"},
            **more,
        )
    refresh = server.state.sign_in(*(f"https://www.googleapis.com/auth/{name}" for name in SCOPES), "openid")
    turn = 0

    def change(count: int) -> None:
        nonlocal turn
        turn += 1
        for number in range(count):
            primary.put(f"bench{(number * 37) % events:06d}", summary=f"Changed {turn}.{number}")

    token = server.state._access(server.state.grants[refresh])["access_token"]  # noqa: SLF001
    return {"url": server.url, "refresh": refresh, "client": server.client(), "token": token}, change


def caldav(folder: Path, events: int) -> tuple[dict[str, object], Callable[[int], None]]:
    """One collection, its resources put there as files before the server looks."""
    server = radicale(folder)
    url = server.make_calendar("work")
    place = folder / "collections" / "collection-root" / USER / "work"

    def text_of(number: int, title: str) -> str:
        start = _BEGIN + timedelta(hours=number)
        rule = "RRULE:FREQ=WEEKLY;COUNT=10\r\n" if number % 20 == 0 else ""
        return (
            f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:bench\r\nBEGIN:VEVENT\r\nUID:bench{number:06d}\r\n"
            f"DTSTAMP:20240101T000000Z\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDURATION:PT45M\r\nSUMMARY:{title}\r\n"
            f"{rule}DESCRIPTION:{'Some words about what it is for. ' * 3}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )

    for number in range(events):  # as files, which is how Radicale keeps them: by PUT it takes minutes
        (place / f"bench{number:06d}.ics").write_bytes(text_of(number, f"Event {number}").encode())
    for method, where, depth in (
        ("GET", url, "0"),
        ("PROPFIND", server.home, "1"),
    ):  # it reads files once, for nobody's time
        httpx2.request(method, where, headers={"Depth": depth}, auth=(USER, PASSWORD), timeout=600, trust_env=False)
    turn = 0

    def change(count: int) -> None:
        nonlocal turn
        turn += 1
        for number in range(count):
            at = (number * 37) % events
            kind = {"Content-Type": "text/calendar"}
            server.request("PUT", f"{url}bench{at:06d}.ics", text_of(at, f"Changed {turn}.{number}"), **kind)

    return {"url": server.url, "collection": url, "user": USER, "password": PASSWORD, "pid": server.process.pid}, change  # type: ignore[union-attr]


def main() -> None:
    """See the module."""
    kind, folder, events = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    facts, change = google(events) if kind == "google" else caldav(folder, events)
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        change(int(line.split()[1]))
        time.sleep(0.01)
        print("done", flush=True)
    if "pid" in facts:
        import os
        import signal

        os.kill(int(str(facts["pid"])), signal.SIGTERM)


if __name__ == "__main__":
    main()
