"""Inputs with structure: calendars that are almost right, and then mangled."""

from __future__ import annotations

import json

from hypothesis import strategies as st

INTERESTING = st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1",
        "2",
        "53",
        "366",
        "9" * 30,
        "9" * 5000,
        "²",
        "1_0",
        "\0",
        " ",
        '"',
        ":",
        ";",
        "=",
        ",",
        "\\",
        "\ufeff",
    ]
)
_NAMES = st.sampled_from(
    [
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "RDATE",
        "EXDATE",
        "EXRULE",
        "RECURRENCE-ID",
        "UID",
        "SUMMARY",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
        "ATTENDEE",
        "ORGANIZER",
        "DTSTAMP",
        "X-WR-CALNAME",
        "NAME",
        "REFRESH-INTERVAL",
        "X-WR-TIMEZONE",
        "DESCRIPTION",
        "LOCATION",
        "CLASS",
        "URL",
        "TZID",
        "TZOFFSETFROM",
        "TZOFFSETTO",
        "X-MICROSOFT-CDO-ALLDAYEVENT",
        "BEGIN",
        "END",
    ]
)
_ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Custom",
        "W. Europe Standard Time",
        "UTC",
        "Europe",
        "../etc",
        "(UTC+01:00) Berlin",
        "\0",
    ]
)
_YEARS = st.sampled_from([1, 2, 1600, 1969, 1970, 2024, 2026, 2026, 2026, 2038, 9998, 9999, 0])
times = st.builds(
    lambda year, month, day, hour, second, form: form.format(
        date=f"{year:04d}{month:02d}{day:02d}", time=f"{hour:02d}{second:02d}{second:02d}"
    ),
    _YEARS,
    st.integers(0, 13),
    st.sampled_from([0, 1, 24, 28, 29, 30, 31, 32]),
    st.integers(0, 25),
    st.integers(0, 61),
    st.sampled_from(["{date}T{time}Z", "{date}T{time}", "{date}", "{date}T{time}Z/PT1H", "{date}T{time}/{date}T{time}"]),
)
_DURATIONS = st.builds(
    "{}P{}{}T{}{}".format, st.sampled_from(["", "-", "+"]), st.integers(0, 10**12), st.sampled_from("WDHMS"), st.integers(0, 99), st.sampled_from("HMS")
)  # fmt: skip
_PART = st.sampled_from(
    [
        "FREQ",
        "INTERVAL",
        "COUNT",
        "UNTIL",
        "BYDAY",
        "BYMONTH",
        "BYMONTHDAY",
        "BYYEARDAY",
        "BYWEEKNO",
        "BYHOUR",
        "BYMINUTE",
        "BYSECOND",
        "BYSETPOS",
        "WKST",
    ]
)
_NUMBERS = st.lists(st.integers(-370, 370).map(str) | INTERESTING, min_size=1, max_size=4).map(",".join)
_PROPER = {
    "INTERVAL": st.sampled_from(["1", "2", "7", "59", "61", "86401", "999999999999"]),
    "COUNT": st.sampled_from(["1", "3", "1000", "200000", "999999999999"]),
    "UNTIL": times,
    "BYDAY": st.sampled_from(["MO", "MO,TU", "5FR", "-1SU", "53MO", "-53TU,WE"]),
    "BYMONTH": st.sampled_from(["2", "12", "1,2,3", "6"]),
    "BYMONTHDAY": st.sampled_from(["30", "31", "-31", "29", "1,15,-1"]),
    "BYYEARDAY": st.sampled_from(["366", "-366", "1", "59,60"]),
    "BYWEEKNO": st.sampled_from(["53", "-53", "1", "20"]),
    "BYHOUR": st.sampled_from(["0", "9", "23", ",".join(map(str, range(24)))]),
    "BYMINUTE": st.sampled_from(["0", "59", ",".join(map(str, range(60)))]),
    "BYSECOND": st.sampled_from(["0", "60", ",".join(map(str, range(60)))]),
    "BYSETPOS": st.sampled_from(["1", "-1", "2", "366", "-2"]),
    "WKST": st.sampled_from(["SU", "MO"]),
}


@st.composite
def rules(draw: st.DrawFn) -> str:
    """RRULE values: mostly of valid parts in unusual company, some with nonsense in them."""
    freq = draw(st.sampled_from(["SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    names = draw(st.lists(st.sampled_from(sorted(_PROPER)), max_size=5, unique=True))
    parts = [f"FREQ={freq}", *(f"{name}={draw(_PROPER[name])}" for name in names)]
    if draw(st.integers(0, 5)) == 0:
        parts.insert(draw(st.integers(0, len(parts))), f"{draw(_PART)}={draw(_NUMBERS)}")
    return ";".join(parts)


_VALUES = times | _DURATIONS | rules() | INTERESTING | st.text(max_size=30) | _ZONES | _NUMBERS
PARAMS = st.builds(";TZID={}".format, _ZONES) | st.sampled_from(
    ["", "", "", ";VALUE=DATE", ";VALUE=PERIOD", ";RANGE=THISANDFUTURE", ';CN="a:b;c"', ';CN="', ";=", ";X", ";TZID="]
)
_FITTING = {
    "DTSTART": times, "DTEND": times, "RECURRENCE-ID": times, "RDATE": times, "EXDATE": times, "RRULE": rules(),
    "EXRULE": rules(), "DURATION": _DURATIONS, "UID": st.sampled_from(["a", "a", "b", "", "a#2"]),
}  # fmt: skip


@st.composite
def content_lines(draw: st.DrawFn) -> str:
    """A content line whose value mostly fits its name."""
    name = draw(_NAMES | st.sampled_from(sorted(_FITTING)))
    value = draw(_FITTING[name] if name in _FITTING and draw(st.integers(0, 7)) else _VALUES)
    return f"{name}{draw(PARAMS)}:{value}"


@st.composite
def zones(draw: st.DrawFn) -> str:
    """A VTIMEZONE."""
    out = ["BEGIN:VTIMEZONE", f"TZID:{draw(_ZONES)}"]
    for kind in draw(st.lists(st.sampled_from(["STANDARD", "DAYLIGHT"]), max_size=3)):
        offsets = st.sampled_from(["+0100", "+0200", "-0330", "+9959", "-995959", "0100", ""])
        out += [f"BEGIN:{kind}", f"DTSTART:{draw(times)}", f"TZOFFSETFROM:{draw(offsets)}", f"TZOFFSETTO:{draw(offsets)}"]
        out += draw(st.lists(content_lines(), max_size=2))
        out += [f"RRULE:{draw(rules())}"] if draw(st.booleans()) else []
        out += [f"END:{kind}"]
    return "\r\n".join([*out, "END:VTIMEZONE"])


@st.composite
def events(draw: st.DrawFn) -> str:
    """A VEVENT."""
    out = ["BEGIN:VEVENT", f"UID:{draw(_FITTING['UID'])}"]
    if draw(st.integers(0, 9)):
        out.append(f"DTSTART{draw(PARAMS)}:{draw(times)}")
    out += draw(st.lists(content_lines(), max_size=6))
    if draw(st.integers(0, 9)) == 0:
        out += ["BEGIN:VALARM", *draw(st.lists(content_lines(), max_size=2)), "END:VALARM"]
    return "\r\n".join([*out, "END:VEVENT"])


@st.composite
def calendars(draw: st.DrawFn) -> bytes:
    """A file: well formed, or with a line lost, doubled or cut, in some encoding and with some line ends."""
    parts = draw(st.lists(events() | events() | zones() | content_lines(), max_size=4))
    written = "\r\n".join(["BEGIN:VCALENDAR", *parts, "END:VCALENDAR", ""])
    for _n in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        rows = written.split("\r\n")
        at = draw(st.integers(0, len(rows) - 1))
        change = draw(st.sampled_from(["lose", "double", "cut", "fold", "swap"]))
        if change == "lose":
            del rows[at]
        elif change == "double":
            rows.insert(at, rows[at])
        elif change == "swap":
            rows[at] = rows[-1 - at]
        elif change == "fold":
            rows[at] = rows[at][: len(rows[at]) // 2] + "\r\n " + rows[at][len(rows[at]) // 2 :]
        else:
            rows[at] = rows[at][: len(rows[at]) // 2]
        written = "\r\n".join(rows)
    written = written.replace("\r\n", draw(st.sampled_from(["\r\n", "\r\n", "\n", "\r", "\n\r"])))
    return written.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-8-sig", "utf-16-le"])), "surrogatepass")


_TAGS = st.sampled_from(
    [
        "multistatus",
        "response",
        "href",
        "propstat",
        "prop",
        "status",
        "getetag",
        "sync-token",
        "resourcetype",
        "collection",
        "error",
        "C:calendar-data",
    ]
)
_WORDS = INTERESTING | st.sampled_from(
    [
        "/cal/a.ics",
        "http://[x/",
        "http://h:99999/",
        "//",
        "HTTP/1.1 200 OK",
        "HTTP/1.1 404",
        '"1"',
        "&amp;",
        "&#0;",
        "&x;",
        "%zz",
        "%ff",
    ]
)
_XML = st.recursive(
    _WORDS,
    lambda inner: st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", _TAGS, st.lists(inner, max_size=4)),
    max_leaves=15,
)
answers = st.builds(
    lambda start, body, cut: (start + body)[: len(start + body) - cut].encode("utf-8", "surrogatepass"),
    st.sampled_from(['<?xml version="1.0"?>', "", '<?xml version="1.0" encoding="utf-16"?>', "<!DOCTYPE x [<!ENTITY x 'y'>]>"]),
    _XML.map(
        lambda inner: f'<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response>{inner}</response></multistatus>'
    )
    | _XML,
    st.sampled_from([0, 0, 0, 1, 30]),
) | st.binary(max_size=200)  # fmt: skip

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_KEYS = st.sampled_from(
    [
        "language",
        "theme",
        "zone",
        "second_zone",
        "week_start",
        "day_begins",
        "day_ends",
        "feed_minutes",
        "files_minutes",
        "x",
    ]
)
settings_files = st.dictionaries(_KEYS, JSON, max_size=5).map(json.dumps) | st.text(max_size=60)
