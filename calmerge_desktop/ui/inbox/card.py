"""The middle of the inbox: what is asked, what was written with it, whether it fits, what happens if nobody acts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.inbox import words
from calmerge_desktop.ui.parts.avatar import Avatar
from calmerge_desktop.ui.parts.facts import Line, Plate, fact, quote
from calmerge_desktop.ui.parts.words import Elided, Words
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.requesting import Fit, Request

_FEW = 6


class RequestCard(QScrollArea):
    """Shows one request; `show_fit` fills in what was asked of the calendars."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._fits: QWidget | None = None
        """Room for what the calendars say."""
        self.lines: list[Line] = []
        self.empty = ""

    def show_request(self, one: Request) -> None:
        """Everything but whether it fits."""
        body, column = self._body()
        column.addWidget(self._head(one))
        column.addWidget(self._facts(one))
        if one.comment:
            column.addWidget(quote(one.comment))
        self._fits = QWidget()
        self._fits.hide()
        QVBoxLayout(self._fits).setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._fits)
        if said := words.nothing(one, self._session.tz):
            block = QVBoxLayout()
            block.setSpacing(4)
            block.addWidget(Words(_("If you do nothing"), 11, 600, "text2"))
            block.addWidget(Words(said, 12, 400, "text2", wrap=True))
            column.addLayout(block)
        column.addStretch(1)
        self._put(body)

    def show_fit(self, one: Request, fit: Fit) -> None:
        """What the calendars say."""
        self.lines = words.fits(one, fit, self._session.tz)
        room = self._fits.layout() if self._fits is not None else None
        if self._fits is None or room is None:
            return
        while (item := room.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Words(_("Does it fit?"), 11, 600, "text2"))
        for line in self.lines:
            column.addWidget(fact(line))
        room.addWidget(made)
        self._fits.setVisible(bool(self.lines))

    def show_empty(self, text: str, hint: str) -> None:
        """Nothing is chosen: one sentence, and how mail gets here."""
        self.empty = text
        body, column = self._body()
        self._fits = None
        column.addStretch(2)
        for said, px, weight, color in ((text, 15, 600, "text"), (hint, 12, 400, "text2")):
            label = Words(said, px, weight, color, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(3)
        self._put(body)

    # parts

    def _body(self) -> tuple[QWidget, QVBoxLayout]:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        return body, column

    def _put(self, body: QWidget) -> None:
        self.setWidget(body)
        body.setAutoFillBackground(False)

    def _head(self, one: Request) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Avatar(one.who or "?", 28))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(Elided(one.who or _("Somebody"), 15, 600))
        below = one.address if one.address != one.who else ""
        names.addWidget(Elided(below or words.tag(one).label, 12, 400, "text2"))
        row.addLayout(names, 1)
        if said := words.left(one, self._session.clock()):
            row.addWidget(Plate("clock", said, "blue"), 0, Qt.AlignmentFlag.AlignTop)
        return holder

    def _facts(self, one: Request) -> QWidget:
        card = QFrame()
        card.setProperty("kind", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(Words(words.title(one), 15, 600, wrap=True))
        tz = self._session.tz
        if one.was is not None:
            said = _("was {when}") if one.moved else _("now {when}")
            column.addWidget(fact(Line("undo", "text2", said.format(when=words.span(*one.was, tz)))))
        if said := words.when(one, tz):
            times = QVBoxLayout()
            times.setSpacing(2)
            times.addWidget(Words(said, 13, 500, wrap=True))
            if there := self._there(one):
                times.addWidget(Words(there, 12, 400, "text2", wrap=True))
            column.addLayout(times)
        for line in self._more(one):
            column.addWidget(fact(line))
        return card

    def _there(self, one: Request) -> str:
        """The same in the zone of the event, or of a second zone of the person, when its clock shows something else."""
        tz = self._session.tz
        names = (one.tzid, self._session.settings.second_zone)
        for name in dict.fromkeys(name for name in names if name and not one.all_day):
            if name == tz.key or phrases.zone_or(name, "") != name:
                continue
            zone = ZoneInfo(name)
            if phrases.time_at(one.start, zone) != phrases.time_at(one.start, tz):
                here, there = local(one.start, tz).date(), local(one.start, zone).date()
                day = "" if here == there else f"{phrases.day_short(there)}, "
                return _("{time} in {city}").format(time=day + phrases.time_at(one.start, zone), city=phrases.city(name))
        return ""

    def _more(self, one: Request) -> list[Line]:
        session = self._session
        out = []
        if one.rrule:
            from calmerge_desktop.ui.event import repetition

            first = local(one.start, session.tz).date()
            out.append(Line("repeat", "text2", repetition.in_words(one.rrule, first, one.tzid or session.tzid)))
        if one.place:
            out.append(Line("pin", "text2", one.place))
        if one.video:
            out.append(Line("video", "text2", one.video))
        if one.people:
            n = len(one.people) - _FEW
            names = ", ".join(one.people[:_FEW])
            tail = ngettext("{names} and {n} more", "{names} and {n} more", n).format(names=names, n=n) if n > 0 else names
            out.append(Line("people", "text2", tail))
        for number, (start, end) in enumerate(one.slots):
            icon, color = ("check", "done") if number in one.choices else ("clock", "text2")
            said = _("{n}: {when}").format(n=number + 1, when=words.span(start, end, session.tz))
            out.append(Line(icon, color, said))
        if one.kind == "proposal":
            out.append(Line("info", "text2", words.recognised(one.how, len(one.choices), one.confidence)))
        calendar = session.calendar(one.calendar) if one.calendar else None
        if calendar is not None:
            said = f"{calendar.name} · {one.account}" if one.account and one.account != calendar.name else calendar.name
            out.append(Line("calendar", "text2", said))
        return out
