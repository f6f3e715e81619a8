"""Every target by name: the function, what generates its inputs, and where its seeds lie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from calmerge_desktop.core.proposal.token import make_token
from tests.fuzz import hours_targets, inputs, mail_targets, more_inputs, targets, vendor_targets

TESTS = Path(__file__).parents[1]
_CALENDARS = ("core/cases/*.ics", "sync/google/cases/*.ics", "sync/microsoft/cases/*.ics")
_MAILS = ("mails/*.eml",)
_GOOGLE = "sync/google/cases/*.json"
_GRAPH = "sync/microsoft/cases/*.json"


@dataclass(frozen=True)
class Target:
    """`run` takes bytes, or text when `text`."""

    run: Callable[..., object]
    inputs: st.SearchStrategy[object]
    text: bool = False
    files: tuple[str, ...] = ()
    """Patterns of seed files under tests/."""
    seeds: tuple[bytes, ...] = field(default=())

    def value(self, data: bytes) -> object:
        """What `run` takes for these bytes."""
        return data.decode("utf-8", "replace") if self.text else data

    def all_seeds(self, name: str) -> Iterator[bytes]:
        """What to begin with; `name` is its own."""
        yield from self.seeds
        yield from (path.read_bytes() for path in cases(name))
        for pattern in self.files:
            yield from (path.read_bytes() for path in sorted(TESTS.glob(pattern)))


def cases(name: str) -> list[Path]:
    """What was found once and is mended."""
    return sorted((TESTS / "fuzz" / "cases" / name).glob("*"))


def _samples(pattern: str) -> tuple[str, ...]:
    return tuple(path.read_text("utf-8") for path in sorted(TESTS.glob(pattern)))


def _repetitions() -> tuple[bytes, ...]:
    """The repetitions that the cases of Graph hold."""
    events = [one for text in _samples(_GRAPH) for one in json.loads(text)["events"]]
    found = [json.dumps(one["recurrence"]).encode() for one in events if one.get("recurrence")]
    kinds = ("daily", "weekly", "absoluteMonthly", "relativeMonthly", "absoluteYearly", "relativeYearly")
    pattern = {"interval": 1, "daysOfWeek": ["tuesday"], "index": "fourth", "dayOfMonth": 24, "month": 11}
    said = {"type": "endDate", "startDate": "2026-11-24", "endDate": "2027-11-24"}
    return (*found, *(json.dumps({"pattern": {"type": kind, **pattern}, "range": said}).encode() for kind in kinds))


_RULES = (
    b"FREQ=DAILY;COUNT=3", b"FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271124T090000Z", b"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    b"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU", b"FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", b"FREQ=HOURLY;BYHOUR=9",
)  # fmt: skip
_LINK = b"""title = "Check-in"\nslug = "check-in"\nminutes = [15, 30]\ninterval = "15m"\nbuffer_before = 10\nminimum_notice = "2h"
timezone = "Europe/Berlin"\nper_day = 3\nminutes_per_week = 600\nprefer = ["morning"]\n[horizon]\nbusiness_days = 20\n[hours]
mon = ["09:00-12:00", "13:00-17:00"]\n[[overrides]]\ndate = "2026-11-24"\nhours = []\n"""
_SCHEDULE = b"""name = "Work"\ntimezone = "Europe/Berlin"\nholidays = "DE-BY"\n[hours]\nmon = ["09:00-12:00"]\n[[away]]\nfrom = "2026-12-24"
to = "2026-12-31"\nnote = "Away"\n[[travel]]\nfrom = "2026-11-24"\nto = "2026-11-26"\ntimezone = "Asia/Tokyo"\n"""
_HOURS = b"""BEGIN:VCALENDAR\r\nBEGIN:VAVAILABILITY\r\nPRIORITY:9\r\nBEGIN:AVAILABLE\r\nDTSTART;TZID=Europe/Berlin:20240101T090000
DTEND;TZID=Europe/Berlin:20240101T170000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU\r\nEND:AVAILABLE\r\nEND:VAVAILABILITY
BEGIN:VAVAILABILITY\r\nPRIORITY:1\r\nDTSTART:20261124T000000\r\nDTEND:20261125T000000\r\nEND:VAVAILABILITY\r\nEND:VCALENDAR\r\n"""
_ANSWER = b"""<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>/cal/a.ics</href>
<propstat><prop><getetag>"1"</getetag><C:calendar-data>BEGIN:VCALENDAR</C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat>
</response><sync-token>x</sync-token></multistatus>"""
_STRUCTURE = (
    b"From: bo@example.test\nReferences: <a@b.test>\n\n"
    b'(("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 12 1)("text" "calendar" ("method" "REPLY") NIL NIL "7bit" 99 3)'
    b' "alternative" ("boundary" "x"))'
)
_WORDS = (
    b"The second one suits me.\n\nOn Tue, Bo wrote:\n> 1. Tuesday\n", b"<html><body><p>Di. 9 Uhr</p></body></html>",
    make_token(mail_targets.PROPOSAL, 1, mail_targets.SECRETS[mail_targets.PROPOSAL]).encode(),
)  # fmt: skip
_BLOCKS = inputs.calendars() | st.binary(max_size=300)

TARGETS: dict[str, Target] = {
    "calendar": Target(targets.calendar, _BLOCKS, files=_CALENDARS),
    "scanner": Target(targets.scanner, _BLOCKS, files=_CALENDARS),
    "careful": Target(targets.careful, _BLOCKS, files=_CALENDARS),
    "plain": Target(targets.plain, _BLOCKS, files=_CALENDARS),
    "rows": Target(targets.rows, _BLOCKS, files=_CALENDARS),
    "line": Target(targets.line, inputs.content_lines() | st.text(max_size=200), text=True),
    "rule": Target(targets.rule, inputs.rules() | st.text(max_size=40), text=True, seeds=_RULES),
    "zone": Target(targets.zone, inputs.zones(), text=True),
    "tzid": Target(targets.tzid, st.text(max_size=60), text=True),
    "answer": Target(targets.answer, inputs.answers, seeds=(_ANSWER,)),
    "settings": Target(targets.kept_settings, inputs.settings_files, text=True),
    "itip": Target(mail_targets.itip, more_inputs.messages(), text=True, files=_CALENDARS),
    "letter": Target(mail_targets.letter, more_inputs.mails, files=_MAILS),
    "words": Target(mail_targets.words, more_inputs.guests_words, text=True, seeds=_WORDS),
    "choosing": Target(mail_targets.choosing, more_inputs.structures, seeds=(_STRUCTURE,)),
    "token": Target(mail_targets.token, more_inputs.guests_words, text=True, seeds=_WORDS),
    "offer": Target(
        mail_targets.offer, more_inputs.layouts, seeds=(b"\1" + bytes(27) + b"\0\0\x1e\1x\1x\1x\0\1x\2de\2\x05\x05",)
    ),
    "hours": Target(hours_targets.hours, more_inputs.availabilities(), text=True, seeds=(_HOURS,)),
    "schedule": Target(hours_targets.schedule, more_inputs.schedules, text=True, seeds=(_SCHEDULE,)),
    "link": Target(hours_targets.link, more_inputs.tomls, text=True, seeds=(_LINK,)),
    "google": Target(vendor_targets.google, more_inputs.mangled(_samples(_GOOGLE)), files=(_GOOGLE,)),
    "graph": Target(vendor_targets.graph, more_inputs.mangled(_samples(_GRAPH)), files=(_GRAPH,)),
    "repetition": Target(
        vendor_targets.repetition,
        more_inputs.mangled(tuple(one.decode() for one in _repetitions())) | inputs.rules().map(str.encode),
        seeds=(*_repetitions(), *_RULES),
    ),
}
