"""The kinds of mails: invitation, moved, cancelled, answer, another time wished. Each in the reader's language.

Tone: one person writes to another. It is said what has not happened, and what to do next; nothing is urged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from calmerge_desktop.core.letters.letter import Facts, Letter, Part
from calmerge_desktop.core.letters.times import Reader, Ticket, short_when
from calmerge_desktop.core.texts import speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What a mail says about an event. `start` is an instant, also for whole days (midnight in the reader's zone)."""

    title: str
    start: int
    ticket: Ticket
    place: str = ""
    url: str = ""
    people: tuple[str, ...] = ()
    repeats: str = ""
    """A series in words; empty when the mail speaks of one occurrence."""


def invitation(meeting: Meeting, reader: Reader, *, host: str, guest: str, updated: bool = False) -> Letter:
    """To a guest: please accept or decline. `updated`: they know it already, and something but the time changed."""
    _, _ngettext = speech(reader.language)
    when = short_when(meeting.start, reader)
    subject = _("Updated: {title}, {when}") if updated else _("Invitation: {title}, {when}")
    opening = _("something about our meeting has changed:") if updated else _("I would be glad to meet you:")
    parts: list[Part] = [opening, _filled(meeting, reader)]
    parts.append(
        _(
            "Please accept or decline in your mail program or calendar."
            " If it shows no buttons, a short reply is just as good."
        )
    )
    return _letter(subject.format(title=meeting.title, when=when), guest, parts, reader, host)


def moved(meeting: Meeting, before: Ticket, reader: Reader, *, host: str, guest: str, reason: str = "") -> Letter:
    """To a guest: the meeting has a new time."""
    _, _ngettext = speech(reader.language)
    parts: list[Part] = [
        _("our meeting has a new time:"),
        replace(_filled(meeting, reader), label=_("New time")),
        replace(before, label=_("Until now"), struck=True),
    ]
    parts += _why(reason, reader)
    parts.append(_("The attached update changes the entry in your calendar. If the time does not suit you, simply reply."))
    subject = _("Moved: {title}, now {when}").format(title=meeting.title, when=short_when(meeting.start, reader))
    return _letter(subject, guest, parts, reader, host)


def cancelled(meeting: Meeting, reader: Reader, *, host: str, guest: str, reason: str = "") -> Letter:
    """To a guest: the meeting does not take place."""
    _, _ngettext = speech(reader.language)
    parts: list[Part] = [
        _("I am sorry, I have to cancel our meeting:"),
        replace(_brief(meeting), label=_("Cancelled"), struck=True),
    ]
    parts += _why(reason, reader)
    parts.append(_("The attached notice removes the entry from your calendar; there is nothing else to do."))
    subject = _("Cancelled: {title}, {when}").format(title=meeting.title, when=short_when(meeting.start, reader))
    return _letter(subject, guest, parts, reader, host)


def answer(meeting: Meeting, partstat: str, reader: Reader, *, me: str, organizer: str, comment: str = "") -> Letter:
    """To the organizer: yes, no, perhaps."""
    _, _ngettext = speech(reader.language)
    subjects = {
        "accepted": _("Accepted: {title}, {when}"),
        "declined": _("Declined: {title}, {when}"),
        "tentative": _("Tentative: {title}, {when}"),
    }
    openings = {
        "accepted": _("I will be there:"),
        "declined": _("I am sorry, I cannot come:"),
        "tentative": _("I am not sure yet whether I can come:"),
    }
    ticket = replace(_brief(meeting), struck=partstat == "declined")
    parts: list[Part] = [openings[partstat], ticket, *([comment] if comment else [])]
    subject = subjects[partstat].format(title=meeting.title, when=short_when(meeting.start, reader))
    return _letter(subject, organizer, parts, reader, me)


def another_time(meeting: Meeting, wish: Ticket, reader: Reader, *, me: str, organizer: str, comment: str = "") -> Letter:
    """To the organizer: a counter-proposal."""
    _, _ngettext = speech(reader.language)
    parts: list[Part] = [
        _("could we meet at another time? This would suit me:"),
        replace(wish, label=_("Proposed")),
        replace(meeting.ticket, label=_("Until now")),
        *([comment] if comment else []),
    ]
    subject = _("Another time: {title}, {when}").format(title=meeting.title, when=short_when(meeting.start, reader))
    return _letter(subject, organizer, parts, reader, me)


def stays(meeting: Meeting, reader: Reader, *, host: str, guest: str, comment: str = "") -> Letter:
    """To a guest who proposed another time: it stays as it is."""
    _, _ngettext = speech(reader.language)
    parts: list[Part] = [
        _("thank you for your proposal. Unfortunately I cannot then, so the meeting stays as it is:"),
        meeting.ticket,
        *([comment] if comment else []),
    ]
    subject = _("Unchanged: {title}, {when}").format(title=meeting.title, when=short_when(meeting.start, reader))
    return _letter(subject, guest, parts, reader, host)


def greeted(letter: Letter, reader: Reader, name: str) -> Letter:
    """The same letter to one person by name."""
    _, _ngettext = speech(reader.language)
    return replace(letter, greeting=_("Hello {name},").format(name=name)) if name else letter


def _filled(meeting: Meeting, reader: Reader) -> Ticket:
    _, _ngettext = speech(reader.language)
    lines = [meeting.title]
    if meeting.repeats:
        lines.append(meeting.repeats)
    if meeting.place:
        lines.append(_("Where: {place}").format(place=meeting.place))
    if meeting.people:
        lines.append(_("With: {people}").format(people=_few(meeting.people, reader)))
    return replace(meeting.ticket, more=tuple(lines), link=meeting.url)


def _brief(meeting: Meeting) -> Ticket:
    """When it is, and whether all of a series is meant."""
    return replace(meeting.ticket, more=(meeting.repeats,)) if meeting.repeats else meeting.ticket


def _few(people: Sequence[str], reader: Reader) -> str:
    """At most eight names, then how many more."""
    _, ngettext = speech(reader.language)
    rest = len(people) - 8
    if rest <= 1:
        return ", ".join(people)
    more = ngettext("and {n} more", "and {n} more", rest).format(n=rest)
    return ", ".join([*people[:8], more])


def _why(reason: str, reader: Reader) -> list[Part]:
    _, _ngettext = speech(reader.language)
    return [Facts(((_("Why"), reason),))] if reason else []


def _letter(subject: str, to: str, parts: Sequence[Part], reader: Reader, name: str) -> Letter:
    _, _ngettext = speech(reader.language)
    return Letter(
        subject=" ".join(subject.split()),
        greeting=_("Hello {name},").format(name=to) if to else _("Hello,"),
        parts=tuple(parts),
        closing=_("Kind regards"),
        signature=name,
        small=_("Written with CalMerge."),
        choose=_("Choose {n}"),
    )
