"""The page of schedules: typed left, painted right; saved with one button, and the save can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.schedule import Hours, Schedule
from calmerge_desktop.core.errors import BadInput, CalmergeError
from calmerge_desktop.core.texts import _, language
from calmerge_desktop.ui.hours.effect import uses
from calmerge_desktop.ui.hours.form import ScheduleForm
from calmerge_desktop.ui.hours.pane import HoursPane
from calmerge_desktop.ui.links.fields import Chip, Foot
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.messages import words as error_words
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.scroll import ScrollColumn
from calmerge_desktop.ui.parts.spin import Still
from calmerge_desktop.ui.parts.words import Elided, Hairline, Words
from calmerge_desktop.ui.session import Session

LEFT = 484


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger holds."""

    schedules: tuple[Schedule, ...]
    links: tuple[Link, ...]


class HoursPage(QWidget):
    """One schedule at a time; `draft` is what the form says."""

    def __init__(self, session: Session, speaker: Speaker) -> None:
        super().__init__()
        self._session, self._speaker = session, speaker
        self.known = Known((), ())
        self.saved: Schedule | None = None
        self.draft: Schedule | None = None
        self._saving = False
        self._wanted: str | None = None
        """Schedule to go to once they are known."""
        self.chips: list[Chip] = []
        self.form = ScheduleForm(session.today, [session.tzid, session.settings.second_zone or session.tzid])
        self.pane = HoursPane(session)
        self.choose_open: Callable[[], str] = self._dialog_open
        self.choose_save: Callable[[str], str] = self._dialog_save
        self._lay_out()
        self._still = Still(self)
        self._still.hold(self.form)
        self.form.changed.connect(self._changed)
        self.pane.board.painted.connect(self._painted)
        self.pane.problem.connect(self._failed)
        self.discard.clicked.connect(self._discard)
        self.save.clicked.connect(self._save)
        self.more.clicked.connect(self._menu)
        self.form.folds["holidays"].opened.connect(self._read_countries)
        self.form.country.activated.connect(lambda _index: self._read_regions())
        session.changed.connect(lambda _news: self._read_links())
        self.load()

    @property
    def dirty(self) -> bool:
        """Whether something is not saved."""
        return self.draft is not None and (self.draft != self.saved or bool(self.form.wrong))

    def enter(self, name: str) -> None:
        """Show the schedule with this id or name (empty: the usual one) as soon as it is known."""
        self._wanted = name
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        wanted, known = self._wanted, self.known.schedules
        if wanted is None or not known:
            return
        self._wanted = None
        found = next((one for one in known if wanted in (one.id, one.name)), known[0])
        if not self._is_shown(found):
            self._leave(partial(self._show, found, found))

    def start(self) -> None:
        """New hours, a copy of those on show, not saved yet."""
        names = {one.name for one in self.known.schedules}
        name, n = _("New schedule"), 2
        while name in names:
            name, n = _("New schedule {n}").format(n=n), n + 1
        base = self.saved or Schedule(tzid=self._session.tzid)
        self._leave(partial(self._show, replace(base, id="", name=name), None))

    def load(self, choose: str = "") -> None:
        """Read schedules and links again."""
        job = self._session.desk.links

        def read() -> tuple[Known, str]:
            return Known(tuple(job.schedules()), tuple(job.list())), choose

        self._session.runner.ask(read, self._loaded, self._failed)

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
        crumbs = QHBoxLayout()
        crumbs.setContentsMargins(20, 12, 20, 12)
        crumbs.setSpacing(8)
        self.title = Elided("", 15, 600)
        self.more = Button("", Kind.QUIET, icon="more", small=True)
        self.more.setAccessibleName(_("More"))
        crumbs.addWidget(Words(_("Schedules"), 13, 400, "text2"))
        crumbs.addWidget(Words("›", 13, 400, "text2"))
        crumbs.addWidget(self.title, 1)
        crumbs.addWidget(self.more)
        column.addLayout(crumbs)
        self._chip_row = QHBoxLayout()
        self._chip_row.setContentsMargins(20, 0, 20, 12)
        self._chip_row.setSpacing(8)
        column.addLayout(self._chip_row)
        column.addWidget(Hairline())
        self.area = ScrollColumn(self.form)
        column.addWidget(self.area, 1)
        foot = Foot()
        line = QHBoxLayout(foot)
        line.setContentsMargins(20, 0, 20, 0)
        line.setSpacing(8)
        self.reason = Words("", 12, 400, "text2", wrap=True)
        self.discard, self.save = Button(_("Discard")), Button(_("Save"), Kind.PRIMARY)
        line.addWidget(self.reason, 1)
        line.addWidget(self.discard)
        line.addWidget(self.save)
        column.addWidget(foot)
        row.addWidget(left)
        row.addWidget(Hairline(vertical=True))
        row.addWidget(self.pane, 1)

    def menu(self) -> QMenu:
        """What is done to a whole schedule."""
        menu = QMenu(self)
        menu.addAction(_("Import from a file…"), self.import_file)
        export = menu.addAction(_("Export as a file…"), self.export_file)
        export.setEnabled(self.saved is not None)
        menu.addSeparator()
        remove = menu.addAction(_("Remove this schedule…"), self._ask_remove)
        remove.setEnabled(self.saved is not None and self._kept())
        return menu

    def import_file(self) -> None:
        """Hours out of a VAVAILABILITY file, shown and not saved yet."""
        path = self.choose_open()
        if not path:
            return
        tzid = self._session.tzid

        def read() -> Schedule:
            from calmerge_desktop.core.availability.vavailability import from_ics
            from calmerge_desktop.core.ics.split import decode

            try:
                data = Path(path).read_bytes()
            except OSError as error:
                raise BadInput(_("“{name}” cannot be read.").format(name=Path(path).name)) from error
            return from_ics(decode(data), Path(path).stem, tzid)

        def then(made: Schedule) -> None:
            self._leave(partial(self._show, made, None))

        self._session.runner.ask(read, then, self._speaker.problem, owner=self)

    def export_file(self) -> None:
        """The saved hours as VAVAILABILITY (RFC 7953)."""
        schedule, year = self.saved, self._session.today().year
        path = self.choose_save(schedule.name) if schedule is not None else ""
        if schedule is None or not path:
            return

        def write() -> str:
            from calmerge_desktop.core.availability.vavailability import to_ics

            try:
                Path(path).write_text(to_ics(schedule, year), encoding="utf-8", newline="")
            except OSError as error:
                raise BadInput(_("“{name}” cannot be written.").format(name=Path(path).name)) from error
            return Path(path).name

        self._session.runner.ask(
            write,
            lambda name: self._speaker.toast(_("Written to {name}.").format(name=name)),
            self._speaker.problem,
            owner=self,
        )

    # data

    def _loaded(self, answer: tuple[Known, str]) -> None:
        self.known, choose = answer
        shown = next((one for one in self.known.schedules if one.id == choose), None) or self.known.schedules[0]
        self._show(shown, shown)
        self._go_to_wanted()

    def _read_links(self) -> None:
        """A link was changed elsewhere: who uses these hours may be others."""
        job = self._session.desk.links

        def then(links: tuple[Link, ...]) -> None:
            self.known = replace(self.known, links=links)
            self._tell_links()

        self._session.runner.ask(lambda: tuple(job.list()), then, self._failed, owner=self)

    def _show(self, schedule: Schedule, saved: Schedule | None) -> None:
        self.draft, self.saved = schedule, saved
        self._make_chips()
        self.form.take(schedule)
        self._tell_links()
        if schedule.holidays:
            self._read_countries()

    def _tell_links(self) -> None:
        shown = self.saved or self.draft
        if shown is None:
            return
        usual = bool(self.known.schedules) and shown.id == self.known.schedules[0].id
        links = [one for one in self.known.links if self.saved is not None and uses(one, shown, usual)]
        self.form.show_users(links)
        self.pane.set_links(links if self.saved is not None else self.known.links, shown, usual)

    def _read_countries(self) -> None:
        from calmerge_desktop.core.availability.typed import holiday_countries

        spoken = language()
        self._session.runner.ask(lambda: holiday_countries(spoken), self._countries, self._failed, owner=self)

    def _countries(self, names: Mapping[str, str]) -> None:
        self.form.set_countries(names)
        self._read_regions()

    def _read_regions(self) -> None:
        from calmerge_desktop.core.availability.typed import holiday_regions

        country = str(self.form.country.currentData() or "")
        self._session.runner.ask(
            lambda: (country, holiday_regions(country) if country else {}), self._regions, self._failed, owner=self
        )

    def _regions(self, answer: tuple[str, Mapping[str, str]]) -> None:
        self.form.set_regions(*answer)
        self.form.tell()

    def _make_chips(self) -> None:
        while (item := self._chip_row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.chips = []
        for one in self.known.schedules:
            chip = Chip(one.name)
            chip.setChecked(self._is_shown(one))
            chip.clicked.connect(partial(self._chip_pressed, one))
            self.chips.append(chip)
            self._chip_row.addWidget(chip)
        self.new = Button(_("New"), Kind.QUIET, icon="plus", small=True)
        self.new.clicked.connect(lambda _on=False: self.start())
        self._chip_row.addWidget(self.new)
        self._chip_row.addStretch(1)

    def _is_shown(self, one: Schedule) -> bool:
        return self.saved is not None and one.id == self.saved.id

    def _chip_pressed(self, schedule: Schedule, *_args: object) -> None:
        for chip, one in zip(self.chips, self.known.schedules, strict=True):
            chip.setChecked(self._is_shown(one))
        self._leave(partial(self._show, schedule, schedule))

    def _leave(self, then: Callable[[], None]) -> None:
        if not self.dirty:
            then()
            return
        self._speaker.ask(
            _("Leave without saving?"),
            _("What you changed in “{title}” is lost.").format(title=self.form.name.text()),
            keep=_("Keep editing"),
            deed=_("Discard the change"),
            then=then,
            danger=True,
        )

    def _changed(self) -> None:
        self.draft = self.form.schedule()
        self.pane.show_schedule(self.draft, self.saved)
        self._tell()

    def _painted(self, day: int, hours: Hours) -> None:
        self.form.take_hours(day, hours)

    def _tell(self) -> None:
        wrong = self.form.wrong
        self.title.setText(self.form.name.text() or _("Untitled"))
        self.discard.setVisible(self.dirty)
        self.save.setEnabled(self.dirty and not wrong and not self._saving)
        if wrong:
            self.reason.setText(_("Not saved: {why}").format(why=next(iter(wrong.values()))))
        else:
            self.reason.setText(_("Not saved yet") if self.dirty else "")

    # deeds

    def _discard(self, *_args: object) -> None:
        back = self.saved or self.known.schedules[0]
        self._show(back, back)

    def _save(self, *_args: object) -> None:
        made, before, job = self.draft, self.saved, self._session.desk.links
        if made is None or not self.save.isEnabled():
            return
        self._saving = True
        self.save.setEnabled(False)

        def kept(schedule: Schedule) -> None:
            self._saving = False
            self.saved = self.draft = schedule
            undo = partial(self._put_back, before) if before is not None else partial(self._remove, schedule)
            self._speaker.toast(_("Saved."), undo)
            self._session.touch()
            self.load(schedule.id)

        self._session.runner.ask(lambda: job.keep_schedule(made), kept, self._failed, owner=self)

    def _put_back(self, before: Schedule) -> None:
        """Undo a save."""
        job = self._session.desk.links

        def then(schedule: Schedule) -> None:
            self._session.touch()
            self.load(schedule.id)

        self._session.runner.ask(lambda: job.keep_schedule(before), then, self._failed, owner=self)

    def _kept(self) -> bool:
        """Whether the schedule on show is the person's own: the usual hours of the settings cannot be removed."""
        return self.saved is not None and self.saved.id != "usual"

    def _ask_remove(self) -> None:
        shown = self.saved
        if shown is None:
            return
        self._speaker.ask(
            _("Remove “{name}”?").format(name=shown.name),
            _("Booking links keep their other settings; your calendars are not changed."),
            keep=_("Keep"),
            deed=_("Remove “{name}”").format(name=shown.name),
            then=partial(self._remove, shown),
            danger=True,
        )

    def _remove(self, schedule: Schedule) -> None:
        job = self._session.desk.links

        def then(_nothing: None) -> None:
            self._session.touch()
            self.load()

        self._session.runner.ask(lambda: job.remove_schedule(schedule.id), then, self._speaker.problem, owner=self)

    def _failed(self, error: CalmergeError) -> None:
        self._saving = False
        self.reason.setText(error_words(error).text)
        self.save.setEnabled(self.dirty and not self.form.wrong)

    def _menu(self, *_args: object) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _dialog_open(self) -> str:
        return QFileDialog.getOpenFileName(self, _("Import from a file…"), "", f"{_('Calendar files')} (*.ics)")[0]

    def _dialog_save(self, name: str) -> str:
        return QFileDialog.getSaveFileName(self, _("Export as a file…"), f"{name}.ics", f"{_('Calendar files')} (*.ics)")[0]
