"""The version of a resource in Graph, made of many.

A master and each of its exceptions has an ETag of its own, a resource has them all, and with them which occurrences are
taken out, for those have none.

It names every piece, so that a write that was cut off in the middle can be taken up where it stopped: a piece that moved
on is a conflict only if it does not already say what we want it to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from calmerge_desktop.core.model import ETag

_PREFIX = "m1."
_DECLINED = ETag("m1.declined")


def of(pieces: Iterable[Mapping[str, Any]], cancelled: Iterable[str] = ()) -> ETag:
    """The version of these events, without the occurrences `cancelled` (dates)."""
    out = sorted(cancelled)
    return ETag(_PREFIX + ".".join([*sorted(_piece(each) for each in pieces), *([_cancelled(out)] if out else [])]))


def leaving() -> ETag:
    """The version of an event that was declined or called off: the mailbox takes it away by itself."""
    return _DECLINED


def holds(version: ETag | None, event: Mapping[str, Any]) -> bool:
    """Whether `version` was made with this event as it is now."""
    return version is not None and _piece(event) in _parts(version)


def holds_cancelled(version: ETag | None, cancelled: Iterable[str]) -> bool:
    """Whether `version` was made without exactly these occurrences."""
    out = sorted(cancelled)
    return next((each for each in _parts(version) if each.startswith("c")), "") == (_cancelled(out) if out else "")


def is_series(version: ETag | None) -> bool:
    """Whether a version is of more than one event."""
    return len(_parts(version)) > 1


def _parts(version: ETag | None) -> frozenset[str]:
    return frozenset((version or "").removeprefix(_PREFIX).split("."))


def _piece(event: Mapping[str, Any]) -> str:
    return "e" + _short(str(event.get("id", ""))) + _short(str(event.get("@odata.etag", "")))


def _cancelled(days: list[str]) -> str:
    return "c" + _short(",".join(days))


def _short(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
