"""The README's few lines about speed: what was measured last, between two marks."""

from __future__ import annotations

from pathlib import Path

from benchmarks.goals import GOALS
from benchmarks.report import judge
from benchmarks.rounds import Result

_BEGIN, _END = "<!-- speed: written by benchmarks.run -->", "<!-- speed -->"
_QUOTED = (
    "week, warm: KCalendarCore",
    "week, warm: libical",
    "file to first week: libical",
    "file to first week: icalendar + recurring-ical-events",
    "rules, a year: rrule-rust",
    "rules, a year: dateutil",
    "free/busy: KCalendarCore, from disk",
    "15-minute slots: Cal.com",
    "import: khal",
    "start over bare window",
    "frame",
    "GUI hold",
)
"""`Goal.short` of what is quoted, met or not."""


def quote(results: list[Result], readme: Path) -> None:
    """Write the lines anew; a README without the marks is left alone."""
    text = readme.read_text(encoding="utf-8")
    if _BEGIN not in text or _END not in text:
        return
    found = {(one.job, one.size): one for one in results}
    lines = ["| | events | measured | goal |", "| --- | --- | --- | --- |"]
    for goal in (one for short in _QUOTED for one in GOALS if one.short == short):
        size, figure = judge(goal, found)
        if figure is not None:
            met = "met" if goal.met(figure.median) else "not met"
            lines.append(f"| {goal.words} | {size} | {goal.show(figure)} | {met} |")
    head, rest = text.split(_BEGIN, 1)
    tail = rest.split(_END, 1)[1]
    readme.write_text(f"{head}{_BEGIN}\n" + "\n".join(lines) + f"\n{_END}{tail}", encoding="utf-8")
