"""Which field of a link cannot work, and why: the sentences of `core.availability.link`, sorted to the fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from calmerge_desktop.core.availability.link import Link, check_link
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "length": ("minutes",),
    "interval": ("minutes", "interval", "offset"),
    "notice": ("minimum_notice",),
    "horizon": ("horizon",),
    "buffers": ("buffer_before", "buffer_after"),
    "confirmation": ("confirm_within",),
    "questions": ("questions",),
    "series": ("series",),
    "seats": ("seats",),
    "event": ("event_name", "reminder"),
    "changes": ("changes",),
    "slug": ("slug",),
    "guest-limit": ("booker",),
    "redirect": ("page",),
    "clock": ("guest_clock", "lock_timezone"),
    "private": ("private_addresses",),
}
_OFTEN = ("day", "week")
_GOOD = Link(title="x", slug="x", minutes=(30,))


def wrong(link: Link) -> dict[str, str]:
    """A sentence for each field that is wrong; empty when the link can be saved."""
    said: dict[str, str] = {}
    for field, names in _FIELDS.items():
        given: dict[str, Any] = {name: getattr(link, name) for name in names}
        if problem := _problem(replace(_GOOD, **given)):
            said[field] = problem
    if "length" in said:
        said.pop("interval", None)
    said |= _limits(link, "length" not in said)
    if not said and (problem := _problem(link)):
        said["rest"] = problem
    return said


def _limits(link: Link, known_lengths: bool) -> dict[str, str]:
    """Those per day and week stand in the open part of the form, the rarer ones in a fold."""
    said: dict[str, str] = {}
    often = {period: most for period, most in link.counts.items() if period in _OFTEN}
    rare = {period: most for period, most in link.counts.items() if period not in _OFTEN}
    minutes = link.minutes if known_lengths else _GOOD.minutes
    if problem := _problem(replace(_GOOD, counts=often)):
        said["limits"] = problem
    if problem := _problem(replace(_GOOD, minutes=minutes, counts=rare, totals=link.totals)):
        said["more-limits"] = problem
    day, week = link.counts.get("day"), link.counts.get("week")
    if "limits" not in said and day and week and day > week:
        said["limits"] = _("{day} a day cannot fit: at most {week} in a week.").format(day=day, week=week)
    return said


def _problem(link: Link) -> str:
    try:
        check_link(link)
    except BadInput as error:
        return error.message
    return ""
