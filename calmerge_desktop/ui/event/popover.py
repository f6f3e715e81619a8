"""The popover of one event: everything about it, and what one can do with it."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.telling import Word
from calmerge_desktop.core.model import Attendee, EventDetail, Instance, Scope, SourceState, Status
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.event import repetition
from calmerge_desktop.ui.event.menu import scopes
from calmerge_desktop.ui.parts.avatar import Avatar
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.floating import Popover
from calmerge_desktop.ui.parts.ink import plate
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.prose import prose
from calmerge_desktop.ui.parts.words import Mark, Words
from calmerge_desktop.ui.session import Session

_WIDTH = 372
_TALLEST = 540
_MANY = 6


class EventPopover(Popover):
    """Opens beside the block that was pressed."""

    edit_wanted = Signal(object)
    """`EventDetail`"""
    delete_wanted = Signal(object, object)
    """`Instance`, `Scope`"""
    conflict_wanted = Signal()
    answered = Signal(str, str, bool)
    """Instance id, PARTSTAT, whether only this occurrence."""
    tell_wanted = Signal()
    """The guests shall hear of it."""

    def __init__(self, window: QWidget, session: Session, detail: EventDetail, due: Word = "") -> None:
        """`due`: what the guests wait for."""
        super().__init__(window, _WIDTH)
        self._due = due
        self._session = session
        self.detail = detail
        self.foot_height = 52
        self.setAccessibleName(detail.instance.summary or _("Untitled"))
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        self._fill(column)
        self.content.addWidget(_Scroll(body, _WIDTH, _TALLEST))
        self.answers: dict[str, Button] = {}
        if invited(detail, session):
            self.content.addWidget(self._answers())
        self.content.addWidget(self._buttons())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.detail.writable:
            self._delete()
            return
        super().keyPressEvent(event)

    def _fill(self, column: QVBoxLayout) -> None:
        detail, instance = self.detail, self.detail.instance
        self._add_head(column, instance)
        self._add_state(column, instance)
        column.addLayout(fact("clock", *self._when()))
        if detail.rrule:
            start = phrases.first_date(instance, self._session.tz)
            column.addLayout(fact("repeat", repetition.in_words(detail.rrule, start, instance.tzid)))
        if instance.location:
            column.addLayout(fact("pin", instance.location))
        if detail.event.conference_url:
            column.addLayout(self._video(detail.event.conference_url))
        if detail.event.attendees:
            column.addLayout(self._people(detail))
        column.addLayout(fact("calendar", self._calendars(), self._age()))
        if detail.event.description.strip():
            column.addLayout(fact("journal", _plain(detail.event.description)))

    def _add_head(self, column: QVBoxLayout, instance: Instance) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        calendars = [found for each in instance.calendars if (found := self._session.calendar(each))]
        row.addWidget(_ColorBar([calendar.color for calendar in calendars] or ["grey"]))
        title = prose(instance.summary or _("Untitled"), 15, 600, selectable=False)
        if instance.partstat == "declined" or instance.status is Status.CANCELLED:
            shape = title.font()
            shape.setStrikeOut(True)
            title.setFont(shape)
        row.addWidget(title, 1)
        close = Button("", Kind.QUIET, icon="close", small=True)
        close.setAccessibleName(_("Close"))
        close.clicked.connect(self.dismiss)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)

    def _add_state(self, column: QVBoxLayout, instance: Instance) -> None:
        if instance.conflict:
            note = Note("warn", _("Changed here and elsewhere. Both versions are kept."), _("Compare"))
            note.pressed.connect(self.conflict_wanted)
            column.addWidget(note)
        elif instance.pending:
            column.addWidget(Note("info", _("Waiting to be sent. It shows here already.")))
        if self._due:
            new = self._due == "invitation"
            said = _("Your guests do not know of it yet.") if new else _("Your guests know it as it was.")
            note = Note("info", said, _("Invite…") if new else _("Tell them…"))
            note.pressed.connect(self.tell_wanted)
            column.addWidget(note)
        if words := state_words(instance):
            column.addLayout(fact("info", words))

    def _when(self) -> tuple[str, str]:
        """When, on the person's wall; below it the same moment in the event's own zone, if that is another."""
        session, instance = self._session, self.detail.instance
        mine = phrases.when(instance, session.tz)
        if instance.all_day:
            return mine, ""
        if instance.end > instance.start:
            mine += f" · {phrases.duration(instance.end - instance.start)}"
        here = phrases.zone_words(session.tzid, instance.start)
        other = instance.tzid
        if other and other != session.tzid and phrases.zone_or(other, "") == other:
            there = ZoneInfo(other)
            if phrases.time_at(instance.start, there) != phrases.time_at(instance.start, session.tz):
                return mine, _("{here} · {time} in {city}").format(
                    here=here, time=phrases.time_at(instance.start, there), city=phrases.city(other)
                )
        return mine, here

    def _video(self, url: str) -> QHBoxLayout:
        row = fact("video", QUrl(url).host() or url, centred=True)
        join = Button(_("Join"), Kind.SECONDARY, icon="external", small=True)
        join.setToolTip(url)
        join.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(url)))
        row.addWidget(join)
        return row

    def _people(self, detail: EventDetail) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Mark("people"), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        organizer = detail.event.organizer.address if detail.event.organizer else ""
        for person in detail.event.attendees[:_MANY]:
            column.addWidget(PersonLine(person, organizer=person.address == organizer))
        if (more := len(detail.event.attendees) - _MANY) > 0:
            column.addWidget(Words(ngettext("and {n} more", "and {n} more", more).format(n=more), 12, 400, "text2"))
        row.addLayout(column, 1)
        return row

    def _calendars(self) -> str:
        names = [found.name for each in self.detail.instance.calendars if (found := self._session.calendar(each))]
        return " + ".join(names)

    def _age(self) -> str:
        """How current this is, when it is not."""
        for view in self._session.accounts:
            if view.account.id == self.detail.account and view.status.state is not SourceState.FRESH:
                return f"{view.account.name}: {phrases.health(view.status, self._session.clock(), self._session.tz)}"
        return "" if self.detail.writable else _("Read only")

    def _answers(self) -> QWidget:
        """Accept, Maybe, Decline: the answer in force is marked. What is sent is said above them."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(8)
        organizer = self.detail.event.organizer
        name = (organizer.name or organizer.address) if organizer else ""
        said = _("Your answer goes into your calendar and to {who}: the answer and your address.")
        column.addWidget(Words(said.format(who=name), 11, 400, "text2", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(8)
        for partstat, label in (("accepted", _("Accept")), ("tentative", _("Maybe")), ("declined", _("Decline"))):
            chosen = self.detail.instance.partstat == partstat
            button = self.answers[partstat] = Button(label, icon="check" if chosen else "", small=True)
            button.setChosen(chosen)
            button.clicked.connect(partial(self._answer, partstat))
            row.addWidget(button, 1)
        column.addLayout(row)
        return holder

    def _answer(self, partstat: str, _on: bool = False) -> None:
        instance = self.detail.instance
        if not instance.recurring:
            self.answered.emit(instance.id, partstat, False)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, one in ((_("For this one"), True), (_("For all of them"), False)):
            menu.addAction(text).triggered.connect(partial(self.answered.emit, instance.id, partstat, one))
        button = self.answers[partstat]
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _buttons(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(self.foot_height)
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 0, 16, 0)
        row.setSpacing(8)
        self.delete = Button(_("Delete"), Kind.QUIET, icon="trash")
        self.edit = Button(_("Edit"), icon="pencil")
        row.addWidget(self.delete)
        row.addStretch(1)
        row.addWidget(self.edit)
        for button in (self.delete, self.edit):
            button.setEnabled(self.detail.writable)
            button.setVisible(self.detail.writable)
        if not self.detail.writable:
            row.insertWidget(0, Words(_("This calendar takes no changes."), 12, 400, "text2"))
        self.edit.clicked.connect(lambda: self.edit_wanted.emit(self.detail))
        self.delete.clicked.connect(self._delete)
        return foot

    def _delete(self) -> None:
        instance = self.detail.instance
        if not (instance.recurring or self.detail.rrule):
            self.delete_wanted.emit(instance, Scope.ALL)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, scope in scopes():
            menu.addAction(text).triggered.connect(partial(self.delete_wanted.emit, instance, scope))
        menu.popup(self.delete.mapToGlobal(self.delete.rect().bottomLeft()))


def invited(detail: EventDetail, session: Session) -> bool:
    """Whether the person is asked to this event by somebody else, so that an answer goes to that somebody."""
    mine = {view.account.address.lower() for view in session.accounts if view.account.address}
    organizer = detail.event.organizer
    if organizer is None or organizer.address in mine or detail.instance.status is Status.CANCELLED:
        return False
    return any(person.address in mine for person in detail.event.attendees)


class PersonLine(QWidget):
    """Avatar, name, answer in words."""

    def __init__(self, person: Attendee, *, organizer: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Avatar(person.name or person.address))
        name = Words(person.name or person.address, 12)
        name.setToolTip(person.address)
        row.addWidget(name)
        if organizer:
            row.addWidget(Words(_("organizer"), 11, 400, "text2"))
        row.addStretch(1)
        text, icon, color = answer(person.partstat)
        row.addWidget(Mark(icon, color, 12))
        row.addWidget(Words(text, 11, 400, "text2"))


def answer(partstat: str) -> tuple[str, str, str]:
    """A PARTSTAT as words, icon and colour token."""
    return {
        "accepted": (_("accepted"), "check-circle", "done"),
        "declined": (_("declined"), "cross-circle", "danger"),
        "tentative": (_("tentative"), "question", "warn"),
    }.get(partstat.lower(), (_("no answer yet"), "clock", "text3"))


def state_words(instance: Instance) -> str:
    """What is special about it: cancelled, tentative, declined, free."""
    parts = []
    if instance.status is Status.CANCELLED:
        parts.append(_("Cancelled"))
    elif instance.partstat == "declined":
        parts.append(_("You declined"))
    elif instance.partstat == "needs-action":
        parts.append(_("You have not answered yet"))
    elif instance.status is Status.TENTATIVE or instance.partstat == "tentative":
        parts.append(_("Tentative"))
    if instance.transparent:
        parts.append(_("Leaves you free"))
    if instance.private:
        parts.append(_("Private"))
    return " · ".join(parts)


def fact(icon: str, text: str, below: str = "", *, centred: bool = False) -> QHBoxLayout:
    """An icon, a line, and a smaller line below it."""
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(Mark(icon), 0, Qt.AlignmentFlag.AlignVCenter if centred else Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addWidget(prose(text))
    if below:
        column.addWidget(Words(below, 11, 400, "text2", wrap=True))
    row.addLayout(column, 1)
    return row


def _plain(text: str) -> str:
    """A description as plain text; some providers write HTML into it."""
    if "<" in text and ("</" in text or "<br" in text.lower()):
        from PySide6.QtGui import QTextDocumentFragment

        return QTextDocumentFragment.fromHtml(text).toPlainText().strip()
    return text.strip()


class _ColorBar(QWidget):
    """The bar of the block, in all its calendars' colours."""

    def __init__(self, colors: list[str]) -> None:
        super().__init__()
        self._colors = colors
        self.setFixedWidth(4)
        self.setMinimumHeight(20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        part = self.height() / len(self._colors)
        for number, color in enumerate(self._colors):
            painter.fillRect(QRectF(0, number * part, 4, part), plate(color).bar)
        painter.end()


class _Scroll(QScrollArea):
    """As tall as its content, up to a limit."""

    def __init__(self, body: QWidget, width: int, tallest: int) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(body)
        self.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        layout = body.layout()
        need = (
            layout.heightForWidth(width) if layout is not None and layout.hasHeightForWidth() else body.sizeHint().height()
        )
        self.setFixedHeight(min(max(need, 60), tallest))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
