"""The person's own words for offers: seen, tried on an example, kept, and given back for ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from calmerge_desktop.core.agenda.proposal_mail import ProposalMail
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.letters.letter import Letter
from calmerge_desktop.core.letters.template import Template, check, ours, tidy
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.texts import LANGUAGES, _, speech
from calmerge_desktop.core.when import Clock, instant, local, week_of
from calmerge_desktop.core.when import zone as checked_zone

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.memory import Memory

_HALF_AN_HOUR = 1800


@dataclass(frozen=True, slots=True)
class Worded:
    """The words of one language, and which of them are not ours."""

    language: str
    template: Template
    own: tuple[str, ...]


class Wording:
    """See `core.agenda.guest_jobs.TemplatesJob`."""

    def __init__(self, memory: Memory, mail: ProposalMail, clock: Clock, home_tzid: str) -> None:
        self._memory = memory
        self._mail = mail
        self._clock = clock
        self._home = home_tzid

    def list(self) -> Sequence[Worded]:
        """See `TemplatesJob.list`."""
        return [self.get(one) for one in LANGUAGES]

    def get(self, language: str) -> Worded:
        """See `TemplatesJob.get`."""
        _known(language)
        own = self._memory.templates.own(language)
        return Worded(language, replace(ours(language), **own), tuple(own))

    def keep(self, language: str, template: Template) -> Worded:
        """See `TemplatesJob.keep`."""
        _known(language)
        made = tidy(template)
        check(made)
        usual = ours(language).fields()
        self._memory.templates.keep(language, {name: text for name, text in made.fields().items() if text != usual[name]})
        return self.get(language)

    def reset(self, language: str) -> Worded:
        """See `TemplatesJob.reset`."""
        _known(language)
        self._memory.templates.keep(language, {})
        return self.get(language)

    def preview(self, language: str, template: Template, proposal: Proposal | None = None) -> Letter:
        """See `TemplatesJob.preview`."""
        _known(language)
        made = tidy(template)
        check(made)
        sketch = replace(proposal, language=language) if proposal else self._example(language)
        usual, count = ours(language).fields(), len(sketch.slots)
        own = {name: text for name, text in made.fields().items() if text != usual[name]}
        return self._mail.words(sketch, replace(ours(language, count), **own))

    def _example(self, language: str) -> Proposal:
        """Three times next week for somebody with a name, so that every placeholder has something to say."""
        _, _ngettext = speech(language)
        now, tz = self._clock(), checked_zone(self._home)
        monday = week_of(local(now, tz).date()) + timedelta(days=7)
        whens = (datetime.combine(monday + timedelta(days=day), time(hour), tz) for day, hour in ((1, 10), (1, 14), (3, 11)))
        slots = [(start, start + _HALF_AN_HOUR) for start in (instant(one, tz) for one in whens)]
        usual = next((one.id for one in self._memory.calendars() if one.default), CalendarId(""))
        return Proposal(
            id="00" * 11,
            to="sam@example.org",
            name="Sam Okafor",
            title=_("our first talk"),
            minutes=30,
            slots=tuple(slots),
            tzid=self._home,
            language=language,
            calendar=usual,
            created=now,
            expires=slots[0][0] - 3600,
            secret="00" * 16,
        )


def _known(language: str) -> None:
    if language not in LANGUAGES:
        raise BadInput(_("Offers are written in: {names}.").format(names=", ".join(LANGUAGES)))
