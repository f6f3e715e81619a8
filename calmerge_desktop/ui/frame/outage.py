"""The words for sources that cannot be read: what it means for the person's free time, and what helps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calmerge_desktop.core.freebusy import DEFAULT, Blocking, Unreadable
from calmerge_desktop.core.model import AccountView, CalendarId
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases

_STRICT = (Unreadable.BLOCK, Unreadable.WARN, Unreadable.IGNORE)


class Told(NamedTuple):
    """What is said of sources that fail."""

    title: str
    text: str
    deed: str
    """Label of the button that helps."""
    plain: str
    """The same without a name, for the desktop: others may see it there."""


def told_of(views: Sequence[AccountView], rules: Mapping[CalendarId, Blocking], now: int, tz: ZoneInfo) -> Told:
    """The words for one or several accounts that fail."""
    policy = _strictest(views, rules)
    count = len(views)
    plain = ngettext("A calendar account cannot be read.", "{n} calendar accounts cannot be read.", count).format(n=count)
    plain = f"{plain} {_unsaid(policy)}".strip()
    if count > 1:
        title = ngettext("{n} account cannot be read", "{n} accounts cannot be read", count).format(n=count)
        names = ", ".join(view.account.name for view in views)
        return Told(title, f"{names}. {_unsaid(policy)}".strip(), _("Read now"), plain)
    view = views[0]
    reason, name = view.status.reason or "", view.account.name
    if view.status.kind == "sign-in":
        text = " ".join(filter(None, (reason, _until(view, policy, now, tz))))
        plain = " ".join(filter(None, (_("A calendar account wants you to sign in again."), _unsaid(policy))))
        return Told(_("{name}: sign in again").format(name=name), text, _("Sign in again"), plain)
    retry = ""
    if view.status.retry_at is not None:
        retry = _("Next try at {time}.").format(time=phrases.time_at(view.status.retry_at, tz))
    text = " ".join(filter(None, (reason, retry, _until(view, policy, now, tz))))
    deed = _("Look…") if view.status.kind == "suspicious" else _("Read now")
    return Told(_("{name} cannot be read").format(name=name), text, deed, plain)


def _strictest(views: Sequence[AccountView], rules: Mapping[CalendarId, Blocking]) -> Unreadable | None:
    """What these sources do to offers, the strictest of it; None when none of their calendars takes time."""
    busy = [one.calendar.id for view in views for one in view.calendars if one.calendar.busy]
    found = {rules.get(id, DEFAULT).unreadable for id in busy}
    return next((policy for policy in _STRICT if policy in found), None)


def _unsaid(policy: Unreadable | None) -> str:
    if policy is Unreadable.BLOCK:
        return _("Until then nothing is offered that it could affect.")
    return _("Until then every offer carries a warning.") if policy is Unreadable.WARN else ""


def _until(view: AccountView, policy: Unreadable | None, now: int, tz: ZoneInfo) -> str:
    if policy is None or policy is Unreadable.BLOCK or view.status.as_of is None:
        return _unsaid(policy)
    time = phrases.long_moment(view.status.as_of, now, tz)
    if policy is Unreadable.WARN:
        return _("Until then its state of {time} is used, with a warning on every offer.").format(time=time)
    return _("Until then its state of {time} is used.").format(time=time)
