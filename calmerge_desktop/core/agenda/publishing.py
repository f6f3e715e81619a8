"""Pages of open times that are kept in folders of the web: put there, brought up to date, taken away.

Decided first: which files a folder should hold. Then each file that differs is written, and what was done is kept. An offer
is in the ledger before the page that shows it leaves, so that an answer is always understood; whatever a crash leaves is
written again by the next round.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.links import Links
from calmerge_desktop.core.agenda.offering import without_address
from calmerge_desktop.core.agenda.proposal_mail import ProposalMail
from calmerge_desktop.core.agenda.proposing import Proposing
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.errors import BadInput, CalmergeError, Cancelled, ServerTrouble, UnknownId
from calmerge_desktop.core.freebusy import Source, Unreadable
from calmerge_desktop.core.model import SourceState
from calmerge_desktop.core.ports import PagePlace, SecretStore, Stop
from calmerge_desktop.core.proposal.model import LIVE, Proposal
from calmerge_desktop.core.proposal.published import LASTS, RENEWED, STALE, Care, Published, Shown, Written, answerable
from calmerge_desktop.core.records import dataclass, replace
from calmerge_desktop.core.texts import _, language
from calmerge_desktop.core.when import DAY, Clock

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

_LOOK_AHEAD = 28 * DAY
_MOST_STARTS = 120
INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Places:
    """How folders are reached; `app` puts it together."""

    checked: Callable[[str, bool], str]
    """An address in one spelling, and whether a password goes there. Raises `BadInput`."""
    open: Callable[[str, str, str | None, Stop], PagePlace]
    """Address, user, password."""
    secrets: SecretStore
    alone: Callable[[], AbstractContextManager[None]]
    """Nobody else writes pages of this profile meanwhile. Raises `Busy`."""


class Publishing:
    """See `core.agenda.guest_jobs.PublishingJob`."""

    def __init__(
        self, memory: Memory, links: Links, proposing: Proposing, clock: Clock, home_tzid: str, places: Places
    ) -> None:
        self._memory = memory
        self._links = links
        self._proposing = proposing
        self._mail: ProposalMail = proposing.mail
        self._clock = clock
        self._home = home_tzid
        self._places = places

    def list(self) -> Sequence[Published]:
        """See `PublishingJob.list`."""
        return self._memory.pages.list()

    def needs_password(self, address: str, user: str) -> bool:
        """See `PublishingJob.needs_password`."""
        where = self._places.checked(address, bool(user))
        return bool(user) and "://" in where and self._places.secrets.get(_secret_of(where, user)) is None

    def publish(
        self, link: Link | None, address: str, *, user: str = "", password: str | None = None, stop: Stop = lambda: None
    ) -> Published:
        """See `PublishingJob.publish`."""
        where = self._places.checked(address, bool(user))
        if link is not None:
            self._check(link)
        with self._places.alone():
            id = _id_of(link.id if link else "", where)
            known = next((one for one in self.list() if one.id == id), None)
            slug = link.slug if link else ""
            page = known or Published(id=id, link=link.id if link else "", slug=slug, address=where, user=user)
            page = replace(page, user=user or page.user, care=Care.KEPT)
            ref = _secret_of(where, page.user)
            given = self._places.secrets.get(ref) if password is None and page.user else password
            place = self._places.open(where, page.user, given, stop)
            try:
                place.prepare()
                if known is not None and page != known:
                    self._memory.pages.keep(page)
                made = self._bring_up(page, place)
            except CalmergeError:
                if known is None and not any(one.files for one in self.list() if one.id == id):
                    self._memory.pages.drop(id)
                elif password is not None:
                    self._places.secrets.put(ref, password)
                raise
            finally:
                place.close()
            if page.user and password is not None:
                self._places.secrets.put(ref, password)
            return made

    def stop(self, link: Link | None, address: str = "", *, stop: Stop = lambda: None) -> Sequence[Published]:
        """See `PublishingJob.stop`."""
        where = self._places.checked(address, False) if address else ""
        with self._places.alone():
            wanted = [
                one for one in self.list() if (link is None or one.link == link.id) and (not where or one.address == where)
            ]
            if not wanted:
                raise UnknownId(
                    _("Nothing is published there."), typed=_("See what is published with: calmerge publish --list")
                )
            for one in wanted:
                self._memory.pages.keep(replace(one, care=Care.STOPPING))
            return self._round([replace(one, care=Care.STOPPING) for one in wanted], stop)

    def refresh(self, stop: Stop = lambda: None) -> Sequence[Published]:
        """See `PublishingJob.refresh`."""
        if not self.list():
            return ()
        with self._places.alone():
            return self._round(self.list(), stop)

    # --- a round ----------------------------------------------------------------------------------------------------

    def _round(self, pages: Sequence[Published], stop: Stop) -> Sequence[Published]:
        """Each by itself: a server that is away keeps no other folder from being right."""
        out = []
        for page in pages:
            stop()
            try:
                out.append(self._bring_up(page, None, stop))
            except Cancelled:
                raise
            except CalmergeError as error:
                now = next((one for one in self.list() if one.id == page.id), page)
                troubled = replace(now, trouble=error.message)
                if troubled != now:
                    self._memory.pages.keep(troubled)
                out.append(troubled)
        return out

    def _bring_up(self, page: Published, place: PagePlace | None, stop: Stop = lambda: None) -> Published:
        """Make the folder hold what it should; opens it only when something differs."""
        before = page
        page, wanted = self._wanted(replace(page, trouble=""))
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in wanted.items()}
        changed = [name for name, digest in digests.items() if name not in page.files or page.files[name].digest != digest]
        gone = [name for name in page.files if name not in wanted]
        opened = place
        try:
            if (changed or gone) and opened is None:
                password = self._places.secrets.get(_secret_of(page.address, page.user)) if page.user else None
                opened = self._places.open(page.address, page.user, password, stop)
            for name in changed:
                assert opened is not None
                there = page.files.get(name)
                etag = opened.put(name, wanted[name], there.etag if there else "")
                page = self._noted(page, {**page.files, name: Written(digest=digests[name], etag=etag)})
            for name in gone:
                assert opened is not None
                opened.remove(name, page.files[name].etag)
                page = self._noted(page, {other: one for other, one in page.files.items() if other != name})
        finally:
            if opened is not None and place is None:
                opened.close()
        return self._finished(page, before)

    def _noted(self, page: Published, files: Mapping[str, Written]) -> Published:
        made = replace(page, files=files)
        self._memory.pages.keep(made)
        return made

    def _finished(self, page: Published, before: Published) -> Published:
        """Keep what changed, and nothing else: a round without a change leaves the ledger as it was."""
        if page.care is Care.STOPPING and not page.files:
            self._memory.pages.drop(page.id)
            if page.user and not any(one.address == page.address and one.user == page.user for one in self.list()):
                self._places.secrets.delete(_secret_of(page.address, page.user))
        elif page != before:
            self._memory.pages.keep(page)
        return page

    # --- what a folder should hold ----------------------------------------------------------------------------------

    def _wanted(self, page: Published) -> tuple[Published, Mapping[str, bytes]]:
        """The files, and the page with the offer they show, which is kept by then."""
        if page.care is Care.STOPPING:
            return page, {}
        if not page.link:
            live = [one for one in self._proposing.list() if one.state in LIVE]
            lone = [one for one in live if len({end - start for start, end in one.slots}) == 1]
            files = {INDEX: self._mail.page(None)} | {f"{one.id}.html": self._mail.page(one) for one in lone}
            return page, {name: text.encode() for name, text in files.items()}
        link = next((one for one in self._links.list() if one.id == page.link), None)
        if link is None:
            return replace(page, care=Care.STOPPING), {}
        page = replace(page, slug=link.slug)
        name, nothing = f"{link.slug}.html", self._mail.page(None).encode()
        if not link.active:
            return page, {name: nothing}
        try:
            shown = self._shown(page, link)
            offer = self._as_proposal(shown, link)
        except CalmergeError as error:  # its schedule or calendar is gone: then nobody knows what is free
            return replace(page, trouble=error.message), {name: nothing}
        if not page.shown or shown != page.shown[-1]:
            page = replace(page, shown=answerable((*page.shown, shown), self._clock()))
            self._memory.pages.keep(page)
        return page, {name: self._mail.page(offer).encode()}

    def _shown(self, page: Published, link: Link) -> Shown:
        """What the page shows now: the offer before, as long as it is right and not old."""
        now = self._clock()
        answer = self._links.slots(link, now, now + _LOOK_AHEAD, minutes=link.minutes[0])
        starts = tuple(one.start for one in answer.slots)[:_MOST_STARTS]
        before = page.shown[-1] if page.shown else None
        if before is not None and before.minutes == link.minutes[0] and before.made > now - RENEWED:
            ahead = [one for one in before.starts if one > now]  # the page itself leaves out what is over
            soon = [one for one in ahead if one < answer.frame.earliest]
            if tuple(ahead[len(soon) :]) == starts and not (soon and before.made <= now - STALE):
                return before
        return Shown(
            id=secrets.token_hex(11),
            secret=secrets.token_hex(16),
            made=now,
            known=_known(answer.sources, before.known if before else now, now),
            expires=now + LASTS,
            language=link.language or language(),
            minutes=link.minutes[0],
            starts=starts,
        )

    def _as_proposal(self, shown: Shown, link: Link) -> Proposal:
        """An offer of a page as one to nobody yet: `created` is when its times were known last."""
        calendar, _account = self._proposing.target(link)
        length = shown.minutes * 60
        return Proposal(
            id=shown.id,
            to="",
            title=link.title,
            minutes=shown.minutes,
            slots=tuple((start, start + length) for start in shown.starts),
            tzid=self._home,
            language=shown.language,
            calendar=calendar.id,
            link=link.id,
            location=link.location[0] if link.location else "",
            created=shown.known,
            expires=shown.expires,
            secret=shown.secret,
        )

    def _check(self, link: Link) -> None:
        """Raises for a link that no page can offer, and while nobody knows what is free."""
        if link.series is not None:
            raise BadInput(_("“{title}” is a series, and a page offers single meetings.").format(title=link.title))
        if not link.active:
            raise BadInput(
                _("“{title}” is switched off.").format(title=link.title),
                typed=_("Switch it on with: calmerge link edit NAME --set active=true"),
            )
        _calendar, account = self._proposing.target(link)
        if not account.address:
            raise without_address(account)
        now = self._clock()
        for one in self._links.slots(link, now, now + DAY).sources:
            if one.state is SourceState.BROKEN and one.policy is Unreadable.BLOCK:
                raise ServerTrouble(_("“{name}” cannot be read, so nobody knows what is free.").format(name=one.name))


def _known(sources: Sequence[Source], before: int, now: int) -> int:
    """When everything the answer rests on was read last; a calendar that never was leaves it where it was."""
    times = [
        before if one.as_of is None else one.as_of
        for one in sources
        if one.as_of is not None or one.state is not SourceState.FRESH
    ]
    return min([now, *times])


def _id_of(link: str, address: str) -> str:
    return _digest(link, address)


def _secret_of(address: str, user: str) -> str:
    return f"pages:{_digest(user, address)}"


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
