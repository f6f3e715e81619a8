"""Graph's permissions for each rung of the ladder, the least that the methods we call accept."""

from __future__ import annotations

from collections.abc import Collection

from calmerge_desktop.sync.oauth.scopes import Level

_ME = "User.Read"
_ASKED = {
    Level.FREEBUSY: (_ME, "Calendars.ReadBasic"),
    Level.READ: (_ME, "Calendars.Read"),
    Level.WRITE: (_ME, "Calendars.ReadWrite"),
    Level.SEND: (_ME, "Calendars.ReadWrite", "Mail.Send"),
    Level.ANSWERS: (_ME, "Calendars.ReadWrite", "Mail.Send", "Mail.Read"),
}
"""`Mail.ReadBasic` would be less than `Mail.Read`, but gives no body, so no answer.

`User.Read` names the person's address. `openid`, `profile` and `offline_access` are msal's own business."""
_PREFIX = "https://graph.microsoft.com/"
_LONGER = frozenset({"openid", "profile", "offline_access", "email"})


def asked(rung: Level, held: Collection[str] = ()) -> list[str]:
    """What to ask for: the rung's scopes and all that was granted before."""
    return sorted({*_ASKED[rung], *(each for each in plain(held) if each not in _LONGER)})


def plain(granted: Collection[str]) -> list[str]:
    """Scopes without the resource they belong to."""
    return [each.removeprefix(_PREFIX) for each in granted]


def reached(granted: Collection[str]) -> Level | None:
    """The highest rung that `granted` carries; None when not even the calendars can be listed."""
    have = {each.lower() for each in plain(granted)}
    if "calendars.readwrite" in have:
        if "mail.send" not in have:
            return Level.WRITE
        return Level.ANSWERS if "mail.read" in have else Level.SEND
    if "calendars.read" in have:
        return Level.READ
    return Level.FREEBUSY if "calendars.readbasic" in have else None
