"""The left side: name, zone, hours of each weekday as typed words, and the dates that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.schedule import Away, Hours, Schedule, Travel, check, holiday_names
from calmerge_desktop.core.availability.typed import day_from_text, day_to_text
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event.fields import ZoneField
from calmerge_desktop.ui.hours.rows import AwayRow, DateRow, TravelRow, new_date, typed_zone
from calmerge_desktop.ui.links.fields import Fold, Group
from calmerge_desktop.ui.parts.rows import Rows
from calmerge_desktop.ui.parts.words import Hairline, Words

T = TypeVar("T")
_NEXT = 3


class ScheduleForm(QWidget):
    """Shows a schedule, and tells what it is changed to; `wrong` has a sentence for each field that cannot work."""

    changed = Signal()

    def __init__(self, today: Callable[[], date], near: Sequence[str]) -> None:
        super().__init__()
        self._today = today
        self._loading = True
        self._base = Schedule()
        self.wrong: dict[str, str] = {}
        self.errors: dict[str, Words] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for group in (self._who(near), self._week()):
            column.addWidget(group)
            column.addWidget(Hairline(soft=True))
        self._folds(column)
        column.addStretch(1)
        self._connect()
        self._loading = False

    def take(self, schedule: Schedule) -> None:
        """Show a schedule."""
        self._base, self._loading = schedule, True
        self.name.setText(schedule.name)
        self.zone.setCurrentText(schedule.tzid.replace("_", " "))
        self.zone.choose(schedule.tzid)
        for field, hours in zip(self.days, schedule.week, strict=True):
            field.setText(day_to_text(hours))
        self._take_place(schedule.holidays)
        self.dates.take([DateRow(day, hours) for day, hours in sorted(schedule.overrides.items())])
        self.away.take([AwayRow(one) for one in schedule.away])
        self.travel.take([TravelRow(one) for one in schedule.travel])
        self._loading = False
        self.tell()

    def take_hours(self, day: int, hours: Hours) -> None:
        """Hours painted elsewhere."""
        self.days[day].setText(day_to_text(hours))

    def schedule(self) -> Schedule:
        """What the fields say now; a field that is wrong keeps what it was, and is named in `wrong`."""
        self.wrong = {}
        week = tuple(self._day(n) for n in range(7))
        tzid = self._try("zone", lambda: typed_zone(self.zone), self._base.tzid)
        place = self._try("holidays", self._checked_place, self._base.holidays)
        rows = {
            name: rows.problems() for name, rows in (("dates", self.dates), ("away", self.away), ("travel", self.travel))
        }
        self.wrong |= {name: said[0] for name, said in rows.items() if said}
        if not self.name.text().strip():
            self.wrong["name"] = _("A schedule needs a name.")
        overrides, away, travel = self._base.overrides, self._base.away, self._base.travel
        if "dates" not in self.wrong:
            overrides = self._overrides()
        if "away" not in self.wrong:
            away = tuple(row.value() for row in self.away.rows if isinstance(row, AwayRow))
        if "travel" not in self.wrong:
            travel = tuple(row.value() for row in self.travel.rows if isinstance(row, TravelRow))
        return replace(
            self._base,
            name=self.name.text().strip(),
            tzid=tzid,
            week=week,
            overrides=overrides,
            holidays=place,
            away=away,
            travel=travel,
        )

    def show_errors(self) -> None:
        """Sentences beside their fields."""
        fields: dict[str, QWidget] = {"name": self.name, "zone": self.zone, "holidays": self.country}
        fields |= {f"day-{n}": field for n, field in enumerate(self.days)}
        for name, label in self.errors.items():
            label.setText(self.wrong.get(name, ""))
            label.setVisible(name in self.wrong)
            field = fields[name]
            if bool(field.property("error")) != (name in self.wrong):
                field.setProperty("error", name in self.wrong)
                field.style().unpolish(field)
                field.style().polish(field)

    def show_users(self, links: Sequence[Link]) -> None:
        """Which links take their hours from here."""
        self.users.setText(", ".join(one.title for one in links) or _("No booking link yet"))

    def set_countries(self, names: Mapping[str, str]) -> None:
        """The countries whose holidays are known."""
        before, self._loading = self._loading, True
        chosen = self.country.currentData()
        self.country.clear()
        self.country.addItem(_("None"), "")
        for code, name in names.items():
            self.country.addItem(name, code)
        self._choose(self.country, str(chosen or ""))
        self._loading = before

    def set_regions(self, country: str, names: Mapping[str, str]) -> None:
        """The regions of a country; an answer about another one than that on show is late and counts for nothing."""
        if country != str(self.country.currentData() or ""):
            return
        before, self._loading = self._loading, True
        self.region.clear()
        self.region.addItem(_("Whole country"), "")
        for code, name in names.items():
            self.region.addItem(name, code)
        kept = self._base.holidays.partition("-")
        self._choose(self.region, kept[2] if kept[0] == country and kept[2] in names else "")
        self.region.setVisible(bool(names))
        self._loading = before

    def place(self) -> str:
        """`DE-BY`, `DE`, or empty for no holidays."""
        country, region = str(self.country.currentData() or ""), str(self.region.currentData() or "")
        return f"{country}-{region}" if country and region else country

    # groups

    def _who(self, near: Sequence[str]) -> Group:
        group = Group("")
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name"))
        self.zone = ZoneField(list(near))
        self.zone.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.users = Words("", 13, 400, "text2", wrap=True)
        self.errors["name"] = group.row(_("Name"), self.name, stretch=True)
        self.errors["zone"] = group.row(_("Time zone"), self.zone, stretch=True)
        group.row(_("Used by"), self.users, stretch=True)
        return group

    def _week(self) -> Group:
        group = Group(_("Weekly hours"))
        self.days: list[QLineEdit] = []
        for day in range(7):
            field = QLineEdit()
            field.setAccessibleName(_("Hours on {weekday}").format(weekday=phrases.weekday_name(day)))
            field.setPlaceholderText(_("closed"))
            self.days.append(field)
            self.errors[f"day-{day}"] = group.row(phrases.weekday_name(day), field, stretch=True)
        return group

    def _folds(self, column: QVBoxLayout) -> None:
        holidays = Group("")
        self.country, self.region = QComboBox(), QComboBox()
        for field, name in ((self.country, _("Country")), (self.region, _("Region"))):
            field.setAccessibleName(name)
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            field.setMaxVisibleItems(14)
        self.country.addItem(_("None"), "")
        self.errors["holidays"] = holidays.row(_("Days off in"), self.country, self.region, stretch=True)
        self.coming = Words("", 12, 400, "text2", wrap=True)
        holidays.row("", self.coming, stretch=True)
        today = self._today
        tomorrow = today() + timedelta(days=1)
        self.dates = Rows(_("Add a date"), lambda: new_date(today()))
        self.away = Rows(_("Add an absence"), lambda: AwayRow(Away(tomorrow, tomorrow + timedelta(days=6))))
        self.travel = Rows(
            _("Add a journey"), lambda: TravelRow(Travel(tomorrow, tomorrow + timedelta(days=6), self._base.tzid))
        )
        self.folds = {
            "holidays": Fold(_("Public holidays"), holidays),
            "dates": Fold(_("Other dates"), self.dates),
            "away": Fold(_("Out of office"), self.away),
            "travel": Fold(_("Travel"), self.travel),
        }
        for fold in self.folds.values():
            column.addWidget(fold)

    def _connect(self) -> None:
        for field in (self.name, *self.days):
            field.textChanged.connect(self.tell)
        for box in (self.zone, self.country, self.region):
            box.currentTextChanged.connect(self.tell)
        for rows in (self.dates, self.away, self.travel):
            rows.changed.connect(self.tell)

    # inside

    def tell(self, *_args: object) -> None:
        """Read the fields, say what is wrong, and that something may be another."""
        if self._loading:
            return
        made = self.schedule()
        self.show_errors()
        self._fold_words(made)
        self.changed.emit()

    def _fold_words(self, made: Schedule) -> None:
        region = f", {self.region.currentText()}" if self.region.currentData() else ""
        self.folds["holidays"].say(self.country.currentText() + region if made.holidays else _("Open as on any day"))
        self.coming.setText(self._coming(made))
        n = len(self.dates.rows)
        self.folds["dates"].say(ngettext("{n} date", "{n} dates", n).format(n=n) if n else _("None"))
        self.folds["away"].say("; ".join(_days(one.first, one.last) for one in made.away) or _("None"))
        self.folds["travel"].say(
            "; ".join(f"{phrases.city(one.tzid)} {_days(one.first, one.last)}" for one in made.travel) or _("None")
        )

    def _coming(self, made: Schedule) -> str:
        """The next few holidays, so that one sees what was chosen."""
        if not made.holidays:
            return ""
        today = self._today()
        known = {**holiday_names(made.holidays, today.year), **holiday_names(made.holidays, today.year + 1)}
        coming = [(day, name) for day, name in sorted(known.items()) if day >= today][:_NEXT]
        return "\n".join(f"{phrases.day_short(day)}  {name}" for day, name in coming)

    def _day(self, n: int) -> Hours:
        return self._try(f"day-{n}", lambda: day_from_text(self.days[n].text()), self._base.week[n])

    def _overrides(self) -> dict[date, Hours]:
        return dict(row.value() for row in self.dates.rows if isinstance(row, DateRow))

    def _checked_place(self) -> str:
        place = self.place()
        check(Schedule(holidays=place))
        return place

    def _try(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except BadInput as error:
            self.wrong[name] = error.message
            return otherwise

    def _take_place(self, place: str) -> None:
        country, _dash, region = place.partition("-")
        self._choose(self.country, country)
        self.region.clear()
        self.region.addItem(_("Whole country"), "")
        self._choose(self.region, region)
        self.region.setVisible(bool(region))

    def _choose(self, box: QComboBox, code: str) -> None:
        """Show a code; one that is not listed yet is added as it is."""
        if code and box.findData(code) < 0:
            box.addItem(code, code)
        box.setCurrentIndex(max(box.findData(code, Qt.ItemDataRole.UserRole), 0))


def _days(first: date, last: date) -> str:
    return phrases.day_range(first, last)
