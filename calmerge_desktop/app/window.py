"""The window with a profile behind it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import now

log = logging.getLogger(__name__)


def run(home: str | None, *, demo: bool) -> int:
    """Open the window and stay until it closes; returns the exit code. Raises `BadInput` when Qt cannot load."""
    try:
        from calmerge_desktop.ui.start import run_window
    except ImportError as error:
        raise BadInput(
            _("Qt cannot load here, so there is no window."), hint=_("See what is missing with: calmerge doctor")
        ) from error
    if demo:
        return _sample(run_window)
    profile = Profile.open(home)
    try:
        code = run_window(
            profile.desk,
            profile.loop(),
            profile.settings,
            profile.save_settings,
            demo=False,
            open_demo=open_demo,
            clock=profile.clock,
        )
        profile.mail.part()
        return code
    finally:
        profile.close()


def open_demo() -> None:
    """A second window with the sample, in a process of its own so that nothing of it touches the profile."""
    import subprocess

    command = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "calmerge_desktop"]
    subprocess.Popen([*command, "--demo"], stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603  ourselves


def _sample(run_window: Callable[..., int]) -> int:
    from calmerge_desktop.app.sample import Sample, SampleLoop
    from calmerge_desktop.demo.entries import TZID

    today: date = datetime.now(ZoneInfo(TZID)).date()
    made = Sample(today, now)
    try:
        return run_window(
            made.profile.desk,
            SampleLoop(made),
            made.profile.settings,
            lambda _settings: None,
            demo=True,
            open_demo=None,
            clock=now,
        )
    finally:
        made.close()
