"""What a guest sees after booking, and what of the booking others see."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.links.fields import line
from calmerge_desktop.ui.links.sections.section import Section


class AfterBooking(Section):
    """Where the guest is led, and what stays hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.redirect = line(_("Web address the guest is led to"))
        self.redirect.setPlaceholderText(_("Our own page; else https://…"))
        self.notes = QCheckBox(_("what the guest wrote, in the event"))
        self.organizer = QCheckBox(_("my address, on the page"))
        self.errors["redirect"] = self.row(_("Then show"), self.redirect, stretch=True)
        self.row(_("Hide"), self.notes)
        self.row("", self.organizer)
        self.marked["redirect"] = (self.redirect,)
        self.hear(self.redirect, self.notes, self.organizer)

    def title(self) -> str:
        """Its name in the form."""
        return _("Afterwards")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.redirect.setText(link.page.redirect)
        self.redirect.setCursorPosition(0)
        self.notes.setChecked(link.page.hide_notes)
        self.organizer.setChecked(link.page.hide_organizer)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        page = replace(
            link.page,
            redirect=self.redirect.text().strip(),
            hide_notes=self.notes.isChecked(),
            hide_organizer=self.organizer.isChecked(),
        )
        return replace(link, page=page)

    def say(self, link: Link) -> str:
        """The value in one line."""
        said = [link.page.redirect or _("Our own page")]
        said += [_("notes hidden")] if link.page.hide_notes else []
        said += [_("my address hidden")] if link.page.hide_organizer else []
        return ", ".join(said)
