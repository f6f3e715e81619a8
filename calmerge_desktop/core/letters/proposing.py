"""The mails of a proposal: times offered, one of them confirmed, others offered because the chosen one went."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from calmerge_desktop.core.letters.kinds import Meeting
from calmerge_desktop.core.letters.letter import Go, Letter, Part
from calmerge_desktop.core.letters.template import Template, fill, ours, paragraphs
from calmerge_desktop.core.letters.times import (
    Choice,
    Reader,
    Ticket,
    at,
    city,
    clock,
    day_and_clock,
    deadline,
    gap_changes,
    short_when,
    ticket,
)
from calmerge_desktop.core.texts import Speech, speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a mail offers. `slots` are instants; `links` one address a time, or none; `page` shows all free times."""

    title: str
    minutes: int
    slots: tuple[tuple[int, int], ...]
    until: int
    """Instant until which the offer stands."""
    held: bool = False
    links: tuple[str, ...] = ()
    page: str = ""
    shared: bool = False
    """Others were offered the same times."""


def proposal(offer: Offer, reader: Reader, *, host: str, guest: str, template: Template | None = None) -> Letter:
    """These times are free on my side; is one of them good for you? In the words of `template`, or in ours."""
    _, _ngettext = speech(reader.language)
    count = len(offer.slots)
    words = template or ours(reader.language, count)
    values = {
        "guest": guest,
        "title": offer.title,
        "count": _number(count, reader).lower(),
        "length": _length(offer.minutes, reader),
        "until": deadline(offer.until, reader),
        "me": host,
    }
    subject = fill(words.subject, values)
    parts = [part for pieces in paragraphs(words.text) for part in _paragraph(pieces, values, offer, reader)]
    greeting = parts.pop(0) if parts and isinstance(parts[0], str) else ""
    small = _("Written with CalMerge.")
    if offer.links or offer.page:
        small = _("Opening a link books nothing.") + " " + small
    return Letter(
        subject=" ".join((subject[:1].upper() + subject[1:]).split()),
        greeting=str(greeting),
        parts=tuple(parts),
        closing=fill(words.closing, values),
        signature=fill(words.signature, values).strip(),
        small=small,
        choose=_("Choose {n}"),
    )


def _paragraph(pieces: Sequence[str], values: Mapping[str, str], offer: Offer, reader: Reader) -> list[Part]:
    """One paragraph of a template. One that shows the page is left out where there is no page."""
    if "page" in pieces[1::2] and not offer.page:
        return []
    parts: list[Part] = []
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            parts += [fill(piece, values)] if piece else []
        elif piece == "times":
            parts += tickets(offer, reader)
        elif piece == "answer":
            parts += _how(offer, reader)
        else:
            before = parts.pop() if parts and isinstance(parts[-1], str) else ""
            parts.append(Go(str(before), offer.page))
    return parts


def other_times(offer: Offer, why: str, went: int | None, subject: str, reader: Reader, *, host: str, guest: str) -> Letter:
    """Other times, in answer to a choice, to none of them, or because the earlier ones hold no more.

    `why` is one of `taken` (then `went` is the instant of the time that was chosen), `declined`, `changed`, `expired`.
    """
    _, _ngettext = speech(reader.language)
    count = len(offer.slots)
    opening = _openings(count, speech(reader.language))[why].format(
        when=day_and_clock(went, reader) if went is not None else "", count=_number(count, reader).lower()
    )
    closing = _("Sorry for the detour") if why in ("taken", "changed") else _("Kind regards")
    small = _("Written with CalMerge.")
    if offer.links or offer.page:
        small = _("Opening a link books nothing.") + " " + small
    parts: list[Part] = [opening, *tickets(offer, reader), *_how(offer, reader)]
    return _letter(f"Re: {subject}", guest, parts, reader, host, closing, small)


def _openings(count: int, said: Speech) -> dict[str, str]:
    _, ngettext = said
    return {
        "taken": ngettext(
            "thank you for your choice. Unfortunately {when} was taken in the meantime, so nothing is booked yet. "
            "The nearest time I can offer:",
            "thank you for your choice. Unfortunately {when} was taken in the meantime, so nothing is booked yet. "
            "The nearest times I can offer:",
            count,
        ),
        "declined": ngettext(
            "thank you for your answer. Nothing is booked yet. This other time is free on my side; is it good for you?",
            "thank you for your answer. Nothing is booked yet. These {count} other times are free on my side; "
            "is one of them good for you?",
            count,
        ),
        "changed": ngettext(
            "I have to change my offer: the earlier times hold no more. This time is free on my side now; "
            "is it good for you?",
            "I have to change my offer: the earlier times hold no more. These {count} times are free on my side now; "
            "is one of them good for you?",
            count,
        ),
        "expired": ngettext(
            "my earlier offer has run out. This time is free on my side now; is it good for you?",
            "my earlier offer has run out. These {count} times are free on my side now; is one of them good for you?",
            count,
        ),
    }


def confirmed(meeting: Meeting, reader: Reader, *, host: str, guest: str) -> Letter:
    """It is settled; the invitation is attached."""
    _, _ngettext = speech(reader.language)
    from babel.dates import format_date

    parts: list[Part] = [
        _("thank you for choosing. It is settled and in my calendar:"),
        replace(meeting.ticket, more=(meeting.title,), link=meeting.url),
        _("The invitation is attached; accepting it puts the meeting into your calendar."),
        _("If plans change, simply reply to this mail."),
    ]
    weekday = format_date(at(meeting.start, reader.tzid), "EEEE", locale=reader.locale)
    subject = _("Confirmed: {title}, {when}").format(title=meeting.title, when=short_when(meeting.start, reader))
    closing = _("See you on {weekday}").format(weekday=weekday)
    return _letter(subject, guest, parts, reader, host, closing, _("Written with CalMerge."))


def tickets(offer: Offer, reader: Reader) -> list[Ticket]:
    """The times, numbered when there are several, with a note where a change of the clocks lies between two.

    Times of one day that follow one another without a gap are one ticket, in which each is named by when it begins.
    """
    changes = gap_changes([start for start, _end in offer.slots], reader)
    made = []
    for run in _runs(offer.slots, reader):
        first, last = run[0], run[-1]
        one = ticket(offer.slots[first][0], offer.slots[last][1], reader)
        note = _clock_note(offer.slots[last][0], offer.slots[last + 1][0], changes[last], reader) if last in changes else ""
        links = [offer.links[n] if n < len(offer.links) else "" for n in run]
        if len(run) > 1:
            choices = tuple(Choice(n + 1, link) for n, link in zip(run, links, strict=True))
            made.append(replace(one, choices=choices, more=(_begins(offer, run, reader),), note=note))
        else:
            made.append(replace(one, number=first + 1 if len(offer.slots) > 1 else None, link=links[0], note=note))
    return made


def _runs(slots: Sequence[tuple[int, int]], reader: Reader) -> list[list[int]]:
    """Indexes of the times, those together that touch and lie on one day of the reader's."""
    runs: list[list[int]] = []
    for n, (start, _end) in enumerate(slots):
        before = slots[runs[-1][-1]] if runs else (0, 0)
        if runs and before[1] == start and at(before[0], reader.tzid).date() == at(start, reader.tzid).date():
            runs[-1].append(n)
        else:
            runs.append([n])
    return runs


def _begins(offer: Offer, run: Sequence[int], reader: Reader) -> str:
    """`Start: 1) 9:30 AM, 2) 10:00 AM`."""
    _, _ngettext = speech(reader.language)
    said = ", ".join(f"{n + 1}) {clock(at(offer.slots[n][0], reader.tzid), reader)}" for n in run)
    return _("Start: {times}").format(times=said)


def _clock_note(before: int, after: int, gaps: tuple[int, int], reader: Reader) -> str:
    """Where the clocks change between two times, and what that does to the gap."""
    _, _ngettext = speech(reader.language)
    host, guest = city(reader.host_tzid, reader.language), city(reader.tzid, reader.language)
    moved = [
        name
        for name, tzid in ((guest, reader.tzid), (host, reader.host_tzid))
        if _shift(before, tzid) != _shift(after, tzid)
    ]
    first, last = (_ahead(minutes, reader) for minutes in gaps)
    text = _("The clocks change in {place} between these times: {host} is {before} before and {after} after.")
    return text.format(place=" / ".join(moved), host=host, before=first, after=last)


def _ahead(minutes: int, reader: Reader) -> str:
    _, ngettext = speech(reader.language)
    hours = f"{abs(minutes) / 60:g}"
    if minutes >= 0:
        return ngettext("{hours} hour ahead", "{hours} hours ahead", 1 if abs(minutes) == 60 else 2).format(hours=hours)
    return ngettext("{hours} hour behind", "{hours} hours behind", 1 if abs(minutes) == 60 else 2).format(hours=hours)


def _shift(instant: int, tzid: str) -> object:
    return at(instant, tzid).utcoffset()


def _how(offer: Offer, reader: Reader) -> list[Part]:
    _, ngettext = speech(reader.language)
    count = len(offer.slots)
    numbers = _choices(count, reader)
    parts: list[Part] = []
    if offer.page:
        text = (
            _("Just reply with {numbers}, or choose here (more times there, too):")
            if count > 1
            else _("Just reply, or choose here:")
        )
        parts.append(Go(text.format(numbers=numbers), offer.page))
    elif count > 1:
        parts.append(_("Just reply with {numbers}. If none of them suits you, tell me what would.").format(numbers=numbers))
    else:
        parts.append(_("Just reply with yes. If it does not suit you, tell me what would."))
    when = deadline(offer.until, reader)
    if offer.shared:
        parts.append(_("I offer these times to several people; whoever chooses a time first has it."))
    elif offer.held:
        text = ngettext("I keep this time free until {when}.", "I keep these {count} free until {when}.", count)
        parts.append(text.format(when=when, count=_number(count, reader).lower()))
    return parts


def _choices(count: int, reader: Reader) -> str:
    from babel.lists import format_list

    return format_list([str(n) for n in range(1, count + 1)], "or", locale=reader.language)


def _number(count: int, reader: Reader) -> str:
    """Small numbers as words, as one writes them in a letter."""
    _, _ngettext = speech(reader.language)
    words: dict[int, Callable[[], str]] = {
        1: lambda: _("One"),
        2: lambda: _("Two"),
        3: lambda: _("Three"),
        4: lambda: _("Four"),
        5: lambda: _("Five"),
    }
    return words[count]() if count in words else str(count)


def _length(minutes: int, reader: Reader) -> str:
    _, ngettext = speech(reader.language)
    if minutes == 60:
        return _("an hour")
    if minutes == 30:
        return _("half an hour")
    if minutes % 60 == 0:
        return ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


def _letter(subject: str, guest: str, parts: Sequence[Part], reader: Reader, host: str, closing: str, small: str) -> Letter:
    _, _ngettext = speech(reader.language)
    greeting = _("Hello {name},").format(name=guest) if guest else _("Hello,")
    return Letter(" ".join(subject.split()), greeting, tuple(parts), closing, host, small, _("Choose {n}"))
