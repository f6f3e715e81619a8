"""How the link shows to guests: address, description, colour, language, layout, places."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.frame.accounts import COLOR_NAMES, swatch
from calmerge_desktop.ui.links.fields import line
from calmerge_desktop.ui.links.sections.section import Section
from calmerge_desktop.ui.theme import tokens

ADDRESS, PHONE = "guest-address", "guest-phone"


class GuestPage(Section):
    """The page of the link."""

    def __init__(self) -> None:
        super().__init__()
        self.slug = line(_("End of its address"))
        self.description = QPlainTextEdit()
        self.description.setAccessibleName(_("Description"))
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(72)
        self.color = QComboBox()
        self.color.setAccessibleName(_("Colour"))
        self.color.addItem(_("None"), "")
        for name in tokens.PALETTE:
            self.color.addItem(swatch(name), COLOR_NAMES[name](), tokens.LIGHT.events[name].bar)
        self.language = QComboBox()
        self.language.setAccessibleName(_("Language"))
        for code, words in (("", _("That of the guest")), ("en", "English"), ("de", "Deutsch")):
            self.language.addItem(words, code)
        self.hidden = QCheckBox(_("Only who has its address finds it"))
        self.layout_ = QComboBox()
        self.layout_.setAccessibleName(_("Times shown as"))
        for kind, words in (("week", _("A week")), ("month", _("A month")), ("list", _("A list"))):
            self.layout_.addItem(words, kind)
        self.lengths = QCheckBox(_("Guests do not choose the length"))
        self.prefill = QCheckBox(_("Its address may fill in fields"))
        self.errors["slug"] = self.row(_("Address"), self.slug, stretch=True)
        self.row(_("Description"), self.description, stretch=True)
        self.row(_("Colour"), self.color)
        self.row(_("Language"), self.language)
        self.row(_("Shown as"), self.layout_)
        self.row("", self.lengths)
        self.row("", self.prefill)
        self.row("", self.hidden)
        self.marked["slug"] = (self.slug,)
        self.hear(
            self.slug, self.description, self.color, self.language, self.layout_, self.lengths, self.prefill, self.hidden
        )

    def title(self) -> str:
        """Its name in the form."""
        return _("Page")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.slug.setText(link.slug)
        self.description.setPlainText(link.description)
        for field, value in ((self.color, link.color), (self.language, link.language)):
            if field.findData(value) < 0:
                field.addItem(value, value)
            field.setCurrentIndex(field.findData(value))
        self.hidden.setChecked(link.hidden)
        self.layout_.setCurrentIndex(self.layout_.findData(link.page.layout))
        self.lengths.setChecked(link.page.hide_lengths)
        self.prefill.setChecked(link.page.prefill)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        return replace(
            link,
            slug=self.slug.text().strip(),
            description=self.description.toPlainText(),
            color=str(self.color.currentData()),
            language=str(self.language.currentData()),
            hidden=self.hidden.isChecked(),
            page=replace(
                link.page,
                layout=self.layout_.currentData(),
                hide_lengths=self.lengths.isChecked(),
                prefill=self.prefill.isChecked(),
            ),
        )

    def say(self, link: Link) -> str:
        """The value in one line."""
        said = [f"…/{link.slug}", *([self.language.currentText()] if link.language else [])]
        return ", ".join([*said, *([_("hidden")] if link.hidden else [])])


class Places(Section):
    """Places beside the one of the open form: those of the guest, and a video service."""

    def __init__(self) -> None:
        super().__init__()
        self.address = QCheckBox(_("at the guest’s address"))
        self.phone = QCheckBox(_("by phone, the guest’s number"))
        self.video = line(_("Video service"))
        self.video.setPlaceholderText(_("Such as teams, meet, zoom"))
        self.row(_("Also offer"), self.address)
        self.row("", self.phone)
        self.row(_("Video"), self.video, stretch=True)
        self.hear(self.address, self.phone, self.video)

    def title(self) -> str:
        """Its name in the form."""
        return _("Places")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.address.setChecked(ADDRESS in link.location)
        self.phone.setChecked(PHONE in link.location)
        self.video.setText(link.video)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        own = {ADDRESS: self.address, PHONE: self.phone}
        kept = [place for place in link.location if place not in own or own[place].isChecked()]
        added = [place for place, tick in own.items() if tick.isChecked() and place not in kept]
        return replace(link, location=(*kept, *added), video=self.video.text().strip())

    def say(self, link: Link) -> str:
        """The value in one line."""
        said = [link.video] if link.video else []
        said += [_("at the guest’s address")] if ADDRESS in link.location else []
        said += [_("by phone, the guest’s number")] if PHONE in link.location else []
        return ", ".join(said) or _("None")
