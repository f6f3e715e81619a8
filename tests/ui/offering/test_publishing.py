"""The sheet that keeps the page of a link in a folder: published, shown, refused, stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from calmerge_desktop.core import texts
from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.presets import preset
from calmerge_desktop.core.freebusy import Blocking
from calmerge_desktop.core.model import SourceState
from calmerge_desktop.ui.links.page import LinksPage
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.publishing.sheet import PublishSheet
from tests.servers.webdav import PASSWORD, USER, WebdavServer
from tests.ui.frame.conftest import calm
from tests.ui.offering.conftest import Real

pytestmark = pytest.mark.gui


@pytest.fixture
def dav(tmp_path: Path) -> Iterator[WebdavServer]:
    server = WebdavServer(tmp_path / "dav")
    yield server
    server.close()


def link_of(window: MainWindow, *, every: bool = False) -> Link:
    """A link that looks at calendars that can be read; `every`: also at the one that cannot, which blocks then."""
    looked_at = []
    for view in window.session.accounts:
        for one in view.calendars:
            if every or SourceState.FRESH is one.status.state is view.status.state:
                looked_at.append(one.calendar.id)
                window.session.desk.free.set_rule(one.calendar.id, Blocking())
    made = replace(preset("check-in"), title="Kennenlernen", slug="first-talk", busy=tuple(looked_at))
    return window.session.desk.links.keep(made)


def opened(window: MainWindow, qtbot: QtBot, link: Link) -> PublishSheet:
    window.opening.publish(link)
    calm(qtbot, window)
    sheet = window.floating()
    assert isinstance(sheet, PublishSheet)
    return sheet


def test_a_page_is_published_shown_and_taken_away(real: Real, qtbot: QtBot, dav: WebdavServer, tmp_path: Path) -> None:
    """With a password that is asked for only where one is needed."""
    window = real()
    sheet = opened(window, qtbot, link_of(window))
    assert not sheet.user.isVisible()
    assert not sheet.publish.isEnabled()
    sheet.folder.setText(dav.url)
    assert sheet.user.isVisible()
    sheet.user.setText(USER)
    sheet.password.setText("wrong")
    sheet.publish.click()
    assert not sheet.publish.isEnabled()
    calm(qtbot, window)
    assert "does not accept this user name and password" in sheet.problem.text()
    assert sheet.rows == []
    sheet.password.setText(PASSWORD)
    QTest.keyClick(sheet.password, Qt.Key.Key_Return)
    calm(qtbot, window)
    assert sheet.problem.text() == ""
    page = tmp_path / "dav" / "first-talk.html"
    assert page.exists()
    assert [row.page.address for row in sheet.rows] == [dav.url]
    assert "times, as of" in sheet.rows[0].state.text()
    dav.refuse = {"DELETE": 503}
    sheet.rows[0].stop.click()
    calm(qtbot, window)
    assert sheet.rows[0].state.text().startswith("It is being taken away")
    assert page.exists()
    dav.refuse = {}
    window.session.desk.publishing.refresh()
    assert not page.exists()


def test_what_is_not_known_is_not_published(real: Real, qtbot: QtBot, tmp_path: Path) -> None:
    """A calendar of the sample cannot be read."""
    window = real()
    sheet = opened(window, qtbot, link_of(window, every=True))
    sheet.folder.setText(str(tmp_path / "web"))
    sheet.publish.click()
    calm(qtbot, window)
    assert "cannot be read, so nobody knows what is free." in sheet.problem.text()
    assert not (tmp_path / "web").exists()


def test_the_way_in_is_beside_the_link(real: Real, qtbot: QtBot) -> None:
    window = real()
    link_of(window)
    page = window.open_page("links")
    assert isinstance(page, LinksPage)
    calm(qtbot, window)
    page.publish.click()
    calm(qtbot, window)
    assert isinstance(window.floating(), PublishSheet)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_pictures(
    real: Real, qtbot: QtBot, snapshot: Callable[[str, QImage], None], german: Path, dav: WebdavServer, language: str,
    theme: str, tmp_path: Path,
) -> None:  # fmt: skip
    """One folder that is right, one with trouble, and the fields for a server."""
    window = real(language, theme)
    texts.choose(language, german)
    link = link_of(window)
    job = window.session.desk.publishing
    job.publish(link, str(tmp_path / "web"))
    job.publish(link, dav.url, user=USER, password=PASSWORD)
    pages = {one.address: one for one in job.list()}
    sheet = opened(window, qtbot, link)
    shown = [
        replace(pages[str(tmp_path / "web")], address="/srv/www/termine"),
        replace(
            pages[dav.url], address="https://cloud.hartwig.example/dav/web/", trouble="cloud.hartwig.example denies access."
        ),
    ]
    sheet._show_places(shown)
    sheet.folder.setText("https://cloud.example/dav/web")
    calm(qtbot, window)
    snapshot(f"publish-{language}-{theme}", window.grab().toImage())
