from __future__ import annotations

import pytest

from calmerge_desktop.sync.sameness import same
from tests.provider_contract import ics


@pytest.mark.parametrize(
    "extra",
    [
        "SEQUENCE:0\r\n",
        "TRANSP:OPAQUE\r\n",
        "X-SERVER:1\r\n",
        "LAST-MODIFIED:20261101T000000Z\r\n",
        "CREATED:20261101T000000Z\r\n",
    ],
)
def test_what_servers_add_is_no_difference(extra: str) -> None:
    """Stamps, defaults and X- properties."""
    assert same(ics("a"), ics("a", extra=extra))


def test_order_of_properties_and_parameters_is_no_difference() -> None:
    """RFC 5545 gives it no meaning, and servers change it."""
    one = ics("a", extra='ATTENDEE;CN="Lena H";PARTSTAT=ACCEPTED:mailto:l@example.test\r\nLOCATION:Here\r\n')
    other = ics(
        "a", extra="LOCATION:Here\r\nATTENDEE;PARTSTAT=ACCEPTED;CN=Lena H;SCHEDULE-STATUS=1.2:mailto:l@example.test\r\n"
    )
    assert same(one, other)


@pytest.mark.parametrize(
    "other",
    [
        ics("a", "Tea"),
        ics("a", start="20261124T080000Z"),
        ics("a", extra="RRULE:FREQ=DAILY\r\n"),
        ics("a", extra="BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"),
    ],
)
def test_what_a_person_sees_is_a_difference(other: str) -> None:
    """Title, time, rule and alarm."""
    assert not same(ics("a"), other)


def test_folding_is_no_difference_and_exact_sees_x_properties() -> None:
    """Long lines may be folded anywhere."""
    assert same(ics("a", "A long title"), ics("a", "A long\r\n  title"))
    assert not same(ics("a"), ics("a", extra="X-A:1\r\n"), exact=True)
    assert same(None, None)
    assert not same(None, ics("a"))
