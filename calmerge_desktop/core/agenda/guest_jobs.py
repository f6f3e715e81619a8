"""What a face may ask for about what guests read: the words of offers, and pages of open times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.wording import Worded
    from calmerge_desktop.core.availability.link import Link
    from calmerge_desktop.core.letters.letter import Letter as Words
    from calmerge_desktop.core.letters.template import Template
    from calmerge_desktop.core.ports import Stop
    from calmerge_desktop.core.proposal.model import Proposal
    from calmerge_desktop.core.proposal.published import Published


class TemplatesJob(Protocol):
    """The words of offers, by language (`de`, `en`), and the person's own in their place."""

    def list(self) -> Sequence[Worded]:
        """One for each language."""

    def get(self, language: str) -> Worded:
        """The words in force. Raises `BadInput` for a language we do not speak."""

    def keep(self, language: str, template: Template) -> Worded:
        """Use these from now on. Raises `BadInput` with one sentence for what cannot leave; nothing is stored then."""

    def reset(self, language: str) -> Worded:
        """Ours again."""

    def preview(self, language: str, template: Template, proposal: Proposal | None = None) -> Words:
        """The mail as it would leave in these words, for `proposal` or an example. Keeps nothing. Raises `BadInput`."""


class PublishingJob(Protocol):
    """Pages of open times that are kept in folders of the web. Unlike other jobs it waits for the network."""

    def list(self) -> Sequence[Published]:
        """What is published, with the reason when a folder could not be brought up to date."""

    def needs_password(self, address: str, user: str) -> bool:
        """Whether a password has to be asked for. Raises `BadInput` for an address of no use."""

    def publish(
        self, link: Link | None, address: str, *, user: str = "", password: str | None = None, stop: Stop = ...
    ) -> Published:
        """Keep the page of `link` in a folder; None: those of all open offers, and one for links in mails.

        The password is kept with the others, and used from then on. Raises what `PagePlace` raises; nothing is kept then
        unless the page was published before. Raises `ServerTrouble` while a calendar of the link cannot be read.
        """

    def stop(self, link: Link | None, address: str = "", *, stop: Stop = ...) -> Sequence[Published]:
        """Take pages away: of `link`, or all; at `address`, or everywhere. One with trouble is tried again later."""

    def refresh(self, stop: Stop = ...) -> Sequence[Published]:
        """Bring every folder up to date. A trouble of one is kept in it and stops no other. Raises `Cancelled`."""
