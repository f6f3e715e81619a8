"""The roles of freshly linked calendars: shown, busy or free, and where new events go. Written when changed."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from calmerge_desktop.core.model import Access, AccountView
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.parts.ink import ink, plate
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.words import Elided, Words


class Switch(QAbstractButton):
    """32 x 18; on is the accent."""

    def __init__(self, name: str, on: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(32, 18)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, on = ink(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.accent if on else t.text3, 1))
        painter.setBrush(t.accent if on else t.bg)
        painter.drawRoundedRect(QRectF(0.5, 0.5, 31, 17), 8.5, 8.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.on_accent if on else t.text3)
        painter.drawEllipse(QRectF(16 if on else 3, 3, 12, 12))
        painter.end()


class RolesTable(QWidget):
    """One row a calendar."""

    changed = Signal(str, object)
    """Calendar id, and a dict for `CalendarsJob.change`."""

    def __init__(self, view: AccountView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.switches: dict[str, Switch] = {}
        self.counts: dict[str, Segmented] = {}
        self.targets: dict[str, QRadioButton] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(16, 8, 16, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for column, text in ((1, _("Calendar")), (2, _("Show")), (3, _("Counts as")), (4, _("New events"))):
            side = Qt.AlignmentFlag.AlignLeft if column == 1 else Qt.AlignmentFlag.AlignHCenter
            grid.addWidget(Words(text, 11, 400, "text2"), 0, column, side)
        self._group = QButtonGroup(self)
        for number, calendar_view in enumerate(view.calendars, 1):
            self._add(grid, number, calendar_view)
        grid.setRowStretch(len(view.calendars) + 1, 1)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        outer.addWidget(scroll)
        self.setMaximumHeight(inner.sizeHint().height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink().line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()

    def _add(self, grid: QGridLayout, row: int, view: Any) -> None:
        calendar = view.calendar
        grid.setRowMinimumHeight(row, 38)
        grid.addWidget(_Dot(calendar.color), row, 0, Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout()
        line.setSpacing(8)
        name = Elided(calendar.name, 13)
        name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line.addWidget(name)
        count = ngettext("{n} event", "{n} events", view.events).format(n=view.events) if view.events else ""
        line.addWidget(Words(_("read only") if calendar.access is not Access.WRITE else count, 11, 400, "text2"))
        line.addStretch(1)
        grid.addLayout(line, row, 1)
        switch = Switch(_("Show {name}").format(name=calendar.name), calendar.visible)
        switch.toggled.connect(lambda on: self.changed.emit(calendar.id, {"visible": on}))
        counts = Segmented([_("busy"), _("free")], small=True)
        counts.choose(0 if calendar.busy else 1)
        counts.setAccessibleName(_("{name} counts as").format(name=calendar.name))
        counts.chosen.connect(lambda index: self.changed.emit(calendar.id, {"busy": index == 0}))
        grid.addWidget(switch, row, 2, Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(counts, row, 3, Qt.AlignmentFlag.AlignCenter)
        self.switches[calendar.id], self.counts[calendar.id] = switch, counts
        if calendar.access is Access.WRITE:
            target = QRadioButton()
            target.setAccessibleName(_("New events go to {name}").format(name=calendar.name))
            target.setChecked(calendar.default)
            target.toggled.connect(lambda on: self.changed.emit(calendar.id, {"default": True}) if on else None)
            self._group.addButton(target)
            self.targets[calendar.id] = target
            grid.addWidget(target, row, 4, Qt.AlignmentFlag.AlignCenter)
        else:
            grid.addWidget(Words("–", 12, 400, "text2"), row, 4, Qt.AlignmentFlag.AlignCenter)


class _Dot(QWidget):
    def __init__(self, color: str) -> None:
        super().__init__()
        self._color = color
        self.setFixedSize(12, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate(self._color).bar)
        painter.drawRoundedRect(self.rect(), 3, 3)
        painter.end()
