"""The window on Lena's sample profile, with mails to read and what leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.app.desk import Desk
from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.agenda.requesting import Request
from calmerge_desktop.core.mail_ports import Letter, Mailbox
from calmerge_desktop.ui.inbox.page import InboxPage
from calmerge_desktop.ui.main_window import MainWindow
from tests.ui.inbox.mails import ME
from tests.ui.offering.conftest import Real, real

__all__ = ["Real", "real"]


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue with the texts of this page, wherever they are kept."""
    files = sorted(resources.path("i18n").glob("de*.po"))
    made = tmp_path / "i18n"
    made.mkdir()
    (made / "de.po").write_text("\n".join(one.read_text(encoding="utf-8") for one in files), encoding="utf-8")
    where = resources.path
    monkeypatch.setattr(resources, "path", lambda name: made if name == "i18n" else where(name))


def profile_of(window: MainWindow) -> Profile:
    """What the window works on."""
    desk = window.session.desk
    assert isinstance(desk, Desk)
    return desk._profile


def with_mailbox(window: MainWindow) -> None:
    """A mailbox sends from Lena's address; nothing is connected to."""
    config = {"host": "localhost", "port": "1", "security": "none", "user": "x"}
    profile_of(window).store.post.keep_mailbox(Mailbox(ME, "Lena Hartwig", "smtp", config))


def letters(window: MainWindow) -> list[Letter]:
    """What waits to be sent."""
    return list(profile_of(window).store.post.letters())


def opened(window: MainWindow, qtbot: QtBot) -> InboxPage:
    """The page, settled."""
    page = window.open_page("inbox")
    assert isinstance(page, InboxPage)
    settled(window, qtbot)
    return page


def settled(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until every question is answered and shown."""
    for _round in range(3):
        qtbot.waitUntil(lambda: not window.session.runner.busy and not window.inbox.model.busy, timeout=60_000)
        QApplication.processEvents()


def read(window: MainWindow, qtbot: QtBot, *mails: bytes) -> list[str]:
    """What came in while nobody looked; keys of the requests."""
    keys = [key for one in mails for key in window.session.desk.requests.take(one)]
    window.session.touch()
    settled(window, qtbot)
    return keys


def dropped(widget: QWidget, data: QMimeData) -> QDropEvent:
    """Let something fall on a widget."""
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.ignore()
    widget.dropEvent(event)
    return event


def files(*paths: Path) -> QMimeData:
    """A drag of files."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def current(page: InboxPage) -> Request:
    """The chosen request."""
    assert page.current is not None
    return page.current
