"""Answers to pages of open times: whoever opened one may have written, so each guest gets a proposal of their own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.itip.message import bare
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.proposal.reading import own_words, plain_text
from calmerge_desktop.core.proposal.token import find_tokens
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.core.texts import _, speech

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory
    from calmerge_desktop.core.availability.link import Link
    from calmerge_desktop.core.model import CalendarId

_SHOWN = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """One time of a page, and who chose it."""

    link: str
    offer: str
    number: int
    sender: str
    start: int
    minutes: int
    language: str
    words: str

    def proposal(self, link: Link | None, calendar: CalendarId, home_tzid: str, now: int) -> Proposal:
        """Of this one time to this guest. The same choice gives the same id, however often its mail is read."""
        _, _ngettext = speech(self.language)
        digest = hashlib.blake2b(f"{self.offer}\n{self.number}\n{self.sender}".encode(), digest_size=27).hexdigest()
        return Proposal(
            id=digest[:22],
            to=self.sender,
            title=link.title if link else _("Meeting"),
            minutes=self.minutes,
            slots=((self.start, self.start + self.minutes * 60),),
            tzid=home_tzid,
            language=self.language,
            calendar=calendar,
            busy=link.busy if link else (),
            link=self.link,
            location=link.location[0] if link and link.location else "",
            video=link.video if link else "",
            created=now,
            expires=self.start,
            secret=digest[22:],
            offering=digest[:22],
        )


def answered_page(memory: Memory, text: str, sender: str, now: int) -> Picked | None:
    """The time of a page that a mail names by a genuine token; None when it answers no page, or names several times.

    Raises `BadInput` when nobody knows who wrote, or when the time is over.
    """
    shown = {one.id: (page, one) for page in memory.pages.list() for one in page.shown}
    if not shown:
        return None
    known = {id: bytes.fromhex(one.secret) for id, (_page, one) in shown.items()}
    plain = plain_text(text)
    own = own_words(plain)
    found = find_tokens(own, known) or find_tokens(plain, known) or find_tokens(text, known)
    found = [one for one in found if one.number < len(shown[one.proposal][1].starts)]
    if len(found) != 1:
        return None
    if not sender:
        raise BadInput(_("This answers a page of open times, and who wrote it is missing."), hint=_("Read the whole mail."))
    page, offer = shown[found[0].proposal]
    start = offer.starts[found[0].number]
    if start <= now:
        raise BadInput(_("This time is over already."))
    return Picked(
        link=page.link,
        offer=offer.id,
        number=found[0].number,
        sender=bare(sender),
        start=start,
        minutes=offer.minutes,
        language=offer.language,
        words=" ".join(own.split())[:_SHOWN],
    )
