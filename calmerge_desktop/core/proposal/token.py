"""The choice token: a line in a guest's answer that names one time of one proposal and cannot be made up.

`CM1-` and 36 characters of Crockford's base32 in six groups: 11 bytes proposal id, one byte number of the time, ten bytes of
HMAC-SHA256 under the proposal's secret. It survives quoting, wrapping, HTML and what mail programs do to hyphens and spaces.

Its first group alone is the mark: it stands in the subject of an answer to a page, and says which mail may hold a token. No
secret is in it, and by itself it proves nothing.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import unescape
from itertools import islice
from typing import NamedTuple

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_ID_BYTES, _TAG_BYTES = 11, 10
_LENGTH = 36
_GROUP = 6
_START = re.compile(r"[Cc][^0-9A-Za-z]{0,12}[Mm][^0-9A-Za-z]{0,12}[1Il]")
_NOISE = re.compile(r"=\r?\n|<[^>]{0,200}>|&(?:#\d+|#x[0-9a-f]+|[a-z]+);|[^0-9A-Za-z]", re.IGNORECASE)
_MARK = re.compile(r"(?<![0-9A-Za-z])CM[1IL][^0-9A-Za-z]{0,3}([0-9A-Z]{6})(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII)
_OURS = re.compile(r"^UID:[0-9a-f]{22}-\d{1,3}@offer\.calmerge\s*$", re.MULTILINE)
_SAID = re.compile(r"^DESCRIPTION:(CM1-[0-9A-Z-]+)\s*$", re.MULTILINE)
_MOST_STARTS = 5000
"""Places that look like the begin of a token and are looked at: an answer quotes some dozens."""
_REACH = 600
"""Characters after `CM1` within which the rest of a token lies, however much a mail program put between."""


class Choice(NamedTuple):
    """What a genuine token says."""

    proposal: str
    number: int
    """Of the time, from 0."""


def make_token(proposal: str, number: int, secret: bytes) -> str:
    """The token of one time. `proposal` is the id: 22 hexadecimal digits."""
    body = bytes.fromhex(proposal) + bytes([number])
    text = _encode(body + _tag(body, secret))
    return "-".join(["CM1", *(text[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))])


def mark_of(proposal: str) -> str:
    """`CM1-` and the first group of every token of a proposal (or of an offer of a page) with this id."""
    return f"CM1-{_encode(bytes.fromhex(proposal))[:_GROUP]}"


def find_marks(subject: str) -> frozenset[str]:
    """What looks like a mark in the decoded subject of a mail, in one spelling."""
    found = (one[1].upper() for one in _MARK.finditer(subject))
    return frozenset(f"CM1-{_spelled(one)}" for one in found if all(letter in _VALUES for letter in one))


def find_tokens(text: str, secrets: Mapping[str, bytes]) -> list[Choice]:
    """Every genuine token in a text, each once, in order. `secrets` are those of the proposals we know, by id."""
    found: dict[Choice, None] = {}
    for raw in _candidates(text):
        body, tag = raw[: _ID_BYTES + 1], raw[_ID_BYTES + 1 :]
        secret = secrets.get(body[:_ID_BYTES].hex())
        if secret is not None and hmac.compare_digest(tag, _tag(body, secret)):
            found[Choice(body[:_ID_BYTES].hex(), body[_ID_BYTES])] = None
    return list(found)


def has_token(text: str) -> bool:
    """Whether something shaped like a token is in a text, genuine or not."""
    return next(_candidates(text), None) is not None


def choice_in(calendar: str) -> str:
    """The token in an answer that the guest's page made as a calendar (`answer.ics`); empty for every other calendar."""
    flat = re.sub(r"\r?\n[ \t]", "", calendar)
    if not _OURS.search(flat):
        return ""
    found = _SAID.search(flat)
    return found[1] if found and has_token(found[1]) else ""


def _candidates(text: str) -> Iterator[bytes]:
    for start in islice(_START.finditer(text), _MOST_STARTS):
        rest = text[start.end() : start.end() + _REACH]
        letters = _NOISE.sub(_kept, rest).upper()[:_LENGTH]
        if len(letters) == _LENGTH and all(letter in _VALUES for letter in letters):
            yield _decode(letters)


def _kept(noise: re.Match[str]) -> str:
    """A quoted hyphen or space goes; an entity that stands for a letter stays."""
    plain = unescape(noise[0]) if noise[0].startswith("&") else ""
    return plain if plain.isalnum() and plain.isascii() else ""


def _tag(body: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, b"calmerge choice 1" + body, sha256).digest()[:_TAG_BYTES]


def _encode(data: bytes) -> str:
    number = int.from_bytes(data) << (_LENGTH * 5 - len(data) * 8)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range((_LENGTH - 1) * 5, -1, -5))


def _spelled(letters: str) -> str:
    """The same in letters of the alphabet: people write O for 0, I and L for 1."""
    return "".join(_ALPHABET[_VALUES[letter]] for letter in letters)


def _decode(letters: str) -> bytes:
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    return (number >> (_LENGTH * 5 - (_ID_BYTES + 1 + _TAG_BYTES) * 8)).to_bytes(_ID_BYTES + 1 + _TAG_BYTES)
