"""Bad .ics files through the real command line: read, set aside, or refused with one sentence; the neighbour arrives."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.calendars import HEAD, TAIL, calendar, event
from tests.faults.conftest import Calmerge

GOOD = event("good", "good")


@dataclass
class Refused:
    """The whole file is no calendar."""

    sentence: str
    data: bytes


@dataclass
class Read:
    """The file is read: `shown` titles appear in the week, `aside` events are listed with their reason."""

    data: Callable[[], bytes] | bytes
    shown: set[str] = field(default_factory=lambda: {"good"})
    aside: str | None = None
    times: int = 1


def _dates() -> bytes:
    return calendar(GOOD, event("many", "many", "RDATE:" + ",".join(["20261124T090000Z"] * 1_000_000)))


REFUSED = {
    "empty": Refused("The file is empty.", b"  \r\n"),
    "truncated": Refused("ends in the middle", calendar(GOOD, event("b", "b"))[:-40]),
    "html": Refused("This is a web page, not a calendar.", b"<!DOCTYPE html><html><body>BEGIN:VCALENDAR</body></html>"),
    "noise": Refused("This is not an iCalendar file.", bytes(range(256)) * 40),
    "zeros": Refused("This is not an iCalendar file.", bytes(4096)),
}
READ = {
    "latin-1": Read(calendar(GOOD, event("l", "Grüße")).decode().encode("latin-1"), {"good", "Grüße"}),
    "bom": Read(codecs.BOM_UTF8 + calendar(GOOD)),
    "utf-16": Read(calendar(GOOD, event("l", "Grüße")).decode().encode("utf-16"), {"good", "Grüße"}),
    "utf-16 without a bom": Read(calendar(GOOD, event("l", "Grüße")).decode().encode("utf-16-le"), {"good", "Grüße"}),
    "carriage returns only": Read(calendar(GOOD).replace(b"\r\n", b"\r")),
    "line feeds only": Read(calendar(GOOD).replace(b"\r\n", b"\n")),
    "no start": Read(calendar(GOOD, event("n", "n", start=None)), aside="The event has no start."),
    "bad start": Read(calendar(GOOD, event("n", "n", start="DTSTART:tomorrow")), aside="“tomorrow” is no date or time."),
    "end before start": Read(calendar(GOOD, event("e", "e", "DTEND:20261124T080000Z")), {"good", "e"}),
    "endless seconds": Read(calendar(GOOD, event("s", "s", "RRULE:FREQ=SECONDLY")), aside="more often than every minute"),
    "endless seconds until far": Read(
        calendar(GOOD, event("s", "s", "RRULE:FREQ=SECONDLY;UNTIL=99990101T000000Z")), aside="more often than every minute"
    ),
    "seconds of a later month": Read(
        calendar(GOOD, event("s", "s", "RRULE:FREQ=SECONDLY;BYMONTH=12")), aside="more often than every minute"
    ),
    "a rule that never fires": Read(
        calendar(GOOD, event("s", "s", "RRULE:FREQ=SECONDLY;BYMINUTE=59;BYSETPOS=-2;COUNT=3")), {"good", "s"}
    ),
    "a rule for once a minute in seconds": Read(
        calendar(GOOD, event("s", "s", "RRULE:FREQ=SECONDLY;BYHOUR=9;BYMINUTE=0;BYSECOND=0")), {"good", "s"}
    ),
    "a million dates": Read(_dates, aside="more dates than can be meant"),
    "year 0001": Read(
        calendar(
            GOOD,
            event("y", "y", start="DTSTART:00010101T000000Z"),
            event("z", "z", start="DTSTART;TZID=Asia/Tokyo:00010101T000000"),
            event("r", "r", "RRULE:FREQ=YEARLY", start="DTSTART;VALUE=DATE:00011124"),
        ),
        {"good", "r"},
        aside="outside of any calendar",
        times=2,
    ),
    "year 9999": Read(
        calendar(
            GOOD,
            event("y", "y", "DTEND:99991231T235959Z"),
            event("z", "z", "RRULE:FREQ=DAILY;COUNT=4", start="DTSTART;TZID=America/New_York:99991230T230000"),
            event("d", "d", "RRULE:FREQ=DAILY", start="DTSTART;VALUE=DATE:99991231"),
        ),
        {"good", "y"},
        aside="outside of any calendar",
        times=2,
    ),
    "a length beyond all bounds": Read(calendar(GOOD, event("w", "w", "DURATION:P99999999999999999999W")), aside="date"),
    "one uid for two events": Read(calendar(event("u", "one"), event("u", "two"), GOOD), {"one", "two", "good"}),
    "the same event twice": Read(calendar(GOOD, GOOD)),
    "unknown component": Read(calendar(b"BEGIN:X-THING\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:X-THING\r\n", GOOD)),
    "nested in an event": Read(
        calendar(event("n", "n", "BEGIN:X-THING", "SUMMARY:inner", "END:X-THING"), GOOD), {"good", "n"}
    ),
    "nested calendar": Read(calendar(calendar(GOOD), GOOD)),
    "deeply nested": Read(calendar(GOOD) + HEAD + b"BEGIN:A\r\n" * 20_000 + b"END:A\r\n" * 20_000 + TAIL),
    "nul bytes": Read(calendar(GOOD, event("0", "a\0b")), {"good", "a\0b"}),
    "lines of 1 MB": Read(calendar(GOOD, event("m", "m", "DESCRIPTION:" + "x" * 1_000_000)), {"good", "m"}),
    "a megabyte of spaces": Read(calendar(GOOD, event("m" + " " * 1_000_000 + "m", "m")), {"good", "m"}),
    "a megabyte of parameters": Read(calendar(GOOD, event("m", "m", "ATTENDEE" + ";X=y" * 250_000 + ":x")), {"good", "m"}),
    "a megabyte of quotes": Read(calendar(GOOD, event("m", "m", 'ATTENDEE;CN="' + '"' * 1_000_000 + ":x")), {"good", "m"}),
    "folds without end": Read(calendar(GOOD, event("m", "m", "DESCRIPTION:x", *([" "] * 200_000))), {"good", "m"}),
    "bytes that are no text": Read(
        calendar(GOOD, event("m", "m", "X-A:")).replace(b"X-A:", b"X-A:\xff\xfe\x81"), {"good", "m"}
    ),
    "lone surrogates": Read(calendar(GOOD, event("m", "m")).replace(b":m\r", b":m\xed\xa0\x80\r"), {"good"}),
}


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return tmp_path / "bad.ics"


def healthy_arrived(calmerge: Calmerge, *others: str) -> None:
    assert calmerge.account("Healthy")["state"] == "fresh"
    assert calmerge.titles() >= {"well", *others}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_is_no_calendar(case: Refused, calmerge: Calmerge, bad: Path) -> None:
    """Linking refuses it and stores nothing; when a linked file turns into one, what was read stays and the rest arrives."""
    bad.write_bytes(case.data)
    refused = calmerge("account", "add", "ics", str(bad), "--name", "Bad", "--json")
    assert (refused.code, refused.json["error"]["kind"]) == (3, "not-a-calendar")
    assert case.sentence in refused.err
    assert [one["name"] for one in calmerge.ok("account", "list")["accounts"]] == ["Healthy"]

    bad.write_bytes(calendar(GOOD))
    calmerge.ok("account", "add", "ics", str(bad), "--name", "Bad")
    calmerge.ok("sync")
    bad.write_bytes(case.data)
    answer = calmerge("sync", "--json")
    assert answer.code == 3
    assert case.sentence in answer.json["accounts"][1]["reason"]
    assert calmerge.account("Bad")["state"] == "broken"
    healthy_arrived(calmerge, "good")


@pytest.mark.parametrize("case", READ.values(), ids=READ.keys())
def test_a_file_with_something_odd_in_it(case: Read, calmerge: Calmerge, bad: Path) -> None:
    """It is read as well as it can be; one bad event is set aside and listed, and costs no other."""
    bad.write_bytes(case.data() if callable(case.data) else case.data)
    calmerge.ok("account", "add", "ics", str(bad), "--name", "Bad")
    calmerge.ok("sync")
    healthy_arrived(calmerge, *case.shown)
    assert calmerge.account("Bad")["state"] == "fresh"
    aside = next(one for one in calmerge.ok("calendar", "list")["calendars"] if one["url"] == str(bad))["set_aside"]
    if case.aside is None:
        assert aside == []
    else:
        assert len(aside) == case.times
        assert all(case.aside in one["reason"] for one in aside)
    calmerge.ok("agenda", "--from", "0001-01-02", "--to", "0001-03-01")
    calmerge.ok("agenda", "--from", "9999-11-01", "--to", "9999-12-30")
    calmerge.ok("search", "good")
    assert calmerge("doctor").code == 0


@pytest.mark.parametrize(
    "data",
    [b"x = " + b"[" * 5000, b"x = " + b"9" * 5000, b"x = ", b"\xff\xfe\x00"],
    ids=["holes", "digits", "half", "bytes"],
)
def test_a_link_file_that_is_no_toml(data: bytes, calmerge: Calmerge, tmp_path: Path) -> None:
    """Exit 3, a sentence, and no link."""
    file = tmp_path / "link.toml"
    file.write_bytes(data)
    answer = calmerge("link", "add", "--file", str(file))
    assert answer.code == 3
    assert "“link.toml” is no TOML" in answer.err or "“link.toml” cannot be read." in answer.err
    assert calmerge.ok("link", "list")["links"] == []


def test_a_message_nested_without_end(calmerge: Calmerge, tmp_path: Path) -> None:
    """As a file and as a mail: exit 3 and a sentence."""
    deep = tmp_path / "deep.ics"
    deep.write_bytes(b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n" + b"BEGIN:VEVENT\r\n" * 5000)
    answer = calmerge("inbox", "--read", str(deep))
    assert (answer.code, "nested too deeply" in answer.err) == (3, True)
    mail = tmp_path / "deep.eml"
    mail.write_bytes(b"From: a@b.test\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 5000)
    answer = calmerge("inbox", "--read", str(mail))
    assert (answer.code, "nested too deeply" in answer.err) == (3, True)
