"""The top bar: which time is on show, how to leave it, search, the view, and the one primary button."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, Kind, paint_key
from calmerge_desktop.ui.parts.ink import font, ink, paint_icon
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.words import Words

HEIGHT = 56
_GAP, _EDGE, _STEPS = 8, 16, 11


class SearchButton(QAbstractButton):
    """Looks like a field, opens the search."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(_("Search"))
        self.setAccessibleName(_("Search"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.compact = False

    def sizeHint(self) -> QSize:
        return QSize(32 if self.compact else 204, 32)

    def setCompact(self, compact: bool) -> None:
        """Only the glass."""
        self.compact = compact
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.line, 1))
        painter.setBrush(t.surface2 if self.underMouse() else t.surface)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        paint_icon(painter, "search", QRectF(8 if self.compact else 12, 8, 16, 16), t.text2)
        if not self.compact:
            painter.setFont(font(13))
            painter.setPen(t.text2)
            painter.drawText(QRectF(36, 0, 90, 32), Qt.AlignmentFlag.AlignVCenter, self.text())
            key = _("Ctrl K")
            width = QFontMetricsF(font(10, 500)).horizontalAdvance(key) + 10
            paint_key(painter, key, QPointF(self.width() - 10 - width, 16), t.text2)
        painter.end()


class TopBar(QWidget):
    """56 px."""

    stepped = Signal(int)
    """-1 or 1: one view's length back or on."""
    today_wanted = Signal()
    search_wanted = Signal()
    view_wanted = Signal(int)
    new_wanted = Signal()
    offer_wanted = Signal()
    availability_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self._possible = True
        self.title = Words("", 20, 600)
        self.caption = Words("", 12, 400, "text2")
        self.back = Button("", Kind.QUIET, icon="chevron-left")
        self.today = Button(_("Today"))
        self.on = Button("", Kind.QUIET, icon="chevron-right")
        self.search = SearchButton()
        self.views = Segmented([_("Day"), _("Week"), _("Month"), _("Agenda")])
        self.views.setAccessibleName(_("View"))
        self.new = Button(_("New event"), Kind.PRIMARY, icon="plus", key="C")
        self.offer = Button(_("Offer times"), icon="clock", key="N")
        self.availability = Button(_("Availability"), icon="eye", key="A")
        self.back.setAccessibleName(_("Back"))
        self.on.setAccessibleName(_("Forward"))
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, 0, _EDGE, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.title)
        row.addSpacing(2)
        row.addWidget(self.caption, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(8)
        for button in (self.back, self.today, self.on):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addWidget(self.availability)
        row.addWidget(self.views)
        row.addWidget(self.offer)
        row.addWidget(self.new)
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.on.clicked.connect(lambda: self.stepped.emit(1))
        self.today.clicked.connect(self.today_wanted)
        self.search.clicked.connect(self.search_wanted)
        self.views.chosen.connect(self.view_wanted)
        self.new.clicked.connect(self.new_wanted)
        self.offer.clicked.connect(self.offer_wanted)
        self.availability.clicked.connect(self.availability_wanted)

    def tell(self, title: str, caption: str) -> None:
        """Which time is on show."""
        self.title.setText(title)
        self.caption.setText(caption)
        self._fit()

    def show_new(self, possible: bool) -> None:
        """Without a calendar that takes events there is nothing to create."""
        self._possible = possible
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give up in this order, as far as needed: words of availability, search and offer, the caption, words of new.

        Beside a panel of the smallest window also what has a key: offer and availability, the search, the size of the
        title, today, new.
        """
        for step in range(_STEPS):
            for button in (self.offer, self.availability):
                button.setVisible(self._possible and step <= 5)
            self.search.setVisible(step <= 6)
            self.title.setFont(font(20 if step <= 7 else 15, 600))
            self.today.setVisible(step <= 8)
            self.new.setVisible(self._possible and step <= 9)
            self.availability.setCompact(step > 0)
            self.search.setCompact(step > 1)
            self.offer.setCompact(step > 2)
            self.caption.setVisible(bool(self.caption.text()) and step < 4)
            self.new.setCompact(step > 4)
            if self._need() <= self.width():
                return

    def _need(self) -> int:
        left = (self.title, self.caption, self.back, self.today, self.on)
        shown = (*left, self.search, self.availability, self.views, self.offer, self.new)
        widths = [widget.sizeHint().width() for widget in shown if not widget.isHidden()]
        return sum(widths) + _GAP * (len(widths) + 3) + 2 * _EDGE
