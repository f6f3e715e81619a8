"""The page of booking links: the form left, what it offers right; nothing that was typed is lost silently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.presets import presets
from calmerge_desktop.core.availability.schedule import Schedule
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.links.begin import Begin
from calmerge_desktop.ui.links.fields import Chip, Foot
from calmerge_desktop.ui.links.form import LinkForm
from calmerge_desktop.ui.links.pane import ResultPane
from calmerge_desktop.ui.links.wrong import wrong
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.messages import words as error_words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import font, plate
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.scroll import ScrollColumn
from calmerge_desktop.ui.parts.spin import Still
from calmerge_desktop.ui.parts.words import Elided, Hairline, Words
from calmerge_desktop.ui.session import Session

LEFT = 484
_NO_HARM = {"limits", "more-limits", "questions", "title", "slug", "event", "changes", "calendars"}
"""Fields that may be wrong and the week can still be worked out."""


class LinksPage(QWidget):
    """One link at a time; `draft` is what the form says."""

    jump = Signal(str, str)
    """`Ruling.jump` to somewhere else in the window, and the schedule of the link."""
    publish_wanted = Signal(object)
    """`Link`, as it is saved."""

    def __init__(self, session: Session, speaker: Speaker) -> None:
        super().__init__()
        self._session, self._speaker = session, speaker
        self.links: tuple[Link, ...] = ()
        self.saved: Link | None = None
        self.draft: Link | None = None
        self._saving = False
        self._wanted = ("", "")
        """Link and field to go to once the links are known."""
        self.chips: list[Chip] = []
        self.form, self.result = LinkForm(session), ResultPane(session)
        self._lay_out()
        self._still = Still(self)
        self._still.hold(self.form)
        self.form.changed.connect(self._changed)
        self.form.entered.connect(self._bring_into_sight)
        self.result.problem.connect(self._failed)
        self.result.jump.connect(self._jump)
        self.note.pressed.connect(self._check_target)
        self.discard.clicked.connect(self._discard)
        self.save.clicked.connect(self._save)
        self.kinds.chosen.connect(self.start)
        session.accounts_changed.connect(self._take_calendars)
        self._load()

    @property
    def dirty(self) -> bool:
        """Whether something is not saved."""
        return self.draft is not None and (self.draft != self.saved or bool(self.form.problems()))

    def choose(self, link: Link) -> None:
        """Show another link; asks first when this one has changes."""
        self._leave(partial(self._show, link, link))

    def enter(self, id: str, field: str = "") -> None:
        """Show a link as soon as it is known, and put the focus on a field of it."""
        self._wanted = (id, field)
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        id, field = self._wanted
        found = next((one for one in self.links if one.id == id), None)
        if found is None:
            return
        self._wanted = ("", "")

        def then() -> None:
            self._show(found, found)
            self.form.enter(field)

        if self.saved is not None and self.saved.id == id:
            self.form.enter(field)  # what is being changed there stays
        else:
            self._leave(then)

    def start(self, preset: Link) -> None:
        """A new link from a preset, not saved yet."""
        taken = {one.slug for one in self.links}
        slug, n = preset.slug, 2
        while slug in taken:
            slug, n = f"{preset.slug}-{n}", n + 1
        self._leave(partial(self._show, replace(preset, slug=slug), None))

    # parts

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        left = QWidget()
        left.setFixedWidth(LEFT)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._crumbs())
        self._chip_row = QHBoxLayout()
        self._chip_row.setContentsMargins(20, 0, 20, 12)
        self._chip_row.setSpacing(8)
        column.addLayout(self._chip_row)
        column.addWidget(Hairline())
        self.note = Note("warn")
        holder = QHBoxLayout()
        holder.setContentsMargins(20, 8, 20, 0)
        holder.addWidget(self.note)
        column.addLayout(holder)
        self.kinds = Begin()
        self.area, self.begin = ScrollColumn(self.form), ScrollColumn(self.kinds)
        column.addWidget(self.area, 1)
        column.addWidget(self.begin, 1)
        self.begin.hide()
        self.foot = self._foot()
        column.addWidget(self.foot)
        row.addWidget(left)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.result, 1)

    def _crumbs(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(20, 12, 20, 12)
        line.setSpacing(8)
        self.title = Elided("", 15, 600)
        self.live = Tag()
        self.switch = Button("", small=True)
        self.switch.clicked.connect(self._switch)
        line.addWidget(Words(_("Booking links"), 13, 400, "text2"))
        line.addWidget(Words("›", 13, 400, "text2"))
        line.addWidget(self.title, 1)
        self.publish = Button("", Kind.QUIET, icon="globe", small=True)
        self.publish.setAccessibleName(_("Publish a page"))
        self.publish.setToolTip(_("Publish a page"))
        self.publish.clicked.connect(lambda: self.publish_wanted.emit(self.saved))
        line.addWidget(self.live)
        line.addWidget(self.publish)
        line.addWidget(self.switch)
        return line

    def _foot(self) -> QWidget:
        foot = Foot()
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        self.reason = Words("", 12, 400, "text2", wrap=True)
        self.discard, self.save = Button(_("Discard")), Button(_("Save"), Kind.PRIMARY)
        row.addWidget(self.reason, 1)
        row.addWidget(self.discard)
        row.addWidget(self.save)
        return foot

    # data

    def _load(self, choose: str = "") -> None:
        job = self._session.desk.links

        def read() -> tuple[tuple[Link, ...], tuple[Schedule, ...], str]:
            return tuple(job.list()), tuple(job.schedules()), choose

        self._session.runner.ask(read, self._loaded, self._failed)

    def _loaded(self, answer: tuple[tuple[Link, ...], tuple[Schedule, ...], str]) -> None:
        self.links, schedules, choose = answer
        self.form.set_schedules(schedules)
        self._take_calendars()
        shown = next((one for one in self.links if one.id == choose), None) or next(iter(self.links), None)
        self._show(shown, shown)
        self._go_to_wanted()

    def _take_calendars(self) -> None:
        self.form.set_calendars(tuple(self._session.calendars()))

    def _show(self, link: Link | None, saved: Link | None) -> None:
        self.draft, self.saved = link, saved
        self._make_chips()
        self.area.setVisible(link is not None)
        self.begin.setVisible(link is None)
        self.foot.setVisible(link is not None)
        if link is None:
            self.title.setText(_("None yet"))
            self.result.show_link(None, None)
            self._tell({})
        else:
            self.form.take(link)

    def _make_chips(self) -> None:
        while (item := self._chip_row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.chips = []
        for one in self.links:
            chip = Chip(one.title)
            chip.setChecked(self.saved is not None and one.id == self.saved.id)
            chip.clicked.connect(partial(self._chip_pressed, one))
            self.chips.append(chip)
            self._chip_row.addWidget(chip)
        self.new = Button(_("New"), Kind.QUIET, icon="plus", small=True)
        self.new.clicked.connect(self._offer_presets)
        self._chip_row.addWidget(self.new)
        self._chip_row.addStretch(1)

    def _chip_pressed(self, link: Link, *_args: object) -> None:
        for chip, one in zip(self.chips, self.links, strict=True):
            chip.setChecked(self.saved is not None and one.id == self.saved.id)
        self.choose(link)

    def _offer_presets(self, *_args: object) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for one in presets():
            menu.addAction(one.title).triggered.connect(partial(self._preset_chosen, one))
        menu.popup(self.new.mapToGlobal(self.new.rect().bottomLeft()))

    def _preset_chosen(self, preset: Link, *_args: object) -> None:
        self.start(preset)

    def _bring_into_sight(self, field: QWidget) -> None:
        QTimer.singleShot(0, field, lambda: self.area.ensureWidgetVisible(field, 0, 80))  # once a fold has its height

    def _jump(self, where: str) -> None:
        """From an explanation to what decided; what lies elsewhere in the window is for the window."""
        kind, _colon, name = where.partition(":")
        if kind == "link":
            self.form.enter(name)
        else:
            self.jump.emit(where, self.draft.schedule if self.draft else "")

    def _leave(self, then: Callable[[], None]) -> None:
        if not self.dirty:
            then()
            return
        self._speaker.ask(
            _("Leave without saving?"),
            _("What you changed in “{title}” is lost.").format(title=self.draft.title if self.draft else ""),
            keep=_("Keep editing"),
            deed=_("Discard the change"),
            then=then,
            danger=True,
        )

    def _changed(self) -> None:
        self.draft = self.form.link()
        said = self._wrong(self.draft)
        self.form.show_errors(said)
        self._tell(said)
        if set(said) - _NO_HARM:
            return  # the last week that could be worked out stays
        self.result.show_link(replace(self.draft, title=self.draft.title or "–"), self.saved)
        self._look_for_warnings(self.draft)

    def _wrong(self, link: Link) -> dict[str, str]:
        return wrong(link) | self.form.problems()

    def _tell(self, said: dict[str, str]) -> None:
        link = self.draft
        self.live.say(link is not None and link.active)
        self.live.setVisible(link is not None)
        self.switch.setVisible(link is not None)
        self.publish.setVisible(self.saved is not None)
        if link is not None:
            self.title.setText(link.title or _("Untitled"))
            self.switch.setText(_("Switch off") if link.active else _("Switch on"))
        self.discard.setVisible(self.dirty)
        self.save.setEnabled(self.dirty and not said and not self._saving)
        self.save.setVisible(link is not None)
        if said:
            self.reason.setText(_("Not saved: {why}").format(why=next(iter(said.values()))))
        elif self.dirty:
            self.reason.setText(_("Not saved yet"))
        else:
            self.reason.setText("")

    def _look_for_warnings(self, link: Link) -> None:
        job = self._session.desk.links
        self._session.runner.ask(lambda: tuple(job.warnings(link)), self._warned, self._failed)

    def _warned(self, said: Sequence[str]) -> None:
        self.note.say("warn", " ".join(said), _("Check it too") if said and self._mendable() else "")

    def _mendable(self) -> bool:
        """The target is there, can be written, and is only not looked at."""
        target = self._target()
        return target is not None and self.draft is not None and bool(self.draft.busy) and target not in self.draft.busy

    def _target(self) -> object:
        wanted = self.draft.target if self.draft else None
        for one in self._session.writable():
            if one.id == wanted or (wanted is None and one.default):
                return one.id
        return None

    def _check_target(self) -> None:
        found = next((one.id for one in self._session.writable() if one.id == self._target()), None)
        if found is not None and self.draft is not None:
            self.form.take(replace(self.draft, busy=(*self.draft.busy, found)))

    def _switch(self, *_args: object) -> None:
        if self.draft is not None:
            self.form.take(replace(self.draft, active=not self.draft.active))

    def _discard(self, *_args: object) -> None:
        back = self.saved or next(iter(self.links), None)
        self._show(back, back)

    def _save(self, *_args: object) -> None:
        link, job = self.draft, self._session.desk.links
        if link is None or not self.save.isEnabled():
            return
        self._saving = True
        self.save.setEnabled(False)
        self._session.runner.ask(lambda: job.keep(link), self._kept, self._failed, owner=self)

    def _kept(self, link: Link) -> None:
        self._saving = False
        self.saved = self.draft = link
        self._speaker.toast(_("Saved."))
        self._load(link.id)

    def _failed(self, error: CalmergeError) -> None:
        self._saving = False
        self.reason.setText(error_words(error).text)
        self.save.setEnabled(self.dirty and self.draft is not None and not self._wrong(self.draft))


class Tag(QWidget):
    """Live or off, in words on a tint."""

    def __init__(self) -> None:
        super().__init__()
        self._on = True
        self.setFixedSize(44, 18)

    def say(self, on: bool) -> None:
        """Another state."""
        self._on = on
        self.setAccessibleName(_("Live") if on else _("Off"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = plate("green" if self._on else "grey")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.fill)
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setPen(colors.text)
        painter.setFont(font(11, 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("Live") if self._on else _("Off"))
        painter.end()
