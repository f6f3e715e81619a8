"""What the week looks like, to the pixel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from calmerge_desktop.core.model import Calendar, Instance, Status
from calmerge_desktop.core.when import date_seconds
from calmerge_desktop.demo import sample
from calmerge_desktop.ui.theme import style
from calmerge_desktop.ui.week.render import render_image, render_png
from calmerge_desktop.ui.week.view import WeekView

from .conftest import BERLIN, MONDAY, TODAY

pytestmark = pytest.mark.gui
Lena = tuple[list[Instance], list[Calendar]]
Snapshot = Callable[[str, QImage], None]


def picture(lena: Lena, theme: str = "light", first: date = MONDAY, days: int = 7, **more: Any) -> QImage:
    more.setdefault("size", (960, 600))
    more.setdefault("now", sample.now(TODAY))
    return render_image(lena[0], lena[1], first, days, BERLIN, theme=theme, **more)


def test_the_sample_week_light(qapp: QApplication, lena: Lena, snapshot: Snapshot) -> None:
    """As the pictures have it, with New York."""
    snapshot("week-light-en", picture(lena, size=(1192, 816), second_tzid=sample.second_zone()))


def test_the_sample_week_dark_in_german(qapp: QApplication, german: None, lena: Lena, snapshot: Snapshot) -> None:
    """The same at night."""
    snapshot("week-dark-de", picture(lena, "dark", size=(1192, 816), second_tzid=sample.second_zone()))


def test_a_small_window_on_a_fine_screen(qapp: QApplication, german: None, lena: Lena, snapshot: Snapshot) -> None:
    """700 wide: titles are elided whole, no time is cut in two; lines stay one device pixel."""
    snapshot("week-small-2x", picture(lena, size=(700, 500), dpr=2))


def test_one_day(qapp: QApplication, lena: Lena, snapshot: Snapshot) -> None:
    """The day view is the same painter."""
    snapshot("day-light", picture(lena, first=TODAY, days=1, size=(700, 500)))


def test_two_weeks(qapp: QApplication, lena: Lena, snapshot: Snapshot) -> None:
    """Fourteen narrow days."""
    snapshot("fortnight-dark", picture(lena, "dark", days=14))


def test_an_empty_week(qapp: QApplication, lena: Lena, snapshot: Snapshot) -> None:
    """One sentence, and the grid stays."""
    snapshot("week-empty", picture(([], lena[1]), first=date(2027, 6, 7)))


def _many(template: Instance, count: int) -> list[Instance]:
    """Overlaps of every kind, deterministic."""
    start = int(datetime(2026, 11, 23, 8, tzinfo=ZoneInfo(BERLIN)).timestamp())
    return [
        template._replace(
            id=f"n{n}",
            summary=f"Termin {n}",
            start=start + (n % 7) * 86_400 + (n * 37 % 44) * 900,
            end=start + (n % 7) * 86_400 + (n * 37 % 44) * 900 + (2 + n * 13 % 7) * 900,
        )
        for n in range(count)
    ]


def test_a_dense_week(qapp: QApplication, lena: Lena, snapshot: Snapshot) -> None:
    """Twenty events a day share the columns, and a lane with nine rows folds."""
    template = next(one for one in lena[0] if one.summary == "Mittag")
    bars = [
        template._replace(
            id=f"b{n}",
            summary=f"Ganztägig {n}",
            all_day=True,
            start=date_seconds(MONDAY + timedelta(days=n % 4 - 1)),
            end=date_seconds(MONDAY + timedelta(days=n % 4 + 2 + n % 3)),
        )
        for n in range(12)
    ]
    snapshot("week-dense", picture((_many(template, 140) + bars, lena[1])))


def test_every_state(qapp: QApplication, lena: Lena, snapshot: Snapshot) -> None:
    """Tentative, declined, cancelled, unanswered, sending, in conflict, on two calendars: told without colour."""
    template = next(one for one in lena[0] if one.summary == "Mittag")
    start = int(datetime(2026, 11, 25, 9, tzinfo=ZoneInfo(BERLIN)).timestamp())
    states: list[tuple[str, dict[str, Any]]] = [
        ("Fest", {}),
        ("Vorläufig", {"status": Status.TENTATIVE}),
        ("Abgelehnt", {"partstat": "declined"}),
        ("Abgesagt", {"status": Status.CANCELLED}),
        ("Unbeantwortet", {"partstat": "needs-action"}),
        ("Wird gesendet", {"pending": True}),
        ("Zwei Fassungen", {"conflict": True}),
        ("Auf zwei Kalendern", {"calendars": (lena[1][3].id, lena[1][1].id), "calendar": lena[1][3].id}),
        ("Ohne Dauer", {"end": 0}),
    ]
    shown = []
    for n, (name, state) in enumerate(states):
        for day, length in ((0, 1500), (1, 2700), (2, 5400)):
            begins = start + day * 86_400 + n * 3600
            fields: dict[str, Any] = {
                "id": f"{n}-{day}",
                "summary": name,
                "start": begins,
                "end": begins + min(length, 3600),
            } | state
            if fields["end"] == 0:
                fields["end"] = begins
            shown.append(template._replace(**fields))
    snapshot("states-light", picture((shown, lena[1]), first=date(2026, 11, 25), days=3, size=(760, 720)))
    snapshot("states-dark", picture((shown, lena[1]), "dark", first=date(2026, 11, 25), days=3, size=(760, 720)))


def test_the_night_of_the_clock_change(qapp: QApplication, lena: Lena, snapshot: Snapshot) -> None:
    """Sunday 25 October has the hour from two to three twice; both events are there."""
    template = next(one for one in lena[0] if one.summary == "Mittag")
    zone = ZoneInfo(BERLIN)
    first = int(datetime(2026, 10, 25, 2, 15, tzinfo=zone).timestamp())
    second = int(datetime(2026, 10, 25, 2, 15, tzinfo=zone, fold=1).timestamp())
    late = int(datetime(2026, 10, 24, 23, 0, tzinfo=zone).timestamp())
    shown = [
        template._replace(id="a", summary="Erste Stunde", start=first, end=first + 2700),
        template._replace(id="b", summary="Zweite Stunde", start=second, end=second + 2700),
        template._replace(id="c", summary="Über Mitternacht", start=late, end=late + 2 * 3600),
    ]
    image = picture(
        (shown, lena[1]),
        first=date(2026, 10, 24),
        days=3,
        size=(700, 500),
        day_begins=1,
        second_tzid="UTC",
        now=late + 9 * 3600,
    )
    snapshot("clock-change", image)


def test_focus_and_a_drag_in_the_window(view: WeekView, snapshot: Snapshot) -> None:
    """The ring around what the keyboard stands on; the ghost with its times over what is moved."""
    view.resize(900, 600)
    view.setFocus(Qt.FocusReason.TabFocusReason)
    snapshot("view-focus", view.grab().toImage())
    assert view.scene is not None
    geometry = view.scene.geometry

    def at(day: int, hour: float) -> Any:
        return QPointF(geometry.x(day) + 40, geometry.y(hour * 3600)).toPoint()

    sheet = view._sheet
    QTest.mousePress(sheet, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(1, 13.75))
    QTest.mouseMove(sheet, at(2, 14))
    QTest.mouseMove(sheet, at(2, 14.5))
    snapshot("view-move", view.grab().toImage())
    QTest.keyClick(view, Qt.Key.Key_Escape)


def test_the_theme_of_the_window_switches(qapp: QApplication, view: WeekView) -> None:
    """Everything painted follows at once."""
    view.resize(900, 600)
    style.apply(qapp, "dark")
    dark = view.grab().toImage()
    style.apply(qapp, "light")
    assert dark.pixelColor(450, 20).lightness() < 60
    assert view.grab().toImage().pixelColor(450, 20).lightness() > 240


def test_a_png_needs_no_window(qapp: QApplication, lena: Lena, tmp_path: Path) -> None:
    """`calmerge week --png`: the size asked for, times the density."""
    file = tmp_path / "week.png"
    render_png(
        lena[0], lena[1], MONDAY, 7, BERLIN, (700, 500), "dark", "en", sample.now(TODAY), file, second_tzid=None, dpr=1.5
    )
    image = QImage(str(file))
    assert (image.width(), image.height()) == (1050, 750)


def test_a_png_that_cannot_be_written_says_so(qapp: QApplication, lena: Lena, tmp_path: Path) -> None:
    """Never a silent nothing."""
    with pytest.raises(OSError, match="cannot write"):
        render_png(
            lena[0], lena[1], MONDAY, 7, BERLIN, (300, 200), "light", "en", sample.now(TODAY), tmp_path / "no" / "week.png"
        )
