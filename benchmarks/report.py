"""docs/performance.md out of results: goals first, then every job with its peers, their ratios and their mistakes."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.chart import Bar, svg
from benchmarks.goals import GOALS, Goal
from benchmarks.rounds import Ratio, Result

_ORDER = ("100k", "10k", "1k")


def page(results: list[Result], folder: Path, *, spans: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Write the page and its chart."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {(one.job, one.size): one for one in results}
    (folder / "performance.svg").write_text(svg(_bars(found)), encoding="utf-8")
    text = "\n".join(_lines(found, spans)) + "\n"
    (folder / "performance.md").write_text(text, encoding="utf-8")


def _lines(found: dict[tuple[str, str], Result], spans: tuple[tuple[int, int], tuple[int, int]]) -> Iterator[str]:
    dates = sorted({one.date for one in found.values()})
    week = f"{datetime.fromtimestamp(spans[0][0], UTC):%Y-%m-%d}"
    yield "# Performance, measured"
    yield ""
    yield "Written by `python -m benchmarks.run`; what each job does and how to read it: `benchmarks/README.md`."
    yield ""
    yield f"- Date: {' to '.join(dict.fromkeys((dates[0], dates[-1])))}" if dates else "- Nothing measured yet"
    yield f"- Machine: {machine()}"
    yield f"- Python {platform.python_version()}, {_qt()}, SQLite {_sqlite()}, {platform.system()} {platform.release()}"
    yield f"- Data: twelve calendars over ten years; the week begins on {week}, the year is 2026; every process runs in UTC"
    yield ""
    yield "All figures are **medians of per-round ratios with their range**; a round runs every engine once, each in a fresh"
    yield "process, in turned order. A figure says how many times longer the other one takes: above 1 CalMerge is faster."
    yield "*missing / extra* counts occurrences against the truth list, which is made by walking day by day."
    yield ""
    yield "![Ratios by job](performance.svg)"
    yield ""
    yield from _goals(found)
    for job, title, tables in _SECTIONS:
        yield from _section(found, job, title, tables)


def _goals(found: dict[tuple[str, str], Result]) -> Iterator[str]:
    yield "## Goals"
    yield ""
    yield "| goal | size | measured | met |"
    yield "| --- | --- | --- | --- |"
    for goal in GOALS:
        size, figure = judge(goal, found)
        if figure is None:
            yield f"| {goal.words} | – | not measured | – |"
        else:
            yield f"| {goal.words} | {size} | {goal.show(figure)} | {'yes' if goal.met(figure.median) else '**no**'} |"
    yield ""


def judge(goal: Goal, found: dict[tuple[str, str], Result]) -> tuple[str, Ratio | None]:
    """The figure of a goal at the largest size that has it."""
    for size in _ORDER:
        result = found.get((goal.job, size))
        figure = goal.figure(result) if result else None
        if figure:
            return size, figure
    return "", None


_Tables = tuple[tuple[str, str, str, str], ...]
_SECTIONS: tuple[tuple[str, str, _Tables], ...] = (
    (
        "read",
        "A file to its first week, and weeks and years after that",
        (
            ("file to first week", "calmerge", "first_week", "first_week"),
            ("week again (ours: memory)", "calmerge-store", "week", "week"),
            ("week (ours: from disk)", "calmerge-store", "week_disk", "week"),
            ("year (ours: from disk)", "calmerge-store", "year_disk", "year"),
        ),
    ),
    (
        "rows",
        "The store beside bare SQLite reading the same rows",
        (
            ("the week's rows", "calmerge-store", "week_rows", "week"),
            ("the merged week", "calmerge-store", "week_disk", "week"),
            ("the year's rows", "calmerge-store", "year_rows", "year"),
        ),
    ),
    ("import", "Import into the stored calendar that can be searched", (("import", "calmerge", "import", "import"),)),
    (
        "rules",
        "The rules alone",
        (
            ("a week, rules ready", "calmerge", "rules_week", "rules_week"),
            ("a week, from text", "calmerge", "rules_text_week", "rules_text_week"),
            ("a year, rules ready", "calmerge", "rules_year", "rules_year"),
            ("a year, from text", "calmerge", "rules_text_year", "rules_text_year"),
        ),
    ),
    (
        "free",
        "Sixty days of free/busy and of bookable slots",
        (
            ("free/busy (ours: memory)", "calmerge-available", "freebusy", "freebusy"),
            ("free/busy (ours: from disk)", "calmerge-available", "freebusy_disk", "freebusy"),
            ("slots of 15 min, busy times given", "calmerge-available", "slots15", "slots15"),
            ("slots of 30 min, busy times given", "calmerge-available", "slots30", "slots30"),
            ("slots of 15 min, store included", "calmerge-available", "slots15_store", "slots15"),
            ("slots of 15 min, from disk", "calmerge-available", "slots15_disk", "slots15"),
        ),
    ),
    ("start", "Start of the process to the painted week", (("start", "calmerge", "start", "start"),)),
    ("frame", "A frame with 2,000 events", ()),
    ("sync", "Synchronisation", ()),
    ("hold", "The GUI thread while everything arrives", ()),
)
_OTHER_NAME = {
    ("khal", "import"): "import",
    ("kcalendarcore", "import"): "parse",
    ("calmerge-vdir", "import"): "import_vdir",
}


def _section(found: dict[tuple[str, str], Result], job: str, title: str, tables: _Tables) -> Iterator[str]:
    sized = [found[job, size] for size in _ORDER if (job, size) in found]
    if not sized:
        return
    yield f"## {title}"
    yield ""
    for result in sized:
        when = f"{len(result.rounds)} rounds, {result.date}, load {result.load:.1f} at the beginning"
        yield f"### {result.size} events ({when})"
        yield ""
        if tables:
            yield from _table(result, tables)
        else:
            yield from _absolute(result)
        yield ""
        notes = [f"- skipped: {result.labels[key]}: {why}" for key, why in result.skipped.items()]
        if compared := result.more.get("calcom", {}).get("compared"):
            ours = result.more["calmerge-available"]
            notes.append(
                f"- slots: {ours['calendars']} calendars with {ours['busy']:,} busy times;"
                f" {compared['slots15']} slots of 15 and {compared['slots30']} of 30 minutes, the same ones in both engines"
            )
        if notes:
            yield from (*notes, "")


_SPANS = {"week": "week", "year": "year", "sixty": "busy spans by calendar"}


def _table(result: Result, tables: _Tables) -> Iterator[str]:
    checked = bool(result.verdicts)
    heads = ["engine", "version", *(table[0] for table in tables)]
    checked_spans = ("sixty",) if result.job == "free" else ("week", "year")
    heads += [f"missing / extra, {_SPANS[name]}" for name in checked_spans] if checked else []
    yield "| " + " | ".join([*heads, "peak memory"]) + " |"
    yield "|" + " --- |" * (len(heads) + 1)
    for key, label in result.labels.items():
        if key in result.skipped:
            continue
        cells = [label, result.versions.get(key, "") or "–"]
        for _title, own, metric, theirs in tables:
            cells.append(_cell(result, key, own, metric, _OTHER_NAME.get((key, metric), theirs)))
        if checked:
            spans = result.verdicts.get(key, {})
            cells += [spans[name].words if name in spans else "–" for name in checked_spans]
        memory = result.memory.get(key)
        cells.append(f"{memory / 1024:,.0f} MB" if memory else "–")
        yield "| " + " | ".join(cells) + " |"


def _cell(result: Result, key: str, own: str, metric: str, theirs: str) -> str:
    if key == own:
        taken = sorted(result.seconds(own, metric))
        return f"**1** ({_time(median(taken))})" if taken else "–"
    ratio = result.ratio((key, theirs), (own, metric))
    return ratio.words if ratio else "–"


def _absolute(result: Result) -> Iterator[str]:
    """Jobs without a peer: what was measured, beside the anchor of the same process where there is one."""
    yield "| figure | median (range) |"
    yield "| --- | --- |"
    for metric in result.rounds[0].get("calmerge", {}) if result.rounds else ():
        taken = sorted(result.seconds("calmerge", metric))
        words = _WORDS.get(metric, metric)
        yield f"| {words} | {_time(median(taken))} ({_time(taken[0])}–{_time(taken[-1])}) |"
    for over, under, words in _ANCHORS.get(result.job, ()):
        if ratio := result.ratio(("calmerge", over), ("calmerge", under)):
            yield f"| {words} | {ratio.words} |"
    resources = result.more.get("calmerge", {}).get("resources")
    if resources and result.job == "sync":
        rates = sorted(resources / seconds for seconds in result.seconds("calmerge", "sync"))
        yield f"| resources a second ({resources:,} in all) | {rates[len(rates) // 2]:,.0f} |"
    if result.job == "hold":
        more = result.more["calmerge"]
        yield f"| holds over 16 ms, last round | {more['over_16_ms']:,} ({more['held_share']:.0%} of the time) |"
    yield f"| peak memory | {result.memory.get('calmerge', 0) / 1024:,.0f} MB |"


_WORDS = {
    "frame": "a frame while the painted layer is kept (scroll, hover)",
    "frame_whole": "a frame with every event painted anew",
    "frame_layout": "placing the events (not on the GUI thread)",
    "frame_bare": "bare QPainter: a rectangle and a line of text an event",
    "sync": "first synchronisation through the engine",
    "sync_again": "the same again, nothing new",
    "sync_bare": "bare SQLite: the texts into one table",
    "hold": "longest hold of the GUI thread",
    "hold_p99": "99 in 100 holds are shorter than",
    "hold_quiet": "longest hold of the idle window",
    "hold_arrival": "until everything had arrived",
}
_ANCHORS = {
    "frame": (("frame_whole", "frame_bare", "whole frame over bare QPainter"),),
    "sync": (("sync", "sync_bare", "engine and store over bare SQLite"),),
}


def _time(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.3g} ms"


def _bars(found: dict[tuple[str, str], Result]) -> list[Bar]:
    out = []
    for goal in GOALS:
        size, figure = judge(goal, found)
        if figure and goal.faster:
            out.append(Bar(f"{goal.short} · {size}", figure.median, figure.low, figure.high, goal.limit))
    return out


def machine() -> str:
    """What it was measured on."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists() and (model := re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8"))):
        name = model[1]
    return f"{name}, {os.cpu_count()} cores"


def _qt() -> str:
    from importlib.metadata import version

    return f"PySide6 {version('PySide6-Essentials')}"


def _sqlite() -> str:
    import sqlite3

    return sqlite3.sqlite_version
