"""An offer in words: what a row says, what became of each time, what a deed does. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from calmerge_desktop.core.agenda.offers import OfferLine, OfferView, SlotState, SlotView
from calmerge_desktop.core.proposal.model import LIVE, Proposal, State
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.inbox.words import moment, remaining, span
from calmerge_desktop.ui.parts.facts import Line, Tag
from calmerge_desktop.ui.parts.picking import RowText

if TYPE_CHECKING:
    from calmerge_desktop.core.proposal.reading import Reading

_TAGS: dict[State, Callable[[], Tag]] = {
    State.ANSWERED: lambda: Tag(_("Answered"), "mail", "blue"),
    State.OPEN: lambda: Tag(_("Offered"), "clock"),
    State.BOOKING: lambda: Tag(_("Booked"), "check", "green"),
    State.BOOKED: lambda: Tag(_("Booked"), "check", "green"),
    State.EXPIRED: lambda: Tag(_("Expired"), "minus"),
    State.WITHDRAWN: lambda: Tag(_("Withdrawn"), "undo"),
    State.REPLACED: lambda: Tag(_("Replaced"), "repeat"),
}
_GROUPS: tuple[tuple[Callable[[], str], frozenset[State]], ...] = (
    (lambda: _("Answered: your turn"), frozenset({State.ANSWERED})),
    (lambda: _("Open offers"), frozenset({State.OPEN})),
    (lambda: _("Booked"), frozenset({State.BOOKING, State.BOOKED})),
    (lambda: _("Expired"), frozenset({State.EXPIRED})),
    (lambda: _("Withdrawn offers"), frozenset({State.WITHDRAWN})),
    (lambda: _("Replaced by other times"), frozenset({State.REPLACED})),
)


def grouped(lines: Sequence[OfferLine], most_closed: int | None) -> list[tuple[str, list[OfferLine]]]:
    """Lines under their headings, those that need the person first; of what is closed at most so many each."""
    out = []
    for head, states in _GROUPS:
        found = [one for one in lines if one.proposal.state in states]
        out.append((head(), found if states & LIVE else found[:most_closed]))
    return out


def tag(state: State) -> Tag:
    """The plate of a row."""
    return _TAGS[state]()


def who(one: Proposal) -> str:
    """The guest, by name where it is known."""
    return one.name or one.to


def row(one: OfferLine, now: int, tz: ZoneInfo) -> RowText:
    """What a row says."""
    proposal = one.proposal
    n = len(proposal.slots)
    what = ngettext("{title} · {n} time", "{title} · {n} times", n).format(title=proposal.title, n=n)
    said = note(one, tz)
    state = tag(proposal.state)
    return RowText(
        tag=state,
        who=who(proposal),
        what=what,
        note=said,
        at=phrases.moment(proposal.created, now, tz),
        strong=proposal.state in LIVE,
        spoken=", ".join((state.label, who(proposal), what, said)),
    )


def note(one: OfferLine, tz: ZoneInfo) -> str:
    """The third line of a row: what is to be known before opening it."""
    proposal = one.proposal
    if proposal.state is State.ANSWERED and one.reading is not None:
        return chosen(proposal, one.reading, tz)
    if proposal.state is State.OPEN:
        ends = _("ends {when}").format(when=moment(proposal.expires, tz))
        state = {
            "": _("not sent"),
            "waiting": _("mail waits"),
            "refused": _("mail refused"),
            "unsure": _("mail may have arrived"),
        }.get(one.letter)
        return f"{state} · {ends}" if state else ends
    if proposal.state in (State.BOOKED, State.BOOKING) and proposal.chosen is not None:
        return span(*proposal.slots[proposal.chosen], tz)
    if proposal.state is State.EXPIRED:
        return _("ended {when}").format(when=moment(proposal.expires, tz))
    return _("other times were offered") if proposal.state is State.REPLACED else _("nobody can choose it any more")


def chosen(proposal: Proposal, reading: Reading, tz: ZoneInfo) -> str:
    """What the answer seems to say."""
    if reading.declined:
        return _("none of the times suits")
    if len(reading.choices) == 1 and reading.choices[0] < len(proposal.slots):
        return _("chooses {when}").format(when=moment(proposal.slots[reading.choices[0]][0], tz))
    return _("fits several times") if reading.choices else _("answers in words")


def left(one: Proposal, now: int) -> str:
    """How long it can be chosen: `6 h left`, in the last two days."""
    return remaining(one.expires, now) if one.state in LIVE else ""


# --- one of them ----------------------------------------------------------------------------------------------------------


def slot_tag(slot: SlotView) -> Tag:
    """What became of an offered time."""
    return {
        SlotState.OPEN: Tag(_("open"), "clock"),
        SlotState.CHOSEN: Tag(_("chosen"), "check", "blue"),
        SlotState.BOOKED: Tag(_("booked"), "check", "green"),
        SlotState.TAKEN: Tag(_("taken"), "close", "rose"),
        SlotState.UNKNOWN: Tag(_("unknown"), "question", "amber"),
        SlotState.OVER: Tag(_("over"), "minus"),
        SlotState.CLOSED: Tag(_("closed"), "minus"),
    }[slot.state]


def slot_note(slot: SlotView) -> str:
    """Why it is so, and whether a hold keeps it; empty when there is nothing to say."""
    if slot.state is SlotState.TAKEN:
        if not slot.by:
            why = _("something stands there")
        elif slot.event:
            why = _("“{title}” stands there").format(title=slot.by)
        else:
            why = _("{who} chose it first").format(who=slot.by)
        return _("the answer chooses it, but {why}").format(why=why) if slot.chosen else why
    if slot.state is SlotState.UNKNOWN:
        return _("{name} cannot be read now").format(name=slot.by)
    return _("held free in your calendar") if slot.held else ""


def there(slot: SlotView, guest: ZoneInfo, tz: ZoneInfo) -> str:
    """The same time on the guest's clock, when that shows something else."""
    if local(slot.start, guest).replace(tzinfo=None) == local(slot.start, tz).replace(tzinfo=None):
        return ""
    here, day = local(slot.start, tz).date(), local(slot.start, guest).date()
    times = f"{phrases.time_at(slot.start, guest)} – {phrases.time_at(slot.end, guest)}"
    shown = times if here == day else f"{phrases.day_short(day)}, {times}"
    return _("{time} in {city}").format(time=shown, city=phrases.city(guest.key))


def facts(view: OfferView, calendar: str, tz: ZoneInfo) -> list[Line]:
    """What there is to know besides the times."""
    one = view.proposal
    zone = phrases.zone_words(one.tzid, one.slots[0][0])
    length = phrases.duration(one.minutes * 60)
    out = [Line("clock", "text2", _("{length} · the guest is in {zone}").format(length=length, zone=zone))]
    if one.location:
        out.append(Line("pin", "text2", one.location))
    if calendar:
        out.append(Line("calendar", "text2", calendar))
    if one.state in LIVE:
        out.append(Line("info", "text2", _("Can be chosen until {when}").format(when=moment(one.expires, tz))))
    return out


def nothing(view: OfferView, tz: ZoneInfo) -> str:
    """What happens if nobody acts."""
    one = view.proposal
    if one.state not in LIVE:
        return ""
    held = any(slot.held for slot in view.slots)
    said = (
        _("The offer ends on {when}; then the times are free again and {who} hears nothing.")
        if held
        else _("The offer ends on {when}, and {who} hears nothing.")
    )
    return said.format(when=moment(one.expires, tz), who=who(one))


def withdrawing(view: OfferView) -> str:
    """What taking an offer back does."""
    n = sum(slot.held for slot in view.slots)
    shared = any(one.state in LIVE for one in view.others)
    if n and not shared:
        return ngettext(
            "Withdrawing frees {n} held time. Nobody is told; an answer that still comes books nothing.",
            "Withdrawing frees {n} held times. Nobody is told; an answer that still comes books nothing.",
            n,
        ).format(n=n)
    if n:
        return _("Withdrawing frees nothing yet: others were offered the same times. Nobody is told.")
    return _("Withdrawing tells nobody; an answer that still comes books nothing.")


def history(view: OfferView, tz: ZoneInfo) -> list[Line]:
    """What happened, oldest first."""
    one = view.proposal
    found = [(one.created, Line("plus", "text2", _("made")))]
    for letter in view.letters:
        said = _LETTERS.get(letter.key.rpartition(":")[2].partition("-")[0], lambda: _("mail"))()
        state = _SENT.get(letter.state, lambda: "")()
        found.append((letter.created, Line("mail", "text2", f"{said}: {state}" if state else said)))
    found += [
        (past.at, Line(tag(past.state).icon, "text2", _PAST[past.state]()))
        for past in one.history
        if past.state is not State.BOOKING
    ]
    found.sort(key=lambda pair: pair[0])
    return [Line(line.icon, line.color, f"{moment(at, tz)} · {line.text}") for at, line in found]


_LETTERS: dict[str, Callable[[], str]] = {
    "offer": lambda: _("mail with the times"),
    "again": lambda: _("mail with the times once more"),
    "booked": lambda: _("mail with the invitation"),
}
_SENT: dict[str, Callable[[], str]] = {
    "waiting": lambda: _("waits to be sent"),
    "sending": lambda: _("is being sent"),
    "sent": lambda: _("sent"),
    "refused": lambda: _("refused"),
    "unsure": lambda: _("may have arrived"),
    "dropped": lambda: _("not sent"),
}
_PAST: dict[State, Callable[[], str]] = {
    State.OPEN: lambda: _("open again"),
    State.ANSWERED: lambda: _("answered"),
    State.BOOKED: lambda: _("booked"),
    State.EXPIRED: lambda: _("expired"),
    State.WITHDRAWN: lambda: _("withdrawn"),
    State.REPLACED: lambda: _("other times offered"),
}


def empty(lines: Sequence[OfferLine]) -> str:
    """What the page says when nothing is chosen."""
    return _("Choose an offer.") if lines else _("You have offered no times yet.")
