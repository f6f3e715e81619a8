"""How far the program may reach: five rungs, one chosen, and for Microsoft where one signs in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.cards import paint_rung
from calmerge_desktop.ui.linking.kinds import LinkKind, Rung
from calmerge_desktop.ui.linking.signs import lined
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.words import Words

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class RungChoice(QAbstractButton):
    """One rung with a round mark; arrows move the choice."""

    moved = Signal(int)

    def __init__(self, rung: Rung, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rung = rung
        self.setCheckable(True)
        self.setFixedHeight(47)
        self.setText(rung.name)
        self.setAccessibleName(f"{rung.name}. {rung.sees}. {rung.buys.replace(';', '. ')}.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(step)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, on = ink(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.accent if on else t.line, 1))
        painter.setBrush(t.accent_soft if on else t.surface if self.underMouse() else t.bg)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        middle = self.height() / 2
        painter.setPen(QPen(t.accent if on else t.text3, 1.5))
        painter.setBrush(t.accent if on else t.bg)
        painter.drawEllipse(QRectF(15, middle - 7, 14, 14))
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.on_accent)
            painter.drawEllipse(QRectF(19, middle - 3, 6, 6))
        paint_rung(painter, self.rung, QRectF(self.rect()), left=42)
        if self.hasFocus():
            painter.setPen(QPen(t.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()


class LadderPage(QWidget):
    """The permission ladder."""

    client_wanted = Signal()
    """Another registration shall be used."""

    def __init__(self, chosen: LinkKind, title: str, level: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = Note("error")
        self.rungs: dict[str, RungChoice] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Words(title, 20, 600))
        column.addSpacing(4)
        climb = _("{name}. You can climb later, or step down again.").format(name=chosen.name)
        column.addWidget(Words(climb, 13, 400, "text2"))
        column.addSpacing(4)
        column.addWidget(self.problem)
        column.addLayout(self._list(chosen.rungs, level))
        column.addSpacing(10)
        column.addLayout(self._foot(chosen))
        column.addStretch(1)

    @property
    def level(self) -> str:
        """The chosen rung."""
        return next(key for key, button in self.rungs.items() if button.isChecked())

    @property
    def by_code(self) -> bool:
        """Whether one signs in on another device."""
        return self.device is not None and self.device.current == 1

    def focus(self) -> None:
        """To the chosen rung."""
        self.rungs[self.level].setFocus(Qt.FocusReason.OtherFocusReason)

    def _list(self, rungs: Sequence[Rung], level: str) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setContentsMargins(0, 6, 0, 0)
        rows.setSpacing(4)
        for rung in rungs:
            button = RungChoice(rung)
            button.moved.connect(lambda step, b=button: self._move(b, step))
            self._group.addButton(button)
            self.rungs[rung.key] = button
            rows.addWidget(button)
        self.rungs.get(level, self.rungs["write"]).setChecked(True)
        return rows

    def _foot(self, chosen: LinkKind) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.device: Segmented | None = None
        if chosen.key == "microsoft":
            self.device = Segmented([_("Sign in here"), _("With a code elsewhere")], small=True)
            self.device.setAccessibleName(_("Where you sign in"))
            row.addWidget(self.device)
        row.addStretch(1)
        self.client = Button(_("Other registration …"), Kind.QUIET, small=True)
        self.client.clicked.connect(self.client_wanted)
        row.addWidget(self.client)
        never = _("Not asked for here: contacts and files. What you do not allow, CalMerge does without.")
        foot.addLayout(lined("info", never))
        foot.addLayout(row)
        return foot

    def _move(self, button: RungChoice, step: int) -> None:
        order = list(self.rungs.values())
        target = order[(order.index(button) + step) % len(order)]
        target.setChecked(True)
        target.setFocus(Qt.FocusReason.OtherFocusReason)
