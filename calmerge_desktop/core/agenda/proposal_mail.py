"""The mails of a proposal: the offer, the confirmation, the answer links. Words and envelopes; nothing is sent here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.ics.block import Block, person_line, text_line, time_line
from calmerge_desktop.core.itip import make
from calmerge_desktop.core.itip.message import Method, bare
from calmerge_desktop.core.letters import kinds, mime, proposing, times
from calmerge_desktop.core.letters.letter import Letter as Words
from calmerge_desktop.core.letters.template import Template, ours
from calmerge_desktop.core.mail_ports import Letter
from calmerge_desktop.core.model import Account, Calendar, Stamp
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.proposal.offer import Offer, encode
from calmerge_desktop.core.proposal.page import build, reader_of_page
from calmerge_desktop.core.proposal.token import make_token, mark_of
from calmerge_desktop.core.records import dataclass, replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock, utc_stamp
from calmerge_desktop.core.zones import wall_of

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory


MOST_AGAIN = 5
"""How often the same offer is sent once more."""


def again(number: int) -> str:
    """Which letter it is when an offer is sent the `number`th time again; see `ProposalMail.key`."""
    return f"again-{number}"


@dataclass(frozen=True, slots=True)
class Signing:
    """What an offer for the guest's page needs of the profile."""

    key: Callable[[], bytes]
    """The person's Ed25519 seed, made when it is first asked for."""
    page_url: Callable[[], str]
    parts: Path
    """Folder with the parts of the page."""


class ProposalMail:
    """Makes them for proposals of this memory."""

    def __init__(self, memory: Memory, clock: Clock, home_tzid: str, signing: Signing) -> None:
        self._memory = memory
        self._signing = signing
        self._clock = clock
        self._home = home_tzid

    def words(self, proposal: Proposal, template: Template | None = None) -> Words:
        """The mail of a proposal: an offer, or other times in answer to what came of one.

        An offer is in the person's own words where there are any; `template` tries others.
        """
        made, reader = self.offer(proposal), self.reader(proposal)
        if proposal.follows:
            return proposing.other_times(
                made, proposal.why, proposal.went, proposal.subject, reader, host=self.host(proposal), guest=proposal.name
            )
        if template is None:
            usual = ours(proposal.language, len(proposal.slots))
            template = replace(usual, **self._memory.templates.own(proposal.language))
        return proposing.proposal(made, reader, host=self.host(proposal), guest=proposal.name, template=template)

    def draft(self, proposal: Proposal) -> str:
        """The mail of a proposal (RFC 5322), to be opened in a mail program."""
        return mime.compose(self.words(proposal), self.envelope(proposal, "offer"), self._clock(), draft=True)

    def token(self, proposal: Proposal, index: int) -> str:
        """The choice token of one time."""
        return make_token(proposal.id, index, bytes.fromhex(proposal.secret))

    def confirmation(self, proposal: Proposal, ics: str) -> Letter:
        """The letter that confirms the chosen time and carries the invitation of the event `ics`."""
        assert proposal.chosen is not None
        start, end = proposal.slots[proposal.chosen]
        reader = self.reader(proposal)
        meeting = kinds.Meeting(title=proposal.title, start=start, ticket=times.ticket(start, end, reader))
        words = proposing.confirmed(meeting, reader, host=self.host(proposal), guest=proposal.name)
        text = make.request(ics, now=self._clock())
        return self.letter(proposal, "booked", words, ics=text)

    def letter(self, proposal: Proposal, what: str, words: Words, ics: str = "", *, wait: int = 0) -> Letter:
        """One letter to the guest under the key of `what` it is; it leaves after `wait` seconds."""
        envelope = self.envelope(proposal, what)
        method = Method.REQUEST if ics else ""
        return Letter(
            key=self.key(proposal, what),
            created=self._clock(),
            sender=envelope.sender,
            recipient=proposal.to,
            subject=words.subject,
            mime=mime.compose(words, envelope, self._clock(), ics=ics, method=method),
            not_before=self._clock() + wait if wait else 0,
        )

    def envelope(self, proposal: Proposal, what: str) -> mime.Envelope:
        """From whom to whom; a later mail answers the offer, a counter-offer what came before it."""
        sender = self.address(proposal)
        thread = proposal.thread if what == "offer" else (*proposal.thread, self.message_id(proposal, "offer"))
        name = "" if (host := self.host(proposal)) == sender else host
        return mime.Envelope(
            sender, (proposal.to,), name, self.key(proposal, what), thread[-1] if thread else "", thread[:-1]
        )

    def message_id(self, proposal: Proposal, what: str) -> str:
        """Message-ID of a letter of a proposal."""
        return mime.message_id(self.key(proposal, what), self.address(proposal))

    def message_ids(self, proposal: Proposal) -> frozenset[str]:
        """Of all letters it may have brought to the guest."""
        whats = ("offer", "booked", *(again(number) for number in range(1, MOST_AGAIN + 1)))
        return frozenset(self.message_id(proposal, what) for what in whats)

    @staticmethod
    def key(proposal: Proposal, what: str) -> str:
        """Names a letter of a proposal: `what` is `offer`, `booked`, or `again-1` and so on."""
        return f"proposal:{proposal.id}:{what}"

    def offer(self, proposal: Proposal) -> proposing.Offer:
        """What the mail offers, each time with a ready answer."""
        return proposing.Offer(
            title=proposal.title,
            minutes=proposal.minutes,
            slots=proposal.slots,
            until=proposal.expires,
            held=proposal.hold,
            shared=proposal.shared,
            links=tuple(self._links(proposal)),
            page=f"{url}#{self.signed(proposal)}" if (url := self._page_url(proposal)) else "",
        )

    def signed(self, proposal: Proposal) -> str:
        """The signed offer that the guest's page opens. Raises `BadInput` when the times differ in length."""
        if len({end - start for start, end in proposal.slots}) > 1:
            raise BadInput(_("The page can only offer times of one length."))
        made = Offer(
            id=proposal.id,
            secret=proposal.secret,
            created=proposal.created,
            expires=proposal.expires,
            minutes=proposal.minutes,
            title=proposal.title,
            host=self.host(proposal),
            address=self.address(proposal),
            place=proposal.location,
            tzid=self._home,
            language=proposal.language,
            starts=tuple(start for start, _end in proposal.slots),
        )
        return encode(made, self._signing.key())

    def page(self, proposal: Proposal | None) -> str:
        """The guest's page as one HTML file, with the offer of a proposal inside, or to be opened by links."""
        if proposal is None:
            return build(self._signing.parts)
        reader = reader_of_page(proposal.language, self._home)
        plain = [
            (times.ticket(start, end, reader), self._answer_link(proposal, index, mark=mark_of(proposal.id)))
            for index, (start, end) in enumerate(proposal.slots)
        ]
        return build(self._signing.parts, offer=self.signed(proposal), plain=plain, language=proposal.language)

    def _page_url(self, proposal: Proposal) -> str:
        return self._signing.page_url() if len({end - start for start, end in proposal.slots}) == 1 else ""

    def _links(self, proposal: Proposal) -> Iterator[str]:
        """An address a time: the page at that time when there is one, else a ready answer by mail."""
        url = self._page_url(proposal)
        offer = self.signed(proposal) if url else ""
        for index in range(len(proposal.slots)):
            yield f"{url}#{offer}&s={index}" if url else self._answer_link(proposal, index)

    def _answer_link(self, proposal: Proposal, index: int, *, mark: str = "") -> str:
        """A ready answer by mail: nothing but a mail draft opens. A page's guest is unknown, so its subject has a mark."""
        reader = self.reader(proposal)
        when = times.short_when(proposal.slots[index][0], reader)
        subject = quote(f"Re: {proposal.title}" + (f" ({mark})" if mark else ""), safe="")
        body = quote(f"{when}\r\n\r\n{self.token(proposal, index)}\r\n", safe="")
        return f"mailto:{quote(self.address(proposal), safe='@')}?subject={subject}&body={body}"

    def reader(self, proposal: Proposal) -> times.Reader:
        """The guest, with zone and language."""
        return times.Reader(proposal.language, proposal.tzid, self._home)

    def address(self, proposal: Proposal) -> str:
        """The person's address in the account of the proposal; empty when it has none, or is gone."""
        try:
            return self.calendar(proposal)[1].address or ""
        except UnknownId:  # an old proposal must not keep answers to others from being read
            return ""

    def host(self, proposal: Proposal) -> str:
        """How the person signs."""
        address = self.address(proposal)
        boxes = {bare(one.address): one.name for one in self._memory.post.mailboxes()}
        return boxes.get(bare(address)) or address

    def calendar(self, proposal: Proposal) -> tuple[Calendar, Account]:
        """Where the meeting goes. Raises `UnknownId` when that calendar is gone."""
        calendar = next((one for one in self._memory.calendars() if one.id == proposal.calendar), None)
        if calendar is None:
            raise UnknownId(_("The calendar of this proposal is gone."))
        return calendar, next(one for one in self._memory.accounts() if one.id == calendar.account_id)

    def calendar_text(self, proposal: Proposal) -> str:
        """The times as tentative events for anybody to add: a PUBLISH (RFC 5546 §3.2.1), for programs that show an .ics."""
        calendar = Block("VCALENDAR", ["VERSION:2.0", "PRODID:-//CalMerge//Desktop//EN", f"METHOD:{Method.PUBLISH}"])
        for index, (start, end) in enumerate(proposal.slots):
            lines = [f"UID:{proposal.id}-{index}@offer.calmerge", f"DTSTAMP:{utc_stamp(self._clock())}"]
            lines += [time_line("DTSTART", Stamp(wall_of(start), "UTC")), time_line("DTEND", Stamp(wall_of(end), "UTC"))]
            lines += [text_line("SUMMARY", proposal.title), "STATUS:TENTATIVE", "SEQUENCE:0"]
            lines.append(person_line("ORGANIZER", self.address(proposal)))
            calendar.parts.append(Block("VEVENT", list(lines)))
        return calendar.text()
