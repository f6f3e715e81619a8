"""What feeds and files share: a whole calendar in hand, told as the pages of a full listing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from calmerge_desktop.core.ics.split import split
from calmerge_desktop.core.model import Delta, ETag, Href, Resource, SyncToken

PAGE = 1000
"""Resources a page: enough to be quick, few enough that other accounts get their turn at the store."""

_START = re.compile(r"\nDTSTART[^\n:]*:(\d{4})(\d\d)(\d\d)")
_HEX = re.compile(r"#([0-9a-f]{6})(?:[0-9a-f]{2})?$|#([0-9a-f]{3})$", re.IGNORECASE)


def full_listing(
    resources: Sequence[Resource],
    known: Mapping[Href, ETag | None],
    token: SyncToken,
    *,
    unreadable: Sequence[tuple[Href, str]] = (),
) -> Iterator[Delta]:
    """Pages that name every resource: the changed ones whole, the others as `unchanged` on the last page."""
    changed = [each for each in resources if each.etag is None or known.get(each.href) != each.etag]
    if len(changed) > PAGE:
        changed.sort(key=_distance(date.today()))
    moved = {each.href for each in changed}
    still = tuple(each.href for each in resources if each.href not in moved)
    total = len(resources)
    *pages, rest = [tuple(changed[start : start + PAGE]) for start in range(0, max(len(changed), 1), PAGE)]
    for page in pages:
        yield Delta(upserts=page, full=True, last=False, total=total)
    yield Delta(upserts=rest, unchanged=still, unreadable=tuple(unreadable), next_token=token, full=True, total=total)


def _distance(today: date) -> Callable[[Resource], int]:
    """About the days between today and an event, 0 for a series: what the person looks at comes with the first pages."""
    here = today.year * 365 + today.month * 30 + today.day

    def days(resource: Resource) -> int:
        start = _START.search(resource.ics)
        if start is None or "\nRRULE" in resource.ics:
            return 0
        return abs(int(start[1]) * 365 + int(start[2]) * 30 + int(start[3]) - here)

    return days


def nothing_new(token: SyncToken) -> Delta:
    """The one page of a calendar that did not change."""
    return Delta(next_token=token)


def content_tag(ics: str) -> ETag | None:
    """The content hash `core.ics.split` gives a resource; None when the text holds not exactly one resource.

    Two texts with one tag differ at most in DTSTAMP, LAST-MODIFIED, CREATED, line endings and what wraps the events.
    """
    found = split(ics).resources
    return found[0].etag if len(found) == 1 else None


def hex_color(text: str | None) -> str | None:
    """`#RRGGBB` out of `#RGB`, `#RRGGBB` or Apple's `#RRGGBBAA`; None for anything else."""
    found = _HEX.match((text or "").strip())
    if not found:
        return None
    return "#" + (found[1] or "".join(2 * letter for letter in found[2])).lower()
