"""Hours of the link itself instead of a schedule's, dates on which it differs, and the clock it goes by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.schedule import Hours, Schedule
from calmerge_desktop.core.availability.typed import day_from_text, day_to_text
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event.fields import ZoneField
from calmerge_desktop.ui.hours.rows import DateRow, new_date
from calmerge_desktop.ui.links.fields import line, week_words
from calmerge_desktop.ui.links.sections.section import Section
from calmerge_desktop.ui.parts.rows import Rows

_NAME = Qt.ItemDataRole.UserRole + 1


class OwnHours(Section):
    """The seven days show only when the link has hours of its own."""

    jumps = ("hours",)

    def __init__(self, today: Callable[[], date], tzid: str) -> None:
        super().__init__()
        self.whose = QComboBox()
        self.whose.setAccessibleName(_("Hours"))
        self.whose.addItems([_("As the schedule says"), _("Only for this link")])
        self.days: list[QLineEdit] = []
        self.row(_("Hours"), self.whose)
        for day in range(7):
            field = line(_("Hours on {weekday}").format(weekday=phrases.weekday_name(day)))
            field.setPlaceholderText(_("closed"))
            self.errors[f"own-{day}"] = self.row(phrases.weekday_name(day), field, stretch=True)
            self.marked[f"own-{day}"] = (field,)
            self.days.append(field)
        self.dates = Rows(_("Add a date"), lambda: new_date(today()), inset=False)
        self.zone = ZoneField([tzid], optional=True)
        self.zone.setItemText(0, _("That of the schedule"))
        self.zone.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.lock = QCheckBox(_("Guests see the times of this zone"))
        self.guest = QCheckBox(_("Hours go by the guest’s clock"))
        self.restrict = QComboBox()
        self.restrict.setAccessibleName(_("Also within the hours of"))
        self.restrict.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._restrict = ""
        self.row(_("Dates"), self.dates, stretch=True)
        self.row(_("Also within"), self.restrict, stretch=True)
        self.errors["zone"] = self.row(_("Time zone"), self.zone, stretch=True)
        self.marked["zone"] = (self.zone,)
        self.row("", self.lock)
        self.errors["clock"] = self.row("", self.guest)
        self.hear(self.whose, *self.days, self.zone, self.lock, self.guest, self.restrict)
        self._base: Sequence[Hours] = ((),) * 7
        self.whose.currentIndexChanged.connect(self._show_days)
        self.whose.activated.connect(self._begin)
        self.dates.changed.connect(self.changed)
        self._show_days()

    def set_base(self, week: Sequence[Hours]) -> None:
        """The hours of the schedule: what own hours begin with."""
        self._base = week

    def set_schedules(self, schedules: Sequence[Schedule]) -> None:
        """The named hours a link may have to keep within; one that is gone stays named."""
        self.restrict.clear()
        self.restrict.addItem(_("No other hours"), "")
        for one in schedules:
            self.restrict.addItem(f"{one.name} · {week_words(one.week)}", one.id)
            self.restrict.setItemData(self.restrict.count() - 1, one.name, _NAME)
        self._choose(self._restrict)

    def title(self) -> str:
        """Its name in the form."""
        return _("Own hours")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.whose.setCurrentIndex(int(link.hours is not None))
        for field, hours in zip(self.days, link.hours or ((),) * 7, strict=True):
            field.setText(day_to_text(hours))
        self.dates.take([DateRow(day, hours) for day, hours in sorted(link.overrides.items())])
        self.zone.choose(link.timezone)
        self.lock.setChecked(link.lock_timezone)
        self.guest.setChecked(link.guest_clock)
        self._choose(link.restrict)
        self._show_days()

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        self.problems = {}
        hours: tuple[Hours, ...] | None = None
        if self.whose.currentIndex() == 1:
            before = link.hours or ((),) * 7
            hours = tuple(self._day(n, before[n]) for n in range(7))
        overrides = dict(link.overrides)
        if said := self.dates.problems():
            self.problems["dates"] = said[0]
        else:
            overrides = dict(row.value() for row in self.dates.rows if isinstance(row, DateRow))
        tzid = self.zone.chosen()
        if tzid is None:
            self.problems["zone"] = _("“{zone}” is no time zone.").format(zone=self.zone.currentText()[:40])
        return replace(
            link,
            hours=hours,
            overrides=overrides,
            timezone=link.timezone if tzid is None else tzid,
            lock_timezone=self.lock.isChecked(),
            guest_clock=self.guest.isChecked(),
            restrict=self._chosen(),
        )

    def say(self, link: Link) -> str:
        """The value in one line."""
        said = [week_words(link.hours)] if link.hours is not None else []
        n = len(link.overrides)
        said += [ngettext("{n} date", "{n} dates", n).format(n=n)] if n else []
        said += (
            [_("within “{name}”").format(name=self.restrict.currentData(_NAME) or link.restrict)] if link.restrict else []
        )
        said += [phrases.city(link.timezone)] if link.timezone else []
        said += [_("the guest’s clock")] if link.guest_clock else []
        return ", ".join(said) or _("As the schedule says")

    def enter(self, field: str) -> QWidget:
        """Where the focus belongs for a cause."""
        del field
        return self.days[0] if self.whose.currentIndex() == 1 else self.whose

    def _choose(self, named: str) -> None:
        """A link may name a schedule by its id or by its name."""
        self._restrict = named
        if not self.restrict.count():
            return
        index = max(self.restrict.findData(named), self.restrict.findData(named, _NAME))
        if index < 0:
            self.restrict.addItem(_("Hours that are gone"), named)
            index = self.restrict.count() - 1
        self.restrict.setCurrentIndex(index)

    def _chosen(self) -> str:
        """As the link named it, when that is what is chosen."""
        data = str(self.restrict.currentData() or "")
        same = self._restrict in (data, self.restrict.currentData(_NAME))
        return self._restrict if same or not self.restrict.count() else data

    def _day(self, n: int, otherwise: Hours) -> Hours:
        try:
            return day_from_text(self.days[n].text())
        except BadInput as error:
            self.problems[f"own-{n}"] = error.message
            return otherwise

    def _begin(self, *_index: object) -> None:
        """Hours of its own are those of the schedule until they are changed."""
        if self.whose.currentIndex() == 1 and not any(field.text() for field in self.days):
            for field, hours in zip(self.days, self._base, strict=True):
                field.setText(day_to_text(hours))

    def _show_days(self, *_index: object) -> None:
        for field in self.days:
            self.show_row(field, self.whose.currentIndex() == 1)
