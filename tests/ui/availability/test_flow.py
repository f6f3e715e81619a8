"""Availability in the week: shaded only when switched on, every gap explained with the calendar behind it, and a way there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.freebusy import AllDay, Blocking, Load, Unreadable
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.ui.availability.flow import AvailabilityFlow
from calmerge_desktop.ui.frame.calendar_rules import CalendarRules
from calmerge_desktop.ui.frame.span import Page
from calmerge_desktop.ui.hours.page import HoursPage
from calmerge_desktop.ui.links.explain import ExplainPopover
from calmerge_desktop.ui.links.page import LinksPage
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.week.cursor import nearest
from calmerge_desktop.ui.week.overlay import Overlay
from tests.ui import sample
from tests.ui.frame.conftest import Open, calm, desk_of

pytestmark = pytest.mark.gui
HOUR = 3600


def switched_on(qtbot: QtBot, window: MainWindow, link: int = 0) -> AvailabilityFlow:
    """The mode with plain free and busy (0), or one of the sample's links (2: the consultation)."""
    window.modes.show_availability()
    flow = window.modes.availability
    assert flow is not None
    settled(qtbot, window, flow)
    if link:
        flow.bar.link.setCurrentIndex(link)
        settled(qtbot, window, flow)
    return flow


def mode(window: MainWindow) -> AvailabilityFlow | None:
    return window.modes.availability


def overlay_of(window: MainWindow) -> Overlay | None:
    return window.week.overlay


def popover_of(flow: AvailabilityFlow) -> ExplainPopover | None:
    return flow.popover


def settled(qtbot: QtBot, window: MainWindow, flow: AvailabilityFlow) -> None:
    calm(qtbot, window)
    qtbot.waitUntil(lambda: flow.settled and not window.session.runner.busy, timeout=60_000)
    calm(qtbot, window)


def explained(qtbot: QtBot, window: MainWindow, flow: AvailabilityFlow, day: int, second: int) -> ExplainPopover:
    """Press a place of the sheet as a pointer does."""
    scene = window.week.scene
    assert scene is not None
    window.week.scroll_to(8 * HOUR)
    pane = window.week._sheet
    place = scene.geometry.span(day, second, second + 60)
    at = QPoint(int(place.center().x()), int(place.top()) + 1)
    QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: flow.popover is not None)
    assert flow.popover is not None
    return flow.popover


def test_the_plain_week_costs_nothing(window: MainWindow) -> None:
    """No overlay and none of its code until it is switched on."""
    assert window.modes.availability is None
    assert window.week.overlay is None


def test_the_key_shades_the_week_and_again_leaves_it(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_A)
    flow = window.modes.availability
    assert flow is not None
    settled(qtbot, window, flow)
    assert window.week.overlay is not None
    assert window.week.overlay.windows
    assert flow.bar.said.text().endswith("free in your working hours. Click any gap to learn why it is closed.")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert mode(window) is None
    assert overlay_of(window) is None
    assert window.mode_room.count() == 0 or flow.bar.isHidden()


def test_plain_free_time_is_what_the_job_says(window: MainWindow, qtbot: QtBot) -> None:
    """Nothing shaded as free touches a busy span, and all of it lies in the working hours."""
    flow = switched_on(qtbot, window)
    made = flow.shown
    assert made is not None
    assert made.free is not None
    from calmerge_desktop.ui.links.result import Days

    days = Days(made.first, 7, "Europe/Berlin")
    busy = [part for one in made.free.spans if one.load is not Load.FREE for part in days.parts(one.start, one.end)]
    for window_ in made.overlay.windows:
        assert 9 * HOUR <= window_.start < window_.end <= 18 * HOUR
        assert not any(d == window_.day and s < window_.end and window_.start < e for d, s, e in busy)
    assert "MainThread" not in desk_of(window).threads


def test_an_event_is_named_with_the_calendar_it_lies_in(window: MainWindow, qtbot: QtBot) -> None:
    """Two events at once: each with its calendar, and both have to go."""
    flow = switched_on(qtbot, window)
    flow.explain(0, 10 * HOUR + 1900, QRect(600, 300, 10, 10))
    qtbot.waitUntil(lambda: flow.popover is not None)
    popover = flow.popover
    assert popover is not None
    assert [(one.kept, one.value) for one in popover.said.rulings] == [
        (False, "“Quartalsplanung” · Termine"),
        (False, "“Steuerbüro Weber” · Büro"),
    ]
    assert popover.said.change.count("moves or no longer counts as busy") == 2


def test_a_click_on_a_gap_says_which_rule_and_leads_to_it(window: MainWindow, qtbot: QtBot) -> None:
    """Between dentist and one-to-one only the buffer is in the way; Edit rule goes to its field of this link."""
    flow = switched_on(qtbot, window, link=2)
    popover = explained(qtbot, window, flow, 1, 14 * HOUR + 1900)
    assert popover.title == "Not offered: Tue 24 Nov, 14:15–15:00"
    assert popover.said.rulings[0][:3] == (False, "Buffer", "15 min around every event")
    assert [one.name for one in popover.said.rulings if one.kept] == [
        "Working hours",
        "Notice",
        "How far ahead",
        "Daily limit",
    ]
    assert popover.said.change == "Opens if there are no buffers."
    assert [(one.kind, one.minutes) for one in popover.said.strip] == [
        ("event", 0), ("buffer", 15), ("free", 15), ("buffer", 15), ("event", 0),
    ]  # fmt: skip
    assert window.week.overlay is not None
    assert window.week.overlay.gap == (1, 14 * HOUR + 900, 15 * HOUR)
    popover.jumps["link:buffer"].click()
    calm(qtbot, window)
    qtbot.waitUntil(lambda: window.pages.current == "links" and not window.session.runner.busy)
    page = window.open_page("links")
    assert isinstance(page, LinksPage)
    qtbot.waitUntil(lambda: page.saved is not None and page.saved.id == "l-consultation", timeout=60_000)
    assert window.focusWidget() is page.form.before, window.focusWidget()


def test_outside_the_hours_leads_to_the_schedule(window: MainWindow, qtbot: QtBot) -> None:
    flow = switched_on(qtbot, window, link=2)
    popover = explained(qtbot, window, flow, 5, 16 * HOUR)
    assert popover.said.decided == "Working hours"
    popover.jumps["schedule"].click()
    page = window.open_page("hours")
    assert isinstance(page, HoursPage)
    qtbot.waitUntil(lambda: page.saved is not None, timeout=60_000)
    assert page.saved is not None
    assert page.saved.name == "Office hours"


def test_an_event_behind_a_gap_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    flow = switched_on(qtbot, window)
    flow.explain(1, 13 * HOUR + 2700, QRect(600, 300, 10, 10))
    qtbot.waitUntil(lambda: flow.popover is not None)
    assert flow.popover is not None
    flow.popover.jumps["event:zahn"].click()
    qtbot.waitUntil(lambda: window.floating() is not None and not isinstance(window.floating(), ExplainPopover))


def test_a_calendar_that_cannot_be_read_leads_to_its_rules(open_window: Open, qtbot: QtBot) -> None:
    """All is closed, the bar says by whom; the rule set to warn opens it, and the save can be undone."""
    desk = sample.desk()
    desk.box.rules[CalendarId("vorstand")] = Blocking()
    window = open_window(desk)
    flow = switched_on(qtbot, window)
    made = flow.shown
    assert made is not None
    assert not made.overlay.windows
    assert flow.bar.said.text().endswith("Closed, as it cannot be read: Vorstand.")
    popover = explained(qtbot, window, flow, 4, 14 * HOUR)
    assert popover.said.decided == "A calendar that cannot be read"
    popover.jumps["calendar:vorstand"].click()
    qtbot.waitUntil(lambda: isinstance(window.floating(), CalendarRules))
    sheet = window.floating()
    assert isinstance(sheet, CalendarRules)
    assert not sheet.save.isEnabled()
    sheet.unreadable.setCurrentIndex(1)
    sheet.all_day.setCurrentIndex(2)
    sheet.tentative.setChecked(False)
    sheet.save.click()
    settled(qtbot, window, flow)
    assert desk.free.rules()[CalendarId("vorstand")] == Blocking(
        unreadable=Unreadable.WARN, all_day=AllDay.IGNORE, tentative=False
    )
    assert flow.shown is not None
    assert flow.shown.overlay.windows
    window.speaker.take_back()
    settled(qtbot, window, flow)
    assert desk.free.rules()[CalendarId("vorstand")] == Blocking()


def test_the_key_e_explains_in_the_plain_week(window: MainWindow, qtbot: QtBot) -> None:
    """It switches the mode on, and says why at once."""
    week = window.week
    week.setFocus(Qt.FocusReason.TabFocusReason)
    assert week.scene is not None
    week.take_stop(nearest(week.scene.week, 4, 14 * HOUR)._replace(instance=None, start=14 * HOUR, end=14 * HOUR + 1800))
    QTest.keyClick(week, Qt.Key.Key_E)
    flow = window.modes.availability
    assert flow is not None
    qtbot.waitUntil(lambda: flow.popover is not None)
    assert flow.popover is not None
    assert flow.popover.title.startswith("Free: Fri 27 Nov")
    QTest.keyClick(flow.popover, Qt.Key.Key_Escape)
    assert popover_of(flow) is None
    assert mode(window) is flow


def test_paging_and_changes_are_followed(window: MainWindow, qtbot: QtBot) -> None:
    flow = switched_on(qtbot, window, link=1)
    first = flow.shown
    window.step(1)
    settled(qtbot, window, flow)
    assert flow.shown is not None
    assert first is not None
    assert flow.shown.first > first.first
    link = desk_of(window).links.get("check-in")
    desk_of(window).links.keep(replace(link, active=False))
    window.session.touch()
    settled(qtbot, window, flow)
    assert flow.shown.overlay.windows == ()


def test_month_and_offering_end_the_mode(window: MainWindow, qtbot: QtBot) -> None:
    switched_on(qtbot, window)
    window.show_page(Page.MONTH)
    assert window.modes.availability is None
    window.show_page(Page.WEEK)
    calm(qtbot, window)
    switched_on(qtbot, window)
    window.modes.offer_times()
    assert window.modes.availability is None
    assert window.modes.offering is not None
    window.modes.show_availability()
    assert window.modes.offering is None
