"""Fields for the facts of an event: calendar, zone, date and time by locale."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from zoneinfo import available_timezones

from PySide6.QtCore import QDate, QLocale, QModelIndex, QPersistentModelIndex, QSize, Qt, QTime
from PySide6.QtWidgets import QComboBox, QCompleter, QDateEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import known_zone
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event.day_picker import DayPicker
from calmerge_desktop.ui.frame.accounts import swatch
from calmerge_desktop.ui.parts.spin import PlainTime
from calmerge_desktop.ui.session import Session

_NO_PLACES = ("Etc/", "posix", "right", "SystemV")


class _Rows(QStyledItemDelegate):
    """Rows of the height of a menu."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), 26)


class CalendarField(QComboBox):
    """The calendars that take new events, with their colours."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Calendar"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)  # a long name is cut here, not the form around it
        self.currentTextChanged.connect(self.setToolTip)
        for view in session.accounts:
            for calendar in view.calendars:
                if calendar.calendar in session.writable():
                    text = calendar.calendar.name
                    if view.account.name != text:
                        text += f"  ·  {view.account.name}"
                    self.addItem(swatch(calendar.calendar.color), text, calendar.calendar.id)

    def choose(self, id: CalendarId | None) -> None:
        """Show this calendar; one that is not among them is left out."""
        index = self.findData(id)
        if index >= 0:
            self.setCurrentIndex(index)

    def chosen(self) -> CalendarId | None:
        """The calendar on show."""
        data = self.currentData()
        return CalendarId(data) if data else None


class DateField(QDateEdit):
    """A date in the form of the language, with a calendar to pick from."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setLocale(QLocale(phrases.locale_name()))
        self.setDisplayFormat(qt_format("yMMMEd"))
        self.setCalendarPopup(True)
        self._picker = DayPicker(self)
        self.setCalendarWidget(self._picker)
        self.setMinimumDate(QDate(1970, 1, 1))
        self.setMaximumDate(QDate(2079, 12, 31))

    def take(self, day: date) -> None:
        """Show a date."""
        self.setDate(QDate(day.year, day.month, day.day))

    def day(self) -> date:
        """The date on show."""
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())


class TimeField(PlainTime):
    """A time of day; arrows step it by minutes and hours."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setLocale(QLocale(phrases.locale_name()))
        self.setDisplayFormat(qt_format("Hm"))
        self.setWrapping(True)

    def take(self, at: time) -> None:
        """Show a time."""
        self.setTime(QTime(at.hour, at.minute))

    def at(self) -> time:
        """The time on show."""
        return time(self.time().hour(), self.time().minute())


class ZoneField(QComboBox):
    """All IANA zones, found by typing any part; the near ones first."""

    def __init__(self, near: list[str], *, optional: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Time zone"))
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(12)
        first = [name for name in dict.fromkeys(near) if known_zone(name)]
        rest = _zones()
        if optional:
            self.addItem(_("None"), "")
        for name in [*first, *(name for name in rest if name not in first), "UTC"]:
            self.addItem(name.replace("_", " "), name)
        completer = self.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            popup = completer.popup()
            if popup is not None:
                popup.setItemDelegate(_Rows(popup))

    def choose(self, tzid: str) -> None:
        """Show a zone."""
        index = self.findData(tzid)
        if index >= 0:
            self.setCurrentIndex(index)

    def chosen(self) -> str | None:
        """The zone typed or picked; empty for none, None when what is typed is no zone."""
        index = self.findText(self.currentText().strip(), Qt.MatchFlag.MatchFixedString)
        return str(self.itemData(index)) if index >= 0 else None


@lru_cache(maxsize=1)
def _zones() -> tuple[str, ...]:
    """Every zone a person may be in, read from the disk once."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES)))


def qt_format(skeleton: str) -> str:
    """A CLDR skeleton of the language as Qt writes it."""
    from babel import Locale

    pattern = Locale.parse(phrases.locale_name()).datetime_skeletons[skeleton].pattern
    for cldr, qt in (("EEE", "E"), ("ccc", "E"), ("E", "ddd"), ("LLL", "MMM"), ("y", "yyyy")):
        pattern = pattern.replace(cldr, qt)
    return str(pattern)
