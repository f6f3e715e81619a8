"""The event editor: one sheet for a new event and for a change, facts left, people right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import EventDetail, Scope
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event import form as forms
from calmerge_desktop.ui.event.fields import CalendarField, DateField, TimeField, ZoneField
from calmerge_desktop.ui.event.form import Form
from calmerge_desktop.ui.event.people import PeopleFields
from calmerge_desktop.ui.event.repeat_fields import RepeatFields
from calmerge_desktop.ui.messages import Speaker, words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Sheet
from calmerge_desktop.ui.parts.ink import font
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.segmented import Segmented
from calmerge_desktop.ui.parts.spin import Still
from calmerge_desktop.ui.parts.words import Hairline, Mark, Words
from calmerge_desktop.ui.session import Session

_SCOPES = (Scope.THIS, Scope.FOLLOWING, Scope.ALL)
Save = Callable[[Form, Form | None, Scope, Callable[[CalmergeError], None]], None]
"""Called with the form, the form before (None: new), the scope, and where errors go."""


class EventEditor(Sheet):
    """Save is off while something is wrong, and the reason stands beside it."""

    delete_wanted = Signal(object, object)
    """`Instance`, `Scope`"""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        speaker: Speaker,
        form: Form,
        *,
        save: Save,
        detail: EventDetail | None = None,
    ) -> None:
        super().__init__(window, QSize(940, 640))
        self._session, self._speaker, self._save_form = session, speaker, save
        self._before = form if detail is not None else None
        self._given = form
        self._detail = detail
        self._loading = True
        self._saving = False
        self.setAccessibleName(_("Edit event") if detail else _("New event"))
        self._make_fields()
        self._lay_out()
        self._lay_out_foot()
        self._take(form)
        self._connect()
        self._still = Still(self)
        self._still.hold(self.body)
        self._loading = False
        self._refresh()
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self) -> None:
        """Show, ready to type the title."""
        super().open()
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)
        self.title.selectAll()

    def form(self) -> Form:
        """What the fields say now."""
        return Form(
            title=self.title.text(),
            all_day=self.all_day.isChecked(),
            first_day=self.first_day.day(),
            start=self.start.at(),
            last_day=self.last_day.day(),
            end=self.end.at(),
            tzid=self.zone.chosen() or self._given.tzid,
            floating=self._given.floating and (self.zone.chosen() or self._given.tzid) == self._given.tzid,
            calendar=self.calendar.chosen() or self._given.calendar,
            place=self.place.text(),
            description=self.description.toPlainText(),
            repetition=self.repeat.repetition(),
            people=self.people.addresses(),
            busy=self.busy.currentIndex() == 0,
        )

    @property
    def detail(self) -> EventDetail | None:
        """The event that is changed, None for a new one."""
        return self._detail

    def scope(self) -> Scope:
        """How much of the series is meant."""
        return _SCOPES[self.scopes.current] if self.scopes is not None else Scope.ALL

    def may_close(self) -> bool:
        """Typed words are not lost by one Esc: it asks."""
        if self._saving or self.form() == self._given:
            return True
        self._speaker.ask(
            _("Leave without saving?"),
            _("What you changed here is lost."),
            keep=_("Keep editing"),
            deed=_("Leave without saving"),
            then=self.dismiss,
            danger=True,
        )
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def _make_fields(self) -> None:
        session = self._session
        self.title = QLineEdit()
        self.title.setPlaceholderText(_("Title"))
        self.title.setAccessibleName(_("Title"))
        big = QFont(font(15, 600))
        self.title.setFont(big)
        self.title.setStyleSheet("font-size: 15px; font-weight: 600;")
        self.all_day = QCheckBox(_("All day"))
        self.first_day, self.last_day = DateField(_("First day")), DateField(_("Last day"))
        self.start, self.end = TimeField(_("Start")), TimeField(_("End"))
        self.length = Words("", 12, 400, "text2")
        near = [self._given.tzid, session.tzid, session.settings.second_zone]
        self.zone = ZoneField([name for name in near if name])
        self.repeat = RepeatFields()
        self.calendar = CalendarField(session)
        self.busy = QComboBox()
        self.busy.addItems([_("Busy"), _("Free")])
        self.busy.setAccessibleName(_("Counts as"))
        self.place = QLineEdit()
        self.place.setPlaceholderText(_("Place"))
        self.place.setAccessibleName(_("Place"))
        self.description = QPlainTextEdit()
        self.description.setPlaceholderText(_("Description"))
        self.description.setAccessibleName(_("Description"))
        self.description.setTabChangesFocus(True)
        self.description.setMinimumHeight(76)
        self.people = PeopleFields(self._detail.event.attendees if self._detail else ())
        self.wrong = {
            name: Words("", 11, 500, "danger", wrap=True) for name in ("end", "zone", "until", "calendar", "people")
        }
        self.problem = Note("error")
        recurring = self._detail is not None and (self._detail.instance.recurring or bool(self._detail.rrule))
        self.scopes = Segmented([_("Only this one"), _("This and following"), _("Whole series")]) if recurring else None
        if self.scopes is not None:
            self.scopes.setAccessibleName(_("Change"))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self.body)
        row.setContentsMargins(1, 1, 1, 0)
        row.setSpacing(0)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        facts = QWidget()
        facts.setObjectName("facts")
        scroll.setWidget(facts)
        for area in (scroll.viewport(), facts):
            area.setAutoFillBackground(False)
        row.addWidget(scroll, 1)
        row.addWidget(Hairline(vertical=True))
        self.people.setFixedWidth(330)
        row.addWidget(self.people)
        column = QVBoxLayout(facts)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        if self.scopes is not None:
            line = QHBoxLayout()
            line.addWidget(Words(_("Change"), 13, 500, "text2"))
            line.addWidget(self.scopes)
            line.addStretch(1)
            column.addLayout(line)
        column.addWidget(self.title)
        column.addWidget(self.problem)
        column.addLayout(self._time_row())
        self._repeat_row = QWidget()
        self._repeat_row.setLayout(_labelled("repeat", self.repeat, self.wrong["until"]))
        column.addWidget(self._repeat_row)
        column.addLayout(self._calendar_row())
        column.addLayout(_labelled("pin", self.place))
        column.addLayout(_labelled("journal", self.description), 1)
        self.people.column.addWidget(self.wrong["people"])
        self.people.column.addStretch(1)

    def _time_row(self) -> QHBoxLayout:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        first, second = QHBoxLayout(), QHBoxLayout()
        for line in (first, second):
            line.setSpacing(8)
        self.first_day.setMinimumWidth(172)
        self.last_day.setMinimumWidth(172)
        for field in (self.start, self.end):
            field.setFixedWidth(72)
        self.dash = Words("–", 13, 400, "text2")
        first.addWidget(self.first_day)
        first.addWidget(self.start)
        first.addStretch(1)
        first.addWidget(self.all_day)
        second.addWidget(self.last_day)
        second.addWidget(self.end)
        second.addWidget(self.length)
        second.addStretch(1)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.wrong["end"])
        column.addWidget(self.zone)
        column.addWidget(self.wrong["zone"])
        return _labelled("clock", holder)

    def _calendar_row(self) -> QHBoxLayout:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.calendar, 1)
        self.busy.setFixedWidth(112)
        line.addWidget(self.busy)
        return _labelled("calendar", holder, self.wrong["calendar"])

    def _lay_out_foot(self) -> None:
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        self.delete = Button(_("Delete"), Kind.QUIET, icon="trash")
        if self._detail is None:
            self.delete.hide()
        self.reason = Words("", 12, 400, "text2", wrap=True)
        self.cancel = Button(_("Cancel"), key="Esc")
        self.save = Button(_("Save"), Kind.PRIMARY, key=_("Ctrl ↵"))
        row.addWidget(self.delete)
        row.addWidget(self.reason, 1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)

    def _take(self, form: Form) -> None:
        self.title.setText(form.title)
        self.all_day.setChecked(form.all_day)
        self.first_day.take(form.first_day)
        self.last_day.take(form.last_day)
        self.start.take(form.start)
        self.end.take(form.end)
        self.zone.choose(form.tzid)
        self.calendar.choose(form.calendar)
        self.busy.setCurrentIndex(0 if form.busy else 1)
        self.place.setText(form.place)
        self.description.setPlainText(form.description)
        self.repeat.take(form.repetition, form.first_day)
        self._first, self._first_start = form.first_day, form.start

    def _connect(self) -> None:
        self.first_day.dateChanged.connect(self._start_moved)
        self.start.timeChanged.connect(self._start_moved)
        for signal in (
            self.title.textChanged,
            self.all_day.toggled,
            self.last_day.dateChanged,
            self.end.timeChanged,
            self.zone.currentTextChanged,
            self.calendar.currentIndexChanged,
            self.busy.currentIndexChanged,
            self.place.textChanged,
            self.description.textChanged,
            self.repeat.changed,
            self.people.changed,
        ):
            signal.connect(self._refresh)
        if self.scopes is not None:
            self.scopes.chosen.connect(self._refresh)
        self.cancel.clicked.connect(self._leave)
        self.save.clicked.connect(self._save)
        self.delete.clicked.connect(self._delete)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.save.click)

    def _start_moved(self, *_args: object) -> None:
        """The end goes with the start, so that the length stays."""
        from datetime import datetime

        before = datetime.combine(self._first, self._first_start)
        now = datetime.combine(self.first_day.day(), self.start.at())
        end = datetime.combine(self.last_day.day(), self.end.at()) + (now - before)
        self._first, self._first_start = now.date(), now.time()
        self.last_day.take(end.date())
        self.end.take(end.time())
        self.repeat.start_moved(now.date())
        self._refresh()

    def _refresh(self, *_args: object) -> None:
        if self._loading:
            return
        form = self.form()
        for field in (self.start, self.end, self.zone):
            field.setVisible(not form.all_day)
        if self.scopes is not None:
            self._repeat_row.setVisible(self.scope() is not Scope.THIS)
            self.calendar.setEnabled(self.scope() is Scope.ALL)
        seconds = forms.length(form)
        self.length.setText(phrases.duration(seconds) if seconds > 0 and not form.all_day else "")
        wrong = forms.check(form)
        if self.zone.chosen() is None and not form.all_day:
            wrong["zone"] = _("This is no time zone. Type a city, such as Berlin.")
        for name, label in self.wrong.items():
            label.setText(wrong.get(name, ""))
            label.setVisible(name in wrong)
        _mark(self.last_day, "end" in wrong)
        _mark(self.end, "end" in wrong)
        _mark(self.zone, "zone" in wrong)
        same = self._before is not None and form == self._before
        self.save.setEnabled(not wrong and not same and not self._saving)
        self.reason.setText(self._why(wrong, same, form))

    def _why(self, wrong: dict[str, str], same: bool, form: Form) -> str:
        if wrong:
            return next(iter(wrong.values()))
        if same:
            return _("Nothing is changed yet.")
        if form.people and not self._before:
            n = len(form.people)
            return ngettext("{n} person is in the event.", "{n} people are in the event.", n).format(n=n)
        return ""

    def _leave(self) -> None:
        if self.may_close():
            self.dismiss()

    def _save(self) -> None:
        if self._saving or not self.save.isEnabled():
            return
        self._saving = True
        self.save.setEnabled(False)
        self._save_form(self.form(), self._before, self.scope(), self._failed)

    def _failed(self, error: CalmergeError) -> None:
        self._saving = False
        self.problem.say("error", words(error).text)
        self._refresh()

    def _delete(self) -> None:
        if self._detail is not None:
            instance, scope = self._detail.instance, self.scope()
            self.dismiss()
            self.delete_wanted.emit(instance, scope)


def _labelled(icon: str, widget: QWidget, below: Words | None = None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    holder = QVBoxLayout()
    holder.setContentsMargins(0, 8, 0, 0)
    holder.addWidget(Mark(icon))
    holder.addStretch(1)
    row.addLayout(holder)
    column = QVBoxLayout()
    column.setSpacing(4)
    column.addWidget(widget)
    if below is not None:
        column.addWidget(below)
    row.addLayout(column, 1)
    return row


def _mark(field: QWidget, wrong: bool) -> None:
    if bool(field.property("error")) != wrong:
        field.setProperty("error", wrong)
        field.style().unpolish(field)
        field.style().polish(field)
