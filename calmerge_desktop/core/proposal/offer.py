"""The signed offer that rides in the fragment of a link or inside a page: what a guest's browser needs and nothing more.

Layout, all integers as LEB128 varints: a version byte; proposal id (11 bytes) and token secret (16); created and expires
(minutes since 2020-01-01T00:00Z, the second as a difference); length in minutes; title, host, address, place, zone and
language (length and UTF-8); the number of starts and the starts in minutes since 2020, each as a difference to the one
before; the public key (32) and an Ed25519 signature (64) over everything before it. Written as base64url, with a full stop
at the end so that no mail program cuts a trailing hyphen off.

The key in the same link proves only that nothing was altered on the way; a page pinned to one key refuses all others.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.core.texts import _

EPOCH = 1_577_836_800
"""2020-01-01T00:00Z."""
_VERSION = 1
_ID, _SECRET, _KEY, _SIGNATURE = 11, 16, 32, 64
END = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the page shows. Times are instants on whole minutes; every start lasts `minutes`."""

    id: str
    secret: str
    created: int
    expires: int
    minutes: int
    title: str
    host: str
    address: str
    place: str = ""
    tzid: str
    language: str
    starts: tuple[int, ...]


def encode(offer: Offer, private_key: bytes) -> str:
    """The offer as text for a link; `private_key` is an Ed25519 seed of 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(private_key)
    body = _body(offer) + key.public_key().public_bytes_raw()
    return base64.urlsafe_b64encode(body + key.sign(body)).decode().rstrip("=") + END


def decode(text: str, pinned: bytes | None = None) -> Offer:
    """The offer in a text. Raises `BadInput` when it was altered, is none, or is signed by another key than `pinned`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    bare = text.strip().removesuffix(END)
    try:
        data = base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
        body, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
        key = body[-_KEY:]
        Ed25519PublicKey.from_public_bytes(key).verify(signature, body)
        made = _read(body[:-_KEY])
    except (binascii.Error, InvalidSignature, ValueError, IndexError) as error:
        raise BadInput(_("This offer was changed on the way, or is none.")) from error
    if pinned is not None and key != pinned:
        raise BadInput(_("This offer was made by somebody else."))
    return made


def _body(offer: Offer) -> bytes:
    out = bytearray([_VERSION])
    out += bytes.fromhex(offer.id) + bytes.fromhex(offer.secret)
    created = (offer.created - EPOCH) // 60
    out += _varint(created) + _varint(max(0, (offer.expires - EPOCH) // 60 - created)) + _varint(offer.minutes)
    for text in (offer.title, offer.host, offer.address, offer.place, offer.tzid, offer.language):
        raw = text.encode()
        out += _varint(len(raw)) + raw
    return bytes(out + _starts(offer.starts))


def _starts(starts: Sequence[int]) -> bytes:
    out = bytearray(_varint(len(starts)))
    before = EPOCH // 60
    for start in sorted(starts):
        out += _varint(start // 60 - before)
        before = start // 60
    return bytes(out)


def _read(body: bytes) -> Offer:
    if body[0] != _VERSION:
        raise ValueError("another version")
    at = 1 + _ID + _SECRET
    numbers = []
    for _number in range(3):
        value, at = _number_at(body, at)
        numbers.append(value)
    texts = []
    for _text in range(6):
        length, at = _number_at(body, at)
        if at + length > len(body):
            raise ValueError("cut")
        texts.append(body[at : at + length].decode())
        at += length
    count, at = _number_at(body, at)
    starts = []
    minute = EPOCH // 60
    for _start in range(count):
        step, at = _number_at(body, at)
        minute += step
        starts.append(minute * 60)
    if at != len(body):
        raise ValueError("too long")
    return Offer(
        id=body[1 : 1 + _ID].hex(),
        secret=body[1 + _ID : 1 + _ID + _SECRET].hex(),
        created=EPOCH + numbers[0] * 60,
        expires=EPOCH + (numbers[0] + numbers[1]) * 60,
        minutes=numbers[2],
        title=texts[0],
        host=texts[1],
        address=texts[2],
        place=texts[3],
        tzid=texts[4],
        language=texts[5],
        starts=tuple(starts),
    )


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number_at(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
        if shift > 42:
            raise ValueError("no number")
