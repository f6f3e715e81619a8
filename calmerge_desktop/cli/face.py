"""What every command shares: the profile it works on, how it prints, and how failures end."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from calmerge_desktop.cli.program import Profile, Program
from calmerge_desktop.core.errors import BadInput, CalmergeError, UnknownId
from calmerge_desktop.core.model import Calendar, CalendarId
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import instant, parse_moment, zone


class Face:
    """One run of the command line. The profile is opened by the first command that needs it."""

    def __init__(self, program: Program, home: str | None, *, as_json: bool, debug: bool) -> None:
        self.program = program
        self.home = home
        self.as_json = as_json
        self._debug = debug
        self._profile: Profile | None = None

    @property
    def profile(self) -> Profile:
        """The opened profile."""
        if self._profile is None:
            self._profile = self.program.open(self.home, debug=self._debug)
            if self._profile.notice:
                click.echo(self._profile.notice, err=True)
        return self._profile

    def choose_language(self) -> None:
        """Speak as the profile does, for what is said without opening it."""
        if self._profile is None:
            self.program.choose_language(self.home)

    def close(self) -> None:
        """Close what was opened."""
        if self._profile is not None:
            self._profile.close()

    def emit(self, document: dict[str, Any], lines: Sequence[str]) -> None:
        """Print the document with `--json`, else the lines for people."""
        if self.as_json:
            click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            for line in lines:
                click.echo(line)

    def fail(self, error: CalmergeError) -> int:
        """Say what happened; returns the exit code."""
        sentence = f"{error.message} {error.way_on}".rstrip()
        click.echo(sentence, err=True)
        if self.as_json:
            body = {"kind": error.kind, "message": error.message, "hint": error.way_on}
            click.echo(json.dumps({"error": body}, ensure_ascii=False, indent=2))
        return error.exit_code

    # --- reading options --------------------------------------------------------------------------------------------

    def tz(self, name: str | None) -> ZoneInfo:
        """The zone asked for, else the person's."""
        return zone(name or self.profile.home_tzid)

    def span(self, first: str | None, last: str | None, tz: ZoneInfo, default_last: str = "+7d") -> tuple[int, int]:
        """`--from` and `--to` as instants. Raises `BadInput`."""
        low = instant(parse_moment(first or "today", tz), tz)
        high = instant(parse_moment(last or default_last, tz), tz)
        if last is None and first is not None:
            start = parse_moment(first, tz)
            high = low + 7 * 86_400 if isinstance(start, datetime) else instant(_plus(start, 7), tz)
        if high < low:
            raise BadInput(_("The span ends before it begins."))
        return low, high

    def calendar(self, given: str) -> Calendar:
        """A calendar by id, or by a name that only one has. Raises `UnknownId`."""
        listed = self.profile.store.calendars()
        found = [one for one in listed if given in (one.id, one.name)]
        exact = [one for one in found if one.id == given]
        if exact or len(found) == 1:
            return (exact or found)[0]
        raise UnknownId(
            _("There is no calendar “{id}”.").format(id=given), hint=_("See the ids with: calmerge calendar list")
        )

    def calendars(self, given: Sequence[str]) -> list[CalendarId] | None:
        """Calendars by id or name; None when none were named."""
        return [self.calendar(one).id for one in given] if given else None


def _plus(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def table(rows: Sequence[Sequence[str]], head: Sequence[str]) -> list[str]:
    """Columns aligned for people."""
    if not rows:
        return []
    cells = [list(head), *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def progress_on_terminal() -> bool:
    """Whether progress is shown: stderr is a terminal."""
    return sys.stderr.isatty()


pass_face = click.make_pass_decorator(Face)
