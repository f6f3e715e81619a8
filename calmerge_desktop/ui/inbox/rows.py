"""The list of requests: what waits above, what is done or waits for others below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.inbox import words
from calmerge_desktop.ui.parts.picking import PickList, PickRow, RowText
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.requesting import Request


class RequestRow(PickRow):
    """Kind, who, what, and what to know."""

    def __init__(self, one: Request, session: Session) -> None:
        tz = session.tz
        super().__init__(
            RowText(
                tag=words.tag(one),
                who=one.who,
                what=words.what(one, tz),
                note=words.note(one, tz),
                at=phrases.moment(one.at, session.clock(), tz) if one.at else "",
                strong=one.open,
                spoken=words.spoken(one, tz),
            )
        )
        self.request = one


class RequestList(PickList[RequestRow]):
    """One is chosen, and stays chosen when others come."""

    chosen = Signal(object)
    """`Request`, or None when there is none."""

    def __init__(self, session: Session) -> None:
        super().__init__(_("Requests"))
        self._session = session
        self.picked.connect(lambda row: self.chosen.emit(row.request if row is not None else None))

    @property
    def current(self) -> Request | None:
        """The chosen request."""
        return self.row.request if self.row is not None else None

    def take(self, requests: Sequence[Request], *, prefer: str = "") -> None:
        """Show these. Chosen is the one with the key `prefer`, else the one before, else the next that waits, else none."""
        before = self.current
        focused = any(row.hasFocus() for row in self.rows)
        place = next((n for n, row in enumerate(self.rows) if row.isChecked()), 0)
        rows = [RequestRow(one, self._session) for one in requests]
        open_ = [row for row in rows if row.request.open]
        self.fill([("", open_), (_("Done or waiting for others"), [row for row in rows if not row.request.open])])
        chosen = self._to_choose(before, place, prefer)
        if chosen is not None:
            self.choose(chosen, focus=focused)
        else:
            self.chosen.emit(None)

    def _to_choose(self, before: Request | None, place: int, prefer: str) -> RequestRow | None:
        """One that was just decided gives way to the next."""
        wanted = prefer or (before.key if before else "")
        row = next((row for row in self.rows if row.request.key == wanted), None)
        decided = before is not None and before.open and row is not None and not row.request.open
        if row is not None and (prefer or not decided):
            return row
        waiting = [row for row in self.rows if row.request.open]
        return waiting[min(place, len(waiting) - 1)] if waiting else None
