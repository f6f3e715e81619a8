"""The person's settings as one sheet; each row says what it is and holds its value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from calmerge_desktop.core.records import replace
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event.fields import ZoneField
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.spin import PlainSpin, Still
from calmerge_desktop.ui.parts.words import Hairline, Words
from calmerge_desktop.ui.session import Session

_LABEL = 200


class SettingsSheet(Sheet):
    """Saved with one button; Cancel leaves everything as it was."""

    saved = Signal(object)
    """`Settings`"""
    words_wanted = Signal()
    """The words of offers, on a sheet of their own."""
    help_wanted = Signal()
    """The keys, on a sheet of their own."""
    mailboxes_wanted = Signal()
    """The sheet is closed; what was changed in it is saved."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window, QSize(680, 560))
        self._before = session.settings
        self.setAccessibleName(_("Settings"))
        self._make_fields(session)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(1, 20, 1, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(24, 0, 24, 12)
        head.addWidget(Words(_("Settings"), 20, 600))
        column.addLayout(head)
        column.addWidget(self._scrolled(self._groups()))
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        self.reason = Words("", 12, 400, "text2")
        self.cancel = Button(_("Cancel"), key="Esc")
        self.save = Button(_("Save"), Kind.PRIMARY)
        row.addWidget(self.reason, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        self.cancel.clicked.connect(self.dismiss)
        self.save.clicked.connect(self._save)
        self._still = Still(self)
        self._still.hold(self.body)
        self._connect()
        self._refresh()

    def settings(self) -> Settings:
        """What the fields say."""
        return replace(
            self._before,
            language=str(self.language.currentData()),
            theme=str(self.theme.currentData()),
            week_start=int(self.week_start.currentData()),
            day_begins=int(self.begins.currentData()),
            day_ends=int(self.ends.currentData()),
            zone=self.zone.chosen() or "",
            second_zone=self.second.chosen() or "",
            caldav_minutes=self.caldav.value(),
            feed_minutes=self.feed.value(),
            files_minutes=self.files.value(),
        )

    def _make_fields(self, session: Session) -> None:
        s = self._before
        self.language = _choice(_("Language"), [("", _("as the system")), ("en", "English"), ("de", "Deutsch")], s.language)
        looks = [("system", _("as the system")), ("light", _("Light")), ("dark", _("Dark"))]
        self.theme = _choice(_("Appearance"), looks, s.theme)
        days: list[tuple[object, str]] = [(-1, _("as the language has it"))]
        days += [(day, phrases.weekday_name(day)) for day in (0, 5, 6)]
        self.week_start = _choice(_("Week begins on"), days, s.week_start)
        from datetime import datetime

        hours: list[tuple[object, str]] = [(hour, phrases.clock_time(datetime(2000, 1, 1, hour))) for hour in range(24)]
        self.begins = _choice(_("Working day begins"), hours[:-1], s.day_begins)
        self.ends = _choice(_("Working day ends"), [*hours[1:], (24, phrases.clock_time(datetime(2000, 1, 1)))], s.day_ends)
        self.zone = ZoneField([s.zone, session.tzid], optional=True)
        self.zone.setItemText(0, _("as the system"))
        self.zone.choose(s.zone)
        self.second = ZoneField([s.second_zone, "America/New_York", "Europe/London", "Asia/Kolkata"], optional=True)
        self.second.setAccessibleName(_("Second time column"))
        self.second.choose(s.second_zone)
        self.caldav = _minutes(_("Servers"), s.caldav_minutes)
        self.feed = _minutes(_("Feeds"), s.feed_minutes)
        self.files = _minutes(_("Files and folders"), s.files_minutes)

    def _groups(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(24, 4, 24, 16)
        column.setSpacing(0)
        self.hours_wrong = Words(_("The day ends before it begins."), 11, 500, "danger")
        self.zone_wrong = Words(_("This is no time zone. Type a city, such as Berlin."), 11, 500, "danger")
        hours = QWidget()
        line = QHBoxLayout(hours)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.begins, 1)
        line.addWidget(Words("–", 13, 400, "text2"))
        line.addWidget(self.ends, 1)
        _group(column, _("Look"), [(_("Appearance"), self.theme), (_("Language"), self.language)])
        column.addWidget(_note(_("Another language shows after the next start.")))
        _group(column, _("The week"), [(_("Week begins on"), self.week_start), (_("Working hours"), hours)])
        column.addWidget(self.hours_wrong)
        _group(column, _("Time zones"), [(_("My time zone"), self.zone), (_("Second time column"), self.second)])
        column.addWidget(self.zone_wrong)
        rows = [(_("Servers"), self.caldav), (_("Feeds"), self.feed), (_("Files and folders"), self.files)]
        _group(column, _("Reading"), rows)
        column.addWidget(_note(_("A feed that asks for longer pauses gets them.")))
        self.mailboxes, self.words = Button(_("Edit…"), icon="mail"), Button(_("Edit…"), icon="pencil")
        self.mailboxes.setAccessibleName(_("Mailboxes"))
        self.words.setAccessibleName(_("Words of offers"))
        self.mailboxes.clicked.connect(self._to_mailboxes)
        self.words.clicked.connect(self.words_wanted)
        doors = [(_("Mailboxes"), _alone(self.mailboxes)), (_("Words of offers"), _alone(self.words))]
        _group(column, _("Mail"), doors)
        column.addWidget(_note(_("What you send from, and where answers are looked for.")))
        self.help = Button(_("Show"), icon="keyboard")
        self.help.setAccessibleName(_("Keys and about"))
        self.help.clicked.connect(self.help_wanted)
        _group(column, _("Help"), [(_("Keys and about"), _alone(self.help))])
        column.addStretch(1)
        return inner

    def _scrolled(self, inner: QWidget) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        return scroll

    def _connect(self) -> None:
        for box in (self.language, self.theme, self.week_start, self.begins, self.ends, self.zone, self.second):
            box.currentTextChanged.connect(self._refresh)
        for number in (self.caldav, self.feed, self.files):
            number.valueChanged.connect(self._refresh)

    def _refresh(self, *_args: object) -> None:
        now = self.settings()
        wrong_hours = now.day_ends <= now.day_begins
        wrong_zone = self.zone.chosen() is None or self.second.chosen() is None
        self.hours_wrong.setVisible(wrong_hours)
        self.zone_wrong.setVisible(wrong_zone)
        same = now == self._before
        self.save.setEnabled(not (wrong_hours or wrong_zone or same))
        text = _("Nothing is changed yet.") if same else ""
        self.reason.setText(self.hours_wrong.text() if wrong_hours else self.zone_wrong.text() if wrong_zone else text)

    def _to_mailboxes(self) -> None:
        """Only one sheet of this size is open at a time; what cannot be saved keeps this one open and says why."""
        if self.save.isEnabled():
            self._save()
        elif self.settings() == self._before:
            self.dismiss()
        else:
            return
        self.mailboxes_wanted.emit()

    def _save(self) -> None:
        made = self.settings()
        self.dismiss()
        self.saved.emit(made)


def _alone(button: Button) -> QWidget:
    """As wide as it needs to be."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(button)
    row.addStretch(1)
    return holder


def _choice(name: str, items: list[tuple[object, str]] | list[tuple[str, str]], value: object) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    for data, text in items:
        made.addItem(text, data)
    made.setCurrentIndex(max(made.findData(value), 0))
    return made


def _minutes(name: str, value: int) -> PlainSpin:
    made = PlainSpin()
    made.setRange(1, 1440)
    made.setValue(value)
    made.setAccessibleName(name)
    made.setPrefix(_("every") + " ")
    made.setSuffix(" " + _("min"))
    return made


def _group(column: QVBoxLayout, head: str, rows: Sequence[tuple[str, QWidget]]) -> None:
    if column.count():
        column.addSpacing(14)
        column.addWidget(Hairline(soft=True))
    column.addSpacing(14)
    column.addWidget(Words(head, 15, 600))
    column.addSpacing(12)
    for text, widget in rows:
        row = QHBoxLayout()
        row.setSpacing(12)
        label = Words(text, 13, 400, "text2")
        label.setFixedWidth(_LABEL)
        row.addWidget(label)
        row.addWidget(widget, 1)
        column.addLayout(row)
        column.addSpacing(8)


def _note(text: str) -> Words:
    made = Words(text, 11, 400, "text2")
    made.setContentsMargins(_LABEL + 12, 0, 0, 0)
    return made
