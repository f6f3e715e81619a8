"""Inputs with structure: mails, what guests write, hours and links, vendors' JSON."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.fuzz.inputs import INTERESTING, JSON, PARAMS, content_lines, rules, times, zones

# --- mails ------------------------------------------------------------------------------------------------------------

_METHODS = st.sampled_from(["REQUEST", "REPLY", "CANCEL", "COUNTER", "ADD", "PUBLISH", "REFRESH", "DECLINECOUNTER", "x"])
_PEOPLE = st.sampled_from(
    ["mailto:me@example.test", "MAILTO:Bo@example.test", "mailto:cy@example.test", "bo@example.test", "", "mailto:", "²:"]
)
_ANSWERS = st.sampled_from(["", ";PARTSTAT=ACCEPTED", ";PARTSTAT=x", ';DELEGATED-TO="mailto:cy@example.test"', ";PARTSTAT="])


@st.composite
def messages(draw: st.DrawFn) -> str:
    """Messages of iTIP about few events, one after the other."""
    out = []
    for _n in range(draw(st.integers(1, 3))):
        parts = []
        for _event in range(draw(st.integers(1, 2))):
            rows = ["BEGIN:VEVENT", f"UID:{draw(st.sampled_from(['a', 'a', 'b']))}", f"DTSTART{draw(PARAMS)}:{draw(times)}"]
            rows += [f"SEQUENCE:{draw(st.integers(0, 3))}", f"DTSTAMP:2026110{draw(st.integers(1, 9))}T090000Z"]
            rows += [f"ORGANIZER:{draw(_PEOPLE)}"]
            rows += [f"ATTENDEE{draw(_ANSWERS)}:{draw(_PEOPLE)}" for _guest in range(draw(st.integers(0, 3)))]
            rows += draw(st.lists(content_lines(), max_size=3))
            parts.append("\r\n".join([*rows, "END:VEVENT"]))
        parts += draw(st.lists(zones(), max_size=1))
        out.append("\r\n".join(["BEGIN:VCALENDAR", f"METHOD:{draw(_METHODS)}", *parts, "END:VCALENDAR", ""]))
    return "\n----\n".join(out)


_HEADERS = st.builds(
    "{}: {}".format,
    st.sampled_from(
        ["From", "Subject", "To", "Reply-To", "Message-ID", "References", "In-Reply-To", "Content-Type", "MIME-Version",
         "Content-Disposition", "Content-Transfer-Encoding", "Received"]
    ),
    st.sampled_from(
        ["Bo <bo@example.test>", "=?utf-8?b?w?=", "=?x?q?=ff?= <a@b>", '"a', "<>", "<a@b.test>", "a@[", "(((", "=?utf-8?q??=",
         "text/calendar; method=REQUEST", "text/plain; charset=x", "text/plain; charset*0*=utf-8''%", "attachment; filename*=a.ics",
         "multipart/mixed; boundary=b", "multipart/mixed", "base64", "quoted-printable", "x-uuencode", "message/rfc822",
         'attachment; filename*0="a"; filename*1*=%zz', ",;:@<>", "a:b;", "=?utf-8?b?////?="]
    ) | st.text(max_size=20),
)  # fmt: skip
mails = st.builds(
    lambda heads, bodies: "\r\n".join([*heads, "", *bodies]).encode("utf-8", "surrogatepass"),
    st.lists(_HEADERS, max_size=6),
    st.lists(st.sampled_from(["--b", "--b--", "", "Content-Type: text/calendar", "BEGIN:VCALENDAR", "end", "<p>"]) | _HEADERS, max_size=8),
)  # fmt: skip
_WORDS_OF_GUESTS = st.sampled_from(
    ["2", "the second", "Am 1.1.2026 schrieb x:", "> 1", "--", "On x wrote:", "CM1-", "CM1-" + "0" * 36, "Di. 9 Uhr", "25:99",
     "31.2.", "2026-02-31", "<p>", "<![x[", "<!x", "<html>", "&#x110000;", "&#0;", "٣", "²", "no", "none of", "\n", " "]
)  # fmt: skip
guests_words = st.lists(_WORDS_OF_GUESTS | st.text(max_size=10), max_size=10).map(" ".join)
structures = st.recursive(
    st.sampled_from(['"text"', '"plain"', "NIL", "12", '"7bit"', '"a.ics"', '("name" "a.ics")', '("name")', "{3}", '"']),
    lambda inner: st.lists(inner, max_size=9).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=20,
).map(lambda text: f"From: bo@example.test\n\n({text})".encode())
layouts = st.builds(
    lambda head, tail: b"\1" + bytes(27) + head + tail, st.binary(max_size=20), st.binary(max_size=60)
) | st.binary(max_size=80)  # fmt: skip


# --- hours, links, JSON -----------------------------------------------------------------------------------------------

_TOML_KEYS = st.sampled_from(
    ["title", "slug", "minutes", "interval", "offset", "buffer_before", "buffer_after", "minimum_notice", "timezone", "per_day",
     "per_week", "minutes_per_day", "prefer", "confirm", "confirm_within", "busy", "target", "location", "video", "questions",
     "series", "seats", "horizon", "hours", "overrides", "changes", "name", "holidays", "away", "travel", "first_only"]
)  # fmt: skip
_TOML_VALUES = st.sampled_from(
    ["0", "-1", "30", "[15, 30]", "9999999", "99999999999999999999", "true", '""', '"15m"', '"2h"', '"P1DT2H"', '"9999999w"', '"²h"',
     "2026-11-24", "0001-01-01", "9999-12-31", "09:00:00", "1.5", "nan", "inf", "[]", "{}", "[[]]", "{ days = 3 }",
     '{ range = ["2026-11-24", "2026-12-24"] }', '{ until = "9999-12-31" }', '{ mon = ["09:00-12:00"] }', '{ mon = ["24:00-00:00"] }',
     '[{ date = "2026-11-24", hours = ["09:00-10:00"] }]', "{ every_weeks = 1, count = 3 }", '[{ from = "2026-11-24", to = "2026-01-01" }]',
     '[{ from = 2026-11-24, to = 2026-11-26, timezone = "Asia/Tokyo" }]', '"Europe/Berlin"', '"DE-BY"', '"\\u0000"', '[{ label = "x" }]']
)  # fmt: skip
_OF_SCHEDULES = ("name", "timezone", "hours", "overrides", "holidays", "away", "travel")
tomls = st.dictionaries(_TOML_KEYS, _TOML_VALUES, max_size=6).map(
    lambda held: "\n".join(f"{key} = {value}" for key, value in ({"title": '"x"', "slug": '"x"', "minutes": "30"} | held).items())
)  # fmt: skip
schedules = st.dictionaries(_TOML_KEYS.filter(lambda key: key in _OF_SCHEDULES), _TOML_VALUES, max_size=4).map(
    lambda held: "\n".join(f"{key} = {value}" for key, value in ({"name": '"x"'} | held).items())
)


@st.composite
def availabilities(draw: st.DrawFn) -> str:
    """VAVAILABILITY components."""
    out = ["BEGIN:VCALENDAR"]
    for _n in range(draw(st.integers(0, 3))):
        out += ["BEGIN:VAVAILABILITY", f"PRIORITY:{draw(INTERESTING)}"]
        out += [
            f"{name}{draw(PARAMS)}:{draw(times)}" for name in draw(st.sampled_from([[], ["DTSTART"], ["DTSTART", "DTEND"]]))
        ]
        for _available in range(draw(st.integers(0, 2))):
            out += ["BEGIN:AVAILABLE", f"DTSTART{draw(PARAMS)}:{draw(times)}", f"DTEND{draw(PARAMS)}:{draw(times)}"]
            out += [f"RRULE:{draw(st.sampled_from(['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TU']) | rules())}", "END:AVAILABLE"]
        out += [*draw(st.lists(content_lines(), max_size=2)), "END:VAVAILABILITY"]
    return "\r\n".join([*out, "END:VCALENDAR"])


_ODD = (
    JSON
    | INTERESTING
    | st.sampled_from(
        ["2026-11-24", "2026-11-24T09:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999+14:00", "2026-11-24T09:00:00.0000000",
         "Europe/Berlin", "W. Europe Standard Time", "tzone://Microsoft/Custom", "cancelled", "daily", "weekly", "numbered", "endDate",
         "RRULE:FREQ=DAILY", "RRULE:FREQ=SECONDLY", "EXDATE:x", "a\r\nEND:VEVENT", "<p>", 0, -1, 13, 32, 10**9, 10**30]
    )
)  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn, samples: tuple[str, ...]) -> bytes:
    """A sample of JSON in which a few values are something else, or are gone."""
    made = json.loads(draw(st.sampled_from(samples)))
    for _n in range(draw(st.integers(0, 4))):
        holder, key = made, None
        for _depth in range(draw(st.integers(1, 6))):
            here = holder if key is None else holder[key]
            keys = list(here) if isinstance(here, dict) else list(range(len(here))) if isinstance(here, list) else []
            if not keys:
                break
            holder, key = here, draw(st.sampled_from(keys))
        if key is None:
            continue
        if draw(st.integers(0, 3)) == 0:
            del holder[key]
        else:
            holder[key] = draw(_ODD)
    return json.dumps(made).encode()
