"""A profile for the drivers: made under OUT, linked to the benchmark calendars the way a person would link a folder."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.ports import Listener

MOMENT = 1_774_350_000
"""The clock of all drivers: 24 March 2026, 11:00 UTC, inside the measured week."""
QUIET = Listener(changed=lambda _news: None, progress=lambda _news: None, idle=lambda: None)


def fresh(home: Path, calendars: Path) -> Profile:
    """A new profile that knows the folder `calendars` and has read nothing of it yet."""
    shutil.rmtree(home, ignore_errors=True)
    profile = Profile.open(str(home), clock=lambda: MOMENT)
    profile.desk.accounts.add("feed", {"url": str(calendars)})
    return profile


def opened(home: Path) -> Profile:
    """A profile that was filled before."""
    return Profile.open(str(home), clock=lambda: MOMENT)


def synchronise(profile: Profile) -> int:
    """`calmerge sync`: one complete visit to every account. Returns how many resources arrived."""
    results = profile.engine().run_once(None, full=False, stop=threading.Event(), listener=QUIET)
    bad = [error for result in results for calendar in result.calendars for error in calendar.errors]
    if bad:
        raise SystemExit(bad[0])
    return sum(calendar.added for result in results for calendar in result.calendars)
