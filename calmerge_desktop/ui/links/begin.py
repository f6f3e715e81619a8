"""What stands in the place of the form while there is no link: what a link is, and the kinds to begin with."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.presets import presets
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.cards import KindCard
from calmerge_desktop.ui.linking.kinds import LinkKind
from calmerge_desktop.ui.parts.words import Words


class Begin(QWidget):
    """One card a preset."""

    chosen = Signal(object)
    """`Link`: the preset."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[KindCard] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 24, 20, 24)
        column.setSpacing(8)
        column.addWidget(Words(_("What kind of meeting may others book?"), 15, 600))
        about = _(
            "A booking link is one kind of meeting with its length, hours and limits. At the right you see which times it "
            "offers; nobody else does before you publish a page or send times."
        )
        column.addWidget(Words(about, 12, 400, "text2", wrap=True))
        column.addSpacing(8)
        for each in presets():
            shown = LinkKind(key="", provider="", name=each.title, caption=each.description, icon="link")
            card = KindCard(shown)
            card.clicked.connect(partial(self._choose, each))
            self.cards.append(card)
            column.addWidget(card)
        column.addStretch(1)

    def _choose(self, preset: Link, *_args: object) -> None:
        self.chosen.emit(preset)
