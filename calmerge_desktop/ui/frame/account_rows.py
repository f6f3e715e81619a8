"""The rows of the sidebar's accounts: the head with its health in words, the calendar with its two buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.model import Account, AccountView, Calendar, CalendarView, SourceState
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon, plate
from calmerge_desktop.ui.parts.words import Elided, Mark, Words
from calmerge_desktop.ui.session import Session

_STATE = {
    SourceState.FRESH: ("check-circle", "done", "text2"),
    SourceState.STALE: ("clock", "warn", "warn"),
    SourceState.BROKEN: ("cross-circle", "danger", "danger"),
}


def provider_name(account: Account) -> str:
    """What people call a provider."""
    key = account.provider
    if key == "caldav" and "icloud.com" in account.config.get("url", ""):
        return "iCloud"
    if key == "feed" and "path" in account.config:
        return _("File")
    names = {
        "caldav": "CalDAV",
        "icloud": "iCloud",
        "feed": _("Feed"),
        "local": _("On this computer"),
        "google": "Google",
        "microsoft": "Microsoft 365",
    }
    return names.get(key, key)


class _Pressable(QAbstractButton):
    """A small painted button that also takes Enter and repaints under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()


class SquareButton(_Pressable):
    """Filled: the calendar is shown; hollow: hidden."""

    def __init__(self, calendar: Calendar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = calendar.color
        self.setCheckable(True)
        self.setChecked(calendar.visible)
        self.setFixedSize(18, 18)
        self.setAccessibleName(_("Show {name}").format(name=calendar.name))
        self.setToolTip(_("Shown in the week") if calendar.visible else _("Hidden from the week"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        bar = plate(self._color).bar
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(2, 2, 14, 14)
        painter.setPen(QPen(bar, 1.5))
        painter.setBrush(bar if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), 3.5, 3.5)
        if self.isChecked():
            t = ink()
            painter.setPen(QPen(t.bg, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline([QPointF(6, 9.2), QPointF(8.1, 11.3), QPointF(12.1, 6.9)])
        painter.end()


class BusyPill(_Pressable):
    """Whether the calendar takes the person's time: `busy` or `free`."""

    def __init__(self, calendar: Calendar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(calendar.busy)
        self.setText(_("busy") if calendar.busy else _("free"))
        name = _("{name} counts as busy") if calendar.busy else _("{name} does not count as busy")
        self.setAccessibleName(name.format(name=calendar.name))
        self.setToolTip(
            _("Events here take your time") if calendar.busy else _("Events here leave you free"),
        )
        widest = max(QFontMetrics(font(11, 600)).horizontalAdvance(word) for word in (_("busy"), _("free")))
        self.setFixedSize(max(widest + 16, 42), 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        fill = t.surface2 if self.isChecked() else None
        if self.underMouse():
            fill = t.line
        if fill is not None:
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setFont(font(11, 600 if self.isChecked() else 400))
        painter.setPen(t.text2)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class CalendarRow(QWidget):
    """26 px: square, name, pill; the menu for everything else."""

    visible_wanted = Signal(bool)
    busy_wanted = Signal(bool)
    menu_wanted = Signal(object)
    """Global `QPoint`."""

    def __init__(self, view: CalendarView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        calendar = view.calendar
        self.setFixedHeight(26)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(6)
        self.square = SquareButton(calendar)
        self.square.clicked.connect(self.visible_wanted)
        self.name = Elided(calendar.name, 12, 400, "text" if calendar.visible else "text2")
        self.pill = BusyPill(calendar)
        self.pill.clicked.connect(self.busy_wanted)
        row.addWidget(self.square)
        row.addWidget(self.name, 1)
        if view.set_aside:
            self._add_aside(row, len(view.set_aside))
        if calendar.default:
            mark = Mark("plus", "text2", 12)
            mark.setToolTip(_("New events go here"))
            mark.setAccessibleName(_("New events go here"))
            row.addWidget(mark)
        row.addWidget(self.pill)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _add_aside(self, row: QHBoxLayout, count: int) -> None:
        mark = Mark("warning", "warn", 14)
        text = ngettext("{n} event set aside, unreadable", "{n} events set aside, unreadable", count).format(n=count)
        mark.setToolTip(text)
        mark.setAccessibleName(text)
        row.addWidget(mark)


class HealthLine(_Pressable):
    """The state of an account in words; pressing it does what the words say."""

    def __init__(self, text: str, state: SourceState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self._state = state
        self.setFixedHeight(16)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def say(self, text: str, state: SourceState | None = None) -> None:
        """Other words, perhaps of another state."""
        if state is not None and state is not self._state:
            self._state = state
            self.update()
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        return QSize(120, 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        icon, icon_color, color = _STATE[self._state]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, icon, QRectF(0, 2, 12, 12), getattr(ink(), icon_color))
        strong = self._state is not SourceState.FRESH
        painter.setFont(font(11, 500 if strong else 400))
        painter.setPen(getattr(ink(), color))
        room = self.width() - 16
        shown = QFontMetrics(painter.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(16, 0, room, 16), Qt.AlignmentFlag.AlignVCenter, shown)
        if self.underMouse() and strong:
            painter.drawLine(QPointF(16, 15), QPointF(16 + QFontMetrics(painter.font()).horizontalAdvance(shown), 15))
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.end()


def _shown(view: AccountView) -> SourceState:
    """The state an account shows: one that was just linked has nothing wrong yet."""
    return SourceState.FRESH if view.status.kind == "never" else view.status.state


class AccountHead(QWidget):
    """Name, provider, health."""

    menu_wanted = Signal(object)
    """Global `QPoint`."""
    health_pressed = Signal()

    def __init__(self, view: AccountView, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 4)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        name = Elided(view.account.name, 12, 600)
        provider = Words(provider_name(view.account), 11, 400, "text2")
        row.addWidget(name, 1)
        row.addWidget(provider)
        column.addLayout(row)
        self.health = HealthLine(phrases.health(view.status, session.clock(), session.tz), _shown(view))
        self.health.setToolTip(view.status.reason or "")
        self.health.clicked.connect(self.health_pressed)
        column.addWidget(self.health)

    def tell(self, view: AccountView, session: Session) -> None:
        """The account as it is now; name and provider are the same."""
        self.health.say(phrases.health(view.status, session.clock(), session.tz), _shown(view))
        self.health.setToolTip(view.status.reason or "")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())
