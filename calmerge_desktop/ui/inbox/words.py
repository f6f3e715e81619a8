"""A request in words: what a row says, whether it fits, what happens without an answer, and what an answer sends. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from calmerge_desktop.core.freebusy import Unreadable
from calmerge_desktop.core.model import AccountView
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local, seconds_date
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.facts import Line, Tag

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.requesting import Fit, Request

_FEW = 3
_HALF_DAY = 12 * 3600


def tag(one: Request) -> Tag:
    """The plate of a row."""
    if one.kind in ("invitation", "update") and not one.open and one.partstat in _ANSWERED:
        return _ANSWERED[one.partstat]()
    if one.kind == "update":
        return Tag(_("Moved"), "repeat", "amber") if one.moved else Tag(_("Updated"), "pencil")
    if one.kind == "answer":
        return Tag(
            _("Reply"), *{"accepted": ("check", "green"), "declined": ("close", "grey")}.get(one.partstat, ("question",))
        )
    return _TAGS.get(one.kind, lambda: Tag(_("Message"), "info"))()


_ANSWERED: dict[str, Callable[[], Tag]] = {
    "accepted": lambda: Tag(_("Accepted"), "check", "green"),
    "declined": lambda: Tag(_("Declined"), "close"),
    "tentative": lambda: Tag(_("Maybe"), "question"),
}
_TAGS: dict[str, Callable[[], Tag]] = {
    "invitation": lambda: Tag(_("Invitation"), "mail"),
    "counter": lambda: Tag(_("Counter"), "undo"),
    "counter-declined": lambda: Tag(_("Reply"), "undo"),
    "cancelled": lambda: Tag(_("Cancelled"), "close"),
    "answer-for-guest": lambda: Tag(_("Reply"), "question", "amber"),
    "not-allowed": lambda: Tag(_("Refused"), "warning", "amber"),
    "uninvited": lambda: Tag(_("Reply"), "question", "amber"),
    "refresh": lambda: Tag(_("Question"), "question"),
    "proposal": lambda: Tag(_("Answer"), "clock", "blue"),
    "offer": lambda: Tag(_("Offer"), "clock"),
    "booked": lambda: Tag(_("Booked"), "check", "green"),
}


def when(one: Request, tz: ZoneInfo) -> str:
    """`Thu, 26 Nov · 15:30 – 16:00`, empty when nobody knows."""
    if not one.end:
        return ""
    return span(one.start, one.end, tz, all_day=one.all_day)


def span(start: int, end: int, tz: ZoneInfo, *, all_day: bool = False) -> str:
    """Two instants, or dates, in words."""
    if all_day:
        first, last = seconds_date(start), seconds_date(max(end - 1, start))
        day = phrases.day_short(first)
        if first == last:
            return _("{day} · all day").format(day=day)
        return _("{first} – {last} · all day").format(first=day, last=phrases.day_short(last))
    days = [phrases.day_short(local(at, tz).date()) for at in (start, end)]
    times = [phrases.time_at(at, tz) for at in (start, end)]
    if days[0] == days[1]:
        return _("{day} · {start} – {end}").format(day=days[0], start=times[0], end=times[1])
    return _("{first}, {start} – {last}, {end}").format(first=days[0], start=times[0], last=days[1], end=times[1])


def moment(at: int, tz: ZoneInfo) -> str:
    """`Thu, 26 Nov, 15:30`."""
    return f"{phrases.day_short(local(at, tz).date())}, {phrases.time_at(at, tz)}"


def _brief(one: Request, tz: ZoneInfo) -> str:
    if not one.end:
        return ""
    return phrases.day_short(seconds_date(one.start)) if one.all_day else moment(one.start, tz)


def title(one: Request) -> str:
    """What it is about."""
    return one.title or _("Untitled")


def what(one: Request, tz: ZoneInfo) -> str:
    """The second line of a row."""
    name, at = title(one), _brief(one, tz)
    if one.kind == "counter":
        return _("{when} for “{title}”").format(title=name, when=at)
    if one.kind in ("answer", "answer-for-guest"):
        said = {
            "accepted": _("comes to “{title}”"),
            "declined": _("does not come to “{title}”"),
            "tentative": _("may come to “{title}”"),
        }
        return said.get(one.partstat, _("passes “{title}” on")).format(title=name)
    if one.kind == "proposal":
        if one.declined:
            return _("none of the times for “{title}” suits").format(title=name)
        return _("chooses {when}").format(when=at) if at else _("answers “{title}”").format(title=name)
    if one.kind == "offer":
        n = len(one.slots)
        return ngettext("{n} time offered for “{title}”", "{n} times offered for “{title}”", n).format(n=n, title=name)
    said = {
        "not-allowed": _("wants to change “{title}”"),
        "uninvited": _("answers “{title}” uninvited"),
        "refresh": _("asks for “{title}” as it is now"),
        "counter-declined": _("“{title}” stays as it is"),
    }
    if one.kind in said:
        return said[one.kind].format(title=name)
    return f"{name} · {at}" if at else name


def note(one: Request, tz: ZoneInfo) -> str:
    """The third line of a row: what is to be known before opening it."""
    letter = {
        "waiting": _("your mail waits to be sent"),
        "refused": _("your mail was refused"),
        "unsure": _("your mail may have arrived"),
    }.get(one.letter, "")
    if letter and not one.open:
        return letter
    if one.kind == "counter":
        return _("was {when}").format(when=moment(one.was[0], tz)) if one.was else ""
    if one.kind == "proposal":
        return _("until {when}").format(when=moment(one.expires, tz))
    if one.kind == "offer":
        return _("no answer yet, ends {when}").format(when=moment(one.expires, tz))
    if one.kind == "answer-for-guest":
        return _("sent by {address}").format(address=one.address)
    said = {
        "not-allowed": _("not from the organizer, nothing was changed"),
        "uninvited": _("was not invited"),
        "cancelled": _("does not take place"),
        "old": _("older than what is known"),
        "known": _("known already"),
        "past": _("for a time that is over"),
        "unknown-event": _("about an event that is not here"),
    }.get(one.kind, "")
    if said:
        return said
    if one.kind in ("invitation", "update"):
        n = len(one.people) + 1
        people = ngettext("{n} person", "{n} people", n).format(n=n) if one.people else ""
        place = one.place.splitlines()[0] if one.place else ""
        return " · ".join(part for part in (place, people) if part)
    return one.comment.replace("\n", " ")


def left(one: Request, now: int) -> str:
    """How long there is to answer: `6 h 40 min left`, in the last two days."""
    until = one.expires if one.proposal else one.start if one.kind in ("invitation", "update", "counter") else 0
    return remaining(until, now) if one.open else ""


def remaining(until: int, now: int) -> str:
    """`6 h left`, in the last two days before an instant; else empty."""
    if not 0 < until - now < 48 * 3600:
        return ""
    step = 3600 if until - now > _HALF_DAY else 60
    return _("{time} left").format(time=phrases.duration((until - now) // step * step))


def spoken(one: Request, tz: ZoneInfo) -> str:
    """The whole row for a screen reader."""
    state = _("waits for you") if one.open else _("done")
    parts = (tag(one).label, one.who, what(one, tz), note(one, tz), state)
    return ", ".join(part for part in parts if part)


# --- the middle -----------------------------------------------------------------------------------------------------------


def fits(one: Request, fit: Fit, tz: ZoneInfo) -> list[Line]:
    """Whether it fits, line by line."""
    out: list[Line] = []
    if fit.dates > 1:
        taken = len({start for start, _busy in fit.clashes})
        if taken:
            said = ngettext("{n} of the next {all} dates is taken", "{n} of the next {all} dates are taken", taken)
            out.append(Line("cross-circle", "danger", said.format(n=taken, all=fit.dates)))
        else:
            out.append(Line("check", "done", _("Free on the next {n} dates").format(n=fit.dates)))
    elif fit.dates == 1 and not fit.clashes:
        n = fit.calendars - len(fit.unread)
        said = ngettext("Free in {n} of {all} calendar", "Free in {n} of {all} calendars", fit.calendars)
        out.append(Line("check", "done", said.format(n=n, all=fit.calendars)))
    for start, busy in fit.clashes[:_FEW]:
        name = busy.summary or _("Untitled")
        day = f"{phrases.day_short(local(start, tz).date())}, " if fit.dates > 1 else ""
        times = f"{phrases.time_at(busy.start, tz)}–{phrases.time_at(busy.end, tz)}"
        out.append(Line("cross-circle", "danger", _("“{title}” is there {when}").format(title=name, when=day + times)))
    if (more := len(fit.clashes) - _FEW) > 0:
        out.append(Line("more", "text2", ngettext("and {n} more", "and {n} more", more).format(n=more)))
    if fit.before is not None:
        out.append(Line("clock", "warn", _("No break after “{title}”").format(title=fit.before.summary or _("Untitled"))))
    if fit.after is not None:
        out.append(Line("clock", "warn", _("No break before “{title}”").format(title=fit.after.summary or _("Untitled"))))
    for source in fit.unread[:_FEW]:
        mild = source.policy is not Unreadable.BLOCK
        said = _("{name} cannot be read now").format(name=source.name)
        out.append(Line("clock" if mild else "cross-circle", "warn" if mild else "danger", said))
    if one.all_day:
        out.append(Line("info", "text2", _("It takes whole days, so no hours are compared.")))
    return out


def recognised(how: str, choices: int, confidence: float) -> str:
    """By what the choice of an answer was recognised (`core.proposal.reading.How`), and how sure that is."""
    if how == "token":
        return _("Recognised by its genuine choice token.") if choices == 1 else _("It holds several choice tokens.")
    percent = round(confidence * 100)
    if how == "number":
        return _("Read from the number it names, {percent} % sure.").format(percent=percent)
    if how == "words":
        return _("Read from its words, {percent} % sure.").format(percent=percent)
    return _("It does not say which time; choose one.")


def nothing(one: Request, tz: ZoneInfo) -> str:
    """What happens if nobody acts."""
    if not one.open:
        return ""
    if one.kind == "counter":
        at = moment(one.was[0], tz) if one.was else ""
        return _("“{title}” stays on {when}, and {who} waits for your word.").format(title=title(one), when=at, who=one.who)
    if one.kind == "proposal":
        said = _("The offer ends on {when}; then the times are free again and {who} hears nothing.")
        return said.format(when=moment(one.expires, tz), who=one.who)
    if one.kind == "update" and one.partstat in _ANSWERED:
        return _("Your answer stands as you gave it.")
    if one.kind in ("invitation", "update"):
        return _("It stays in your calendar without an answer, and {who} waits.").format(who=one.who)
    return {
        "cancelled": _("It stays in your calendar, struck out, and leaves you free."),
        "not-allowed": _("Nothing: the message changed nothing and goes on changing nothing."),
        "uninvited": _("Nothing: the event stays as it is."),
        "answer-for-guest": _("Your event says of {who} what it said before.").format(who=one.who),
        "refresh": _("{who} keeps the version they have.").format(who=one.who),
    }.get(one.kind, "")


def leaves(one: Request, calendar: str, *, offline: bool) -> str:
    """What an answer writes and sends, said before it does."""
    if one.kind == "counter":
        n = len(one.guests)
        told = ngettext("tells {n} person", "tells {n} people", n).format(n=n)
        said = _("Accept moves the event in “{calendar}” and {told}. Decline mails {who} that it stays.")
        return _late(said.format(calendar=calendar, told=told, who=one.who), one, offline=offline)
    if one.kind == "proposal":
        return _late(booking_leaves(title(one), calendar, one.who), None, offline=offline)
    if one.kind == "answer-for-guest":
        said = _("It came from {address}, not from {who}. If you believe it, it is noted in “{calendar}”.")
        return said.format(address=one.address, who=one.who, calendar=calendar)
    if not one.asks:
        return _("Nothing leaves this computer.")
    if one.by_server:
        said = _("Your answer goes into “{calendar}”; {account} tells {who}: the answer and the word you add.")
        return _late(said.format(calendar=calendar, account=one.account, who=one.who), None, offline=offline)
    said = _("Your answer goes into “{calendar}” and by mail to {who}: the answer, {sender} and the word you add.")
    return _late(said.format(calendar=calendar, who=one.who, sender=one.sender), one, offline=offline)


def booking_leaves(title: str, calendar: str, who: str) -> str:
    """What booking a time of an offer writes and sends."""
    said = _("Booking writes “{title}” into “{calendar}”, mails {who} the invitation and frees the other times.")
    return said.format(title=title, calendar=calendar, who=who)


def _late(said: str, one: Request | None, *, offline: bool) -> str:
    """With why it will not leave now, if so."""
    if one is not None and not one.mailbox and not one.by_server:
        why = _("No mailbox sends from {address} yet, so the mail waits.").format(address=one.sender)
        return f"{said} {why}"
    why = _("You are offline: it leaves later.")
    return f"{said} {why}" if offline else said


def is_offline(accounts: Sequence[AccountView]) -> bool:
    """Whether an account could not be reached last time."""
    return any(view.status.kind == "offline" for view in accounts)


def empty(requests: Sequence[Request]) -> str:
    """What an empty inbox says: nothing waits, and where answers will come."""
    names = [one.who for one in requests if one.kind == "offer"]
    if not names:
        return _("Nothing waits for you.")
    shown = _("{first} and {second}").format(first=names[0], second=names[1]) if len(names) > 1 else names[0]
    return _("Nothing waits for you. Answers to the offer to {names} arrive here.").format(names=shown)
