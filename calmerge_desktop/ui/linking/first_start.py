"""The first start: one card on the empty, real week. No tour."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.cards import KindCard
from calmerge_desktop.ui.linking.kinds import LinkKind, kind
from calmerge_desktop.ui.parts.buttons import Button
from calmerge_desktop.ui.parts.floating import SHADOW, paint_card
from calmerge_desktop.ui.parts.ink import font, ink, plate
from calmerge_desktop.ui.parts.words import Words

_WIDTH, _FOOT = 640, 64


class FirstStart(QWidget):
    """Six ways in, and a demo in one click."""

    link_wanted = Signal(str)
    """Key of a `LinkKind`."""
    demo_wanted = Signal()

    def __init__(self, over: QWidget, *, with_demo: bool) -> None:
        super().__init__(over)
        self._over = over
        self.cards: list[KindCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW + 36)
        column.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(32, 32, 32, 24)
        inner.setSpacing(0)
        inner.addWidget(_Emblem())
        inner.addSpacing(20)
        inner.addWidget(Words(_("All your calendars in one week"), 20, 600))
        inner.addSpacing(8)
        about = _(
            "Link the first one. CalMerge reads it onto this computer and shows everything together. "
            "Nothing leaves this computer that you have not seen before."
        )
        inner.addWidget(Words(about, 13, 400, "text2", wrap=True))
        inner.addSpacing(20)
        inner.addLayout(self._grid())
        column.addLayout(inner)
        column.addWidget(self._foot(with_demo))
        over.installEventFilter(self)
        self.setFixedWidth(_WIDTH + 2 * SHADOW)
        self._with_foot = with_demo
        self._place()

    def open(self) -> None:
        """Show, with the focus on the first way."""
        self._place()
        self.show()
        self.raise_()
        self.cards[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW - 36)
        paint_card(painter, card, foot=_FOOT if self._with_foot else 0)
        text = _("Tip: an .ics file can simply be dropped onto the week.")
        painter.setFont(font(12))
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 24
        pill = QRectF(card.center().x() - width / 2, card.bottom() + 16, width, 24)
        painter.setPen(QPen(t.line, 1))
        painter.setBrush(t.bg)
        painter.drawRoundedRect(pill, 12, 12)
        painter.setPen(t.text2)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(10)
        for number, each in enumerate(_ways()):
            card = KindCard(each, arrow=False)
            card.clicked.connect(lambda _on=False, k=each.key: self.link_wanted.emit(k))
            grid.addWidget(card, number // 3, number % 3)
            grid.setColumnStretch(number % 3, 1)
            self.cards.append(card)
        return grid

    def _foot(self, with_demo: bool) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(_FOOT if with_demo else 1)
        row = QHBoxLayout(foot)
        row.setContentsMargins(32, 0, 32, 0)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(Words(_("Look around first?"), 13, 600))
        words.addWidget(Words(_("A sample week with several accounts. Nothing is stored."), 12, 400, "text2"))
        words.addStretch(1)
        row.addLayout(words, 1)
        self.demo = Button(_("Open the demo"), icon="play")
        self.demo.clicked.connect(self.demo_wanted)
        row.addWidget(self.demo)
        if not with_demo:
            foot.hide()
        return foot

    def _place(self) -> None:
        layout = self.layout()
        height = layout.totalHeightForWidth(self.width()) if layout is not None else 400
        self.resize(self.width(), height)
        room = self._over.rect()
        self.move((room.width() - self.width()) // 2, max((room.height() - height) // 2 + 16, -SHADOW + 8))


class _Emblem(QWidget):
    """Two blocks and a gap to be filled: what the program is about."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(130, 46)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, box in (("blue", QRectF(0, 0, 34, 44)), ("teal", QRectF(42, 8, 34, 28))):
            colors = plate(color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.fill)
            painter.drawRoundedRect(box, 5, 5)
            painter.setBrush(colors.bar)
            painter.drawRoundedRect(QRectF(box.left(), box.top(), 3, box.height()), 1.5, 1.5)
        t = ink()
        painter.setPen(QPen(t.accent, 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(t.accent_soft)
        painter.drawRoundedRect(QRectF(84, 15, 34, 28), 6, 6)
        painter.end()


def _ways() -> list[LinkKind]:
    """Six cards; a calendar kept only here is behind “Link an account”, with all the others."""
    return [
        replace(kind("google"), caption=_("In the browser")),
        replace(kind("microsoft"), caption=_("Outlook.com too")),
        replace(kind("icloud"), caption=_("App password")),
        replace(kind("caldav"), name="CalDAV", caption=_("Fastmail, Nextcloud …")),
        replace(kind("feed"), name=_("Feed address"), caption=_("webcal, https")),
        replace(kind("file"), name=_("Open a file"), caption=_(".ics or folder")),
    ]
