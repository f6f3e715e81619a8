"""The status line: left what runs and what waits, right the honest age of what is on show."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from calmerge_desktop.core.model import Progress
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon
from calmerge_desktop.ui.parts.words import Elided, Words
from calmerge_desktop.ui.session import Session

HEIGHT = 28


class Line(QAbstractButton):
    """A small icon with words, pressable when it leads somewhere."""

    def __init__(self, icon: str, color: str = "text2", weight: int = 400, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon_name, self.color, self.weight = icon, color, weight
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def say(self, text: str) -> None:
        """Other words; empty hides."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(font(11, self.weight)).horizontalAdvance(self.text()) + 22, 20)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = getattr(ink(), "text" if self.underMouse() and self.color == "text2" else self.color)
        paint_icon(painter, self.icon_name, QRectF(0, 4, 12, 12), color)
        painter.setFont(font(11, self.weight))
        painter.setPen(color)
        painter.drawText(QRectF(18, 0, self.width() - 18, 20), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class Bar(QWidget):
    """A thin determinate bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.share = 0.0
        self.setFixedSize(88, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.surface2)
        painter.drawRoundedRect(QRectF(0, 8, self.width(), 4), 2, 2)
        painter.setBrush(t.accent)
        painter.drawRoundedRect(QRectF(0, 8, max(self.width() * self.share, 4), 4), 2, 2)
        painter.end()


class StatusLine(QWidget):
    """28 px at the foot of the window."""

    conflicts_wanted = Signal()
    cancel_wanted = Signal()
    sync_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._progress: Progress | None = None
        self.setFixedHeight(HEIGHT)
        self.running = Line("refresh")
        self.bar = Bar()
        self.count = Words("", 11, 400, "text2")
        self.cancel = Line("close")
        self.waiting = Line("arrow-up")
        self.conflicts = Line("warning", "warn", 600)
        self.cancel.setText(_("Cancel"))
        self.cancel.setAccessibleName(_("Cancel"))
        self.age = Elided("", 11, 500, "text2")
        self.age.alignRight()
        self.zone = Words("", 11, 400, "text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        for widget in (self.running, self.bar, self.count, self.cancel, self.waiting, self.conflicts):
            row.addWidget(widget)
        row.addWidget(self.age, 1)
        row.addWidget(self.zone)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.running.clicked.connect(self.sync_wanted)
        self.waiting.clicked.connect(self.sync_wanted)
        self.conflicts.clicked.connect(self.conflicts_wanted)
        session.accounts_changed.connect(self.refresh)
        self.refresh()

    def on_progress(self, news: Progress) -> None:
        """The synchronisation moved on."""
        self._progress = news
        self.refresh()

    def on_idle(self) -> None:
        """Nothing runs any more."""
        self._progress = None
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.surface)
        painter.fillRect(0, 0, self.width(), 1, t.line)
        painter.end()

    def refresh(self) -> None:
        """Tell everything anew."""
        session, news = self._session, self._progress
        running = news is not None
        for widget in (self.bar, self.count, self.cancel):
            widget.setVisible(running)
        if news is not None:
            self.running.icon_name = "refresh"
            self.running.say(_("Reading {name}").format(name=news.name))
            self.bar.share = self._share(news)
            self.bar.update()
            self.count.setText(self._count(news))
        elif any(view.status.kind == "offline" for view in session.accounts):
            self.running.icon_name = "cloud"
            self.running.say(_("Offline · everything works, changes are sent later"))
        elif session.known and not session.accounts:
            self.running.icon_name = "check-circle"
            self.running.say(_("Ready · no account yet"))
        else:
            self.running.icon_name = "check-circle"
            self.running.say(
                _("Everything read") if session.known and self._all_fresh() else _("Ready") if session.known else ""
            )
        self.waiting.say(phrases.waiting(session.waiting) if session.waiting else "")
        n = len(session.conflicts)
        self.conflicts.say(ngettext("{n} conflict to decide", "{n} conflicts to decide", n).format(n=n) if n else "")
        text, alarming = phrases.honest_age(session.accounts, session.clock(), session.tz)
        self.age.setText(text)
        self.age.setColor("warn" if alarming else "text2")
        self.age.setIcon("clock" if alarming else "")
        self.zone.setText(("·  " if text else "") + phrases.zone_words(session.tzid, session.clock()))

    def _all_fresh(self) -> bool:
        return not phrases.honest_age(self._session.accounts, self._session.clock(), self._session.tz)[1]

    def _share(self, news: Progress) -> float:
        inside = min(news.done / news.total, 1.0) if news.total else 0.0
        return (max(news.step - 1, 0) + inside) / max(news.steps, 1)

    def _count(self, news: Progress) -> str:
        if news.steps > 1:
            return _("{step} of {steps}").format(step=news.step, steps=news.steps)
        if news.total:
            return _("{done} of {total} events").format(done=news.done, total=news.total)
        return ngettext("{n} event", "{n} events", news.done).format(n=news.done) if news.done else ""
