"""Quick create: a title, a calendar, Enter. Everything else is one button away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import Draft
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event.fields import CalendarField
from calmerge_desktop.ui.event.form import Form, draft
from calmerge_desktop.ui.messages import words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Popover
from calmerge_desktop.ui.parts.words import Words
from calmerge_desktop.ui.session import Session

Create = Callable[[Draft, Callable[[CalmergeError], None]], None]


class QuickCreate(Popover):
    """Small popover beside the span that was dragged."""

    more_wanted = Signal(object)
    """`Form`: the editor takes over."""
    created = Signal()

    def __init__(self, window: QWidget, session: Session, form: Form, create: Create) -> None:
        super().__init__(window, 320)
        self._form = form
        self._create = create
        self._sent = False
        self.foot_height = 48
        self.setAccessibleName(_("New event"))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        self.title = QLineEdit()
        self.title.setPlaceholderText(_("Title"))
        self.title.setAccessibleName(_("Title"))
        self.title.returnPressed.connect(self._save)
        self.calendar = CalendarField(session)
        self.calendar.choose(form.calendar)
        self.problem = Words("", 11, 500, "danger", wrap=True)
        self.problem.hide()
        column.addWidget(self.title)
        column.addWidget(Words(span_words(form), 12, 400, "text2"))
        column.addWidget(self.calendar)
        column.addWidget(self.problem)
        self.content.addWidget(holder)
        foot = QWidget()
        foot.setFixedHeight(self.foot_height)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 0, 16, 0)
        more = Button(_("More…"), Kind.QUIET, small=True)
        more.clicked.connect(self._more)
        self.save = Button(_("Save"), Kind.PRIMARY, key="↵", small=True)
        self.save.clicked.connect(self._save)
        row.addWidget(more)
        row.addStretch(1)
        row.addWidget(self.save)
        self.content.addWidget(foot)

    def open_at(self, anchor: QRect) -> None:
        """Show, ready to type."""
        super().open_at(anchor)
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # the field has saved already
        super().keyPressEvent(event)

    def form(self) -> Form:
        """What was typed so far."""
        return replace(self._form, title=self.title.text(), calendar=self.calendar.chosen())

    def _more(self) -> None:
        form = self.form()
        self.dismiss()
        self.more_wanted.emit(form)

    def _save(self) -> None:
        form = self.form()
        if form.calendar is None or self._sent:
            return
        self._sent = True
        self.save.setEnabled(False)
        self.created.connect(self.dismiss)
        self._create(draft(form), self._failed)

    def _failed(self, error: CalmergeError) -> None:
        self._sent = False
        self.save.setEnabled(True)
        self.problem.setText(words(error).text)
        self.problem.show()
        self.refit()


def span_words(form: Form) -> str:
    """When the new event is."""
    if form.all_day:
        if form.first_day == form.last_day:
            return _("{day} · all day").format(day=phrases.day_short(form.first_day))
        return _("{first} – {last} · all day").format(
            first=phrases.day_short(form.first_day), last=phrases.day_short(form.last_day)
        )
    from datetime import datetime

    start = phrases.clock_time(datetime.combine(form.first_day, form.start))
    end = phrases.clock_time(datetime.combine(form.last_day, form.end))
    return _("{day} · {start} – {end}").format(day=phrases.day_short(form.first_day), start=start, end=end)
