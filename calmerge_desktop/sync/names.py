"""Names for new resources that every file system and every URL can hold."""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,120}$")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def file_name(uid: str) -> str:
    """`<uid>.ics` when the UID is plain, else a hash of it; the same UID always gives the same name."""
    if is_plain(uid):
        return f"{uid}.ics"
    return hashlib.blake2b(uid.encode(), digest_size=16).hexdigest() + ".ics"


def is_plain(name: str) -> bool:
    """Whether a name needs no escaping anywhere and is no device of Windows."""
    return bool(_PLAIN.match(name)) and not _DEVICES.match(name)
