"""Two versions of one event side by side, and the ways out. Nothing is lost before one is chosen."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.model import EditConflictView, Event
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event import repetition
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.session import Session


class ConflictSheet(Sheet):
    """One conflict; `chosen` names the version to keep, `moved` where mine goes because its calendar is gone."""

    chosen = Signal(str, str)
    """Conflict id, and `mine`, `theirs` or `both`."""
    moved = Signal(str, str)
    """Conflict id, and the calendar that takes mine."""

    def __init__(self, window: QWidget, session: Session, conflict: EditConflictView, of: int = 1) -> None:
        super().__init__(window, QSize(680, 380))
        self._conflict = conflict
        calendar = session.calendar(conflict.calendar)
        title = _("Changed in two places")
        if conflict.reason:
            title = _("Its calendar is gone") if conflict.gone else _("Your change was refused")
        self.setAccessibleName(title)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(4)
        column.addWidget(Words(title, 20, 600))
        name = calendar.name if calendar else ""
        intro = _("This event of “{calendar}” was changed elsewhere while your change was waiting. Both versions are here.")
        column.addWidget(Words(conflict.reason or intro.format(calendar=name), 13, 400, "text2", wrap=True))
        column.addSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        facts = (_facts(conflict.mine, session), _facts(conflict.theirs, session))
        row.addWidget(_Version(_("Yours"), facts[0], facts[1], _("You deleted it.")), 1)
        self.targets = QComboBox(self)
        self.targets.hide()
        if conflict.gone:
            row.addLayout(self._move_to(session, conflict), 1)
        elif not conflict.reason or conflict.theirs is not None:
            row.addWidget(_Version(_("On the server"), facts[1], facts[0], _("It was deleted there.")), 1)
        column.addLayout(row, 1)
        if of > 1:
            column.addWidget(Words(_("{n} more after this one").format(n=of - 1), 12, 400, "text2"))
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(24, 0, 24, 0)
        foot.setSpacing(8)
        later = Button(_("Decide later"), Kind.QUIET)
        later.clicked.connect(self.dismiss)
        foot.addWidget(later)
        foot.addStretch(1)
        self.buttons: dict[str, Button] = {}
        for keep, text in _ways(conflict):
            button = Button(text)
            button.clicked.connect(lambda _on=False, k=keep: self._choose(k))
            self.buttons[keep] = button
            foot.addWidget(button)
        if "both" in self.buttons and (conflict.mine is None or conflict.theirs is None):
            self.buttons["both"].hide()
        if "move" in self.buttons:
            self.buttons["move"].setEnabled(self.targets.count() > 0)

    def open(self) -> None:
        """Show, with the focus on a way that loses nothing."""
        super().open()
        safe = [self.buttons[keep] for keep in ("move", "both", "mine", "theirs") if keep in self.buttons]
        next(each for each in safe if each.isEnabled() and not each.isHidden()).setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, keep: str) -> None:
        target = str(self.targets.currentData())
        self.dismiss()
        if keep == "move":
            self.moved.emit(self._conflict.id, target)
        else:
            self.chosen.emit(self._conflict.id, keep)

    def _move_to(self, session: Session, conflict: EditConflictView) -> QVBoxLayout:
        """Calendars that can take the event."""
        column = QVBoxLayout()
        column.setContentsMargins(4, 12, 0, 12)
        column.setSpacing(8)
        if conflict.mine is not None:
            column.addWidget(Words(_("Move it to"), 11, 600, "text2"))
            self.targets.show()
            self.targets.setAccessibleName(_("Calendar that takes the event"))
            for calendar in session.writable():
                self.targets.addItem(calendar.name, calendar.id)
            usual = session.target()
            if usual is not None:
                self.targets.setCurrentIndex(max(0, self.targets.findData(usual.id)))
            column.addWidget(self.targets)
        column.addWidget(
            Words(_("If the calendar comes back, your change is sent there by itself."), 12, 400, "text2", wrap=True)
        )
        column.addStretch(1)
        return column


def _ways(conflict: EditConflictView) -> list[tuple[str, str]]:
    """Versions one can keep, the one that is usually meant last."""
    if conflict.gone:
        move = [("move", _("Move"))] if conflict.mine is not None else []
        return [("theirs", _("Drop my change")), *move]
    if conflict.reason:
        return [("theirs", _("Drop my change")), ("mine", _("Send again"))]
    return [("both", _("Keep both")), ("theirs", _("Keep theirs")), ("mine", _("Keep mine"))]


class _Version(QWidget):
    """One version as a small card; what differs is strong."""

    def __init__(self, head: str, facts: dict[str, str] | None, other: dict[str, str] | None, gone: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(Words(head, 11, 600, "text2"))
        if facts is None:
            column.addWidget(Words(gone, 13, 600, wrap=True))
        else:
            for name, value in facts.items():
                differs = other is not None and other.get(name, "") != value
                if value or differs:
                    line = Words(
                        value or _("nothing"), 13, 600 if differs else 400, "text" if differs else "text2", wrap=True
                    )
                    column.addWidget(line)
        column.addStretch(1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink().line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()


def _facts(event: Event | None, session: Session) -> dict[str, str] | None:
    if event is None:
        return None
    start = event.start.value
    day = start.date() if isinstance(start, datetime) else start
    return {
        "title": event.summary or _("Untitled"),
        "when": _when(event, session),
        "place": event.location,
        "rule": repetition.in_words(event.rrules[0], day, event.start.tzid) if event.rrules else "",
        "people": ", ".join(person.name or person.address for person in event.attendees),
        "text": event.description.strip()[:160],
    }


def _when(event: Event, session: Session) -> str:
    start = event.start.value
    if not isinstance(start, datetime):
        return _("{day} · all day").format(day=phrases.day_short(start))
    written = UTC if event.start.tzid == "UTC" else ZoneInfo(phrases.zone_or(event.start.tzid, session.tzid))

    def mine(value: datetime) -> datetime:
        return value.replace(tzinfo=written).astimezone(session.tz)

    begin = mine(start)
    end = event.end.value if event.end else None
    if not isinstance(end, datetime):
        return f"{phrases.day_short(begin.date())} · {phrases.clock_time(begin)}"
    finish = mine(end)
    tail = (
        phrases.clock_time(finish)
        if finish.date() == begin.date()
        else f"{phrases.day_short(finish.date())}, {phrases.clock_time(finish)}"
    )
    return f"{phrases.day_short(begin.date())} · {phrases.clock_time(begin)} – {tail}"
