"""What leaves of an offer: kept in the ledger once for each state of it, in the forms it may leave in. For query threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calmerge_desktop.core.agenda.offering import Wish
from calmerge_desktop.core.proposal.model import LIVE, Proposal, State
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.ui.drafts import DraftMail
from calmerge_desktop.ui.inbox.deeds import WAIT

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import Desk


@dataclass(frozen=True, slots=True)
class Packed:
    """An offer that is kept, in the forms it may leave in; the texts are those of its first guest."""

    proposals: tuple[Proposal, ...]
    text: str
    html: str
    ics: str
    drafts: tuple[DraftMail, ...]
    """One a guest."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """An offer as the person has it on screen."""

    wish: Wish
    instead_of: Proposal | None = None
    """The offer whose times are replaced."""
    before: tuple[Wish, tuple[Proposal, ...]] | None = None
    """What of it is kept already."""


def kept(desk: Desk, one: Leaving, **more: Any) -> tuple[Proposal, ...]:
    """The offer as it stands in the ledger; an earlier state of it is taken back with its holds."""
    job = desk.proposing
    if one.before is not None and one.before[0] == one.wish:
        return tuple(job.get(made.id) for made in one.before[1])
    earlier = [made for made in one.before[1] if job.get(made.id).state in LIVE] if one.before is not None else []
    if one.instead_of is not None:
        job.take_back(earlier)
        return (job.counter(job.others(one.instead_of.id, slots=one.wish.slots), **more),)
    for made in earlier:
        job.withdraw(made.id)
    return tuple(job.propose(one.wish, **more))


def packed(desk: Desk, one: Leaving) -> Packed:
    """The offer, kept, in every form."""
    made = kept(desk, one)
    mail = desk.proposing.mail
    words = [mail.words(each) for each in made]
    drafts = tuple(
        DraftMail(f"offer-{each.id[:8]}", (each.to,), said.subject, said.text(), mail.draft(each))
        for each, said in zip(made, words, strict=True)
    )
    return Packed(made, words[0].text(), words[0].html(), mail.calendar_text(made[0]), drafts)


def sent_now(desk: Desk, one: Leaving) -> tuple[Proposal, ...]:
    """The offer, kept, with its mails on their way after the seconds in which that can be taken back."""
    made = kept(desk, one, send=True, wait=WAIT)
    for each in made:
        desk.proposing.send(each, wait=WAIT)  # one that was copied before has no mail yet
    return made


def worded(desk: Desk, one: Leaving, sketch: Proposal) -> str:
    """The mail as it will arrive: of `sketch`, or of the other times in its thread."""
    job = desk.proposing
    if one.instead_of is not None and job.get(one.instead_of.id).state in (*LIVE, State.EXPIRED):
        sketch = job.others(one.instead_of.id, slots=one.wish.slots)
    words = job.mail.words(sketch)
    return f"{words.subject}\n\n{words.text(width=None).strip()}"
