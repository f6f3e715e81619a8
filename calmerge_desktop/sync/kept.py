"""What a VEVENT says and a vendor has no place for, packed into one text beside the vendor's event. Pure.

Properties are kept in groups of one name, each with a print of what the vendor said under that name when it was kept. As
long as the vendor still says the same, the kept lines stand in its place; once somebody changed it there, the vendor's do.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Collection, Iterator, Sequence

_NAME = re.compile(r"[A-Za-z0-9-]+")
_OUTER = frozenset({"VEVENT", "VCALENDAR", "VTIMEZONE", "BEGIN", "END"})
_SAME_GROUP = {"DURATION": "DTEND"}
_LONGEST_PLAIN = 1000
_LARGEST = 1_000_000

Lines = list[str]


def groups(lines: Sequence[str]) -> dict[str, Lines]:
    """Content lines by name; a nested component is one group under its own name."""
    found: dict[str, Lines] = {}
    nested: Lines = []
    depth = 0
    for line in lines:
        depth += line[:6].upper() == "BEGIN:"
        if depth:
            nested.append(line)
            if line[:4].upper() == "END:":
                depth -= 1
                if not depth:
                    found.setdefault(nested[0][6:].strip().upper(), []).extend(nested)
                    nested = []
        elif named := _NAME.match(line):
            name = named[0].upper()
            found.setdefault(_SAME_GROUP.get(name, name), []).append(line)
    return found


def packed(wanted: Sequence[str], said: Sequence[str], skip: Collection[str]) -> str:
    """A text that brings `wanted` back where the vendor says `said`; empty when nothing is missing."""
    ours, theirs = groups(wanted), groups(said)
    kept = [
        [name, _print(theirs.get(name, [])), ours.get(name, [])]
        for name in sorted(ours.keys() | theirs.keys())
        if name not in skip and sorted(ours.get(name, [])) != sorted(theirs.get(name, []))
    ]
    if not kept:
        return ""
    text = json.dumps(kept, ensure_ascii=True, separators=(",", ":"))
    return text if len(text) <= _LONGEST_PLAIN else "z" + base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def restored(said: Lines, text: str, skip: Collection[str]) -> Lines:
    """The vendor's lines with what was kept in its place."""
    kept = dict(_unpacked(text, skip)) if text else {}
    theirs = groups(said)
    use = {name: lines for name, (mark, lines) in kept.items() if mark == _print(theirs.get(name, []))}
    if not use:
        return said
    plain: Lines = []
    nested: Lines = []
    for name, lines in {**theirs, **{name: lines for name, lines in use.items() if name not in theirs}}.items():
        chosen = use.get(name, lines)
        (nested if chosen and chosen[0][:6].upper() == "BEGIN:" else plain).extend(chosen)
    return plain + nested


def _unpacked(text: str, skip: Collection[str]) -> Iterator[tuple[str, tuple[str, Lines]]]:
    try:
        if text[0] == "z":
            opened = zlib.decompressobj()
            data = opened.decompress(base64.b64decode(text[1:], validate=True), _LARGEST)
            text = "" if opened.unconsumed_tail else data.decode()
        for name, mark, lines in json.loads(text):
            if _is_sound(name, lines, skip):
                yield name, (str(mark), list(lines))
    except (ValueError, TypeError, zlib.error):
        return  # somebody else wrote there: the vendor's own lines hold


def _is_sound(name: object, lines: object, skip: Collection[str]) -> bool:
    """Whoever may write in the calendar may write there too, so nothing gets out of its place in the VEVENT."""
    if not isinstance(name, str) or not isinstance(lines, list) or name in skip or name in _OUTER:
        return False
    if not all(isinstance(line, str) and line and "\n" not in line and "\r" not in line for line in lines):
        return False
    return not lines or groups(lines) == {name: lines}


def _print(lines: Lines) -> str:
    return hashlib.blake2b("\n".join(sorted(lines)).encode(), digest_size=4).hexdigest()
