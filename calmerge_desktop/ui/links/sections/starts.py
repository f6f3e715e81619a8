"""When meetings begin inside the free hours: offset, first time only, whole blocks, and what is preferred."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from calmerge_desktop.core.availability.link import PREFERENCES, Link
from calmerge_desktop.core.availability.schedule import WEEKDAYS
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.links.fields import Choice, length_words
from calmerge_desktop.ui.links.sections.section import Section

_WISHES = 3
_OFFSETS = (0, 5, 10, 15, 20, 30)


class Starts(Section):
    """Three wishes, the first weighs most; a link with more of them keeps the rest."""

    jumps = ("first-only", "whole-blocks")

    def __init__(self) -> None:
        super().__init__()
        self.offset = Choice(_("Minutes after the grid"), _OFFSETS, lambda n: length_words(n) if n else _("None"))
        self.first_only = QCheckBox(_("Only the first free time of a day"))
        self.whole = QCheckBox(_("Leave no gap that is too short for a meeting"))
        self.wishes = [QComboBox() for _n in range(_WISHES)]
        for n, field in enumerate(self.wishes):
            field.setAccessibleName(_("Preference {n}").format(n=n + 1))
            field.addItem(_("None"), "")
            for wish in PREFERENCES:
                field.addItem(wish_words(wish), wish)
        self.row(_("Later by"), self.offset)
        self.row(_("Offer"), self.first_only)
        self.row("", self.whole)
        for n, field in enumerate(self.wishes):
            self.row(_("Best first") if n == 0 else _("then"), field)
        self.hear(self.offset, self.first_only, self.whole, *self.wishes)

    def title(self) -> str:
        """Its name in the form."""
        return _("Starts")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.offset.take(link.offset)
        self.first_only.setChecked(link.first_only)
        self.whole.setChecked(link.keep_blocks_whole)
        for n, field in enumerate(self.wishes):
            wish = link.prefer[n] if n < len(link.prefer) else ""
            field.setCurrentIndex(max(field.findData(wish), 0))

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        wishes = dict.fromkeys(str(field.currentData()) for field in self.wishes if field.currentData())
        rest = [wish for wish in link.prefer[_WISHES:] if wish not in wishes]
        return replace(
            link,
            offset=self.offset.chosen() or 0,
            first_only=self.first_only.isChecked(),
            keep_blocks_whole=self.whole.isChecked(),
            prefer=(*wishes, *rest),
        )

    def say(self, link: Link) -> str:
        """The value in one line."""
        said = [_("{time} later").format(time=length_words(link.offset))] if link.offset else []
        said += [_("first time of a day")] if link.first_only else []
        said += [_("no short gaps")] if link.keep_blocks_whole else []
        return ", ".join([*said, *map(wish_words, link.prefer)]) or _("All alike")

    def enter(self, field: str) -> QWidget:
        """Where the focus belongs for a cause."""
        return self.whole if field == "whole-blocks" else self.first_only


def wish_words(wish: str) -> str:
    """A preference in words."""
    if wish.startswith("not-"):
        day = phrases.weekday_name(WEEKDAYS.index(wish[4:]))
        return _("rather not {weekday}").format(weekday=day)
    return {
        "morning": _("mornings"),
        "afternoon": _("afternoons"),
        "adjacent": _("beside other appointments"),
        "spread": _("away from other appointments"),
    }[wish]
