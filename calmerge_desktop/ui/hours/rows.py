"""Dates that differ: one line a date or a span of dates, each with its own words when it cannot work."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtWidgets import QLineEdit

from calmerge_desktop.core.availability.schedule import Away, Hours, Schedule, Travel, check
from calmerge_desktop.core.availability.typed import day_from_text, day_to_text
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import zone
from calmerge_desktop.ui.event.fields import DateField, ZoneField
from calmerge_desktop.ui.parts.rows import Row
from calmerge_desktop.ui.parts.words import Words


class DateRow(Row):
    """Other hours on one date; no hours: a day off."""

    def __init__(self, day: date, hours: Hours) -> None:
        super().__init__(_("other hours of a date"))
        self.day = DateField(_("Date"))
        self.day.take(day)
        self.hours = QLineEdit(day_to_text(hours))
        self.hours.setAccessibleName(_("Hours of the date"))
        self.hours.setPlaceholderText(_("day off"))
        self.lay_out((self.day, self.hours))
        self.day.dateChanged.connect(self.changed)
        self.hours.textChanged.connect(self.changed)

    def value(self) -> tuple[date, Hours]:
        """The date and its hours. Raises `BadInput`."""
        return self.day.day(), day_from_text(self.hours.text())

    def try_out(self) -> None:
        """Raises `BadInput` when the hours are none."""
        self.value()


class SpanRow(Row):
    """From a date to a date."""

    def __init__(self, name: str, first: date, last: date, more: QLineEdit | ZoneField) -> None:
        super().__init__(name)
        self.first, self.last = DateField(_("First day")), DateField(_("Last day"))
        self.first.take(first)
        self.last.take(last)
        self.lay_out((self.first, Words("–", 13, 400, "text2"), self.last), (more,))
        self.first.dateChanged.connect(self.changed)
        self.last.dateChanged.connect(self.changed)


class AwayRow(SpanRow):
    """Out of office."""

    def __init__(self, one: Away) -> None:
        self.note = QLineEdit(one.note)
        self.note.setAccessibleName(_("Why"))
        self.note.setPlaceholderText(_("Why, for yourself"))
        super().__init__(_("out of office"), one.first, one.last, self.note)
        self.note.textChanged.connect(self.changed)

    def value(self) -> Away:
        """The span as it stands there."""
        return Away(self.first.day(), self.last.day(), self.note.text().strip())

    def try_out(self) -> None:
        """Raises `BadInput` when it ends before it begins."""
        check(Schedule(away=(self.value(),)))


class TravelRow(SpanRow):
    """On the clock of another zone."""

    def __init__(self, one: Travel) -> None:
        self.zone = ZoneField([one.tzid])
        self.zone.choose(one.tzid)
        super().__init__(_("travel"), one.first, one.last, self.zone)
        self.zone.currentTextChanged.connect(self.changed)

    def value(self) -> Travel:
        """The span as it stands there. Raises `BadInput` for what is no zone."""
        return Travel(self.first.day(), self.last.day(), typed_zone(self.zone))

    def try_out(self) -> None:
        """Raises `BadInput` when it ends before it begins, or for what is no zone."""
        check(Schedule(travel=(self.value(),)))


def typed_zone(field: ZoneField) -> str:
    """The zone of a field. Raises `BadInput` in the words of the core for what is none."""
    chosen = field.chosen()
    if chosen:
        return chosen
    typed = field.currentText().strip().replace(" ", "_")
    return zone(typed or "?").key


def new_date(today: date) -> DateRow:
    """A day off tomorrow, to begin with."""
    return DateRow(today + timedelta(days=1), ())
