"""Availability over a filled store: 60 days of merged free/busy, and the 15- and 30-minute slots of a link.

`freebusy` and `slots…_store` are asked again and again while nothing changes, as a window does; `_disk` is the same with
all that is kept in memory forgotten before each call. `slots…` alone leaves reading out: it begins with the busy times, as
the engine of Cal.com does. The question is written beside, so that others answer the same one, and so are the slots.

Two empty lists of slots prove nothing, and all twelve calendars together leave no free minute: among them are events of many
days. So the link looks at them with all-day events set to be ignored, and at as many, the emptiest first, as leave a hundred
slots of a quarter of an hour.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from calmerge_desktop import __version__
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.availability.frame import build
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.rules import Horizon
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.availability.slots import offered
from calmerge_desktop.core.freebusy import DEFAULT, AllDay, Blocking
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.when import DAY

from benchmarks.ours.profile import opened
from benchmarks.peers.protocol import Found, Job, merged, report, warm

ZONE = "America/New_York"
DAYS = 60
OPEN = (9, 17)
SCHEDULE = Schedule(name="office", tzid=ZONE, week=(*((((OPEN[0] * 60, OPEN[1] * 60),),) * 5), (), ()))
ENOUGH = 100
"""Slots that have to be left."""


def main() -> None:
    """See `peers.protocol`; a seventh argument is the home of the filled profile."""
    job = Job.given()
    profile = opened(Path(sys.argv[7]))
    low = job.week[0]
    span = low, low + DAYS * DAY
    desk = profile.desk
    seconds: dict[str, float] = {}

    def free() -> Any:
        return desk.free.spans(*span, ZONE)

    seconds["freebusy"], answer = warm(free)
    seconds["freebusy_disk"], _again = warm(free, desk.free.forget)
    busy = [one for one in answer.spans if one.because]
    job.found("busy", _by_calendar(profile, span))
    for one in profile.store.calendars():
        desk.free.set_rule(one.id, Blocking(all_day=AllDay.IGNORE))
    looked_at = _calendars(profile, span)
    asked, pairs, _sources = desk.free.pairs(*span, ZONE, looked_at)
    counted = {}
    for minutes in (15, 30):
        link = _link(minutes, looked_at)

        def pure(link: Link = link) -> Any:
            return offered(build(link, SCHEDULE, asked, (), span, low - DAY, pairs=pairs))

        def whole(link: Link = link) -> Any:
            return desk.links.slots(link, *span)

        seconds[f"slots{minutes}"], found = warm(pure)
        seconds[f"slots{minutes}_store"], _all = warm(whole)
        seconds[f"slots{minutes}_disk"], _all = warm(whole, desk.free.forget)
        counted[f"slots{minutes}"] = len(found)
        lines = "".join(f"{one.start}\n" for one in found)
        (job.out / f"slots{minutes}.txt").write_text(lines, encoding="ascii")
    question = {
        "zone": ZONE, "open": OPEN, "low": span[0], "high": span[1], "minutes": [15, 30],
        "busy": [[one.start, one.end] for one in asked],
    }  # fmt: skip
    (job.out / "question.json").write_text(json.dumps(question), encoding="ascii")
    for one in profile.store.calendars():
        desk.free.set_rule(one.id, DEFAULT)
    profile.close()
    report(__version__, seconds, busy=len(asked), calendars=len(looked_at), spans=len(busy), **counted)


def _by_calendar(profile: Profile, span: tuple[int, int]) -> Iterator[Found]:
    """What each calendar takes, for the comparison with the truth; in UTC, as the others are asked."""
    for one in profile.store.calendars():
        busy = profile.desk.free.busy(*span, "UTC", [one.id])[0]
        yield from merged(one.name, [(each.start, each.end) for each in busy], span)


def _link(minutes: int, looked_at: Sequence[CalendarId]) -> Link:
    return Link(
        title="x",
        slug="x",
        minutes=(minutes,),
        minimum_notice=0,
        horizon=Horizon(),
        hours=SCHEDULE.week,
        timezone=ZONE,
        busy=tuple(looked_at),
    )


def _calendars(profile: Profile, span: tuple[int, int]) -> Sequence[CalendarId]:
    """As many calendars, the emptiest first, as leave enough slots."""
    free = profile.desk.free
    listed = sorted((len(free.busy(*span, ZONE, [one.id])[0]), one.id) for one in profile.store.calendars())
    chosen = [calendar for _count, calendar in listed]
    while len(chosen) > 1:
        busy = free.busy(*span, ZONE, chosen)[0]
        if len(offered(build(_link(15, chosen), SCHEDULE, busy, (), span, span[0] - DAY))) >= ENOUGH:
            break
        chosen.pop()
    return chosen


if __name__ == "__main__":
    main()
