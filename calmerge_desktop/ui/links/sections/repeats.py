"""One booking as a series of meetings, and a meeting for several guests."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.rules import SeriesRule
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.links.fields import Choice, line
from calmerge_desktop.ui.links.sections.section import Section, number
from calmerge_desktop.ui.parts.words import Words


class Series(Section):
    """Every date of a series has to be free."""

    jumps = ("series",)

    def __init__(self) -> None:
        super().__init__()
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("A booking is"))
        self.kind.addItems([_("one meeting"), _("a series")])
        self.every = Choice(_("Weeks between two meetings"), (1, 2, 3, 4), _so_many_weeks)
        self.count = line(_("Number of meetings"))
        self.count.setFixedWidth(64)
        self.row(_("A booking is"), self.kind)
        times = Words(_("meetings"), 12, 400, "text2")
        self.errors["series"] = self.row(_("Every"), self.every, self.count, times)
        self.marked["series"] = (self.count,)
        self.hear(self.kind, self.every, self.count)
        self.kind.currentIndexChanged.connect(self._show_rule)
        self._show_rule()

    def title(self) -> str:
        """Its name in the form."""
        return _("Series")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        rule = link.series or SeriesRule(every_weeks=2, count=6)
        self.kind.setCurrentIndex(int(link.series is not None))
        self.every.take(rule.every_weeks)
        self.count.setText(str(rule.count))
        self._show_rule()

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        if self.kind.currentIndex() == 0:
            return replace(link, series=None)
        return replace(
            link, series=SeriesRule(every_weeks=self.every.chosen() or 1, count=number(self.count.text(), 0) or 0)
        )

    def say(self, link: Link) -> str:
        """The value in one line."""
        if link.series is None:
            return _("One meeting")
        count = ngettext("{n} meeting", "{n} meetings", link.series.count).format(n=link.series.count)
        return f"{count}, {_weeks(link.series.every_weeks)}"

    def enter(self, field: str) -> QWidget:
        """Where the focus belongs for a cause."""
        del field
        return self.kind

    def _show_rule(self, *_index: object) -> None:
        self.show_row(self.every, self.kind.currentIndex() == 1)


class Seats(Section):
    """How many guests may book the same meeting."""

    def __init__(self) -> None:
        super().__init__()
        self.seats = line(_("Seats"))
        self.seats.setFixedWidth(64)
        self.show_seats = QCheckBox(_("Guests see how many are left"))
        self.errors["seats"] = self.row(_("Seats"), self.seats)
        self.row("", self.show_seats)
        self.marked["seats"] = (self.seats,)
        self.hear(self.seats, self.show_seats)

    def title(self) -> str:
        """Its name in the form."""
        return _("Seats")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.seats.setText(str(link.seats))
        self.show_seats.setChecked(link.show_seats)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        return replace(link, seats=number(self.seats.text(), 0) or 0, show_seats=self.show_seats.isChecked())

    def say(self, link: Link) -> str:
        """The value in one line."""
        return ngettext("{n} guest a meeting", "{n} guests a meeting", link.seats).format(n=link.seats)


def _so_many_weeks(n: int) -> str:
    return ngettext("{n} week", "{n} weeks", n).format(n=n)


def _weeks(n: int) -> str:
    return ngettext("every week", "every {n} weeks", n).format(n=n)
