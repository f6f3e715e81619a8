"""A booking link ("event type"): everything a person decides about how one kind of meeting may be booked.

Lengths are whole minutes. `check` refuses what cannot work and says so in one sentence; `warnings` names what works but is
probably not meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from string import Formatter

from calmerge_desktop.core.availability.rules import (
    BookerRules,
    ChangeRules,
    Horizon,
    PageRules,
    PrivateAddress,
    Question,
    SeriesRule,
    check_addresses,
    check_booker,
    check_page,
)
from calmerge_desktop.core.availability.schedule import WEEKDAYS, Hours, Schedule, check
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import Access, Calendar, CalendarId
from calmerge_desktop.core.texts import _, ngettext

PERIODS = ("day", "week", "month", "year")
_DAYS_TO_AVOID = tuple(f"not-{day}" for day in WEEKDAYS)
PREFERENCES = ("morning", "afternoon", "adjacent", "spread", *_DAYS_TO_AVOID)
"""What ranks slots: nobody is refused by them."""
_SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")
_DAY = 1440
_YEAR = 366 * _DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One kind of meeting."""

    id: str = ""
    title: str
    slug: str
    description: str = ""
    color: str = ""
    language: str = ""
    """Of page and mails: `de`, `en`, empty for the guest's own."""
    hidden: bool = False
    active: bool = True
    minutes: tuple[int, ...]
    """Lengths the guest may choose; the first is the usual one."""
    interval: int | None = None
    """Minutes between two starts; None: the length."""
    offset: int = 0
    """Minutes after the grid at which meetings start (5: at :05)."""
    buffer_before: int = 0
    buffer_after: int = 0
    minimum_notice: int = 120
    timezone: str = ""
    """IANA zone of hours, days and limits; empty: that of the person."""
    lock_timezone: bool = False
    guest_clock: bool = False
    """Hours, days and limits go by the guest's clock, as far as it is known; else by `timezone`."""
    schedule: str = ""
    """A named schedule; used when the link has no hours of its own."""
    restrict: str = ""
    """A second named schedule: what lies outside its hours is not offered either."""
    hours: tuple[Hours, ...] | None = None
    """Own weekly hours, Monday first."""
    overrides: Mapping[date, Hours] = field(default_factory=dict)
    horizon: Horizon = field(default_factory=lambda: Horizon(days=60))
    first_only: bool = False
    keep_blocks_whole: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    """Most bookings by period (`PERIODS`)."""
    totals: Mapping[str, int] = field(default_factory=dict)
    """Most booked minutes by period."""
    prefer: tuple[str, ...] = ()
    confirm: bool = False
    """The person has to agree before it is a booking."""
    confirm_within: int | None = None
    """Only when booked fewer minutes ahead than this."""
    pending_blocks: bool = True
    """A request that waits for confirmation takes its time."""
    busy: tuple[CalendarId, ...] = ()
    """Calendars that are looked at; none named: all that count as busy."""
    target: CalendarId | None = None
    """Calendar the meeting is written to; None: the default one."""
    location: tuple[str, ...] = ()
    """Places to choose from; `guest-address` and `guest-phone` ask the guest."""
    video: str = ""
    questions: tuple[Question, ...] = ()
    guests: bool = True
    """The guest may bring others."""
    series: SeriesRule | None = None
    seats: int = 1
    show_seats: bool = True
    changes: ChangeRules = field(default_factory=ChangeRules)
    booker: BookerRules = field(default_factory=BookerRules)
    page: PageRules = field(default_factory=PageRules)
    private_addresses: tuple[PrivateAddress, ...] = ()
    event_name: str = ""
    """Title of the written event, with {link}, {guest}, {length}."""
    private: bool = False
    """The written event hides its details from others."""
    reminder: int | None = None
    """Minutes before the start, in the written event."""
    mail_host: bool = True
    mail_guest: bool = True
    reply_to: str = ""

    @property
    def step(self) -> int:
        """Minutes between two starts for the usual length."""
        return self.interval or self.minutes[0]


def check_link(link: Link) -> None:
    """Raises `BadInput` with one sentence for the first setting that cannot work."""
    if not link.title.strip():
        raise BadInput(_("A booking link needs a title."))
    if not _SLUG.match(link.slug):
        raise BadInput(
            _("“{slug}” cannot be part of an address.").format(slug=link.slug[:70]),
            hint=_("Use small letters, digits and hyphens."),
        )
    _check_lengths(link)
    _check_limits(link)
    _check_words(link)
    check(own_schedule(link, Schedule(tzid="UTC")))
    if link.series and not (1 <= link.series.every_weeks <= 52 and 2 <= link.series.count <= 60):
        raise BadInput(_("A series has 2 to 60 meetings, 1 to 52 weeks apart."))
    _check_horizon(link)
    check_booker(link.booker)
    check_page(link.page)
    check_addresses(link.private_addresses)
    if link.guest_clock and link.lock_timezone:
        raise BadInput(_("Hours that go by the guest’s clock cannot be shown in a locked zone."))


def on_clock(link: Link, tzid: str) -> Link:
    """The link for a guest in the IANA zone `tzid`."""
    return replace(link, timezone=tzid) if link.guest_clock else link


def own_schedule(link: Link, base: Schedule) -> Schedule:
    """The schedule in force: the link's own hours, dates and zone laid over `base`."""
    return Schedule(
        id=base.id,
        name=base.name,
        tzid=link.timezone or base.tzid,
        week=link.hours if link.hours is not None else base.week,
        overrides={**base.overrides, **link.overrides},
        holidays=base.holidays,
        away=base.away,
        travel=base.travel if not link.timezone else (),
    )


def warnings(link: Link, calendars: Sequence[Calendar], week: Sequence[Hours]) -> list[str]:
    """What works but is probably not meant, one sentence each; `week` are the hours in force."""
    said = []
    by_id = {one.id: one for one in calendars}
    looked_at = set(link.busy) or {one.id for one in calendars if one.busy}
    target = by_id.get(link.target) if link.target else next((one for one in calendars if one.default), None)
    if link.target and target is None:
        said.append(_("The calendar new meetings are written to is gone."))
    elif target is None:
        said.append(_("No calendar takes the new meetings."))
    elif target.access is not Access.WRITE:
        said.append(_("“{name}” can only be read: meetings cannot be written there.").format(name=target.name))
    elif target.id not in looked_at:
        said.append(
            _("“{name}” takes the meetings but is not looked at: a second meeting could land on the first.").format(
                name=target.name
            )
        )
    if gone := [one for one in link.busy if one not in by_id]:
        said.append(
            ngettext("A calendar to look at is gone.", "{n} calendars to look at are gone.", len(gone)).format(n=len(gone))
        )
    if not any(week):
        said.append(_("There are no hours, so nothing is ever offered."))
    elif min(link.minutes) > max(end - start for hours in week for start, end in hours):
        said.append(_("No hours are as long as the meeting, so nothing is ever offered."))
    return said


def _check_lengths(link: Link) -> None:
    if not link.minutes:
        raise BadInput(_("A booking link needs a length."))
    for minutes in link.minutes:
        if not 1 <= minutes <= _DAY:
            raise BadInput(_("A meeting lasts between 1 minute and a day, not {n} minutes.").format(n=minutes))
    if len(set(link.minutes)) != len(link.minutes):
        raise BadInput(_("A length stands there twice."))
    if link.interval is not None and not 1 <= link.interval <= _DAY:
        raise BadInput(_("Starts lie between 1 minute and a day apart, not {n} minutes.").format(n=link.interval))
    if link.offset < 0 or link.offset >= link.step:
        raise BadInput(
            _("The offset of {n} minutes has to be smaller than the interval of {step}.").format(
                n=link.offset, step=link.step
            )
        )
    _check_times(link)


def _check_times(link: Link) -> None:
    for name, minutes in ((_("buffer before"), link.buffer_before), (_("buffer after"), link.buffer_after)):
        if not 0 <= minutes <= _DAY:
            raise BadInput(_("{name}: between 0 minutes and a day.").format(name=name))
    if not 0 <= link.minimum_notice <= _YEAR or link.changes.notice < 0:
        raise BadInput(_("The notice lies between 0 and a year."))
    if link.confirm_within is not None and link.confirm_within <= 0:
        raise BadInput(_("The time within which a booking has to be confirmed is longer than 0."))
    if link.reminder is not None and not 0 <= link.reminder <= 28 * _DAY:
        raise BadInput(_("A reminder comes at most four weeks ahead."))


def _check_limits(link: Link) -> None:
    for limits in (link.counts, link.totals):
        for period, most in limits.items():
            if period not in PERIODS:
                raise BadInput(_("There are limits per day, week, month and year, not per {period}.").format(period=period))
            if most < 1:
                raise BadInput(
                    _("A limit of {n} would never let anybody book.").format(n=most),
                    hint=_("Leave it out, or switch the link off."),
                )
    for most in link.totals.values():
        if most < min(link.minutes):
            raise BadInput(
                _("{n} minutes as a limit are less than one meeting.").format(n=most),
            )
    if not 1 <= link.seats <= 1000:
        raise BadInput(_("A meeting has between 1 and 1000 seats."))


def _check_words(link: Link) -> None:
    for wish in link.prefer:
        if wish not in PREFERENCES:
            raise BadInput(_("“{word}” is no preference.").format(word=wish[:40]), hint=", ".join(PREFERENCES))
    for question in link.questions:
        if not question.label.strip():
            raise BadInput(_("A question needs words."))
        if question.kind == "choice" and len(question.choices) < 2:
            raise BadInput(_("The question “{label}” needs at least two choices.").format(label=question.label[:60]))
    try:
        # no attributes and no widths: `{link:>9999999999}` would fill the memory
        fits = all(
            name in (None, "link", "guest", "length") and not spec and not conversion
            for _text, name, spec, conversion in Formatter().parse(link.event_name)
        )
    except ValueError:
        fits = False
    if not fits:
        raise BadInput(
            _("The title of the event can hold {{link}}, {{guest}} and {{length}} and nothing else in braces.").format()
        )


def _check_horizon(link: Link) -> None:
    horizon = link.horizon
    given = [name for name in (one.name for one in fields(Horizon)) if getattr(horizon, name) is not None]
    if len(given) > 1:
        raise BadInput(_("The horizon is one of: {names}.").format(names=", ".join(given)))
    for days in (horizon.days, horizon.business_days, horizon.bookable_days):
        if days is not None and not 1 <= days <= 3660:
            raise BadInput(_("The horizon lies between 1 day and ten years."))
        if days is not None and link.step > days * _DAY:
            raise BadInput(_("The interval is longer than the horizon."))
    if horizon.range and horizon.range[1] < horizon.range[0]:
        raise BadInput(
            _("{last} is before {first}.").format(first=horizon.range[0].isoformat(), last=horizon.range[1].isoformat())
        )
