"""Limits that are rarer than per day and week: per month and year, and booked time instead of bookings."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from calmerge_desktop.core.availability.link import PERIODS, Link
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.links.fields import length_words, line
from calmerge_desktop.ui.links.sections.section import Section, number
from calmerge_desktop.ui.parts.words import Words

_RARE = ("month", "year")


class MoreLimits(Section):
    """Empty: no limit."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = {"month": _short(_("Bookings per month")), "year": _short(_("Bookings per year"))}
        names = (_("Minutes per day"), _("Minutes per week"), _("Minutes per month"), _("Minutes per year"))
        self.totals = {period: _short(name) for period, name in zip(PERIODS, names, strict=True)}
        self.row(_("Per month"), self.counts["month"], _small(_("per year")), self.counts["year"])
        self.row(_("Minutes"), self.totals["day"], _small(_("per day")), self.totals["week"], _small(_("per week")))
        self.errors["more-limits"] = self.row(
            "", self.totals["month"], _small(_("per month")), self.totals["year"], _small(_("per year"))
        )
        self.marked["more-limits"] = (*self.counts.values(), *self.totals.values())
        self.hear(*self.counts.values(), *self.totals.values())

    def title(self) -> str:
        """Its name in the form."""
        return _("More limits")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        for given, fields in ((link.counts, self.counts), (link.totals, self.totals)):
            for period, field in fields.items():
                field.setText(str(given.get(period, "")))

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        counts = {period: most for period, most in link.counts.items() if period not in _RARE}
        return replace(link, counts=counts | _numbers(self.counts), totals=_numbers(self.totals))

    def say(self, link: Link) -> str:
        """The value in one line."""
        per = {"day": _("a day"), "week": _("a week"), "month": _("a month"), "year": _("a year")}
        said = [f"{most} {per[period]}" for period, most in link.counts.items() if period in _RARE]
        said += [f"{length_words(most)} {per[period]}" for period, most in link.totals.items()]
        return ", ".join(said) or _("None")


def _numbers(fields: dict[str, QLineEdit]) -> dict[str, int]:
    found = {period: number(field.text()) for period, field in fields.items()}
    return {period: most for period, most in found.items() if most is not None}


def _short(name: str) -> QLineEdit:
    made = line(name)
    made.setFixedWidth(64)
    made.setPlaceholderText("–")
    return made


def _small(text: str) -> QWidget:
    return Words(text, 12, 400, "text2")
