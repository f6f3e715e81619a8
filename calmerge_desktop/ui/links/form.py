"""The form of one link: What, When and Limits open, the rest folded to a line that tells the value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.schedule import Hours, Schedule
from calmerge_desktop.core.model import Calendar
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.links.fields import Choice, Fold, Group, length_words, line, week_words
from calmerge_desktop.ui.links.horizon import HorizonFields
from calmerge_desktop.ui.links.sections.after import AfterBooking
from calmerge_desktop.ui.links.sections.calendars import Calendars, Written
from calmerge_desktop.ui.links.sections.guests import Changes, Confirmation, Mail, Questions
from calmerge_desktop.ui.links.sections.limits import MoreLimits
from calmerge_desktop.ui.links.sections.own_hours import OwnHours
from calmerge_desktop.ui.links.sections.page import ADDRESS, PHONE, GuestPage, Places
from calmerge_desktop.ui.links.sections.private import PrivateAddresses
from calmerge_desktop.ui.links.sections.repeats import Seats, Series
from calmerge_desktop.ui.links.sections.section import Section, number
from calmerge_desktop.ui.links.sections.starts import Starts
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.words import Hairline, Words
from calmerge_desktop.ui.session import Session

USUAL = (15, 30, 45, 60)
_BUFFERS = (0, 5, 10, 15, 30, 45, 60)


class LinkForm(QWidget):
    """Shows a link, and tells what it is changed to."""

    changed = Signal()
    entered = Signal(QWidget)
    """A field was entered from elsewhere: bring it into sight."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._link = Link(title="", slug="", minutes=(30,))
        self._weeks: dict[str, tuple[Hours, ...]] = {}
        self._loading = True
        self.errors: dict[str, Words] = {}
        self._marked: dict[str, tuple[QWidget, ...]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for group in (self._what(), self._when(), self._limits()):
            column.addWidget(group)
            column.addWidget(Hairline(soft=True))
        self._folds(column)
        column.addStretch(1)
        self._connect()
        self._loading = False

    def set_schedules(self, schedules: Sequence[Schedule]) -> None:
        """The named hours one may choose."""
        before, self._loading = self._loading, True
        self.schedule.clear()
        for one in schedules:
            self.schedule.addItem(f"{one.name} · {week_words(one.week)}", one.id)
        self._weeks = {one.id: one.week for one in schedules}
        self.hours.set_schedules(schedules)
        self._choose_schedule()
        self._loading = before

    def set_calendars(self, calendars: Sequence[Calendar]) -> None:
        """The calendars there are now."""
        before, self._loading = self._loading, True
        self.calendars.set_calendars(calendars)
        self._loading = before

    def take(self, link: Link) -> None:
        """Show a link."""
        self._link, self._loading = link, True
        self.title.setText(link.title)
        single = len(link.minutes) == 1 and link.minutes[0] in USUAL
        self.length.choose(USUAL.index(link.minutes[0]) if single else len(USUAL))
        self.lengths.setText(", ".join(map(str, link.minutes)))
        self.lengths.setCursorPosition(0)
        self.lengths.setVisible(not single)
        self.interval.take(link.interval)
        self.where.setText(_fixed_words(link))
        self.notice.take(link.minimum_notice)
        self.horizon.take(link.horizon)
        self.before.take(link.buffer_before)
        self.after.take(link.buffer_after)
        self.per_day.setText(str(link.counts.get("day", "")))
        self.per_week.setText(str(link.counts.get("week", "")))
        for section in self.sections.values():
            section.take(link)
        self._choose_schedule()
        self._loading = False
        self._tell()

    def link(self) -> Link:
        """What the fields say now."""
        minutes = (USUAL[self.length.current],) if self.length.current < len(USUAL) else _numbers(self.lengths.text())
        link = replace(
            self._link,
            title=self.title.text(),
            minutes=minutes,
            interval=self.interval.chosen(),
            location=self._places(),
            schedule=self._link.schedule if self.schedule.count() == 0 else self._schedule(),
            minimum_notice=self.notice.chosen() or 0,
            horizon=self.horizon.read(),
            buffer_before=self.before.chosen() or 0,
            buffer_after=self.after.chosen() or 0,
            counts=self._counts(),
        )
        for section in self.sections.values():
            link = section.read(link)
        return link

    def problems(self) -> dict[str, str]:
        """What was typed and means nothing; such a field leaves the link as it was."""
        return {name: said for section in self.sections.values() for name, said in section.problems.items()}

    def enter(self, field: str) -> None:
        """Unfold and focus the field a cause of an explanation names."""
        places = {
            "length": self.length,
            "interval": self.interval,
            "notice": self.notice,
            "horizon": self.horizon.ahead,
            "buffer": self.before,
            "limit": self.per_day,
        }
        target: QWidget | None = places.get(field)
        for name, section in self.sections.items():
            if field in section.jumps:
                self.folds[name].unfold()
                target = section.enter(field)
        if target is not None:
            target.setFocus(Qt.FocusReason.TabFocusReason)
            self.entered.emit(target)

    def show_errors(self, wrong: dict[str, str]) -> None:
        """Sentences beside the fields."""
        for name, label in self.errors.items():
            label.setText(wrong.get(name, ""))
            label.setVisible(name in wrong)
        for name, fields in self._marked.items():
            for field in fields:
                if bool(field.property("error")) != (name in wrong):
                    field.setProperty("error", name in wrong)
                    field.style().unpolish(field)
                    field.style().polish(field)

    # groups

    def _what(self) -> Group:
        group = Group(_("What"))
        self.title = line(_("Title"))
        self.length = Segmented([*map(str, USUAL), _("More…")])
        self.length.setAccessibleName(_("Length in minutes"))
        self.lengths = line(_("Lengths in minutes, with commas"))
        self.lengths.setFixedWidth(92)
        usual = (None, 5, 10, 15, 20, 30, 45, 60)
        self.interval = Choice(_("Starts every"), usual, length_words, _("As long as it lasts"))
        self.hint = Words("", 12, 400, "text2")
        self.where = line(_("Where"))
        self.errors["title"] = group.row(_("Title"), self.title, stretch=True)
        self.errors["length"] = group.row(_("Length"), self.length, self.lengths)
        self.errors["interval"] = group.row(_("Starts every"), self.interval, self.hint)
        group.row(_("Where"), self.where, stretch=True)
        self._marked |= {"title": (self.title,), "length": (self.lengths,), "interval": (self.interval,)}
        return group

    def _when(self) -> Group:
        group = Group(_("When"))
        self.schedule = QComboBox()
        self.schedule.setAccessibleName(_("Schedule"))
        self.schedule.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        notices = (0, 60, 120, 240, 480, 1440, 2880, 10080)
        self.notice = Choice(_("Notice"), notices, lambda n: length_words(n) if n else _("None"))
        self.horizon = HorizonFields(self._today, self)
        self.before = Choice(_("Buffer before"), _BUFFERS, length_words)
        self.after = Choice(_("Buffer after"), _BUFFERS, length_words)
        group.row(_("Schedule"), self.schedule, stretch=True)
        up_to = Words(_("up to"), 12, 400, "text2")
        self.errors["notice"] = group.row(_("Notice"), self.notice, up_to, self.horizon.ahead, self.horizon.then)
        self.errors["horizon"] = self.horizon.lay_out(group)
        before, after = Words(_("before"), 12, 400, "text2"), Words(_("afterwards"), 12, 400, "text2")
        self.errors["buffers"] = group.row(_("Buffers"), self.before, before, self.after, after)
        self._marked |= {
            "notice": (self.notice,),
            "buffers": (self.before, self.after),
            "horizon": self.horizon.marked(),
        }
        return group

    def _limits(self) -> Group:
        group = Group(_("Limits"))
        self.per_day, self.per_week = line(_("Bookings per day")), line(_("Bookings per week"))
        for field in (self.per_day, self.per_week):
            field.setFixedWidth(64)
            field.setPlaceholderText("–")
        week = Words(_("per week"), 12, 400, "text2")
        self.errors["limits"] = group.row(_("Per day"), self.per_day, week, self.per_week)
        self._marked["limits"] = (self.per_day, self.per_week)
        return group

    def _folds(self, column: QVBoxLayout) -> None:
        self.calendars, self.hours = Calendars(), OwnHours(self._today, self._session.tzid)
        self.sections: dict[str, Section] = {
            "confirm": Confirmation(),
            "questions": Questions(),
            "places": Places(),
            "starts": Starts(),
            "limits": MoreLimits(),
            "hours": self.hours,
            "series": Series(),
            "seats": Seats(),
            "calendars": self.calendars,
            "event": Written(),
            "changes": Changes(),
            "mail": Mail(),
            "page": GuestPage(),
            "after": AfterBooking(),
            "private": PrivateAddresses(self._today),
        }
        self.folds = {name: Fold(section.title(), section) for name, section in self.sections.items()}
        for name, section in self.sections.items():
            self.errors |= section.errors
            self._marked |= section.marked
            column.addWidget(self.folds[name])

    def _connect(self) -> None:
        self.length.chosen.connect(self._length_chosen)
        for field in (self.title, self.lengths, self.where, self.per_day, self.per_week):
            field.textChanged.connect(self._tell)
        for box in (self.interval, self.schedule, self.notice, self.before, self.after):
            box.currentIndexChanged.connect(self._tell)
        self.horizon.changed.connect(self._tell)
        for section in self.sections.values():
            section.changed.connect(self._tell)

    # inside

    def _today(self) -> date:
        return self._session.today()

    def _length_chosen(self, index: int) -> None:
        self.lengths.setVisible(index == len(USUAL))
        if index == len(USUAL):
            self.lengths.setFocus()
        self._tell()

    def _tell(self, *_args: object) -> None:
        if self._loading:
            return
        if (week := self._weeks.get(str(self.schedule.currentData() or ""))) is not None:
            self.hours.set_base(week)
        link = self.link()
        step = link.interval or min(link.minutes, default=0)
        most = 60 // step if step and step <= 60 else 0
        hint = ngettext("{n} start an hour at most", "{n} starts an hour at most", most).format(n=most) if most else ""
        self.hint.setText(hint)
        elsewhere = bool(link.video) or ADDRESS in link.location or PHONE in link.location
        self.where.setPlaceholderText(self.sections["places"].say(link) if elsewhere else _("A place; several with “;”"))
        for name, section in self.sections.items():
            self.folds[name].say(section.say(link))
        self.changed.emit()

    def _schedule(self) -> str:
        """A link that names none has the usual one, and goes on naming none."""
        chosen = str(self.schedule.currentData() or "")
        return "" if not self._link.schedule and self.schedule.currentIndex() == 0 else chosen

    def _choose_schedule(self) -> None:
        index = self.schedule.findData(self._link.schedule)
        self.schedule.setCurrentIndex(max(index, 0) if self.schedule.count() else -1)

    def _places(self) -> tuple[str, ...]:
        """The fixed places as typed; those of the guest belong to `Places`, and keep where they stand."""
        text, link = self.where.text().strip(), self._link
        if text == _fixed_words(link):
            return link.location
        typed = tuple(place.strip() for place in text.split(";") if place.strip())
        return (*typed, *(place for place in link.location if place in (ADDRESS, PHONE)))

    def _counts(self) -> dict[str, int]:
        counts = {period: most for period, most in self._link.counts.items() if period not in ("day", "week")}
        for period, field in (("day", self.per_day), ("week", self.per_week)):
            if (most := number(field.text())) is not None:
                counts[period] = most
        return counts


def _fixed_words(link: Link) -> str:
    return "; ".join(place for place in link.location if place not in (ADDRESS, PHONE))


def _numbers(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(int(part) if part.isdigit() and len(part) < 6 else 0 for part in parts)
