"""What a key means on a week. Pure but for the key event itself."""

from __future__ import annotations

from enum import Enum, auto

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


_ALONG = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_BESIDE = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_EDGE = {Qt.Key.Key_Home: -1, Qt.Key.Key_End: 1}
_PAGE = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_DEEDS = {
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
    if key in _ALONG:
        return cursor.along(week, at, _ALONG[key])
    if key in _BESIDE:
        return cursor.beside(week, at, _BESIDE[key]) or _BESIDE[key]
    if key in _EDGE:
        return cursor.edge(week, at, _EDGE[key])
    if key in _PAGE:
        return _PAGE[key] * week.days
    return _DEEDS.get(key)


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
    if instance is None or key not in _ALONG | _BESIDE:
        return None
    if longer:
        step = (_BESIDE if instance.all_day else _ALONG).get(key, 0) * (DAY if instance.all_day else SNAP)
        made = drag.shifted(instance, week, end=step)
        made.kind = drag.Kind.END
    elif key in _BESIDE:
        made = drag.shifted(instance, week, start=_BESIDE[key] * DAY, end=_BESIDE[key] * DAY)
    elif instance.all_day:
        return None
    else:
        made = drag.shifted(instance, week, start=_ALONG[key] * SNAP, end=_ALONG[key] * SNAP)
    return made if made.moved else None
