"""Who takes part in which job, how each is started, and why one may be missing."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.places import compiled, npm, peer_python

WEEK = (1_774_224_000, 1_774_828_800)
"""Monday 23 to Monday 30 March 2026, UTC: Europe changes its clocks in it."""
YEAR = (1_767_225_600, 1_798_761_600)
"""2026, UTC."""
SIXTY = (WEEK[0], WEEK[0] + 60 * 86_400)
"""What free/busy is asked for, UTC."""


@dataclass(frozen=True, slots=True)
class Place:
    """Folders of one size."""

    size: str
    data: Path
    out: Path
    home: Path
    """A profile filled with the data."""
    floor: Path
    """Where the statements for bare SQLite stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """One competitor in one job."""

    key: str
    label: str
    command: Callable[[Place], list[str]]
    missing: Callable[[], str | None] = lambda: None
    """Why it cannot take part here; None when it can."""
    small: bool = False
    """Takes minutes a round at 100k: there it is left out unless asked for."""
    painted: bool = False
    """Timed from outside: from its start until it prints `painted`."""


def _spans() -> list[str]:
    return [str(number) for number in (*WEEK, *YEAR)]


def ours(module: str, *more: Callable[[Place], str]) -> Callable[[Place], list[str]]:
    """A driver of `benchmarks.ours`."""

    def command(place: Place) -> list[str]:
        out = place.out / f"calmerge-{module}"
        given = [str(place.data), str(out), *_spans(), *(one(place) for one in more)]
        return [sys.executable, "-m", f"benchmarks.ours.{module}", *given]

    return command


def _python(module: str, key: str) -> Callable[[Place], list[str]]:
    return lambda place: [
        str(peer_python()), "-m", f"benchmarks.peers.{module}", str(place.data), str(place.out / key), *_spans()
    ]  # fmt: skip


def _no_python(folder: str) -> Callable[[], str | None]:
    def missing() -> str | None:
        found = any(peer_python().parent.parent.glob(f"lib/python*/site-packages/{folder}"))
        return None if found else "not installed (python -m benchmarks.peers.setup)"

    return missing


def _node(script: str, key: str) -> Callable[[Place], list[str]]:
    here = Path(__file__).parent / "peers" / script
    return lambda place: ["node", str(here), str(place.data), str(place.out / key), *_spans()]


def _no_node(package: str) -> Callable[[], str | None]:
    def missing() -> str | None:
        if shutil.which("node") is None:
            return "Node is not here"
        return None if (npm() / "node_modules" / package).is_dir() else "not installed (python -m benchmarks.peers.setup)"

    return missing


def _compiled(name: str, key: str) -> Callable[[Place], list[str]]:
    return lambda place: [str(compiled(name)), str(place.data), str(place.out / key), *_spans()]


def _not_built(name: str) -> Callable[[], str | None]:
    return lambda: (
        None if compiled(name).exists() else "its library or compiler is not here (python -m benchmarks.peers.setup)"
    )


_LIBICAL = Engine(
    key="libical",
    label="libical (C)",
    command=_compiled("libical_reading", "libical"),
    missing=_not_built("libical_reading"),
)
_KCAL = Engine(
    key="kcalendarcore",
    label="KCalendarCore (C++)",
    command=_compiled("kcalendarcore_reading", "kcalendarcore"),
    missing=_not_built("kcalendarcore_reading"),
)
_STORE = Engine(key="calmerge-store", label="CalMerge, from its store", command=ours("store", lambda place: str(place.home)))
READ = (
    Engine(key="calmerge", label="CalMerge, from the file", command=ours("reading")),
    _STORE,
    _LIBICAL,
    _KCAL,
    Engine(
        key="ical.js", label="ical.js (Node)", command=_node("icaljs_reading.mjs", "ical.js"), missing=_no_node("ical.js")
    ),
    Engine(
        key="icalendar",
        label="icalendar + recurring-ical-events",
        command=_python("icalendar_reading", "icalendar"),
        missing=_no_python("recurring_ical_events"),
        small=True,
    ),
    Engine(
        key="ical",
        label="ical (allenporter)",
        command=_python("ical_reading", "ical"),
        missing=_no_python("ical"),
        small=True,
    ),
)
ROWS = (
    _STORE,
    Engine(
        key="sqlite",
        label="bare SQLite (C)",
        command=lambda place: [str(compiled("sqlite_floor")), str(place.home / "cache.sqlite"), str(place.floor)],
        missing=_not_built("sqlite_floor"),
    ),
)
IMPORT = (
    Engine(key="calmerge", label="CalMerge, 12 files", command=ours("importing", lambda _place: "calendars")),
    Engine(
        key="calmerge-vdir",
        label="CalMerge, one file an event",
        command=ours("importing", lambda _place: "vdir"),
        small=True,
    ),
    Engine(
        key="khal", label="khal (vdir)", command=_python("khal_importing", "khal"), missing=_no_python("khal"), small=True
    ),
    _KCAL,
)
RULES = (
    Engine(key="calmerge", label="CalMerge", command=ours("rules")),
    Engine(
        key="rrule-rust",
        label="rrule-rust (Node)",
        command=_node("rrule_rust_rules.mjs", "rrule-rust"),
        missing=_no_node("rrule-rust"),
    ),
    Engine(
        key="libical",
        label="libical (C)",
        command=_compiled("libical_rules", "libical"),
        missing=_not_built("libical_rules"),
    ),
    Engine(key="dateutil", label="dateutil", command=_python("dateutil_rules", "dateutil"), missing=_no_python("dateutil")),
)
START = (
    Engine(
        key="calmerge",
        label="CalMerge",
        command=lambda place: [sys.executable, "-m", "benchmarks.ours.start", str(place.home)],
        painted=True,
    ),
    Engine(
        key="bare",
        label="bare PySide6 window",
        command=lambda _place: [sys.executable, "-m", "benchmarks.peers.bare_window"],
        painted=True,
    ),
)
FREE = (
    Engine(
        key="calmerge-available",
        label="CalMerge",
        command=ours("available", lambda place: str(place.home)),
    ),
    Engine(
        key="kcalendarcore-free",
        label="KCalendarCore FreeBusy (C++)",
        command=_compiled("kcalendarcore_free", "kcalendarcore-free"),
        missing=_not_built("kcalendarcore_free"),
    ),
    Engine(
        key="icalendar-free",
        label="icalendar + recurring-ical-events",
        command=_python("icalendar_free", "icalendar-free"),
        missing=_no_python("recurring_ical_events"),
        small=True,
    ),
    Engine(
        key="calcom",
        label="Cal.com's slot engine (Node)",
        command=_node("calcom_slots.mjs", "calcom"),
        missing=lambda: (
            None if (npm().parent / "calcom" / "package").is_dir() else "not installed (python -m benchmarks.peers.setup)"
        ),
    ),
)
JOBS: dict[str, tuple[Engine, ...]] = {
    "read": READ,
    "rows": ROWS,
    "import": IMPORT,
    "rules": RULES,
    "free": FREE,
    "start": START,
    "frame": (Engine(key="calmerge", label="CalMerge", command=ours("frame")),),
    "sync": (Engine(key="calmerge", label="CalMerge", command=ours("syncing")),),
    "hold": (Engine(key="calmerge", label="CalMerge", command=ours("hold")),),
}
