"""The fast way into the cache gives what the careful way gives, or steps aside."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.errors import BadData
from calmerge_desktop.core.ics.split import HEAD, TAIL, decode, split
from calmerge_desktop.core.model import Book, CalendarId, Href, Resource
from calmerge_desktop.core.plain import read_plain
from calmerge_desktop.core.store.rows import materialise, materialise_carefully

ME = "me@example.test"
_ANY = st.text(st.characters(blacklist_characters="\r\n\0", blacklist_categories=["Cs"]), max_size=30)
_TIMES = st.sampled_from(
    [
        ":20261124T090000Z", ";TZID=Europe/Berlin:20261025T023000", ":20261124T090000", ";VALUE=DATE:20261124", ":20261124",
        ";TZID=W. Europe Standard Time:20260329T023000", ";TZID=Nowhere:20261124T090000", ":20261324T090000Z", ":garbage",
        ';TZID="America/New_York":20261101T013000', ";VALUE=DATE:20261124T090000", ";X-A=b;TZID=Asia/Tokyo:20261124T090000",
    ]
)  # fmt: skip
_LINES = st.one_of(
    _TIMES.map(lambda t: "DTSTART" + t),
    _TIMES.map(lambda t: "DTEND" + t),
    st.sampled_from(["DURATION:PT1H", "DURATION:P1DT2H", "DURATION:-PT5M", "DURATION:nonsense", "DURATION:P2W"]),
    _ANY.map(lambda t: "SUMMARY:" + t),
    _ANY.map(lambda t: "SUMMARY;LANGUAGE=de:" + t),
    _ANY.map(lambda t: "LOCATION:" + t),
    _ANY.map(lambda t: "DESCRIPTION:" + t),
    st.sampled_from(["DESCRIPTION:Join https://meet.google.com/abc-defg-hij now\\, or\\nlater", "URL:https://zoom.us/j/1"]),
    st.sampled_from(["STATUS:TENTATIVE", "STATUS:cancelled", "STATUS:ODD", "TRANSP:TRANSPARENT", "transp:opaque"]),
    st.sampled_from(["CLASS:PRIVATE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"]),
    st.sampled_from(
        ["X-GOOGLE-CONFERENCE:https://meet.example/x", "CONFERENCE;VALUE=URI:https://v.example/y", "UID:u", "uid:v"]
    ),
    st.sampled_from(
        [
            f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ME}",
            'ATTENDEE;CN="Bo; the, Great":MAILTO:bo@example.test',
            "ATTENDEE:mailto:",
            f"ORGANIZER:mailto:{ME}",
            "ORGANIZER;CN=Cy:mailto:cy@example.test",
            "RRULE:FREQ=DAILY;COUNT=3",
            "RRULE:odd",
            "BEGIN:VALARM\r\nSUMMARY:Not this\r\nTRIGGER:-PT5M\r\nEND:VALARM",
            "BEGIN:VALARM",
            "END:VALARM",
            "BEGIN:X-A\r\nEND:X-A",
            "SUMMARY:folded \r\n  twice\r\n\tand more",
            "BEGIN:VALARM\r\nEND:VALARM\r\n folded",
            "\r\n  after nothing",
            'SUMMARY;X="a:b":c',
            'SUMMARY;X=a"b":c',
            'LOCATION;ALTREP="http://x;y":room',
            f'ATTENDEE;X=";PARTSTAT=DECLINED":mailto:{ME}',
            'ATTENDEE;X=";CN=trap":mailto:t@example.test',
            f'ATTENDEE;CN="Me";PARTSTAT=TENTATIVE:mailto:{ME}',
            "no colon here",
            ";:",
            "RECURRENCE-ID:20261124T090000Z",
        ]
    ),
)


@settings(max_examples=400, deadline=None)
@given(
    lines=st.lists(_LINES, min_size=1, max_size=10),
    start=_TIMES,
    tzid=st.sampled_from([None, "Europe/Berlin"]),
    crlf=st.booleans(),
)
def test_both_ways_give_the_same(lines: list[str], start: str, tzid: str | None, crlf: bool) -> None:
    """Any lines in any order."""
    body = "\r\n".join(["BEGIN:VEVENT", *lines, "DTSTART" + start, "END:VEVENT", ""])
    ics = HEAD + body + TAIL
    _compare(Resource(href=Href("h"), ics=ics if crlf else ics.replace("\r\n", "\n")), tzid)


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "cases").glob("*.ics")), ids=lambda path: path.stem)
def test_the_cases_agree_both_ways(path: Path) -> None:
    """The corpus, too."""
    stream = split(decode(path.read_bytes()))
    for resource in stream.resources:
        _compare(resource, stream.tzid)


def test_the_fast_way_is_taken_by_what_it_is_for() -> None:
    """An ordinary meeting with people, an alarm, folds and a link needs no careful reading."""
    ics = (
        HEAD + "BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20261124T090000\r\n"
        "DTEND;TZID=Europe/Berlin:20261124T100000\r\nSUMMARY:A long\r\n  title\r\nSTATUS:CONFIRMED\r\n"
        'ATTENDEE;CN="Bo";PARTSTAT=ACCEPTED:mailto:bo@example.test\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n'
        "END:VEVENT\r\n" + TAIL
    )
    found = read_plain(ics, None, ME)
    assert found is not None
    assert (found.summary, found.people, found.end - found.start) == ("A long title", "Bo bo@example.test", 3600)


def _compare(resource: Resource, tzid: str | None) -> None:
    if read_plain(resource.ics, tzid, ME) is None:
        return
    book = Book(CalendarId("c"), tzid, ME)
    fast = materialise(resource, book, 1 << 34)
    try:
        careful = materialise_carefully(resource, book, 1 << 34)
    except BadData as error:
        raise AssertionError(f"the careful way refuses: {error.message}") from error
    assert fast == careful
