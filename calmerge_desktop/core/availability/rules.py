"""Parts of a booking link that several settings make up together.

Lengths are whole minutes. Nothing in here changes which times are free, except `Horizon` and `SeriesRule`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _

_KEY = re.compile(r"^[A-Za-z0-9_-]{16,64}$")
_MOST_ADDRESSES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """How far ahead one may book: one of the four kinds, or none of them for any time."""

    days: int | None = None
    """Until the end of today + n days."""
    business_days: int | None = None
    """The same, counting Monday to Friday."""
    bookable_days: int | None = None
    """The next n days that have a slot at all."""
    until: date | None = None
    """Up to this date, included."""
    range: tuple[date, date] | None = None
    """From a date to a date, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the guest is asked."""

    label: str
    kind: Literal["text", "long", "number", "choice", "phone", "yes-no", "address", "url"] = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRule:
    """One booking is `count` meetings, every `every_weeks` weeks at the same wall time; each of the dates must be free."""

    every_weeks: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRules:
    """What a guest may do later."""

    cancel: bool = True
    reschedule: bool = True
    notice: int = 0
    """Minutes before the start until which they may."""
    reason: Literal["nobody", "host", "guest", "both"] = "nobody"
    """Who has to give a reason."""
    past: bool = False
    """Moving a meeting that is over."""
    rebook: bool = False
    """Booking again what was cancelled."""
    series: Literal["one", "rest", "all"] = "all"
    """How much of a series may be cancelled at once: one meeting, it and what follows, or all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookerRules:
    """Who may book, and how often."""

    most: int | None = None
    """Bookings of one guest that are still to come."""
    offer_move: bool = False
    """Who has as many may move one of them instead."""
    verify_mail: bool = False
    """The guest types a code that came by mail, so that nobody books in another's name."""
    free_mail: bool = False
    """Where bookings are confirmed: only those from addresses of free mail services."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRules:
    """How the page looks and what it leaves out."""

    layout: Literal["week", "month", "list"] = "week"
    hide_lengths: bool = False
    """The length is that of the address, not the guest's choice."""
    prefill: bool = True
    """What stands behind the address (`?name=…`) fills in fields."""
    redirect: str = ""
    """Where the guest is led after booking; empty: our own page."""
    hide_notes: bool = False
    """What the guest wrote does not stand in the event."""
    hide_organizer: bool = False
    """The person's address does not stand on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateAddress:
    """An address of the page for one use, which nobody can guess and which ends."""

    key: str = ""
    """Its random part; empty until the link is kept."""
    note: str = ""
    """For whom, for the person's own eyes."""
    until: date | None = None
    """The last day it works."""
    uses: int | None = 1
    """How many bookings it is good for; None: any number."""


def check_booker(rules: BookerRules) -> None:
    """Raises `BadInput` with one sentence."""
    if rules.most is not None and not 1 <= rules.most <= 1000:
        raise BadInput(_("One guest may have between 1 and 1000 bookings."))


def check_page(rules: PageRules) -> None:
    """Raises `BadInput` with one sentence."""
    if not rules.redirect:
        return
    try:
        parts = urlsplit(rules.redirect)
        fits = parts.scheme == "https" and bool(parts.hostname) and not set(rules.redirect) & set(" \t\r\n\"'<>")
    except ValueError:
        fits = False
    if not fits:
        raise BadInput(_("“{url}” is no web address that begins with https://.").format(url=rules.redirect[:60]))


def check_addresses(addresses: Sequence[PrivateAddress]) -> None:
    """Raises `BadInput` with one sentence."""
    if len(addresses) > _MOST_ADDRESSES:
        raise BadInput(_("A link has at most {n} private addresses.").format(n=_MOST_ADDRESSES))
    keys = [one.key for one in addresses if one.key]
    if len(set(keys)) != len(keys):
        raise BadInput(_("Two private addresses are the same."))
    for one in addresses:
        if one.key and not _KEY.match(one.key):
            raise BadInput(_("The key of a private address has 16 to 64 letters, digits, “-” and “_”."))
        if one.uses is not None and not 1 <= one.uses <= 10_000:
            raise BadInput(_("A private address is good for between 1 and 10,000 bookings."))
