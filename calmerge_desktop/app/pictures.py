"""Weeks as PNG files: a profile's, and the sample's whole window. No screen needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from calmerge_desktop.core import texts
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import midnight, week_of, zone

if TYPE_CHECKING:
    from calmerge_desktop.app.profile import Profile

_SMALLEST = (960, 640)


def week(
    profile: Profile, day: date, tzid: str, *, size: tuple[int, int], theme: str, language: str | None, path: Path
) -> None:
    """The merged week of `day`. Raises `BadInput`."""
    first = week_of(day, max(profile.settings.week_start, 0))
    tz = zone(tzid)
    low, high = midnight(first, tz), midnight(first + timedelta(days=7), tz)
    found = profile.desk.view.instances(low, high, tzid)
    with _drawing(path):
        from calmerge_desktop.ui.week.render import render_png

        render_png(
            found,
            profile.store.calendars(),
            first,
            7,
            tzid,
            size,
            theme,
            language or texts.language(),
            profile.clock(),
            path,
            second_tzid=profile.settings.second_zone or None,
            day_begins=profile.settings.day_begins,
            day_ends=profile.settings.day_ends,
        )


def demo(path: Path, *, size: tuple[int, int], theme: str, language: str | None) -> None:
    """The window with the sample week of the published pictures. Raises `BadInput`."""
    from calmerge_desktop.app.sample import PICTURED, Sample

    if size[0] < _SMALLEST[0] or size[1] < _SMALLEST[1]:
        width, height = _SMALLEST
        raise BadInput(_("The window is at least {width} x {height} pixels.").format(width=width, height=height))
    if language:
        texts.choose(language, _catalogues())
    made = Sample(PICTURED)
    try:
        with _drawing(path):
            from calmerge_desktop.ui.start import grab_window

            grab_window(
                made.profile.desk,
                made.profile.settings,
                size=size,
                theme=theme,
                language=language or texts.language(),
                today=PICTURED,
                now=made.now,
                tzid=made.profile.settings.zone,
                path=path,
            )
    finally:
        made.close()


@contextmanager
def _drawing(path: Path) -> Iterator[None]:
    """Qt without a screen; what goes wrong becomes a sentence."""
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if not path.parent.is_dir():
        raise BadInput(_("There is no folder “{name}”.").format(name=path.parent.name))
    try:
        yield
    except ImportError as error:
        raise BadInput(
            _("Qt cannot load here, so there is no picture."), hint=_("See what is missing with: calmerge doctor")
        ) from error
    except OSError as error:
        raise BadInput(_("“{name}” cannot be written.").format(name=path.name)) from error


def _catalogues() -> Path:
    from calmerge_desktop import resources

    return resources.path("i18n")
