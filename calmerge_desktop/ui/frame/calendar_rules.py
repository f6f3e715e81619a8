"""What the events of one calendar do to free times: the rules of `calendar rule`, as a sheet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from calmerge_desktop.core.freebusy import AllDay, Blocking, Unreadable
from calmerge_desktop.core.model import Calendar
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.session import Session

_LABEL = 200


class CalendarRules(Sheet):
    """Saved with one button; Cancel leaves everything as it was."""

    def __init__(self, window: QWidget, session: Session, speaker: Speaker, calendar: Calendar, rule: Blocking) -> None:
        super().__init__(window, QSize(620, 300 if calendar.busy else 340))
        self._session, self._speaker, self._calendar, self._before = session, speaker, calendar, rule
        title = _("How “{name}” takes your time").format(name=calendar.name)
        self.setAccessibleName(title)
        unreadable = [
            (Unreadable.BLOCK.value, _("Close the time it could affect")),
            (Unreadable.WARN.value, _("Offer over what was last known, and warn")),
            (Unreadable.IGNORE.value, _("Offer over what was last known")),
        ]
        self.unreadable = _choice(_("When it cannot be read"), unreadable, rule.unreadable.value)
        all_day = [
            (AllDay.BUSY.value, _("Block when they say busy")),
            (AllDay.BLOCK.value, _("Always block")),
            (AllDay.IGNORE.value, _("Never block")),
        ]
        self.all_day = _choice(_("All-day events"), all_day, rule.all_day.value)
        self.tentative = QCheckBox(_("Block"))
        self.tentative.setAccessibleName(_("Tentative events block"))
        self.tentative.setChecked(rule.tentative)
        self.unanswered = QCheckBox(_("Block"))
        self.unanswered.setAccessibleName(_("Invitations without your answer block"))
        self.unanswered.setChecked(rule.unanswered)
        self._lay_out(title)
        for field in (self.unreadable, self.all_day):
            field.currentIndexChanged.connect(self._refresh)
        for tick in (self.tentative, self.unanswered):
            tick.toggled.connect(self._refresh)
        self._refresh()

    def rule(self) -> Blocking:
        """What the fields say."""
        return Blocking(
            all_day=AllDay(self.all_day.currentData()),
            tentative=self.tentative.isChecked(),
            unanswered=self.unanswered.isChecked(),
            unreadable=Unreadable(self.unreadable.currentData()),
        )

    def _lay_out(self, title: str) -> None:
        column = QVBoxLayout(self.body)
        column.setContentsMargins(24, 20, 24, 8)
        column.setSpacing(12)
        column.addWidget(Words(title, 15, 600, wrap=True))
        if not self._calendar.busy:
            said = _("This calendar counts as free now, so these rules wait until it counts as busy.")
            column.addWidget(Words(said, 12, 400, "warn", wrap=True))
        rows: list[tuple[str, QWidget]] = [
            (_("When it cannot be read"), self.unreadable),
            (_("All-day events"), self.all_day),
            (_("Tentative events"), self.tentative),
            (_("Invitations without your answer"), self.unanswered),
        ]
        for text, field in rows:
            row = QHBoxLayout()
            row.setSpacing(12)
            label = Words(text, 13, 400, "text2", wrap=True)
            label.setFixedWidth(_LABEL)
            row.addWidget(label)
            row.addWidget(field, 1)
            column.addLayout(row)
        column.addStretch(1)
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(24, 0, 24, 0)
        foot.setSpacing(8)
        self.cancel, self.save = Button(_("Cancel"), key="Esc"), Button(_("Save"), Kind.PRIMARY)
        self.cancel.clicked.connect(self.dismiss)
        self.save.clicked.connect(self._save)
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)

    def _refresh(self, *_args: object) -> None:
        self.save.setEnabled(self.rule() != self._before)

    def _save(self, *_args: object) -> None:
        session, speaker, calendar, job = self._session, self._speaker, self._calendar, self._session.desk.free
        made, before = self.rule(), self._before

        def put(rule: Blocking, then: Callable[[], None]) -> None:
            def done(_nothing: None) -> None:
                session.touch()
                then()

            session.runner.ask(lambda: job.set_rule(calendar.id, rule), done, speaker.problem, owner=speaker)

        def undo() -> None:
            put(before, lambda: None)

        self.dismiss()
        put(made, lambda: speaker.toast(_("Saved."), undo))


def open_rules(window: QWidget, session: Session, speaker: Speaker, calendar: Calendar) -> None:
    """Read the rules of a calendar and show them."""

    def then(rule: Blocking) -> None:
        sheet = CalendarRules(window, session, speaker, calendar, rule)
        sheet.open()
        sheet.unreadable.setFocus()

    session.runner.ask(lambda: session.desk.free.rules()[calendar.id], then, speaker.problem, owner=speaker)


def _choice(name: str, items: list[tuple[str, str]], value: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    for data, text in items:
        made.addItem(text, data)
    made.setCurrentIndex(max(made.findData(value), 0))
    return made
