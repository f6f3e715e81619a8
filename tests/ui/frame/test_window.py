"""The frame: where one is, keys, states in words, folding, quitting."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.model import AccountId, CalendarId, Changed, Progress
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.settings_sheet import SettingsSheet
from calmerge_desktop.ui.workers import SyncThread
from tests.ui import sample
from tests.ui.frame.conftest import Loop, Open, calm, desk_of

pytestmark = pytest.mark.gui


def test_opens_on_the_week_of_today(window: MainWindow) -> None:
    """Title, week number and small month say where one is."""
    assert window.top.title.text() == "November 2026"
    assert window.top.caption.text() == "Week 48"
    assert window.span() == (date(2026, 11, 23), date(2026, 11, 29))


@pytest.mark.parametrize(("key", "page"), [("1", Page.DAY), ("2", Page.WEEK), ("3", Page.MONTH), ("4", Page.AGENDA)])
def test_ctrl_and_a_number_choose_the_view(window: MainWindow, qtbot: QtBot, key: str, page: Page) -> None:
    """Ctrl+1 to Ctrl+4."""
    QTest.keyClick(window, Qt.Key(ord(key)), Qt.KeyboardModifier.ControlModifier)
    calm(qtbot, window)
    assert window.page is page
    assert window.top.views.current == page


def test_arrows_and_t_page_through_time(window: MainWindow, qtbot: QtBot) -> None:
    """The buttons step a week, T comes back."""
    window.top.on.click()
    assert window.span()[0] == date(2026, 11, 30)
    window.top.back.click()
    window.top.back.click()
    assert window.span()[0] == date(2026, 11, 16)
    QTest.keyClick(window, Qt.Key.Key_T)
    assert window.span()[0] == date(2026, 11, 23)
    calm(qtbot, window)


def test_a_month_steps_by_months_and_keeps_its_day_where_it_can(window: MainWindow, qtbot: QtBot) -> None:
    """31 January plus one month is 28 February."""
    window.show_page(Page.MONTH)
    window.go(date(2027, 1, 31))
    window.step(1)
    assert window.day == date(2027, 2, 28)
    window.step(-2)
    assert window.day == date(2026, 12, 28)
    calm(qtbot, window)


def test_health_is_said_in_words(window: MainWindow) -> None:
    """Fresh, stale with its retry, broken with its deed."""
    heads = [head.health.text() for head in window.sidebar.accounts.heads.values()]
    assert heads == [
        "Fresh · 11:18",
        "Stale · last read 08:05, retry 11:24",
        "Fresh · 11:19",
        "Broken since Sun · sign in again",
        "Fresh · 06:00",
    ]


def test_the_status_line_tells_the_honest_age(window: MainWindow) -> None:
    """Sources that are not current are named with their age, and the zone stands beside."""
    assert window.status.age.text() == "As of 08:05 (Halden Robotics), Sunday (Verein Lindenhof)"
    assert window.status.zone.text() == "·  Berlin, UTC+1"
    assert window.status.waiting.text() == "1 change waiting to be sent"


def test_progress_shows_step_and_cancel(window: MainWindow, loop: Loop) -> None:
    """While a synchronisation runs it can be cancelled; when it is idle the line is calm again."""
    window.status.on_progress(
        Progress(account=AccountId("a-0"), calendar=CalendarId("kunden"), name="Kunden", done=5, total=10, step=2, steps=3)
    )
    assert window.status.running.text() == "Reading Kunden"
    assert window.status.count.text() == "2 of 3"
    assert window.status.bar.share == pytest.approx(0.5)
    window.status.cancel.click()
    assert "cancel" in loop.told
    window.status.on_idle()
    assert not window.status.cancel.isVisible()


def test_f5_reads_now(window: MainWindow, loop: Loop) -> None:
    """F5 wakes the synchronisation."""
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert loop.told == ["wake"]


def test_the_square_hides_a_calendar_and_the_pill_frees_it(window: MainWindow, qtbot: QtBot) -> None:
    """Both are buttons; the desk hears of them and the row shows the new role."""
    window.sidebar.accounts.rows["kunden"].square.click()
    window.sidebar.accounts.rows["kunden"].pill.click()
    calm(qtbot, window)
    calendar = desk_of(window).calendar(CalendarId("kunden"))
    assert (calendar.visible, calendar.busy) == (False, False)
    row = window.sidebar.accounts.rows["kunden"]
    assert not row.square.isChecked()
    assert row.pill.text() == "free"


def test_the_calendar_menu_names_what_was_set_aside_and_who_may_take_new_events(window: MainWindow) -> None:
    """Nothing unreadable is dropped silently; a read-only calendar cannot become the default."""
    view = window.session.accounts[4].calendars[0]
    menu = window.sidebar.accounts.calendar_menu(view)
    texts = [action.text() for action in menu.actions()]
    assert "1 event set aside, unreadable" in texts
    assert not next(action for action in menu.actions() if "new events" in action.text()).isEnabled()


def test_removing_an_account_names_its_size_and_focuses_keeping(window: MainWindow, qtbot: QtBot) -> None:
    """The destructive button says what it removes, and Enter keeps."""
    menu = window.sidebar.accounts.account_menu(window.session.accounts[0])
    next(action for action in menu.actions() if action.text().startswith("Remove")).trigger()
    question = window.speaker.question
    assert question is not None
    assert question.deed.text() == "Remove hartwig.example"
    assert QApplication.focusWidget() is question.keep
    question.deed.click()
    calm(qtbot, window)
    assert desk_of(window).views[0].account.name == "Halden Robotics"


def test_a_narrow_window_folds_the_sidebar_and_keeps_the_worst_state(open_window: Open) -> None:
    """At 960 there is a rail of 52 with a mark for broken sources, and nothing in the top bar overlaps."""
    window = open_window(size=(960, 640))
    assert window.sidebar.width() == 52
    assert window.sidebar.worst.isVisible()
    assert "Verein Lindenhof" in window.sidebar.worst.accessibleName()
    assert window.top.views.geometry().right() < window.top.new.geometry().left()


def test_the_small_month_is_a_grid_for_the_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    """Arrows move its day, Enter goes there."""
    grid = window.sidebar.month.grid
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert window.span()[0] == date(2026, 11, 30)
    calm(qtbot, window)


def test_news_of_the_synchronisation_look_again(window: MainWindow, qtbot: QtBot) -> None:
    """Changed means: ask again; what was added is on the week."""
    desk_of(window).put(sample.timed("x", "Neu", 25, "18:00", "19:00"), "termine")
    window.session.on_changed(Changed(calendars=frozenset({CalendarId("termine")})))

    def there() -> bool:
        week = window.model.week
        return week is not None and any(block.instance.summary == "Neu" for block in week.blocks)

    qtbot.waitUntil(there)


def test_settings_are_saved_and_worn_at_once(window: MainWindow, qtbot: QtBot, saved: list[Settings]) -> None:
    """The theme changes with the button, and the file gets every field."""
    window.open_settings()
    sheet = window.floating()
    assert isinstance(sheet, SettingsSheet)
    assert not sheet.save.isEnabled()
    sheet.theme.setCurrentIndex(sheet.theme.findData("dark"))
    sheet.week_start.setCurrentIndex(sheet.week_start.findData(6))
    sheet.save.click()
    calm(qtbot, window)
    assert saved[-1].theme == "dark"
    assert window.first_weekday == 6
    assert window.span()[0] == date(2026, 11, 22)


def test_settings_refuse_a_day_that_ends_before_it_begins(window: MainWindow) -> None:
    """Save is off and the reason stands beside it."""
    window.open_settings()
    sheet = window.floating()
    assert isinstance(sheet, SettingsSheet)
    sheet.ends.setCurrentIndex(sheet.ends.findData(8))
    assert not sheet.save.isEnabled()
    assert sheet.reason.text() == "The day ends before it begins."


def test_quits_cleanly_while_a_synchronisation_runs(window: MainWindow, qtbot: QtBot, loop: Loop) -> None:
    """The thread is told to stop, and stops."""
    thread = SyncThread(loop)
    thread.start()
    qtbot.waitUntil(loop.running.is_set)
    assert thread.quit_cleanly()
    assert not thread.isRunning()
    assert loop.told[-1] == "cancel"


def test_queries_never_run_on_the_gui_thread(window: MainWindow) -> None:
    """Every call of the desk came from a query thread."""
    assert desk_of(window).threads == {"calmerge-query-0"}


def test_news_of_a_long_read_are_gathered(open_window: Open, qtbot: QtBot) -> None:
    """The first is passed on at once, what follows within the pause comes together, and none is lost."""
    session = open_window().session
    told: list[Changed] = []
    session.changed.connect(told.append)
    pages = [Changed(calendars=frozenset({CalendarId(name)})) for name in "abc"]
    session.on_synced(pages[0])
    assert told == pages[:1]
    session.on_synced(pages[1])
    session.on_synced(Changed(calendars=pages[2].calendars, accounts=True))
    assert told == pages[:1]
    qtbot.waitUntil(lambda: len(told) > 1)
    assert told[1:] == [Changed(calendars=frozenset({CalendarId("b"), CalendarId("c")}), accounts=True)]
