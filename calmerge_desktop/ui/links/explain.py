"""The popover that says why a place is offered or not: verdict, what decided, the smallest change, the sources' age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.links import SlotAnswer
from calmerge_desktop.core.availability.causes import Cause
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.words import say
from calmerge_desktop.core.freebusy import Source, Unreadable
from calmerge_desktop.core.model import SourceState
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.links.result import closed_at, slot_at
from calmerge_desktop.ui.links.rulings import SCHEDULE, Piece, Ruling, rulings, strip
from calmerge_desktop.ui.links.strip import Strip
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Popover
from calmerge_desktop.ui.parts.words import Elided, Hairline, Mark, Words
from calmerge_desktop.ui.session import Session

if TYPE_CHECKING:
    from calmerge_desktop.core.agenda.desk import LinksJob

WIDTH = 424
_NAME, _RULE = 150, 116


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why one place is as it is."""

    offered: bool
    start: int
    end: int
    sentence: str
    decided: str
    """What decided first, in a word; empty when it is offered."""
    change: str
    sources: tuple[Source, ...]
    rulings: tuple[Ruling, ...] = ()
    strip: tuple[Piece, ...] = ()
    plain: bool = False
    """Of free and busy time alone, no link: it is free or not, nothing is offered."""


def verdict(job: LinksJob, link: Link, answer: SlotAnswer, instant: int, session: Session) -> Verdict:
    """Look at one instant; runs on the query thread."""
    names = {one.id: one.name for one in session.calendars()}
    held = partial(rulings, link, answer, instant=instant, names=names, tz=session.tz, kinds=kinds())
    if slot := slot_at(answer, instant):
        minutes = (slot.end - slot.start) // 60
        said = ngettext("A guest can book {n} minute here.", "A guest can book {n} minutes here.", minutes).format(n=minutes)
        return Verdict(True, slot.start, slot.end, said, "", "", answer.sources, held(causes=()))
    closed = closed_at(job.closed(link, answer), instant)
    if closed is None:
        low = instant - instant % 1800
        said = _("This is outside the hours of the link.")
        change = _("Opens if the schedule has hours here.")
        outside = held(causes=(Cause("hours"),))
        return Verdict(False, low, low + 1800, said, kinds()["hours"], change, answer.sources, outside)
    words = say(closed.causes, session.tz)
    return Verdict(
        False,
        closed.start,
        closed.end,
        words.detail,
        kinds().get(words.because, ""),
        words.opens_if,
        answer.sources,
        held(causes=closed.causes),
        strip(answer.frame, instant),
    )


class ExplainPopover(Popover):
    """424 px beside the place that was asked about."""

    read_wanted = Signal()
    jump_wanted = Signal(str)
    """Where the deciding rule can be changed: `Ruling.jump`."""

    def __init__(self, window: QWidget, session: Session, said: Verdict) -> None:
        super().__init__(window, WIDTH)
        self._session, self.said = session, said
        column = QVBoxLayout()
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        self._head(column)
        column.addWidget(Words(said.sentence, 13, 400, "text2", wrap=True))
        self._decision(column)
        column.addWidget(Hairline(soft=True))
        column.addWidget(Words(_("Read from"), 11, 600, "text2"))
        self._sources(column, said.sources)
        self.content.addLayout(column)
        self.setAccessibleName(f"{self.title}. {said.sentence} {said.change}")

    def _head(self, column: QVBoxLayout) -> None:
        said, tz = self.said, self._session.tz
        day = phrases.day_short(local(said.start, tz).date())
        times = f"{phrases.time_at(said.start, tz)}–{phrases.time_at(said.end, tz)}"
        if said.plain:
            pattern = _("Free: {day}, {times}") if said.offered else _("Not free: {day}, {times}")
        else:
            pattern = _("Offered: {day}, {times}") if said.offered else _("Not offered: {day}, {times}")
        self.title = pattern.format(day=day, times=times)
        row = QHBoxLayout()
        row.addWidget(Words(self.title, 15, 600, wrap=True), 1)
        self.close_button = Button("", Kind.QUIET, icon="close", small=True)
        self.close_button.setAccessibleName(_("Close"))
        self.close_button.clicked.connect(self.dismiss)
        row.addWidget(self.close_button)
        column.addLayout(row)

    def _decision(self, column: QVBoxLayout) -> None:
        self.jumps: dict[str, Button] = {}
        if self.said.strip:
            column.addWidget(Strip(self.said.strip, {one.id: one.color for one in self._session.calendars()}))
        if self.said.rulings:
            column.addWidget(Words(_("Rules it keeps") if self.said.offered else _("What decided"), 11, 600, "text2"))
        for one in self.said.rulings:
            self._ruling(column, one)
        if self.said.change:
            column.addWidget(Hairline(soft=True))
            column.addWidget(Words(_("Smallest change that opens it"), 11, 600, "text2"))
            column.addWidget(Words(self.said.change, 13, 500, wrap=True))

    def _ruling(self, column: QVBoxLayout, one: Ruling) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Mark("check" if one.kept else "close", "done" if one.kept else "danger", 14))
        name = Words(one.name, 13, 400 if one.kept else 600)
        if one.value:
            name.setFixedWidth(_RULE)
            name.setWordWrap(True)
        row.addWidget(name, int(not one.value))
        if one.value:
            row.addWidget(Words(one.value, 13, 400, "text2" if one.kept else "text", wrap=True), 1)
        if one.jump:
            button = Button(jump_words(one.jump), Kind.QUIET, small=True)
            button.clicked.connect(partial(self._jump, one.jump))
            self.jumps[one.jump] = button
            row.addWidget(button)
        column.addLayout(row)

    def _jump(self, where: str, *_args: object) -> None:
        self.dismiss()
        self.jump_wanted.emit(where)

    def _sources(self, column: QVBoxLayout, sources: Sequence[Source]) -> None:
        self.read: Button | None = None
        for one in sources:
            icon, color, age = self._age(one)
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(Mark(icon, color, 14))
            name = Elided(one.name, 12)
            name.setFixedWidth(_NAME)
            row.addWidget(name)
            row.addWidget(Words(age, 12, 400, color if color != "done" else "text2", wrap=True), 1)
            column.addLayout(row)
        if any(one.state is not SourceState.FRESH for one in sources):
            self.read = Button(_("Read now"), small=True, icon="refresh")
            self.read.clicked.connect(self.read_wanted)
            self.read.clicked.connect(self.dismiss)
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(self.read)
            column.addLayout(line)

    def _age(self, one: Source) -> tuple[str, str, str]:
        session = self._session
        at = phrases.moment(one.as_of, session.clock(), session.tz) if one.as_of is not None else ""
        if one.state is SourceState.FRESH:
            return "check-circle", "done", _("as of {time}").format(time=at) if at else _("kept here")
        policy = {Unreadable.WARN: _("set to warn"), Unreadable.IGNORE: _("set to be ignored")}.get(one.policy, "")
        said = _("last read {time}").format(time=at) if at else _("not read yet")
        icon, color = ("clock", "warn") if one.state is SourceState.STALE else ("cross-circle", "danger")
        return icon, color, f"{said}, {policy}" if policy else said


def jump_words(where: str) -> str:
    """The button that leads there."""
    kind = where.partition(":")[0]
    return {"event": _("Show"), "calendar": _("Settings…"), SCHEDULE: _("Edit hours")}.get(kind, _("Edit rule"))


def kinds() -> dict[str, str]:
    """What can decide, in a word."""
    return {
        "hours": _("Working hours"),
        "event": _("An event"),
        "booking": _("A booking"),
        "unreadable": _("A calendar that cannot be read"),
        "buffer": _("Buffer"),
        "notice": _("Notice"),
        "horizon": _("How far ahead"),
        "limit": _("Limit"),
        "override": _("Hours of the date"),
        "holiday": _("Public holiday"),
        "away": _("Away"),
        "length": _("Length"),
        "series": _("Series"),
        "first-only": _("First time only"),
        "whole-blocks": _("Whole blocks"),
        "interval": _("Starts every"),
    }
