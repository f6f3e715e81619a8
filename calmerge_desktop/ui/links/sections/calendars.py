"""Which calendars a link looks at, and where its meetings are written and how."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.model import Access, Calendar, CalendarId
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.frame.accounts import swatch
from calmerge_desktop.ui.links.fields import Choice, length_words, line
from calmerge_desktop.ui.links.sections.section import Section


class Calendars(Section):
    """A calendar the link names and that is gone stays named until the person takes it away."""

    def __init__(self) -> None:
        super().__init__()
        self._known: tuple[Calendar, ...] = ()
        self._link_busy: tuple[CalendarId, ...] = ()
        self.target = QComboBox()
        self.target.setAccessibleName(_("Meetings go to"))
        self.which = QComboBox()
        self.which.setAccessibleName(_("Looked at"))
        self.which.addItems([_("All that count as busy"), _("Only these")])
        self.ticks: dict[CalendarId, QCheckBox] = {}
        holder = QWidget()
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(4)
        self._holder = holder
        self.row(_("Meetings go to"), self.target, stretch=True)
        self.row(_("Looked at"), self.which, stretch=True)
        self.row("", holder, stretch=True)
        self.hear(self.target, self.which)
        self.which.currentIndexChanged.connect(self._show_list)
        self.which.activated.connect(self._begin)
        self._show_list()

    def set_calendars(self, calendars: Sequence[Calendar]) -> None:
        """What there is now; what the fields say stays."""
        if tuple(calendars) != self._known:
            self._known = tuple(calendars)
            self._fill(self._target(), self._ticked())

    def title(self) -> str:
        """Its name in the form."""
        return _("Calendars")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self._link_busy = link.busy
        self.which.setCurrentIndex(int(bool(link.busy)))
        self._fill(link.target, link.busy)
        self._show_list()

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        self.problems = {}
        busy = self._ticked() if self.which.currentIndex() == 1 else ()
        if self.which.currentIndex() == 1 and not busy:
            self.problems["calendars"] = _("Choose at least one calendar to look at.")
            busy = link.busy
        return replace(link, target=self._target(), busy=busy)

    def say(self, link: Link) -> str:
        """The value in one line."""
        names = {one.id: one.name for one in self._known}
        target = names.get(link.target, _("a calendar that is gone")) if link.target else _("The usual one")
        n = len(link.busy)
        looked = ngettext("{n} looked at", "{n} looked at", n).format(n=n) if n else _("all busy ones looked at")
        return f"{target}, {looked}"

    def _target(self) -> CalendarId | None:
        data = self.target.currentData()
        return CalendarId(data) if data else None

    def _ticked(self) -> tuple[CalendarId, ...]:
        """In the link's own order, new ones last: only looking changes nothing."""
        ticked = [id for id, tick in self.ticks.items() if tick.isChecked()]
        return tuple([id for id in self._link_busy if id in ticked] + [id for id in ticked if id not in self._link_busy])

    def _fill(self, target: CalendarId | None, busy: Sequence[CalendarId]) -> None:
        names = {one.id: one.name for one in self._known}
        self.target.blockSignals(True)
        self.target.clear()
        self.target.addItem(_("The usual one"), "")
        for one in self._known:
            if one.access is Access.WRITE or one.id == target:
                self.target.addItem(swatch(one.color), one.name, str(one.id))
        if target and target not in names:
            self.target.addItem(_("A calendar that is gone"), str(target))
        self.target.setCurrentIndex(max(self.target.findData(str(target or "")), 0))
        self.target.blockSignals(False)
        for old in self.ticks.values():
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.ticks = {}
        for id in (*names, *(id for id in busy if id not in names)):
            tick = QCheckBox(names.get(id, _("A calendar that is gone")))
            tick.setChecked(id in busy)
            tick.toggled.connect(self.changed)
            self.ticks[id] = tick
            self._list.addWidget(tick)

    def _begin(self, *_index: object) -> None:
        """Only these are all that count as busy, until one is taken away."""
        if self.which.currentIndex() == 1 and not self._ticked():
            for one in self._known:
                self.ticks[one.id].setChecked(one.busy)

    def _show_list(self, *_index: object) -> None:
        self.show_row(self._holder, self.which.currentIndex() == 1)


class Written(Section):
    """The event that is written for a booking."""

    def __init__(self) -> None:
        super().__init__()
        self.name = line(_("Title of the event"))
        self.name.setPlaceholderText("{link}: {guest}")
        reminders = (None, 0, 5, 10, 15, 30, 60, 1440)
        self.reminder = Choice(_("Reminder"), reminders, _before, _("None"))
        self.private = QCheckBox(_("Hide the details from others"))
        self.errors["event"] = self.row(_("Title"), self.name, stretch=True)
        self.row(_("Reminder"), self.reminder)
        self.row("", self.private)
        self.marked["event"] = (self.name,)
        self.hear(self.name, self.reminder, self.private)

    def title(self) -> str:
        """Its name in the form."""
        return _("The event")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.name.setText(link.event_name)
        self.reminder.take(link.reminder)
        self.private.setChecked(link.private)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        return replace(link, event_name=self.name.text(), reminder=self.reminder.chosen(), private=self.private.isChecked())

    def say(self, link: Link) -> str:
        """The value in one line."""
        said = [link.event_name] if link.event_name else []
        said += [_before(link.reminder)] if link.reminder is not None else []
        said.append(_("Details hidden") if link.private else _("Details as in the calendar"))
        return ", ".join(said)


def _before(minutes: int) -> str:
    return _("Reminder {time} before").format(time=length_words(minutes)) if minutes else _("Reminder at the start")
