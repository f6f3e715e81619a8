"""How offered slots look on the sheet: the only saturated thing there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.offering.board import Board, Span
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.theme import fonts
from calmerge_desktop.ui.theme.tokens import TYPE
from calmerge_desktop.ui.week import text, words
from calmerge_desktop.ui.week.scene import Scene

_VEIL = 0.2
_DISC = 18


def recede(painter: QPainter, scene: Scene) -> None:
    """A veil over every event; the words below it stay legible."""
    veil = QColor(ink().bg)
    veil.setAlphaF(_VEIL)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(veil)
    for rect in scene.geometry.blocks(scene.week.blocks):
        painter.drawRoundedRect(rect, 6, 6)


def slot(painter: QPainter, rect: QRectF, number: int, span: Span, board: Board, *, lit: bool, taken: bool) -> None:
    """One slot with its number, our time, and the guest's below it."""
    t = ink()
    box(painter, rect, lit=lit, taken=taken)
    tall = rect.height() >= 20
    disc(painter, QPointF(rect.left() + 8 + _DISC / 2, rect.top() + (4 if tall else 0) + _DISC / 2), number, taken=taken)
    color = (t.text2 if taken else t.accent).name()
    left, room = rect.left() + 32, rect.width() - 36
    bold = text.style(TYPE.event, fonts.SEMIBOLD, taken)
    shown = f"{phrases.time_at(span[0], board.tz)}–{phrases.time_at(span[1], board.tz)}"
    if bold.width(shown) > room:
        shown = phrases.time_at(span[0], board.tz)
    text.draw(painter, (left, rect.top() + 17), text.fit(shown, bold, room), bold, color)
    if rect.height() >= 36 and board.guest.key != board.tz.key:
        small = text.style(TYPE.caption)
        there = f"{phrases.city(board.guest.key)} {phrases.time_at(span[0], board.guest)}"
        if small.width(there) > room:
            there = phrases.time_at(span[0], board.guest)
        text.draw(painter, (left, rect.top() + 32), text.fit(there, small, room), small, color)


def box(painter: QPainter, rect: QRectF, *, lit: bool = False, taken: bool = False) -> None:
    """Dashed in the accent; solid while it is pointed at; grey when it was taken."""
    t = ink()
    pen = QPen(
        t.text3 if taken else t.accent, 2 if lit else 1.4, Qt.PenStyle.SolidLine if lit else Qt.PenStyle.CustomDashLine
    )
    if not lit:
        pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(t.surface2 if taken else t.accent_soft)
    painter.drawRoundedRect(rect.adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def disc(painter: QPainter, middle: QPointF, number: int, *, taken: bool = False) -> None:
    """The number that grid, list and mail share."""
    t = ink()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.text3 if taken else t.accent)
    painter.drawEllipse(middle, _DISC / 2, _DISC / 2)
    painter.setPen(t.bg if taken else t.on_accent)
    painter.setFont(font(11, 600))
    around = QRectF(middle.x() - _DISC, middle.y() - _DISC / 2, 2 * _DISC, _DISC)
    painter.drawText(around, Qt.AlignmentFlag.AlignCenter, str(number))


def ghost(painter: QPainter, rect: QRectF, span: tuple[int, int, int]) -> None:
    """What a drag would paint."""
    box(painter, rect)
    bold = text.style(TYPE.event, fonts.SEMIBOLD)
    shown = f"{words.clock(span[1])}–{words.clock(span[2] % 86_400)}"
    text.draw(
        painter, (rect.left() + 10, rect.top() + 17), text.fit(shown, bold, rect.width() - 14), bold, ink().accent.name()
    )
