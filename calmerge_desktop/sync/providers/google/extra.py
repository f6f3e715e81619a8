"""Where Google keeps what it has no place for: private extended properties of the same event, in pieces. Pure.

What is kept, and when it holds, is `sync.kept`'s to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync import kept
from calmerge_desktop.sync.kept import Lines
from calmerge_desktop.sync.providers.google import names

_CHUNK = 1000
"""Characters in one value; Google takes 1024."""
_MOST = 24
"""Values; Google takes 32 kB of private properties in all."""
_NOT_KEPT = frozenset(
    {
        "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "RECURRENCE-ID", "ORGANIZER", "RRULE", "RDATE", "EXDATE",
        "EXRULE", "ATTENDEE", "SUMMARY", "STATUS", names.GOOGLE_UID, names.REST, names.CONFERENCE, names.CONFERENCE_STATE,
        names.EVENT_TYPE, names.LABEL, names.WANT_CONFERENCE,
    }
)  # fmt: skip
"""Groups that Google alone decides."""


def leftover(wanted: Sequence[str], said: Sequence[str], *, zones_known: bool) -> dict[str, str]:
    """Private properties that bring `wanted` back where Google says `said`. Raises `BadInput` when it is too much.

    `zones_known` is false when the times are written in a zone that only a VTIMEZONE explains; Google's form is then kept.
    """
    skip = _NOT_KEPT if zones_known else _NOT_KEPT | {"DTSTART", "DTEND"}
    if names.COLOR in kept.groups(wanted):
        skip |= {"COLOR"}  # it only repeats the number
    text = kept.packed(wanted, said, skip)
    chunks = [text[start : start + _CHUNK] for start in range(0, len(text), _CHUNK)]
    if len(chunks) > _MOST:
        raise BadInput(_("This event holds more than Google can keep of it."))
    return {f"{names.MORE_KEY}{number}": chunk for number, chunk in enumerate(chunks)}


def restored(said: Lines, event: Mapping[str, Any]) -> Lines:
    """Google's lines with what was kept in its place."""
    held = stored(event)
    text = "".join(held.get(f"{names.MORE_KEY}{number}", "") for number in range(_MOST))
    return kept.restored(said, text, _NOT_KEPT)


def stored(event: Mapping[str, Any]) -> dict[str, str]:
    """The private properties that hold what was kept."""
    held = (event.get("extendedProperties") or {}).get("private") or {}
    return {key: str(value) for key, value in held.items() if key.startswith(names.MORE_KEY)}
