"""Which key does what, and what this program is made of."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop import __version__
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, paint_key
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.ink import ink
from calmerge_desktop.ui.parts.scroll import BAR, ScrollColumn
from calmerge_desktop.ui.parts.words import Hairline, Words

_KEYS = 152
Group = tuple[str, tuple[tuple[tuple[str, ...], str], ...]]


class HelpSheet(Sheet):
    """Two columns of keys; below them version and licences."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, QSize(860, 600))
        self.setAccessibleName(_("Keys and about"))
        column = QVBoxLayout(self.body)
        column.setContentsMargins(1, 20, 1, 0)
        column.setSpacing(12)
        title = Words(_("Keys"), 20, 600)
        title.setContentsMargins(24, 0, 24, 0)
        column.addWidget(title)
        self.area = ScrollColumn(_columns())
        column.addWidget(self.area, 1)
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        said = _("CalMerge {version} · MIT licence · font: Inter (OFL 1.1) · Qt for Python (LGPL 3)")
        row.addWidget(Words(said.format(version=__version__), 11, 400, "text2"), 1)
        self.close_button = Button(_("Close"), key="Esc")
        self.close_button.clicked.connect(self.dismiss)
        row.addWidget(self.close_button)

    def open(self) -> None:
        """Show, with the focus on what closes it."""
        super().open()
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)


class Keys(QWidget):
    """Keys pressed together, or one after another, as caps."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__()
        self._keys = keys
        self.setFixedSize(_KEYS, 20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" ".join(keys))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 0.0
        for key in self._keys:
            x += paint_key(painter, key, QPointF(x, 10), ink().text2) + 4
        painter.end()


def groups() -> tuple[Group, ...]:
    """Every key, by the place where it works."""
    ctrl, alt, shift, delete = _("Ctrl"), _("Alt"), _("Shift"), _("Del")
    return (
        (
            _("Everywhere"),
            (
                ((ctrl, "K"), _("Search, and everything one can do")),
                (("T",), _("Today")),
                (("C",), _("New event")),
                (("N",), _("Offer times")),
                (("A",), _("Availability")),
                ((ctrl, "1", "…", "4"), _("Day, week, month, agenda")),
                ((ctrl, "Z"), _("Undo")),
                ((ctrl, "B"), _("Fold or unfold the sidebar")),
                ((ctrl, ","), _("Settings")),
                (("F5",), _("Read now")),
                (("F6",), _("To the next part of the window")),
                (("F1", "?"), _("Keys and about")),
                (("Esc",), _("Close, or leave")),
            ),
        ),
        (
            _("In the week"),
            (
                (("←", "↑", "↓", "→"), _("From event to event")),
                (("↵",), _("Open, or create in a gap")),
                ((alt, "←", "↑", "↓", "→"), _("Move the event")),
                ((alt, shift, "↑", "↓"), _("Longer or shorter")),
                ((delete,), _("Delete")),
                (("E",), _("Why is this time not free?")),
            ),
        ),
        (
            _("Inbox"),
            (
                (("J", "K"), _("Forward, back")),
                (("A", "T", "D"), _("Accept, maybe, decline")),
                (("P",), _("Propose another time")),
                (("Z",), _("Take back")),
                ((ctrl, "V"), _("Take in a mail that was copied")),
            ),
        ),
        (
            _("Offers"),
            (
                (("B",), _("Book the time")),
                (("O",), _("Offer other times")),
                (("W",), _("Withdraw")),
            ),
        ),
    )


def _columns() -> QWidget:
    inner = QWidget()
    row = QHBoxLayout(inner)
    row.setContentsMargins(24, 0, 24 - BAR, 16)
    row.setSpacing(24)
    first, *others = groups()
    for part in ([first], others):
        column = QVBoxLayout()
        column.setSpacing(8)
        for number, (title, rows) in enumerate(part):
            if number:
                column.addSpacing(4)
                column.addWidget(Hairline(soft=True))
            column.addWidget(Words(title, 13, 600))
            grid = QGridLayout()
            grid.setHorizontalSpacing(12)
            grid.setVerticalSpacing(6)
            for line, (keys, said) in enumerate(rows):
                grid.addWidget(Keys(keys), line, 0)
                grid.addWidget(Words(said, 12, 400, wrap=True), line, 1)
            grid.setColumnStretch(1, 1)
            column.addLayout(grid)
        column.addStretch(1)
        row.addLayout(column, 1)
    return inner
