"""The zones of the benchmark calendars, with the VTIMEZONEs other programs would write for them."""

from __future__ import annotations

from typing import NamedTuple

_EU = ("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")
_US = ("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU", "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU")
_AU = ("FREQ=YEARLY;BYMONTH=10;BYDAY=1SU", "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU")
_NZ = ("FREQ=YEARLY;BYMONTH=9;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=4;BYDAY=1SU")


class Written(NamedTuple):
    """A zone as a calendar writes it."""

    tzid: str
    iana: str
    edge: int | None
    """A local hour inside the night of the change of clocks (for its half hour), None where clocks never change."""
    vtimezone: tuple[str, ...]


def _fixed(tzid: str, name: str, offset: str) -> tuple[str, ...]:
    return (
        "BEGIN:VTIMEZONE",
        f"TZID:{tzid}",
        "BEGIN:STANDARD",
        f"TZNAME:{name}",
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
        "DTSTART:19700101T000000",
        "END:STANDARD",
        "END:VTIMEZONE",
    )


def _changing(
    tzid: str, names: tuple[str, str], offsets: tuple[str, str], onsets: tuple[str, str], rules: tuple[str, str]
) -> tuple[str, ...]:
    """`names`, `offsets`, `onsets` and `rules` of summer first, winter second."""
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}"]
    for part, kind in enumerate(("DAYLIGHT", "STANDARD")):
        lines += [
            f"BEGIN:{kind}",
            f"TZNAME:{names[part]}",
            f"TZOFFSETFROM:{offsets[1 - part]}",
            f"TZOFFSETTO:{offsets[part]}",
            f"DTSTART:{onsets[part]}",
            f"RRULE:{rules[part]}",
            f"END:{kind}",
        ]
    return (*lines, "END:VTIMEZONE")


def _europe(tzid: str, names: tuple[str, str], offsets: tuple[str, str], hours: tuple[str, str]) -> tuple[str, ...]:
    return _changing(tzid, names, offsets, (f"19960331T{hours[0]}", f"19961027T{hours[1]}"), _EU)


def _america(tzid: str, names: tuple[str, str], offsets: tuple[str, str]) -> tuple[str, ...]:
    return _changing(tzid, names, offsets, ("20070311T020000", "20071104T020000"), _US)


_CENTRAL = (("CEST", "CET"), ("+0200", "+0100"), ("020000", "030000"))
HOME = Written("Europe/Berlin", "Europe/Berlin", 2, _europe("Europe/Berlin", *_CENTRAL))
OUTLOOK = Written("W. Europe Standard Time", "Europe/Berlin", 2, _europe("W. Europe Standard Time", *_CENTRAL))
"""The name Exchange writes; only its VTIMEZONE or a table of Windows names tells what it means."""
ABROAD = (
    Written(
        "Europe/London",
        "Europe/London",
        1,
        _europe("Europe/London", ("BST", "GMT"), ("+0100", "+0000"), ("010000", "020000")),
    ),
    Written("America/New_York", "America/New_York", 2, _america("America/New_York", ("EDT", "EST"), ("-0400", "-0500"))),
    Written("America/Chicago", "America/Chicago", 1, _america("America/Chicago", ("CDT", "CST"), ("-0500", "-0600"))),
    Written("Asia/Kolkata", "Asia/Kolkata", None, _fixed("Asia/Kolkata", "IST", "+0530")),
    Written("Asia/Tokyo", "Asia/Tokyo", None, _fixed("Asia/Tokyo", "JST", "+0900")),
    Written(
        "Australia/Sydney",
        "Australia/Sydney",
        2,
        _changing("Australia/Sydney", ("AEDT", "AEST"), ("+1100", "+1000"), ("20081005T020000", "20080406T030000"), _AU),
    ),
    Written(
        "Pacific/Auckland",
        "Pacific/Auckland",
        2,
        _changing("Pacific/Auckland", ("NZDT", "NZST"), ("+1300", "+1200"), ("20070930T020000", "20080406T030000"), _NZ),
    ),
)
UTC = Written("UTC", "UTC", None, ())
FLOATING = Written("", "UTC", None, ())
"""Wall times without a zone. Every driver runs in UTC, so that all read them alike."""
