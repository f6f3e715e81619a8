"""Finding the components of a resource."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.ics.read import components

_PLAINLY = re.compile(r"^BEGIN:(VEVENT|VTIMEZONE)[ \t]*\r?\n.*?^END:\1[ \t]*\r?$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_LINES = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "begin:vevent ",
        "End:VEvent",
        "BEGIN:VTIMEZONE",
        "END:VTIMEZONE",
        "UID:a",
        "X:BEGIN:VEVENT",
    ]
)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(_LINES, max_size=12), end=st.sampled_from(["\n", "\r\n"]), last=st.booleans())
def test_components_are_those_a_plain_search_finds(lines: list[str], end: str, last: bool) -> None:
    """From each BEGIN to the next END of its kind, whatever stands in between."""
    text = end.join(lines) + (end if last else "")
    assert list(components(text)) == [(found[1].upper(), found[0]) for found in _PLAINLY.finditer(text)]


def test_what_is_never_closed_costs_no_more_than_its_text() -> None:
    """A plain search would look through the rest of the text for each of them: hours."""
    assert list(components("BEGIN:VEVENT\n" * 200_000)) == []
