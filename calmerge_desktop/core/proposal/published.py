"""A page that is kept in a folder of the web: where it lies, and every offer it showed that a guest may still answer.

A guest's token names an offer and the number of a time in it. Each time other times are shown it is another offer, so a
number never comes to mean another time; an answer to a page that was open for a while is understood all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from calmerge_desktop.core.when import DAY

LASTS = 3 * DAY
"""How long an offer of a page stands. A page nobody looks after any more soon offers nothing by itself."""
RENEWED = DAY
"""Age at which it is made anew although its times are the same."""
STALE = 3600
"""Age from which on it is made anew because a time in it comes too soon by now."""
_ANSWERABLE = 4 * DAY
"""How long after its end an answer to an offer is still understood."""
_MOST = 200


class Care(StrEnum):
    """Whether a page is looked after."""

    KEPT = "kept"
    STOPPING = "stopping"
    """It shall go, and is tried again until the folder takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One offer of a page. Times are instants."""

    id: str
    """22 hexadecimal digits, as of a proposal."""
    secret: str
    made: int
    known: int
    """When all calendars it rests on were read last: what is shown is right as of then."""
    expires: int
    language: str
    minutes: int
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file as it lies in the folder."""

    digest: str
    etag: str = ""
    """Strong (RFC 9110 §8.8.3), or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One page, or the pages of all open offers."""

    id: str
    link: str = ""
    """Id of the booking link; empty: a page for links in mails, and one for each open offer."""
    slug: str = ""
    """Names the file, also when the link has gone."""
    address: str
    """A folder of this computer, or the address of one at a WebDAV server."""
    user: str = ""
    care: Care = Care.KEPT
    shown: tuple[Shown, ...] = ()
    """Oldest first; the last is on the page."""
    files: Mapping[str, Written] = field(default_factory=dict)
    trouble: str = ""
    """Why the folder was not brought up to date the last time."""


def answerable(shown: tuple[Shown, ...], now: int) -> tuple[Shown, ...]:
    """Without what nobody will answer any more; the last always stays."""
    return tuple(one for one in shown[:-1] if one.expires + _ANSWERABLE > now)[-_MOST:] + shown[-1:]


def awaited(pages: Iterable[Published], now: int) -> Mapping[str, bytes]:
    """Offers an answer to which may still come and be of use, by id, with their secrets."""
    return {
        one.id: bytes.fromhex(one.secret)
        for page in pages
        for one in page.shown
        if one.expires + _ANSWERABLE > now and any(start > now for start in one.starts)
    }


def to_plain(page: Published) -> dict[str, Any]:
    """As JSON holds it."""
    return {
        "link": page.link,
        "slug": page.slug,
        "address": page.address,
        "user": page.user,
        "care": page.care.value,
        "trouble": page.trouble,
        "files": {name: [one.digest, one.etag] for name, one in page.files.items()},
        "shown": [
            [one.id, one.secret, one.made, one.known, one.expires, one.language, one.minutes, list(one.starts)]
            for one in page.shown
        ],
    }


def from_plain(id: str, body: Mapping[str, Any]) -> Published:
    """What `to_plain` made."""
    shown = tuple(
        Shown(
            id=row[0],
            secret=row[1],
            made=row[2],
            known=row[3],
            expires=row[4],
            language=row[5],
            minutes=row[6],
            starts=tuple(row[7]),
        )
        for row in body["shown"]
    )
    return Published(
        id=id,
        link=body["link"],
        slug=body["slug"],
        address=body["address"],
        user=body["user"],
        care=Care(body["care"]),
        shown=shown,
        files={name: Written(digest=digest, etag=etag) for name, (digest, etag) in body["files"].items()},
        trouble=body["trouble"],
    )
