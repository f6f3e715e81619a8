"""Proposals and answers as the command line prints them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from calmerge_desktop.cli.face import Face
from calmerge_desktop.cli.free import between
from calmerge_desktop.cli.show import moment
from calmerge_desktop.core.agenda.offers import Answered, OfferView, SlotState
from calmerge_desktop.core.proposal.model import Proposal, State, state_word
from calmerge_desktop.core.proposal.reading import How
from calmerge_desktop.core.texts import _


def printed(face: Face, found: Proposal, form: str) -> str:
    """The mail of a proposal in a form: text, html, ics or eml."""
    mail = face.profile.desk.proposing.mail
    if form == "eml":
        return mail.draft(found)
    if form == "ics":
        return mail.calendar_text(found)
    words = mail.words(found)
    return words.html() if form == "html" else words.text()


def document(face: Face, found: Proposal) -> dict[str, Any]:
    """A proposal as JSON, by the contract of the command line."""
    job = face.profile.desk.proposing
    tz = ZoneInfo(found.tzid)
    words = job.mail.words(found)
    booked = None
    if found.state is State.BOOKED and found.chosen is not None:
        start, end = found.slots[found.chosen]
        booked = {"uid": found.uid, "start": moment(start, tz), "end": moment(end, tz), "slot": found.chosen + 1}
    return {
        "id": found.id,
        "state": found.state.value,
        "offering": found.offering,
        "follows": found.follows or None,
        "to": found.to,
        "title": found.title,
        "slots": [
            {
                "start": moment(start, tz),
                "end": moment(end, tz),
                "token": job.mail.token(found, index),
                "hold": found.hold and job.held(found, index),
            }
            for index, (start, end) in enumerate(found.slots)
        ],
        "subject": words.subject,
        "text": words.text(),
        "html": words.html(),
        "expires": moment(found.expires, tz),
        "booking": booked,
        "offer": job.mail.signed(found) if len({end - start for start, end in found.slots}) == 1 else None,
    }


def view_document(face: Face, view: OfferView) -> dict[str, Any]:
    """The same with each time as it stands now, and the history."""
    found = document(face, view.proposal)
    tz = ZoneInfo(view.proposal.tzid)
    for made, slot in zip(found["slots"], view.slots, strict=True):
        made |= {"state": slot.state.value, "by": slot.by or None}
    found["others"] = [{"id": one.id, "to": one.to, "state": one.state.value} for one in view.others]
    found["history"] = [{"at": moment(past.at, tz), "state": past.state.value} for past in view.proposal.history]
    found["letters"] = [{"what": one.key.rpartition(":")[2], "state": one.state} for one in view.letters]
    return found


def view_lines(view: OfferView, tz: ZoneInfo) -> list[str]:
    """The same for people, with the times of `tz`, without the mail."""
    one = view.proposal
    lines = [f"{one.title}: {one.name or one.to}, {state_word(one.state)}"]
    for number, slot in enumerate(view.slots, 1):
        lines.append(f"  {number}) {between(slot.start, slot.end, tz)}: {slot_words(slot.state, slot.by)}")
    return lines


def slot_words(state: SlotState, by: str) -> str:
    """What has become of an offered time."""
    if state is SlotState.TAKEN and by:
        return _("taken meanwhile by “{name}”").format(name=by)
    return {
        SlotState.OPEN: _("open"),
        SlotState.CHOSEN: _("chosen"),
        SlotState.BOOKED: _("booked"),
        SlotState.TAKEN: _("taken meanwhile"),
        SlotState.UNKNOWN: _("“{name}” cannot be read").format(name=by),
        SlotState.OVER: _("over"),
        SlotState.CLOSED: _("not offered any more"),
    }[state]


def answer_document(answered: Answered) -> dict[str, Any]:
    """What an answer said, as JSON."""
    reading = answered.reading
    return {
        "how": reading.how.value,
        "choices": [one + 1 for one in reading.choices],
        "confidence": reading.confidence,
        "declined": reading.declined,
        "words": reading.words,
        "from": answered.sender or None,
        "known_sender": answered.known_sender,
        "trouble": answered.trouble or None,
    }


def answer_words(answered: Answered) -> list[str]:
    """What an answer did, for people."""
    found, reading = answered.proposal, answered.reading
    if found.state is State.BOOKED and found.chosen is not None and not answered.trouble:
        start, end = found.slots[found.chosen]
        return [_("Booked: {when}. The invitation waits to be sent.").format(when=between(start, end, ZoneInfo(found.tzid)))]
    lines = [answered.trouble] if answered.trouble else []
    if not answered.known_sender:
        lines.append(_("The answer comes from another address than the one that was asked, so nothing was booked."))
    if reading.declined:
        lines.append(_("None of the times seems to suit."))
    elif reading.choices and reading.how is not How.NONE:
        which = ", ".join(str(one + 1) for one in reading.choices)
        lines.append(
            _("It seems to mean {which} ({percent} % sure). Nothing is booked yet.").format(
                which=which, percent=round(reading.confidence * 100)
            )
        )
        lines.append(_("Book it with: calmerge proposal book {id} NUMBER").format(id=found.id[:8]))
    elif not lines:
        lines.append(_("The answer names none of the times. Nothing is booked."))
    return lines
