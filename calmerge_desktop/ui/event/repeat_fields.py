"""The repetition of an event as a few words one can change: how often, on which days, until when."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event.fields import DateField
from calmerge_desktop.ui.event.repetition import Every, Repetition, in_words, nth, ordinal, write
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.spin import PlainSpin
from calmerge_desktop.ui.parts.words import Words

_ENDS_NEVER, _ENDS_ON, _ENDS_AFTER = range(3)


class RepeatFields(QWidget):
    """How often; the rest unfolds only when it repeats."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start = date(2000, 1, 1)
        self._kept = Repetition()
        self.every = QComboBox()
        self.every.setAccessibleName(_("Repetition"))
        self.interval = _number(1, 999, _("Every"))
        self.unit = Words("", 13)
        self.days = WeekdayButtons()
        self.ends = QComboBox()
        self.ends.setAccessibleName(_("Ends"))
        self.ends.addItems([_("never ends"), _("until"), _("after")])
        self.count = _number(1, 999, _("Times"))
        self.count.setValue(6)
        self.times = Words(_("times"), 13)
        self.until = DateField(_("Last day"))
        self.sentence = Words("", 12, 400, "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._rows = (QHBoxLayout(), QHBoxLayout())
        for row in self._rows:
            row.setSpacing(8)
            column.addLayout(row)
        first: tuple[QWidget, ...] = (self.every, self.interval, self.unit)
        for widget in first:
            self._rows[0].addWidget(widget)
        self._rows[0].addStretch(1)
        column.insertWidget(1, self.days)
        second: tuple[QWidget, ...] = (self.ends, self.until, self.count, self.times)
        for widget in second:
            self._rows[1].addWidget(widget)
        self._rows[1].addStretch(1)
        column.addWidget(self.sentence)
        self.every.currentIndexChanged.connect(self._on_change)
        self.ends.currentIndexChanged.connect(self._on_change)
        self.interval.valueChanged.connect(self._on_change)
        self.count.valueChanged.connect(self._on_change)
        self.until.dateChanged.connect(self._on_change)
        self.days.changed.connect(self._on_change)

    def take(self, repetition: Repetition, start: date) -> None:
        """Show a repetition."""
        self._kept, self._start = repetition, start
        self.interval.setValue(repetition.interval)
        self.days.choose(repetition.weekdays or (start.weekday(),))
        self.until.take(repetition.until or start + timedelta(days=90))
        if repetition.count is not None:
            self.count.setValue(repetition.count)
        self.ends.setCurrentIndex(
            _ENDS_ON if repetition.until else _ENDS_AFTER if repetition.count is not None else _ENDS_NEVER
        )
        self._name_kinds(repetition.every)
        self._on_change()

    def start_moved(self, start: date) -> None:
        """The event begins on another date: its day in the month, and its one weekday, go with it."""
        if start == self._start:
            return
        if self.days.chosen() == (self._start.weekday(),):
            self.days.choose((start.weekday(),))
        self._start = start
        self._name_kinds(self._every())
        self._on_change()

    def repetition(self) -> Repetition:
        """What the fields say; unchanged fields give back what was shown."""
        every = self._every()
        if every is Every.NEVER:
            return Repetition()
        if every is Every.OTHER:
            return self._kept
        ends = self.ends.currentIndex()
        days = self.days.chosen() if every is Every.WEEK else ()
        made = Repetition(
            every=every,
            interval=self.interval.value(),
            weekdays=days,
            count=self.count.value() if ends == _ENDS_AFTER else None,
            until=self.until.day() if ends == _ENDS_ON else None,
        )
        return self._kept if self._same(made) else made

    def _same(self, made: Repetition) -> bool:
        kept = self._kept
        days = kept.weekdays or ((self._start.weekday(),) if kept.every is Every.WEEK else ())
        return (kept.every, kept.interval, days, kept.count, kept.until) == (
            made.every,
            made.interval,
            made.weekdays,
            made.count,
            made.until,
        )

    def _every(self) -> Every:
        data = self.every.currentData()
        return Every(data) if data else Every.NEVER

    def _name_kinds(self, chosen: Every) -> None:
        """The choices name the date they stand for: `monthly on day 24`, `monthly on the fourth Tuesday`."""
        start, weekday = self._start, phrases.weekday_name(self._start.weekday())
        names = {
            Every.NEVER: _("Does not repeat"),
            Every.DAY: _("Daily"),
            Every.WEEK: _("Weekly"),
            Every.MONTH_DAY: _("Monthly on day {n}").format(n=start.day),
            Every.MONTH_WEEKDAY: _("Monthly on the {which} {weekday}").format(which=ordinal(nth(start)), weekday=weekday),
            Every.YEAR: _("Yearly on {day}").format(day=phrases.skeleton(start, "MMMMd")),
        }
        if self._kept.every is Every.OTHER:
            names[Every.OTHER] = _("As it is now")
        self.every.blockSignals(True)
        self.every.clear()
        for every, name in names.items():
            self.every.addItem(name, every.value)
        self.every.setCurrentIndex(max(self.every.findData(chosen.value), 0))
        self.every.blockSignals(False)

    def _on_change(self, *_args: object) -> None:
        every, ends = self._every(), self.ends.currentIndex()
        repeats = every not in (Every.NEVER, Every.OTHER)
        for widget in (self.interval, self.unit, self.ends):
            widget.setVisible(repeats)
        self.days.setVisible(every is Every.WEEK)
        self.until.setVisible(repeats and ends == _ENDS_ON)
        self.count.setVisible(repeats and ends == _ENDS_AFTER)
        self.times.setVisible(repeats and ends == _ENDS_AFTER)
        n = self.interval.value()
        self.interval.setPrefix(_("every") + " ")
        self.unit.setText(_units(every, n))
        made = self.repetition()
        rule = write(made, self._start, None)
        self.sentence.setText(in_words(rule, self._start) if rule else "")
        self.sentence.setVisible(bool(rule))
        self.changed.emit()


def _units(every: Every, n: int) -> str:
    return {
        Every.DAY: ngettext("day", "days", n),
        Every.WEEK: ngettext("week", "weeks", n),
        Every.MONTH_DAY: ngettext("month", "months", n),
        Every.MONTH_WEEKDAY: ngettext("month", "months", n),
        Every.YEAR: ngettext("year", "years", n),
    }.get(every, "")


def _number(low: int, high: int, name: str) -> PlainSpin:
    made = PlainSpin()
    made.setRange(low, high)
    made.setAccessibleName(name)
    return made


class WeekdayButtons(QWidget):
    """Seven toggles; at least one stays on."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.buttons = [_DayButton(day) for day in range(7)]
        for button in self.buttons:
            button.clicked.connect(self._keep_one)
            row.addWidget(button)
        row.addStretch(1)

    def choose(self, days: tuple[int, ...]) -> None:
        """Show these weekdays, 0 is Monday."""
        for day, button in enumerate(self.buttons):
            button.setChecked(day in days)

    def chosen(self) -> tuple[int, ...]:
        """The weekdays that are on."""
        return tuple(day for day, button in enumerate(self.buttons) if button.isChecked())

    def _keep_one(self) -> None:
        if not self.chosen():
            sender = self.sender()
            if isinstance(sender, _DayButton):
                sender.setChecked(True)
        self.changed.emit()


class _DayButton(QAbstractButton):
    """One weekday."""

    def __init__(self, day: int) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setText(phrases.weekday_name(day, "short").rstrip(".")[:2])
        self.setAccessibleName(phrases.weekday_name(day))
        self.setToolTip(phrases.weekday_name(day))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(34, 28)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.accent if self.isChecked() else t.text3, 1))
        painter.setBrush(t.accent if self.isChecked() else t.bg)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 8, 8)
        painter.setFont(font(12, 600 if self.isChecked() else 500))
        painter.setPen(t.on_accent if self.isChecked() else t.text2)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
