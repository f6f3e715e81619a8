"""The version of a resource at Google: an event and each of its exceptions has an ETag of its own, a resource has them all.

It names every piece, so that a write that was cut off in the middle can be taken up where it stopped: a piece that moved
on is a conflict only if it does not already say what we want it to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from calmerge_desktop.core.model import ETag

_PREFIX = "g1."
_BYTES = 5
_HALF = 2 * _BYTES


def of(pieces: Iterable[Mapping[str, Any]]) -> ETag:
    """The version of these events."""
    return ETag(_PREFIX + ".".join(sorted(_piece(each) for each in pieces)))


def holds(version: ETag | None, event: Mapping[str, Any]) -> bool:
    """Whether `version` was made with this event as it is now."""
    return version is not None and _piece(event) in parts(version)


def missing(version: ETag | None, events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether `version` was made with pieces that are not among `events` in any version."""
    have = {_short(str(each.get("id", ""))) for each in events}
    return version is not None and any(each[:_HALF] not in have for each in parts(version))


def parts(version: ETag | None) -> frozenset[str]:
    """Its pieces."""
    return frozenset((version or "").removeprefix(_PREFIX).split("."))


def _piece(event: Mapping[str, Any]) -> str:
    return _short(str(event.get("id", ""))) + _short(str(event.get("etag", "")))


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=_BYTES).hexdigest()
