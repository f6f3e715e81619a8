"""The small fields of the link form."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.schedule import Hours
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.scroll import BAR
from calmerge_desktop.ui.parts.words import Elided, Hairline, Words

LABEL = 96


def length_words(minutes: int) -> str:
    """`15 min`, `2 hours`, `1 day`."""
    if minutes and minutes % 1440 == 0:
        return ngettext("{n} day", "{n} days", minutes // 1440).format(n=minutes // 1440)
    if minutes and minutes % 60 == 0:
        return ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    return _("{minutes} min").format(minutes=minutes)


def week_words(week: Sequence[Hours]) -> str:
    """`Mon–Thu 9–18, Fri 9–15`: days with the same hours together."""
    out: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and week[last + 1] == week[day]:
            last += 1
        if hours := week[day]:
            first = phrases.weekday_name(day, "abbreviated").rstrip(".")
            names = first if last == day else f"{first}–{phrases.weekday_name(last, 'abbreviated').rstrip('.')}"
            out.append(f"{names} {', '.join(f'{_short(start)}–{_short(end)}' for start, end in hours)}")
        day = last + 1
    return ", ".join(out) or _("no hours")


def _short(minute: int) -> str:
    """`9`, `9:30`."""
    hour, rest = divmod(minute, 60)
    return f"{hour}:{rest:02d}" if rest else str(hour)


def line(name: str) -> QLineEdit:
    """A field for a line of text."""
    made = QLineEdit()
    made.setAccessibleName(name)
    return made


class Choice(QComboBox):
    """A few usual numbers in words; one that is not among them is added when it is taken."""

    def __init__(self, name: str, values: Sequence[int | None], say: Callable[[int], str], none: str = "") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._say, self._none = say, none
        for value in values:
            self._add(value)

    def take(self, value: int | None) -> None:
        """Show a value."""
        if (index := self._index(value)) < 0:
            self._add(value)
            index = self.count() - 1
        self.setCurrentIndex(index)

    def chosen(self) -> int | None:
        """The value on show."""
        found: int | None = self.currentData()
        return found

    def _index(self, value: int | None) -> int:
        return next((n for n in range(self.count()) if self.itemData(n) == value), -1)

    def _add(self, value: int | None) -> None:
        self.addItem(self._none if value is None else self._say(value), value)


class Chip(QAbstractButton):
    """One link of several, 28 high; the chosen one is tinted."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(min(QFontMetrics(font(12, 600)).horizontalAdvance(self.text()) + 24, 176), 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, on = ink(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.accent if on else t.text3, 1))
        painter.setBrush(t.accent_soft if on else t.bg)
        body = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(body, 14, 14)
        painter.setPen(t.accent if on else t.text if self.underMouse() else t.text2)
        painter.setFont(font(12, 600 if on else 500))
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 20)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()


class Group(QWidget):
    """A head and rows with a label column; an error stands below its row."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._rows: list[tuple[QWidget, ...]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 14 if title else 4, 20 - BAR, 12)
        self._column.setSpacing(8)
        if title:
            self._column.addWidget(Words(title, 15, 600))

    def add(self, widget: QWidget) -> None:
        """Something as wide as the group."""
        self._column.addWidget(widget)

    def row(self, label: str, *widgets: QWidget, stretch: bool = False) -> Words:
        """A labelled row; returns the place of its error."""
        laid = QHBoxLayout()
        laid.setSpacing(8)
        said = Words(label, 13, 400, "text2")
        said.setFixedWidth(LABEL)
        said.setWordWrap(True)
        laid.addWidget(said)
        for widget in widgets:
            laid.addWidget(widget, int(stretch))
        if not stretch:
            laid.addStretch(1)
        self._rows.append((said, *widgets))
        self._column.addLayout(laid)
        error = Words("", 11, 500, "danger", wrap=True)
        error.setContentsMargins(LABEL + 8, 0, 0, 0)
        error.hide()
        self._column.addWidget(error)
        return error

    def show_row(self, field: QWidget, on: bool) -> None:
        """Show or hide the row a field stands in."""
        for row in self._rows:
            if field in row:
                for widget in row:
                    widget.setVisible(on)


class Fold(QWidget):
    """A group that is one line with its value, until it is unfolded."""

    opened = Signal()

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self._title, self._content = title, content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        line = QHBoxLayout()
        line.setContentsMargins(20, 4, 12 - BAR, 4)
        line.setSpacing(8)
        head = Words(title, 13, 600)
        head.setFixedWidth(LABEL)
        self.value = Elided("", 13, 400, "text2")
        self.button = Button("", Kind.QUIET, icon="chevron-down", small=True)
        self.button.clicked.connect(self.toggle)
        line.addWidget(head)
        line.addWidget(self.value, 1)
        line.addWidget(self.button)
        column.addLayout(line)
        column.addWidget(content)
        column.addWidget(Hairline(soft=True))
        content.hide()

    def say(self, value: str) -> None:
        """What it holds, in one line."""
        self.value.setText(value)
        self.button.setAccessibleName(_("{title}: {value}").format(title=self._title, value=value))

    def unfold(self) -> None:
        """Show what it holds."""
        if not self._content.isVisibleTo(self):
            self.toggle()

    def toggle(self) -> None:
        """Fold or unfold."""
        shown = not self._content.isVisibleTo(self)
        self._content.setVisible(shown)
        self.button.icon_name = "chevron-up" if shown else "chevron-down"
        self.button.update()
        if shown:
            self.opened.emit()


class Foot(QWidget):
    """56 px, one shade darker, with a line above."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(56)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), ink().surface)
        painter.fillRect(0, 0, self.width(), 1, ink().line)
        painter.end()
