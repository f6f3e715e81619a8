"""Limits that are rarer than per day and week: per month and year, by booked time, and by guest."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

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
        self.guest = _short(_("Bookings of one guest"))
        self.offer_move = QCheckBox(_("then offer to move one"))
        self.errors["guest-limit"] = self.row(_("One guest"), self.guest, _small(_("to come")), self.offer_move)
        self.marked["guest-limit"] = (self.guest,)
        self.marked["more-limits"] = (*self.counts.values(), *self.totals.values())
        self.hear(*self.counts.values(), *self.totals.values(), self.guest, self.offer_move)

    def title(self) -> str:
        """Its name in the form."""
        return _("More limits")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        for given, fields in ((link.counts, self.counts), (link.totals, self.totals)):
            for period, field in fields.items():
                field.setText(str(given.get(period, "")))
        self.guest.setText("" if link.booker.most is None else str(link.booker.most))
        self.offer_move.setChecked(link.booker.offer_move)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        counts = {period: most for period, most in link.counts.items() if period not in _RARE}
        booker = replace(link.booker, most=number(self.guest.text()), offer_move=self.offer_move.isChecked())
        return replace(link, counts=counts | _numbers(self.counts), totals=_numbers(self.totals), booker=booker)

    def say(self, link: Link) -> str:
        """The value in one line."""
        per = {"day": _("a day"), "week": _("a week"), "month": _("a month"), "year": _("a year")}
        said = [f"{most} {per[period]}" for period, most in link.counts.items() if period in _RARE]
        said += [f"{length_words(most)} {per[period]}" for period, most in link.totals.items()]
        said += [_("{n} a guest").format(n=link.booker.most)] if link.booker.most else []
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
