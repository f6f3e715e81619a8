"""The composition root: the only place where rooms meet. What the faces call to open profiles, windows and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from calmerge_desktop import resources
from calmerge_desktop.core import texts

if TYPE_CHECKING:
    from calmerge_desktop.app.profile import Profile
    from calmerge_desktop.core.model import Instance


class Program:
    """See `cli.face.Program`."""

    def open(self, home: str | None, *, debug: bool) -> Profile:
        """Open or create a profile. Raises `BadInput`, `NewerDatabase`, `Busy`."""
        from calmerge_desktop.app.profile import Profile

        return Profile.open(home, debug=debug)

    def choose_language(self, home: str | None) -> None:
        """Speak the language of the profile, else the system's; nothing is created, and unusable settings are left alone."""
        from calmerge_desktop.app.paths import places
        from calmerge_desktop.core.settings import from_json

        try:
            text = places(home).settings.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = ""
        texts.choose(from_json(text)[0].language, resources.path("i18n"))

    def run_window(self, home: str | None, *, demo: bool) -> int:
        """Open the window and stay until it closes; returns the exit code."""
        import gc

        gc.disable()  # nothing is thrown away while everything is being made; the window turns it on when it is painted
        try:
            from calmerge_desktop.app.window import run

            return run(home, demo=demo)
        finally:
            gc.enable()

    def demo_picture(self, path: Path, *, size: tuple[int, int], theme: str, language: str | None) -> None:
        """The window with the sample week as a PNG; no screen needed. Raises `BadInput`."""
        from calmerge_desktop.app.pictures import demo

        demo(path, size=size, theme=theme, language=language)

    def demo_week(self) -> tuple[Sequence[Instance], dict[str, str], ZoneInfo]:
        """Instances of the sample week, names by calendar id, and the zone it plays in."""
        from calmerge_desktop.app.sample import PICTURED, Sample
        from calmerge_desktop.core.when import midnight, week_of

        made = Sample(PICTURED)
        try:
            tz = ZoneInfo(made.profile.settings.zone)
            first = week_of(PICTURED)
            low, high = midnight(first, tz), midnight(first + timedelta(days=7), tz)
            found = made.profile.desk.view.instances(low, high, tz.key)
            return found, {str(one.id): one.name for one in made.profile.store.calendars()}, tz
        finally:
            made.close()

    def restore(self, home: str | None, path: Path) -> str:
        """Replace the profile by a backup; returns the folder that keeps what was there. Raises `BadInput`, `Busy`."""
        from calmerge_desktop.app.backup import take_back
        from calmerge_desktop.app.paths import folders

        return take_back(folders(home), path)


def main() -> int:
    """Run the command line; returns the exit code of the contract."""
    texts.choose("", resources.path("i18n"))
    from calmerge_desktop.cli.main import main as run

    return run(Program())
