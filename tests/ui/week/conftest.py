"""A week in a real window, filled with the sample and answered at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop import resources
from calmerge_desktop.core import texts
from calmerge_desktop.core.model import Calendar, Instance
from calmerge_desktop.demo import sample
from calmerge_desktop.ui.theme import style
from calmerge_desktop.ui.week.model import WeekModel
from calmerge_desktop.ui.week.view import WeekView

TODAY = date(2026, 11, 24)
MONDAY = date(2026, 11, 23)
BERLIN = "Europe/Berlin"


class FakeView:
    """`ViewJob` over a list, as the desk would answer."""

    def __init__(self, instances: Sequence[Instance]) -> None:
        self.held = list(instances)
        self.asked: list[tuple[int, int]] = []

    def instances(
        self,
        low: int,
        high: int,
        tzid: str,
        *,
        merged: bool = True,
        visible_only: bool = True,
        calendars: Any = None,
    ) -> Sequence[Instance]:
        self.asked.append((low, high))
        slack = 86_400 * 2  # dates count on the wall; the layout drops what is outside
        return [one for one in self.held if one.start < high + slack and one.end > low - slack]


def at_once(fn: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Any], None]) -> None:
    """The query thread of a test: here and now."""
    then(fn())


@pytest.fixture(autouse=True)
def speak_english() -> Iterator[None]:
    """Whatever a test speaks, the next one begins in English."""
    texts.choose("en", resources.path("i18n"))
    yield
    texts.choose("en", resources.path("i18n"))


@pytest.fixture
def german(tmp_path: Path) -> None:
    """German, with the words of this room also before they are merged into the catalogue."""
    parts = sorted(resources.path("i18n").glob("de*.po"))
    if len(parts) == 1 and parts[0].name == "de.po":
        texts.choose("de", resources.path("i18n"))
        return
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    whole = Catalog(locale="de")
    for part in parts:
        with part.open("rb") as file:
            for message in read_po(file, locale="de"):
                if message.id:
                    whole.add(message.id, message.string)
    with (tmp_path / "de.po").open("wb") as file:
        write_po(file, whole)
    texts.choose("de", tmp_path)


@pytest.fixture
def lena() -> tuple[list[Instance], list[Calendar]]:
    """Lena's instances and calendars."""
    return sample.instances(TODAY)


@pytest.fixture
def model(lena: tuple[list[Instance], list[Calendar]], qapp: QApplication) -> WeekModel:
    """The model of Lena's week."""
    style.apply(qapp, "light")
    made = WeekModel(at_once, FakeView(lena[0]), BERLIN)
    made.set_calendars(lena[1])
    made.show(MONDAY, 7)
    return made


@pytest.fixture
def view(model: WeekModel, qtbot: QtBot) -> WeekView:
    """The week in a window of 1192 x 816, at 11:20 on Tuesday."""
    made = WeekView(model, lambda: sample.now(TODAY))
    qtbot.addWidget(made)
    made.resize(1192, 816)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.clearFocus()
    return made
