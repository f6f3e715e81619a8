"""The pure parts of the week view: measures, keyboard stops, drags, words and lines of text."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from calmerge_desktop.core.model import Calendar, Instance, Stamp
from calmerge_desktop.core.week import DAY, Week, lay_out
from calmerge_desktop.ui.theme import fonts
from calmerge_desktop.ui.week import cursor, drag, text, words
from calmerge_desktop.ui.week.drag import Kind
from calmerge_desktop.ui.week.geometry import HEAD, Geometry, Place
from calmerge_desktop.ui.week.layer import BAND, tiles

from .conftest import BERLIN, MONDAY

pytestmark = pytest.mark.gui
Lena = tuple[list[Instance], list[Calendar]]


@pytest.fixture
def week(lena: Lena) -> Week:
    return lay_out(lena[0], MONDAY, 7, BERLIN)


def named(week: Week, title: str) -> Instance:
    return next(block.instance for block in week.blocks if block.instance.summary == title)


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [700.0, 951.0, 1192.0])
def test_edges_stand_on_device_pixels(week: Week, dpr: float, width: float) -> None:
    """Otherwise a hairline is grey and two pixels wide."""
    geometry = Geometry.of(week, width, second_zone=True, dpr=dpr)
    for edge in [geometry.x(day) for day in range(8)] + [geometry.y(hour * 3600) for hour in range(25)]:
        assert abs(edge * dpr - round(edge * dpr)) < 1e-6
    assert geometry.x(7) == geometry.snap(width)


@pytest.mark.parametrize("days", [1, 3, 7, 14])
def test_blocks_stay_in_their_column_and_apart(lena: Lena, days: int) -> None:
    """With air to the line on both sides, however narrow the day."""
    week = lay_out(lena[0], MONDAY, days, BERLIN)
    geometry = Geometry.of(week, 700, second_zone=True)
    rects = geometry.blocks(week.blocks)
    for n, (one, rect) in enumerate(zip(week.blocks, rects, strict=True)):
        assert geometry.x(one.day) + 1 <= rect.left() < rect.right() <= geometry.x(one.day + 1) - 3
        assert not any(rect.intersects(other) for other in rects[n + 1 :])


def test_the_lane_is_counted_before_the_grid_is_placed() -> None:
    """No row without space, and none when there is nothing; many fold."""
    lanes = [Geometry(width=900, days=7, rows=rows).lane for rows in range(6)]
    assert lanes[0] == 0
    assert all(after > before for before, after in pairwise(lanes))
    folded = Geometry(width=900, days=7, rows=30)
    assert folded.shown_rows == 5
    assert folded.lane == Geometry(width=900, days=7, rows=6).lane
    assert Geometry(width=900, days=7, rows=30, unfolded=True, most=12).shown_rows == 12
    assert folded.fold(0).bottom() < folded.head
    assert folded.row(0, 0, 0).top() > HEAD


@given(st.integers(0, 1343), st.integers(1, 1343), st.integers(1, 14))
def test_tiles_cover_all_once_and_what_is_in_sight_closely(top: int, tall: int, days: int) -> None:
    """The first frame paints hardly more than is seen; the rest follows in pieces of a band."""
    geometry = Geometry(width=1390, days=days, rows=0)
    size = QSize(1390, 1344)
    sight = QRect(0, top, 1390, tall) & QRect(QPoint(), size)
    found = tiles(size, geometry, sight)
    rows = sorted({(one.top(), one.height()) for one in found})
    assert [at + high for at, high in rows] == [at for at, _high in rows[1:]] + [1344]
    assert rows[0][0] == 0
    assert len(found) == len(rows) * days
    seen = [(at, high) for at, high in rows if QRect(0, at, 1390, high).intersects(sight)]
    assert sum(high for _at, high in seen) <= sight.height() + 6
    assert all(high <= BAND for at, high in rows if (at, high) not in seen)


@given(st.integers(0, 6), st.integers(0, DAY - 1))
def test_a_point_is_where_it_was_put(day: int, second: int) -> None:
    """From time to pixel and back, to the quarter of an hour."""
    geometry = Geometry(width=1192, days=7, rows=0)
    x = (geometry.x(day) + geometry.x(day + 1)) / 2
    place = geometry.place(QPointF(x, (second // 900 * 900 + 1) * geometry.hour / 3600 + 0.01))
    assert place == Place(day, second // 900 * 900)


def test_the_arrows_reach_everything(week: Week) -> None:
    """Down from the first stop of a day passes every event of it once, and every free half hour."""
    for day in range(7):
        found = cursor.stops(week, day)
        walked = [found[0]]
        while (after := cursor.along(week, walked[-1], 1)) != walked[-1]:
            walked.append(after)
        assert walked == found
        blocks = [block for block in week.blocks if block.day == day]
        bars = [bar for bar in week.bars if bar.first <= day <= bar.last]
        assert sum(1 for stop in found if stop.instance) == len(blocks) + len(bars)


def test_a_step_aside_leaves_a_long_bar_behind(week: Week) -> None:
    """Right of a holiday from Monday to Wednesday is Thursday."""
    bar = cursor.stops(week, 1)[0]
    assert bar.last == 2
    right = cursor.beside(week, bar, 1)
    assert right is not None
    assert right.day == 3
    assert cursor.beside(week, bar, -1) is None


def test_the_keyboard_starts_somewhere_in_every_week(lena: Lena, week: Week) -> None:
    """Another week: its first event; an empty one: the first working hour."""
    later = lay_out(lena[0], MONDAY + timedelta(days=7), 7, BERLIN)
    assert cursor.opening(later, week.starts[1], 9).instance is not None
    empty = lay_out([], MONDAY + timedelta(days=70), 7, BERLIN)
    assert cursor.opening(empty, week.starts[1], 9)[:3] == (0, 9 * 3600, 9 * 3600 + 1800)


def test_a_move_over_a_clock_change_keeps_the_wall(lena: Lena) -> None:
    """Ten o'clock on Friday becomes ten o'clock on Monday, though the nights between are an hour longer."""
    friday = date(2026, 10, 23)
    start = int(datetime(2026, 10, 23, 10, tzinfo=ZoneInfo(BERLIN)).timestamp())
    instance = lena[0][0]._replace(start=start, end=start + 3600, all_day=False)
    week = lay_out([instance], friday, 7, BERLIN)
    moving = drag.begin(Kind.MOVE, week, Place(0, 10 * 3600), instance)
    moving.to(3 * DAY + 10 * 3600)
    assert moving.stamps() == (Stamp(datetime(2026, 10, 26, 10), BERLIN), Stamp(datetime(2026, 10, 26, 11), BERLIN))


def test_a_small_shake_moves_nothing(week: Week) -> None:
    """Less than a quarter of an hour within the grip's own quarter."""
    instance = named(week, "Kita-Fest")
    moving = drag.begin(Kind.MOVE, week, Place(4, 16 * 3600 + 100), instance)
    moving.to(4 * DAY + 16 * 3600 + 800)
    assert not moving.moved


def test_an_event_is_never_pulled_to_nothing(week: Week) -> None:
    """A quarter of an hour is left, from either end."""
    instance = named(week, "Kita-Fest")
    pulled = drag.begin(Kind.END, week, Place(4, 18 * 3600), instance)
    pulled.to(4 * DAY)
    assert pulled.end - pulled.start == 900
    pushed = drag.begin(Kind.START, week, Place(4, 16 * 3600), instance)
    pushed.to(5 * DAY)
    assert pushed.end - pushed.start == 900


def test_a_ghost_over_midnight_has_two_parts(week: Week) -> None:
    """And none beyond the week."""
    instance = named(week, "Kita-Fest")
    moving = drag.begin(Kind.MOVE, week, Place(4, 16 * 3600), instance)
    moving.to(6 * DAY + 23 * 3600)
    assert moving.parts() == [(6, 23 * 3600, DAY)]
    moving.to(5 * DAY + 23 * 3600)
    assert moving.parts() == [(5, 23 * 3600, DAY), (6, 0, 3600)]


def test_names_say_the_whole_event(qapp: QApplication, lena: Lena) -> None:
    """Over midnight both days are named; the German order is the German one."""
    tz, titles = ZoneInfo(BERLIN), {calendar.id: calendar.name for calendar in lena[1]}
    night = next(one for one in lena[0] if one.summary == "Nachtzug nach Wien")
    expected = "Nachtzug nach Wien, Friday 4 December, 22:30 to Saturday 5 December, 07:30, Berlin Hbf, Termine"
    assert words.accessible(night, tz, titles) == expected


def test_names_in_german(qapp: QApplication, german: None, lena: Lena) -> None:
    """Dates by locale, states in words."""
    tz, titles = ZoneInfo(BERLIN), {calendar.id: calendar.name for calendar in lena[1]}
    focus = next(one for one in lena[0] if one.summary == "Fokuszeit")
    assert words.accessible(focus, tz, titles) == "Fokuszeit, Mittwoch, 25. November, 10:00 bis 12:30, Termine, vorläufig"
    assert words.weekday_caps(MONDAY) == "MO"
    assert words.more(1) == "1 weiterer"
    assert words.city("America/New_York") == "New York"
    assert words.offset("Asia/Kolkata", 0) == "UTC+5:30"


def test_an_event_without_a_title_has_a_name(lena: Lena) -> None:
    """So that it can be called something."""
    assert words.title(lena[0][0]._replace(summary=" \n ")) == "(no title)"


def test_a_title_wraps_only_at_words(qapp: QApplication) -> None:
    """Two lines when the longest word fits, else one line with an ellipsis; hyphens are breaks."""

    def wrapped(title: str, width: int) -> tuple[str, ...]:
        return text.wrap(title, 12, fonts.SEMIBOLD, width, 2)

    assert wrapped("Mittag", 120) == ("Mittag",)
    assert wrapped("Workshop vorbereiten", 100) == ("Workshop", "vorbereiten")
    assert wrapped("Sahyadri: Architektur-Review", 140) == ("Sahyadri: Architektur-", "Review")
    (line,) = wrapped("Quartalsplanung Nord", 60)
    assert line.endswith("…")
    first, second = wrapped("Angebot Halden schreiben und senden", 80)
    assert first == "Angebot"
    assert second.endswith("…")


@pytest.mark.parametrize("weight", [fonts.REGULAR, fonts.MEDIUM, fonts.SEMIBOLD])
def test_no_letter_that_is_not_measured_is_wider_than_is_believed(qapp: QApplication, weight: QFont.Weight) -> None:
    """Short lines of ASCII are not measured; of others nobody knows."""
    style = text.style(12, weight)
    assert max(style.width(chr(code)) for code in range(32, 127)) <= 12 * text.WIDEST
    assert style.fits("MMMM", 4 * 12 * text.WIDEST)
    assert not style.fits("MMMM", style.width("MMMM") - 1)
    assert not style.fits("\u2e3b", style.width("\u2e3b") - 1)


@given(st.text(min_size=1, max_size=60), st.integers(20, 200))
def test_lines_never_run_over(qapp: QApplication, title: str, width: int) -> None:
    """Whatever the title is made of."""
    shown = " ".join(title.split())
    style = text.style(12, fonts.SEMIBOLD)
    for line in text.wrap(shown, 12, fonts.SEMIBOLD, width, 2):
        assert style.width(line) <= width + 1


def test_a_letter_and_an_ellipsis_are_left_out(qapp: QApplication) -> None:
    """An empty block says as much."""
    assert text.fit("Quartalsplanung", text.style(12), 22) == ""
    assert text.fit("Quartalsplanung", text.style(12), 32).endswith("…")
