"""The month that drops down from a date field, in the look of the small month."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.theme.style import Theme

_SIZE = (320, 248)


class DayPicker(QCalendarWidget):
    """Qt's calendar with our own head and cells; its keyboard stays Qt's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setLocale(QLocale(phrases.locale_name()))
        self.setNavigationBarVisible(False)
        self.setGridVisible(False)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.ISOWeekNumbers)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self._title = Words("", 13, 600)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 4, 4, 0)
        row.setSpacing(0)
        row.addWidget(self._title, 1)
        for icon, name, turn in (
            ("chevron-left", _("Previous month"), self.showPreviousMonth),
            ("chevron-right", _("Next month"), self.showNextMonth),
        ):
            button = Button("", Kind.QUIET, icon=icon, small=True)
            button.setAccessibleName(name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(turn)
            row.addWidget(button)
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, head)
        self.setFixedSize(*_SIZE)
        self.currentPageChanged.connect(self._name)
        Theme.current().changed.connect(self._dress)
        self._dress()
        self._name(self.yearShown(), self.monthShown())

    def paintCell(self, painter: QPainter, rect: QRect, day: QDate | date) -> None:
        """A number; the chosen day on the accent, today with its edge."""
        shown = day if isinstance(day, QDate) else QDate(day.year, day.month, day.day)
        t = ink()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(rect.center().x() - 12, rect.center().y() - 10, 26, 22)
        chosen, today = shown == self.selectedDate(), shown == QDate.currentDate()
        painter.setPen(QPen(t.accent, 1) if today and not chosen else Qt.PenStyle.NoPen)
        painter.setBrush(t.accent if chosen else t.bg)
        painter.fillRect(rect, t.bg)
        painter.drawRoundedRect(plate, 8, 8)
        inside = shown.month() == self.monthShown()
        painter.setFont(font(12, 600 if chosen or today else 500 if inside else 400))
        weekend = shown.dayOfWeek() > 5
        painter.setPen(t.on_accent if chosen else t.text3 if not inside else t.text2 if weekend else t.text)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, str(shown.day()))
        painter.restore()

    def _dress(self) -> None:
        head = QTextCharFormat()
        head.setForeground(QColor(ink().text2))
        head.setBackground(QColor(ink().bg))
        head.setFont(font(10))
        self.setHeaderTextFormat(head)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(day, head)

    def _name(self, year: int, month: int) -> None:
        self._title.setText(phrases.month_title(date(year, month, 1)))
