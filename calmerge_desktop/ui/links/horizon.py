"""How far ahead one may book: a number of days, one of the rarer rules with its own fields, or any time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from calmerge_desktop.core.availability.rules import Horizon
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.event.fields import DateField
from calmerge_desktop.ui.links.fields import Choice, Group, length_words, line
from calmerge_desktop.ui.links.sections.section import number
from calmerge_desktop.ui.parts.words import Words

_BUSINESS, _BOOKABLE, _UNTIL, _RANGE, _ANY = -1, -2, -3, -4, -5
_USUAL = (7, 14, 21, 30, 60, 90, 180, _BUSINESS, _BOOKABLE, _UNTIL, _RANGE, _ANY)
_COUNTED = (_BUSINESS, _BOOKABLE)


class HorizonFields(QObject):
    """`ahead` stands in a row of its owner; `lay_out` adds the rows for what it leaves open."""

    changed = Signal()

    def __init__(self, today: Callable[[], date], parent: QObject) -> None:
        super().__init__(parent)
        self.ahead = Choice(_("How far ahead"), _USUAL, _words)
        self.then = Words(_("ahead"), 12, 400, "text2")
        self.days = line(_("Days"))
        self.days.setFixedWidth(64)
        self.days.setText("10")
        self.first, self.last = DateField(_("First day")), DateField(_("Last day"))
        self.first.take(today())
        self.last.take(today() + timedelta(days=30))
        self.ahead.currentIndexChanged.connect(self._show)
        self.days.textChanged.connect(self.changed)
        self.first.dateChanged.connect(self.changed)
        self.last.dateChanged.connect(self.changed)

    def lay_out(self, group: Group) -> Words:
        """The rows of the rarer rules; returns the place of their error."""
        self._group = group
        self._unit = Words("", 12, 400, "text2")
        group.row(_("For"), self.days, self._unit)
        group.row(_("From"), self.first)
        error = group.row(_("Until"), self.last)
        self._show()
        return error

    def take(self, horizon: Horizon) -> None:
        """Show a rule."""
        if horizon.range is not None:
            self.first.take(horizon.range[0])
            self.last.take(horizon.range[1])
        elif horizon.until is not None:
            self.last.take(horizon.until)
        counted = horizon.business_days if horizon.business_days is not None else horizon.bookable_days
        if counted is not None:
            self.days.setText(str(counted))
        self.ahead.take(_code(horizon))
        self._show()

    def read(self) -> Horizon:
        """What the fields say; 0 days for what is no number."""
        code, days = self.ahead.chosen(), number(self.days.text(), 0)
        if code == _BUSINESS:
            return Horizon(business_days=days)
        if code == _BOOKABLE:
            return Horizon(bookable_days=days)
        if code == _UNTIL:
            return Horizon(until=self.last.day())
        if code == _RANGE:
            return Horizon(range=(self.first.day(), self.last.day()))
        return Horizon() if code in (None, _ANY) else Horizon(days=code)

    def marked(self) -> tuple[QWidget, ...]:
        """The fields a wrong rule stands in."""
        return (self.days, self.last)

    def _show(self, *_index: object) -> None:
        code = self.ahead.chosen()
        self.then.setVisible(code is not None and code > 0)
        self._unit.setText(_("working days") if code == _BUSINESS else _("days on which something is free"))
        self._group.show_row(self.days, code in _COUNTED)
        self._group.show_row(self.first, code == _RANGE)
        self._group.show_row(self.last, code in (_UNTIL, _RANGE))
        self.changed.emit()


def _code(horizon: Horizon) -> int:
    if horizon.days is not None:
        return horizon.days
    kinds = (
        (horizon.business_days, _BUSINESS),
        (horizon.bookable_days, _BOOKABLE),
        (horizon.until, _UNTIL),
        (horizon.range, _RANGE),
    )
    return next((code for value, code in kinds if value is not None), _ANY)


def _words(code: int) -> str:
    named = {
        _BUSINESS: _("Working days…"),
        _BOOKABLE: _("Free days…"),
        _UNTIL: _("A date…"),
        _RANGE: _("Two dates…"),
        _ANY: _("Any time"),
    }
    return named.get(code) or length_words(code * 1440)
