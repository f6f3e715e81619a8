"""The agenda of a profile put together: every job a face may ask for, made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from calmerge_desktop import resources
from calmerge_desktop.core.agenda.accounts import Accounts, Calendars
from calmerge_desktop.core.agenda.view import View

if TYPE_CHECKING:
    from calmerge_desktop.app.profile import Profile
    from calmerge_desktop.app.signing import Signing as Browsing
    from calmerge_desktop.core.agenda.answering import Answering
    from calmerge_desktop.core.agenda.events import Events
    from calmerge_desktop.core.agenda.export import Export
    from calmerge_desktop.core.agenda.free import Free
    from calmerge_desktop.core.agenda.inbox import Inbox
    from calmerge_desktop.core.agenda.inviting import Inviting
    from calmerge_desktop.core.agenda.links import Links
    from calmerge_desktop.core.agenda.mailing import Mailing
    from calmerge_desktop.core.agenda.proposing import Proposing
    from calmerge_desktop.core.agenda.publishing import Publishing
    from calmerge_desktop.core.agenda.searching import Searching
    from calmerge_desktop.core.agenda.wording import Wording


class Desk:
    """All jobs of the agenda, each put together when it is first asked for; see `core.agenda.desk.Desk`."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    @cached_property
    def accounts(self) -> Accounts:
        """Linking sources."""
        profile = self._profile
        return Accounts(
            profile.store,
            profile.kept_secrets,
            profile.prepare,
            profile.open_provider,
            profile.clock,
            profile.may_send,
            profile.may_read,
        )

    @property
    def signing(self) -> Browsing:
        """Signing in through the browser."""
        return self._profile.signing

    @cached_property
    def calendars(self) -> Calendars:
        """Roles of calendars."""
        return Calendars(self._profile.store)

    @cached_property
    def view(self) -> View:
        """The merged calendar."""
        return View(self._profile.store)

    @cached_property
    def events(self) -> Events:
        """One event."""
        from calmerge_desktop.core.agenda.events import Events

        return Events(self._profile.store, self._profile.clock, self._profile.home_tzid)

    @cached_property
    def search(self) -> Searching:
        """Full text."""
        from calmerge_desktop.core.agenda.searching import Searching

        return Searching(self._profile.store, self._profile.clock)

    @cached_property
    def free(self) -> Free:
        """When the person is free."""
        from calmerge_desktop.core.agenda.free import Free

        return Free(self._profile.store, self.view, self._profile.clock)

    @cached_property
    def links(self) -> Links:
        """Booking links."""
        from calmerge_desktop.core.agenda.links import Links

        return Links(self._profile.store, self.free, self._profile.clock, self._profile.usual_hours)

    @cached_property
    def inviting(self) -> Inviting:
        """Invitations and answers."""
        from calmerge_desktop.core.agenda.inviting import Inviting

        return Inviting(self._profile.store, self.events, self._profile.clock, self._profile.home_tzid)

    @cached_property
    def inbox(self) -> Inbox:
        """What came in."""
        from calmerge_desktop.core.agenda.inbox import Inbox

        return Inbox(self._profile.store, self.events, self.inviting, self._profile.clock)

    @cached_property
    def proposing(self) -> Proposing:
        """Times offered by mail; what a crash left is finished first."""
        from calmerge_desktop.core.agenda.proposal_mail import Signing
        from calmerge_desktop.core.agenda.proposing import Proposing

        profile = self._profile
        signing = Signing(profile.host_key, lambda: profile.settings.page_url, resources.path("booking"))
        job = Proposing(profile.store, self.events, self.free, self.links, profile.clock, profile.home_tzid, signing)
        job.reconcile()
        return job

    @cached_property
    def templates(self) -> Wording:
        """The words of offers."""
        from calmerge_desktop.core.agenda.wording import Wording

        profile = self._profile
        return Wording(profile.store, self.proposing.mail, profile.clock, profile.home_tzid)

    @cached_property
    def publishing(self) -> Publishing:
        """Pages that are kept in folders."""
        from calmerge_desktop.core.agenda.publishing import Publishing

        profile = self._profile
        places = profile.pages.places()
        return Publishing(profile.store, self.links, self.proposing, profile.clock, profile.home_tzid, places)

    @cached_property
    def requests(self) -> Answering:
        """What others want of the person."""
        from calmerge_desktop.core.agenda.answering import Answering
        from calmerge_desktop.core.agenda.requests import Requests

        profile = self._profile
        read = Requests(
            profile.store, self.events, self.view, self.free, self.inviting, self.proposing, profile.clock, profile.home_tzid
        )
        return Answering(profile.store, read, self.events, self.inviting, self.inbox, self.proposing, profile.clock)

    @cached_property
    def mail(self) -> Mailing:
        """Mailboxes and letters."""
        from calmerge_desktop.core.agenda.mailing import Mailing

        profile = self._profile
        return Mailing(profile.store, profile.kept_secrets, profile.mail.try_out, profile.clock, profile.may_read)

    @cached_property
    def export(self) -> Export:
        """Data out."""
        from calmerge_desktop.core.agenda.export import Export

        return Export(self._profile.store, self.view, self._profile.clock)
