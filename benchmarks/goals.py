"""What the program promises of its speed, each as a figure a run can give."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from benchmarks.rounds import Ratio, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A limit on a ratio or a time."""

    short: str
    words: str
    job: str
    over: tuple[str, str]
    """(engine, metric) that is divided, or that is the time."""
    under: tuple[str, str] | None
    """What it is divided by; None for a plain time in seconds."""
    limit: float
    faster: bool = True
    """The figure must be at least `limit`; else at most."""

    def figure(self, result: Result) -> Ratio | None:
        """What was measured."""
        if self.under is not None:
            return result.ratio(self.over, self.under)
        taken = result.seconds(*self.over)
        return Ratio(statistics.median(taken), min(taken), max(taken), len(taken)) if taken else None

    def met(self, figure: float) -> bool:
        """Whether it holds."""
        return figure >= self.limit if self.faster else figure <= self.limit

    def show(self, figure: Ratio) -> str:
        """In words."""
        if self.under is not None:
            return figure.words
        return f"{figure.median * 1000:.1f} ms ({figure.low * 1000:.1f}–{figure.high * 1000:.1f})"


def _week(key: str, label: str) -> Goal:
    return Goal(
        short=f"week, warm: {label}",
        words=f"a week asked again (then from our memory) at least 200 times faster than {label} from its own memory",
        job="read",
        over=(key, "week"),
        under=("calmerge-store", "week"),
        limit=200,
    )


def _first(key: str, label: str, limit: float) -> Goal:
    return Goal(
        short=f"file to first week: {label}",
        words=f"file to first week at least {limit:g} times faster than {label}",
        job="read",
        over=(key, "first_week"),
        under=("calmerge", "first_week"),
        limit=limit,
    )


def _rules(key: str, limit: float) -> Goal:
    return Goal(
        short=f"rules, a year: {key}",
        words=f"rules alone (a year, rules ready) at least {limit:g} times faster than {key}",
        job="rules",
        over=(key, "rules_year"),
        under=("calmerge", "rules_year"),
        limit=limit,
    )


def _busy(metric: str, how: str) -> Goal:
    return Goal(
        short="free/busy: KCalendarCore" + (", from disk" if metric.endswith("disk") else ""),
        words=f"sixty days of merged free/busy, {how}, at least 100 times faster than KCalendarCore from its memory",
        job="free",
        over=("kcalendarcore-free", "freebusy"),
        under=("calmerge-available", metric),
        limit=100,
    )


def _slots(metric: str, limit: float, how: str) -> Goal:
    minutes = metric[5:7]
    return Goal(
        short=f"{minutes}-minute slots: Cal.com" + (", store included" if "store" in metric else ""),
        words=f"{minutes}-minute slots of 60 days at least {limit:g} times faster than Cal.com's engine ({how})",
        job="free",
        over=("calcom", f"slots{minutes}"),
        under=("calmerge-available", metric),
        limit=limit,
    )


GOALS = (
    _week("kcalendarcore", "KCalendarCore"),
    _week("libical", "libical"),
    Goal(
        short="week over bare SQLite",
        words="the week's rows at most 3 times bare SQLite reading the same rows",
        job="rows",
        over=("calmerge-store", "week_rows"),
        under=("sqlite", "week"),
        limit=3,
        faster=False,
    ),
    Goal(
        short="merged week over bare SQLite",
        words="the same for the merged week out of both files, with ledger, outbox and everything the window asks",
        job="rows",
        over=("calmerge-store", "week_disk"),
        under=("sqlite", "week"),
        limit=3,
        faster=False,
    ),
    _first("libical", "libical", 1.5),
    _first("ical.js", "ical.js", 5),
    _first("icalendar", "icalendar + recurring-ical-events", 30),
    _first("ical", "ical (allenporter)", 30),
    Goal(
        short="import: khal",
        words="import into the stored calendar at least 20 times faster than khal's",
        job="import",
        over=("khal", "import"),
        under=("calmerge", "import"),
        limit=20,
    ),
    _rules("rrule-rust", 2),
    _rules("dateutil", 50),
    _busy("freebusy", "asked again while nothing changed (then from our memory)"),
    _busy("freebusy_disk", "read from both files anew"),
    _slots("slots15", 100, "busy times given to both"),
    _slots("slots30", 100, "busy times given to both"),
    _slots("slots15_store", 40, "our store counted in, as a window asks it"),
    Goal(
        short="start over bare window",
        words="start to painted week at most 1.5 times a bare PySide6 window",
        job="start",
        over=("calmerge", "start"),
        under=("bare", "start"),
        limit=1.5,
        faster=False,
    ),
    Goal(
        short="frame",
        words="a whole frame with 2,000 events under 8 ms",
        job="frame",
        over=("calmerge", "frame_whole"),
        under=None,
        limit=0.008,
        faster=False,
    ),
    Goal(
        short="GUI hold",
        words="the GUI thread held for no more than 16 ms while everything arrives",
        job="hold",
        over=("calmerge", "hold"),
        under=None,
        limit=0.016,
        faster=False,
    ),
)
