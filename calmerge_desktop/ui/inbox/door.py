"""Where the window meets the inbox: the number in the sidebar, and mail that is dropped anywhere but on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QDropEvent

from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.inbox.model import InboxModel

if TYPE_CHECKING:
    from calmerge_desktop.ui.inbox.page import InboxPage
    from calmerge_desktop.ui.main_window import MainWindow

KEY = "inbox"


class InboxDoor(QObject):
    """Asks first once the window is ready, and keeps the number true from then on."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.model = InboxModel(window.session)
        self.model.changed.connect(self._count)
        window.ready.connect(self.model.load)

    def drop(self, event: QDropEvent) -> bool:
        """Take what is for the inbox and show it there; whether it was."""
        from calmerge_desktop.ui.inbox.taking import holds_message

        if not holds_message(event.mimeData()):
            return False
        event.acceptProposedAction()
        self._page().taking.take(event.mimeData())
        return True

    def paste(self) -> None:
        """Open the page and take in the clipboard."""
        self._page().paste()

    def _page(self) -> InboxPage:
        from calmerge_desktop.ui.inbox.page import InboxPage

        page = self._window.open_page(KEY)
        assert isinstance(page, InboxPage)
        return page

    def _count(self) -> None:
        n = self.model.waiting
        said = ngettext("Inbox, {n} waits for you", "Inbox, {n} wait for you", n).format(n=n) if n else _("Inbox")
        self._window.sidebar.set_badge(KEY, n, said)
