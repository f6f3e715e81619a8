"""A week with 2,000 events on it, made without a store: what the painter is timed with."""

from __future__ import annotations

from calmerge_desktop.core.model import Access, AccountId, Calendar, CalendarId, Instance, RemoteId

from benchmarks.data.words import PLACES, Dice

EVENTS = 2_000
MONDAY = 1_774_224_000
"""23 March 2026, 00:00 UTC."""
_COLORS = ("#3b6fd8", "#2f9e6e", "#c2562d", "#8a4fc7", "#b3871a", "#2a93a8")


def calendars() -> list[Calendar]:
    """Twelve calendars in six colours."""
    return [
        Calendar(
            id=CalendarId(f"c-{n}"),
            account_id=AccountId("a-bench"),
            remote_id=RemoteId(str(n)),
            name=f"Calendar {n}",
            color=_COLORS[n % len(_COLORS)],
            access=Access.WRITE,
        )
        for n in range(12)
    ]


def instances(seed: int = 7) -> list[Instance]:
    """Events as in the calendars, only ten times as many: most in working hours, some all-day."""
    dice = Dice(seed)
    out: list[Instance] = []
    for n in range(EVENTS):
        calendar = CalendarId(f"c-{dice.below(12)}")
        day = MONDAY + dice.below(7) * 86_400
        all_day = dice.chance(0.03)
        start = day if all_day else day + (6 + dice.below(15)) * 3600 + dice.below(4) * 900
        length = 86_400 if all_day else dice.one((900, 1800, 1800, 2700, 3600, 3600, 5400, 7200))
        out.append(
            Instance(
                id=f"e-{n}",
                uid=f"{n}",
                recurrence_id=None,
                calendar=calendar,
                calendars=(calendar,),
                start=start,
                end=start + length,
                all_day=all_day,
                summary=dice.words(1, 4),
                location=dice.one(PLACES),
                recurring=dice.chance(0.2),
            )
        )
    return out
