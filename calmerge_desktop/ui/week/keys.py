"""What a key means on a week. Pure but for the key event itself."""

from __future__ import annotations

from enum import Enum, auto
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from calmerge_desktop.core.week import DAY, Week
from calmerge_desktop.ui.week import cursor, drag
from calmerge_desktop.ui.week.cursor import Stop
from calmerge_desktop.ui.week.drag import Drag
from calmerge_desktop.ui.week.geometry import SNAP


class Deed(Enum):
    """What is done to the place the keyboard stands on."""

    OPEN = auto()
    DELETE = auto()
    TODAY = auto()
    ASK = auto()
    """Why is this place not offered?"""


# Tables are made with the first key that is pressed: Qt knows five hundred keys, and the first frame needs none.


@cache
def _along() -> dict[Qt.Key, int]:
    return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@cache
def _beside() -> dict[Qt.Key, int]:
    return {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@cache
def _edge() -> dict[Qt.Key, int]:
    return {Qt.Key.Key_Home: -1, Qt.Key.Key_End: 1}


@cache
def _page() -> dict[Qt.Key, int]:
    return {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


@cache
def _deeds() -> dict[Qt.Key, Deed]:
    return {
        Qt.Key.Key_Return: Deed.OPEN,
        Qt.Key.Key_Enter: Deed.OPEN,
        Qt.Key.Key_Space: Deed.OPEN,
        Qt.Key.Key_Delete: Deed.DELETE,
        Qt.Key.Key_T: Deed.TODAY,
        Qt.Key.Key_E: Deed.ASK,
    }


_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def meaning(week: Week, at: Stop, event: QKeyEvent) -> Stop | Drag | Deed | int | None:
    """A place to go to, a drag by key, a deed, days to page by, or None: not ours."""
    key, held = Qt.Key(event.key()), event.modifiers()
    if held & Qt.KeyboardModifier.AltModifier:
        return _pulled(week, at, key, bool(held & Qt.KeyboardModifier.ShiftModifier))
    if held & _HELD:
        return None
    if key in _along():
        return cursor.along(week, at, _along()[key])
    if key in _beside():
        return cursor.beside(week, at, _beside()[key]) or _beside()[key]
    if key in _edge():
        return cursor.edge(week, at, _edge()[key])
    if key in _page():
        return _page()[key] * week.days
    return _deeds().get(key)


def kept(week: Week, stop: Stop) -> Stop | None:
    """The same place in a week that was read anew: its event, else what is there now; None beyond the week."""
    if stop.instance is not None:
        found = cursor.find(week, stop.instance.id)
        if found is not None:
            return found
    if stop.day >= week.days:
        return None
    return cursor.nearest(week, stop.day, stop.start)


def _pulled(week: Week, at: Stop, key: Qt.Key, longer: bool) -> Drag | None:
    """Alt+arrows move an event by a quarter of an hour or a day; with Shift they move its end."""
    instance = at.instance
    if instance is None or key not in _along() | _beside():
        return None
    if longer:
        step = (_beside() if instance.all_day else _along()).get(key, 0) * (DAY if instance.all_day else SNAP)
        made = drag.shifted(instance, week, end=step)
        made.kind = drag.Kind.END
    elif key in _beside():
        made = drag.shifted(instance, week, start=_beside()[key] * DAY, end=_beside()[key] * DAY)
    elif instance.all_day:
        return None
    else:
        made = drag.shifted(instance, week, start=_along()[key] * SNAP, end=_along()[key] * SNAP)
    return made if made.moved else None
