"""Google's permissions for each rung of the ladder, the least that the methods we call accept."""

from __future__ import annotations

from collections.abc import Collection

from calmerge_desktop.sync.oauth.scopes import Level

_AUTH = "https://www.googleapis.com/auth/"
_LIST = _AUTH + "calendar.calendarlist.readonly"
_BUSY = _AUTH + "calendar.events.freebusy"
_READ = _AUTH + "calendar.events.readonly"
_WRITE = _AUTH + "calendar.events"
_MAIL = _AUTH + "gmail.send"
_INBOX = _AUTH + "gmail.readonly"
_ALL_READ = _AUTH + "calendar.readonly"
_ALL = _AUTH + "calendar"

_ASKED = {
    Level.FREEBUSY: ("openid", _LIST, _BUSY),
    Level.READ: ("openid", _LIST, _BUSY, _READ),
    Level.WRITE: ("openid", _LIST, _BUSY, _WRITE),
    Level.SEND: ("openid", _LIST, _BUSY, _WRITE, _MAIL),
    Level.ANSWERS: ("openid", _LIST, _BUSY, _WRITE, _MAIL, _INBOX),
}
"""`gmail.metadata` would be less than `gmail.readonly`, but gives no body, so no answer.

`openid` names the person by a number that outlives a change of address; the list is needed to know the calendars."""


def asked(rung: Level, held: Collection[str] = ()) -> list[str]:
    """What to ask for: the rung's scopes and all that was granted before, since a new token replaces the old one."""
    return sorted({*_ASKED[rung], *held})


def reached(granted: Collection[str]) -> Level | None:
    """The highest rung that `granted` carries; None when not even the calendars can be listed."""
    have = set(granted)
    if not have & {_LIST, _ALL_READ, _ALL}:
        return None
    if have & {_WRITE, _ALL}:
        if _MAIL not in have:
            return Level.WRITE
        return Level.ANSWERS if _INBOX in have else Level.SEND
    if have & {_READ, _ALL_READ}:
        return Level.READ
    return Level.FREEBUSY if _BUSY in have else None


def may_ask_busy(granted: Collection[str]) -> bool:
    """Whether `freebusy.query` is allowed; `calendar.events` alone does not allow it."""
    return bool(set(granted) & {_BUSY, _ALL_READ, _ALL})
