"""Private addresses of the page: each for somebody, for some bookings, until some day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtWidgets import QCheckBox

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.rules import PrivateAddress, check_addresses
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.event.fields import DateField
from calmerge_desktop.ui.links.fields import Choice, line
from calmerge_desktop.ui.links.sections.section import Section
from calmerge_desktop.ui.parts.rows import Row, Rows

_USES = (1, 2, 3, 5, 10, None)


class AddressRow(Row):
    """One address; its random part is made when the link is saved."""

    def __init__(self, one: PrivateAddress, today: date) -> None:
        super().__init__(_("private address"))
        self._one = one
        self.note = line(_("For whom, for yourself"))
        self.note.setText(one.note)
        self.note.setPlaceholderText(_("For whom, for yourself"))
        self.uses = Choice(_("Bookings it is good for"), _USES, uses_words, _("any number"))
        self.uses.take(one.uses)
        self.ends = QCheckBox(_("until"))
        self.ends.setChecked(one.until is not None)
        self.until = DateField(_("Last day it works"))
        self.until.take(one.until or today + timedelta(days=30))
        self.until.setEnabled(one.until is not None)
        self.lay_out((self.note,), (self.uses, self.ends, self.until))
        self.note.textChanged.connect(self.changed)
        self.uses.currentIndexChanged.connect(self.changed)
        self.until.dateChanged.connect(self.changed)
        self.ends.toggled.connect(self._ends)

    def value(self) -> PrivateAddress:
        """The address as it stands there."""
        until = self.until.day() if self.ends.isChecked() else None
        return replace(self._one, note=self.note.text().strip(), uses=self.uses.chosen(), until=until)

    def try_out(self) -> None:
        """Raises `BadInput` when it means nothing."""
        check_addresses((self.value(),))

    def _ends(self, on: bool) -> None:
        self.until.setEnabled(on)
        self.changed.emit()


class PrivateAddresses(Section):
    """Any number of them."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self.list = Rows(_("Add an address"), lambda: AddressRow(PrivateAddress(), today()), inset=False)
        self.add(self.list)
        self.list.changed.connect(self.changed)

    def title(self) -> str:
        """Its name in the form."""
        return _("Private")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.list.take([AddressRow(one, self._today()) for one in link.private_addresses])

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        self.problems = {}
        if said := self.list.problems():
            self.problems["private"] = said[0]
            return link
        rows = (row.value() for row in self.list.rows if isinstance(row, AddressRow))
        return replace(link, private_addresses=tuple(rows))

    def say(self, link: Link) -> str:
        """The value in one line."""
        n = len(link.private_addresses)
        return ngettext("{n} private address", "{n} private addresses", n).format(n=n) if n else _("None")


def uses_words(uses: int) -> str:
    """`3 bookings`."""
    return ngettext("{n} booking", "{n} bookings", uses).format(n=uses)
