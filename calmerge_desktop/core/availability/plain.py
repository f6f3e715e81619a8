"""A link as plain values, the same in TOML files, in the ledger and in JSON: the names of the command line's contract."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from calmerge_desktop.core.availability import plain_rules, shapes
from calmerge_desktop.core.availability.link import PERIODS, Link, check_link
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _

_TEXTS = (
    "title", "slug", "description", "color", "language", "timezone", "schedule", "restrict", "video", "event_name",
    "reply_to",
)  # fmt: skip
_FLAGS = (
    "hidden", "active", "lock_timezone", "guest_clock", "first_only", "keep_blocks_whole", "confirm", "pending_blocks",
    "guests", "show_seats", "private", "mail_host", "mail_guest",
)  # fmt: skip
_LENGTHS = ("interval", "offset", "buffer_before", "buffer_after", "minimum_notice", "confirm_within", "reminder")


def from_toml(text: str) -> Link:
    """A link out of a TOML text. Raises `BadInput` that names the key at fault."""
    return from_plain(read_toml(text))


def read_toml(text: str) -> dict[str, Any]:
    """A TOML text as plain values. Raises `BadInput`."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers of thousands of digits, and lists within lists without end
        raise BadInput(_("This is no TOML: {problem}").format(problem=str(error))) from error


def to_toml(link: Link) -> str:
    """All settings that are not at their default."""
    import tomli_w

    return tomli_w.dumps(to_plain(link))


def from_plain(raw: Mapping[str, Any]) -> Link:
    """A checked link out of plain values. Raises `BadInput`."""
    values: dict[str, Any] = {}
    rest = dict(raw)
    rest.pop("warnings", None)
    for name, read in _READERS.items():
        if name in rest:
            values[name] = read(name, rest.pop(name))
    counts = {period: rest.pop(f"per_{period}") for period in PERIODS if f"per_{period}" in rest}
    totals = {period: rest.pop(f"minutes_per_{period}") for period in PERIODS if f"minutes_per_{period}" in rest}
    values["counts"] = {period: shapes.number(f"per_{period}", most) for period, most in counts.items()}
    values["totals"] = {period: shapes.minutes(f"minutes_per_{period}", most) for period, most in totals.items()}
    if rest:
        raise BadInput(_("A booking link has no setting “{name}”.").format(name=min(rest)[:40]))
    for needed in ("title", "minutes"):
        if needed not in values:
            raise BadInput(_("“{name}” is missing.").format(name=needed))
    values.setdefault("slug", slug_of(values["title"]))
    link = Link(**values)
    check_link(link)
    return link


def to_plain(link: Link) -> dict[str, Any]:
    """Plain values of everything that is not at its default; title, slug and minutes always."""
    usual = Link(title="", slug="", minutes=())
    out: dict[str, Any] = {}
    if link.id:
        out["id"] = link.id
    out |= {"title": link.title, "slug": link.slug, "minutes": _few(link.minutes)}
    for name in (*_TEXTS, *_FLAGS, *_LENGTHS):
        value = getattr(link, name)
        if value != getattr(usual, name) and value is not None:
            out[name] = value
    out |= {f"per_{period}": most for period, most in link.counts.items()}
    out |= {f"minutes_per_{period}": most for period, most in link.totals.items()}
    for name in ("prefer", "busy", "location"):
        if value := getattr(link, name):
            out[name] = list(value)
    if link.target:
        out["target"] = str(link.target)
    if link.seats != 1:
        out["seats"] = link.seats
    return out | _tables(link, usual)


def slug_of(title: str) -> str:
    """A part of an address that recalls the title."""
    import unicodedata

    sharp = title.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", sharp).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "meeting"


def _few(values: Sequence[int]) -> int | list[int]:
    return values[0] if len(values) == 1 else list(values)


def _minutes(name: str, value: Any) -> tuple[int, ...]:
    many = value if isinstance(value, list | tuple) else [value]
    return tuple(shapes.minutes(name, one) for one in many)


def _target(name: str, value: Any) -> CalendarId | None:
    found = shapes.text(name, value)
    return CalendarId(found) if found else None


def _tables(link: Link, usual: Link) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if link.horizon != usual.horizon:
        out["horizon"] = plain_rules.horizon_plain(link.horizon)
    if link.hours is not None:
        out["hours"] = shapes.hours_plain(link.hours)
    if link.overrides:
        out["overrides"] = shapes.overrides_plain(link.overrides)
    if link.questions:
        out["questions"] = [plain_rules.question_plain(one) for one in link.questions]
    if link.series:
        out["series"] = {"every_weeks": link.series.every_weeks, "count": link.series.count}
    for name in plain_rules.TABLES:
        if getattr(link, name) != getattr(usual, name):
            out[name] = plain_rules.rules_plain(getattr(link, name))
    if link.private_addresses:
        out["private_addresses"] = [plain_rules.address_plain(one) for one in link.private_addresses]
    return out


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "id": shapes.text,
    **dict.fromkeys(_TEXTS, shapes.text),
    **dict.fromkeys(_FLAGS, shapes.flag),
    **dict.fromkeys(_LENGTHS, shapes.minutes),
    **dict.fromkeys(("prefer", "busy", "location"), shapes.words),
    "minutes": _minutes,
    "target": _target,
    "seats": shapes.number,
    "horizon": plain_rules.horizon,
    "hours": shapes.hours_table,
    "overrides": shapes.overrides_table,
    "questions": plain_rules.questions,
    "series": plain_rules.series,
    **dict.fromkeys(plain_rules.TABLES, plain_rules.rules),
    "private_addresses": plain_rules.addresses,
}
