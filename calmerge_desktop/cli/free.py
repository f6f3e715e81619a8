"""`free`, and what the events of a calendar do to it (`calendar rule`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.accounts import calendar
from calmerge_desktop.cli.face import Face, pass_face
from calmerge_desktop.cli.show import clock, moment
from calmerge_desktop.cli.speaking import command
from calmerge_desktop.core.freebusy import AllDay, Blocking, Busy, Load, Source, Taken, Unreadable
from calmerge_desktop.core.texts import _, ngettext


@command()
@click.option("--from", "first", help="A date, a date-time, or today, monday, +7d.")
@click.option("--to", "last", help="Exclusive.")
@click.option("--tz", help="An IANA zone such as Europe/Berlin.")
@click.option("--calendar", "calendars", multiple=True, help="Only this calendar; may be repeated.")
@pass_face
def free(face: Face, first: str | None, last: str | None, tz: str | None, calendars: tuple[str, ...]) -> None:
    """When you are free and busy across all calendars, and how old each source is."""
    zone = face.tz(tz)
    low, high = face.span(first, last, zone)
    answer = face.profile.desk.free.spans(low, high, zone.key, face.calendars(calendars))
    document = {
        "spans": [_span(one, zone) for one in answer.spans],
        "sources": [source(one, zone) for one in answer.sources],
    }
    lines = [_line(one, zone) for one in answer.spans] or [_("Nothing in this span.")]
    face.emit(document, [*lines, *trouble(answer.sources)])


@calendar.command("rule")
@click.argument("id")
@click.option("--all-day", type=click.Choice([one.value for one in AllDay]), help="What all-day events do to their days.")
@click.option("--tentative", type=bool, metavar="yes|no", help="Whether tentative events block.")
@click.option("--unanswered", type=bool, metavar="yes|no", help="Whether invitations without your answer block.")
@click.option("--unreadable", type=click.Choice([one.value for one in Unreadable]), help="When the calendar cannot be read.")
@pass_face
def rule(
    face: Face, id: str, all_day: str | None, tentative: bool | None, unanswered: bool | None, unreadable: str | None
) -> None:
    """What the events of a calendar do to your availability; without options it is shown."""
    chosen = face.calendar(id)
    desk = face.profile.desk
    before = desk.free.rules()[chosen.id]
    after = replace(
        before,
        all_day=AllDay(all_day) if all_day else before.all_day,
        tentative=before.tentative if tentative is None else tentative,
        unanswered=before.unanswered if unanswered is None else unanswered,
        unreadable=Unreadable(unreadable) if unreadable else before.unreadable,
    )
    if after != before:
        desk.free.set_rule(chosen.id, after)
    shown = _rule(after)
    face.emit({"calendar": chosen.id, "rule": shown}, [f"{name}: {value}" for name, value in shown.items()])


def source(one: Source, tz: ZoneInfo) -> dict[str, Any]:
    """One of the `sources` of the contract."""
    return {
        "calendar": one.calendar,
        "name": one.name,
        "state": one.state.value,
        "as_of": moment(one.as_of, tz),
        "reason": one.reason,
        "policy": one.policy.value,
        "set_aside": one.set_aside,
    }


def reason(one: Busy) -> dict[str, Any]:
    """One of the events, or the unreadable calendar, behind a span."""
    return {"id": one.id, "summary": one.summary, "calendars": list(one.calendars)}


def trouble(sources: tuple[Source, ...]) -> list[str]:
    """Sentences on sources that are not fresh, for people."""
    said = []
    for one in sources:
        if one.reason:
            closed = one.state.value == "broken" and one.policy is Unreadable.BLOCK
            text = _("“{name}” cannot be read and closes its time: {why}") if closed else _("“{name}”: {why}")
            said.append(text.format(name=one.name, why=one.reason))
        if one.set_aside:
            text = ngettext(
                "“{name}” holds {n} event that cannot be read.",
                "“{name}” holds {n} events that cannot be read.",
                one.set_aside,
            )
            said.append(text.format(name=one.name, n=one.set_aside))
    return ["", *said] if said else []


def _rule(rule: Blocking) -> dict[str, Any]:
    return {
        "all_day": rule.all_day.value,
        "tentative": rule.tentative,
        "unanswered": rule.unanswered,
        "unreadable": rule.unreadable.value,
    }


def _span(one: Taken, tz: ZoneInfo) -> dict[str, Any]:
    return {
        "start": moment(one.start, tz),
        "end": moment(one.end, tz),
        "state": one.load.value,
        "because": [reason(busy) for busy in one.because],
    }


def _line(one: Taken, tz: ZoneInfo) -> str:
    words = {
        Load.FREE: _("free"),
        Load.TENTATIVE: _("tentative"),
        Load.BUSY: _("busy"),
        Load.UNKNOWN: _("unknown"),
    }
    titles = ", ".join(dict.fromkeys(busy.summary or _("(no title)") for busy in one.because))
    return f"{between(one.start, one.end, tz):<41}  {words[one.load]:<10}  {titles}".rstrip()


def between(start: int, end: int, tz: ZoneInfo) -> str:
    """`Wed 25 Nov 09:00–10:30` for people."""
    from datetime import datetime

    low, high = datetime.fromtimestamp(start, tz), datetime.fromtimestamp(end, tz)
    if low.date() == high.date():
        return f"{clock(start, tz)}–{high:%H:%M}"
    return f"{clock(start, tz)} – {clock(end, tz)}"
