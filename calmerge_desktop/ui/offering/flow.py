"""The mode from the first key to the last: enter, look again when calendars change, copy, draft, send, leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from calmerge_desktop.core.agenda.offering import Wish
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.rules import Horizon
from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import SourceState
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import local
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.drafts import Drafts
from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.inbox.deeds import WAIT
from calmerge_desktop.ui.offering.bar import ModeBar
from calmerge_desktop.ui.offering.board import Board
from calmerge_desktop.ui.offering.leaving import Leaving, Packed, packed, sent_now, worded
from calmerge_desktop.ui.offering.overlay import Overlay
from calmerge_desktop.ui.offering.panel import LENGTHS, OfferPanel
from calmerge_desktop.ui.week import cursor
from calmerge_desktop.ui.week.panes import SheetPane

if TYPE_CHECKING:
    from calmerge_desktop.ui.main_window import MainWindow

T = TypeVar("T")
_SUGGESTED = 3
_MOST_DRAFTS = 8


class OfferFlow(QObject):
    """One visit to the mode."""

    def __init__(self, window: MainWindow, left: Callable[[], None], instead_of: Proposal | None = None) -> None:
        """`instead_of`: other times for the guest of this offer, in its thread."""
        super().__init__(window)
        self._instead_of = instead_of
        self._window, self._session, self._left = window, window.session, left
        self._kept: tuple[Wish, tuple[Proposal, ...]] | None = None
        self._asked = 0
        self.drafts = Drafts(self)
        guest = instead_of.tzid if instead_of else self._session.settings.second_zone or self._session.tzid
        self.board = Board(self._session.tz, ZoneInfo(guest), self)
        if instead_of is not None:
            self.board.length = instead_of.minutes if instead_of.minutes in LENGTHS else None
        if window.page not in (Page.DAY, Page.WEEK):
            window.show_page(Page.WEEK)
        self.panel = OfferPanel(self._session, self.board)
        if instead_of is not None:
            self.panel.answer(instead_of)
        self.bar = ModeBar()
        sheet = window.week.findChild(SheetPane)
        assert isinstance(sheet, SheetPane)
        self.overlay = Overlay(window.week, sheet, self.board)
        # The week hands every focus it gets to the layer above it, and marks no event meanwhile.
        if window.week.scene is not None:
            scene = window.week.scene
            window.week.take_stop(cursor.opening(scene.week, self._session.clock(), scene.look.day_begins))
        window.week.setFocusProxy(self.overlay)
        window.mode_room.addWidget(self.bar)
        window.pages.set_panel(self.panel)
        window.make_room(beside=True)
        self._connect()
        self.overlay.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_text()

    def leave(self) -> None:
        """Take everything away; what was copied or sent stays in the list of offers."""
        for shortcut in self._keys:
            shortcut.setEnabled(False)
        self._window.week.setFocusProxy(None)  # type: ignore[arg-type]  # Qt takes none, its stubs do not say so
        self.overlay.hide()
        self.overlay.deleteLater()
        self.bar.hide()
        self.bar.deleteLater()
        self._window.pages.set_panel(None)
        self._window.week.setFocus(Qt.FocusReason.OtherFocusReason)
        self._left()
        self._window.make_room()
        self.deleteLater()

    def suggest(self) -> None:
        """The best three times, in humane hours for both."""
        board, desk = self.board, self._session.desk
        minutes = board.length or 60
        link = Link(
            title=_("Meeting"),
            slug="meeting",
            minutes=(minutes,),
            interval=30 if minutes >= 30 else 15,
            horizon=Horizon(days=21),
        )

        def then(found: list[tuple[int, int]]) -> None:
            if not found:
                self._window.speaker.toast(self._why_none())
                return
            board.take(found)
            first = local(found[0][0], board.tz).date()
            low, high = self._window.span()
            if not low <= first <= high:
                self._window.go(first)

        key = board.guest.key
        self._ask(lambda: list(desk.proposing.suggest(link, _SUGGESTED, key)), then)

    def _why_none(self) -> str:
        """Time of a calendar that cannot be read is never free."""
        unread = [one.account.name for one in self._session.accounts if one.status.state is not SourceState.FRESH]
        if unread:
            return _("“{name}” cannot be read, so nobody knows what is free. Paint times yourself.").format(name=unread[0])
        return _("There is no free time to offer.")

    def copy(self) -> None:
        """The mail onto the clipboard, as text, as rich text and with the times as a calendar."""
        if len(self.panel.guests.guests()) > 1:
            self._window.speaker.toast(_("Each guest gets a mail of their own: send them, or open them as drafts."))
            return

        def then(packed: Packed) -> None:
            data = QMimeData()
            data.setText(packed.text)
            data.setHtml(packed.html)
            data.setData("text/calendar", packed.ics.encode())
            QApplication.clipboard().setMimeData(data)
            self._window.speaker.toast(_("Copied. Paste it into any mail."))

        self._keep(then)

    def draft(self) -> None:
        """The mail as a draft in the person's mail program, one a guest."""
        if len(self.panel.guests.guests()) > _MOST_DRAFTS:
            self._window.speaker.toast(_("More than {n} drafts at once are too many. Send them.").format(n=_MOST_DRAFTS))
            return

        def opened(taken: bool) -> None:
            if taken:
                self._window.speaker.toast(_("The draft is open in your mail program."))
            else:
                self._window.speaker.toast(_("No mail program opens drafts here. Copy the mail instead."))

        def then(packed: Packed) -> None:
            for one in packed.drafts:
                self.drafts.open(one, opened)

        self._keep(then)

    def send(self) -> None:
        """Ask once, naming number and people."""
        wish = self.panel.wish()
        n = len(wish.guests)
        if not wish.slots or not n:
            return
        who = phrases.listed([f"{one.name} ({one.address})" if one.name else one.address for one in wish.guests])
        said = _("{who} gets a mail with these times, your name and the length. Nothing else leaves.")
        if n > 1:
            said = _(
                "{who} each get a mail with these times, your name and the length, and that others were asked, too. "
                "Nobody sees who."
            )
        self._window.speaker.ask(
            ngettext("Send the offer to {n} person?", "Send the offer to {n} people?", n).format(n=n),
            said.format(who=who),
            keep=_("Do not send"),
            deed=ngettext("Send to {n} person", "Send to {n} people", n).format(n=n),
            then=self._send,
        )

    # inside

    def _connect(self) -> None:
        overlay, panel, session = self.overlay, self.panel, self._session
        overlay.suggest_wanted.connect(self.suggest)
        overlay.copy_wanted.connect(self.copy)
        overlay.outside.connect(
            lambda: self._window.speaker.toast(_("That is outside your hours. Hold Shift to offer it all the same."))
        )
        overlay.turned.connect(lambda days: self._window.step(1 if days > 0 else -1))
        self._window.model.updated.connect(overlay.update)
        self.bar.left.connect(self.leave)
        panel.closed.connect(self.leave)
        panel.copy_wanted.connect(self.copy)
        panel.draft_wanted.connect(self.draft)
        panel.send_wanted.connect(self.send)
        panel.best.clicked.connect(self.suggest)
        panel.words_wanted.connect(self._edit_words)
        panel.edited.connect(self._show_text)
        self.board.changed.connect(self._look)
        session.changed.connect(self._look)
        self._keys = [QShortcut(QKeySequence(key), self.panel) for key in ("Ctrl+Return", "Esc")]
        self._keys[0].activated.connect(self.copy)
        self._keys[1].activated.connect(self._escape)

    def _escape(self) -> None:
        if self._window.floating() is None and not self.overlay.cancel():
            self.leave()

    def _look(self) -> None:
        """What stands at the times of the offer now."""
        slots = self.board.slots
        if not slots:
            return
        low, high = slots[0][0], max(end for _start, end in slots)
        desk, tzid = self._session.desk, self._session.tzid
        busy = [one.id for one in self._session.calendars() if one.busy]
        self._asked += 1
        asked = self._asked

        def then(found: object) -> None:
            if asked == self._asked:
                self.board.know(found)  # type: ignore[arg-type]  # as it was asked

        self._ask(lambda: desk.view.instances(low, high, tzid, visible_only=False, calendars=busy), then)

    def _show_text(self) -> None:
        """The preview, worded on the query thread: it looks at the ledger for the person's name."""
        desk, sketch = self._session.desk, self._sketch()
        if sketch is None:
            self.panel.preview(_("The mail appears here once there is a time to offer."))
            return

        one = self._leaving()
        self._ask(lambda: worded(desk, one, sketch), self.panel.preview, quiet=True)

    def _sketch(self) -> Proposal | None:
        """The offer as it stands, to be worded; None while there is no time in it."""
        wish, target = self.panel.wish(), self._session.target()
        if not wish.slots or target is None:
            return None
        return Proposal(
            id="00" * 11,
            to=wish.guests[0].address if wish.guests else "guest@example.org",
            name=wish.guests[0].name if wish.guests else "",
            shared=len(wish.guests) > 1,
            title=wish.title.strip() or _("Meeting"),
            minutes=(wish.slots[0][1] - wish.slots[0][0]) // 60,
            slots=wish.slots,
            tzid=wish.tzid,
            language=wish.language,
            calendar=target.id,
            hold=wish.hold,
            created=self._session.clock(),
            expires=wish.expires or self._session.clock(),
            secret="00" * 16,
        )

    def _edit_words(self) -> None:
        """The sheet for the words, tried on this offer."""
        self._window.opening.words(self._sketch(), self.panel.wish().language)
        sheet = self._window.floating()
        if sheet is not None:
            sheet.closed.connect(self._show_text)

    def _keep(self, then: Callable[[Packed], None]) -> None:
        """Keep the offer, once for each state of it, and give it packed to `then`."""
        wish, desk, one = self.panel.wish(), self._session.desk, self._leaving()
        if not wish.slots or not wish.guests:
            return

        def done(packed: Packed) -> None:
            self._kept = (wish, packed.proposals)
            self._session.touch()
            then(packed)

        self._ask(lambda: packed(desk, one), done)

    def _send(self) -> None:
        desk, window, one = self._session.desk, self._window, self._leaving()

        def sent(made: tuple[Proposal, ...]) -> None:
            window.session.touch()
            said = ngettext(
                "The offer leaves in {seconds} seconds.", "{n} offers leave in {seconds} seconds.", len(made)
            ).format(n=len(made), seconds=WAIT)
            window.speaker.toast(said, lambda: _take_back(window, made))
            self.leave()

        self._ask(lambda: sent_now(desk, one), sent)

    def _leaving(self) -> Leaving:
        return Leaving(self.panel.wish(), self._instead_of, self._kept)

    def _ask(self, fn: Callable[[], T], then: Callable[[T], None], *, quiet: bool = False) -> None:
        failed: Callable[[CalmergeError], None] = (
            (lambda error: self.panel.preview(error.message)) if quiet else self._window.speaker.problem
        )
        self._session.runner.ask(fn, then, failed, owner=self.overlay)


def _take_back(window: MainWindow, made: Sequence[Proposal]) -> None:
    job = window.session.desk.proposing

    def then(_nothing: None) -> None:
        window.session.touch()
        window.speaker.toast(_("Taken back. Nothing was sent."))

    window.session.runner.ask(lambda: job.take_back(made), then, window.speaker.problem, owner=window)
