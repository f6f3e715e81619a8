"""The week for who cannot see it: one real button per event, under the painted surface.

The pane above is opaque, so Qt never paints these buttons and two thousand of them cost nothing while scrolling; to
assistive technology they are push buttons with a name, a place and the actions Press and SetFocus. They are made and
named in small portions, so that a full week does not hold up the first paint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from typing import Protocol

from PySide6.QtCore import QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from calmerge_desktop.core.model import Instance
from calmerge_desktop.ui.turns import Turn
from calmerge_desktop.ui.week import words
from calmerge_desktop.ui.week.scene import Scene

PORTION = 20
"""Buttons made or moved in one turn of the event loop, at most …"""
_TURN = 0.003
"""… and the seconds they may take: while a calendar is read every call into Qt may wait for its turn."""
_FIRST = 200
"""Milliseconds the first portion waits, so that the first frame need not."""


class Owner(Protocol):
    """Who handles what a button receives."""

    def button_key(self, event: QKeyEvent) -> None:
        """A key while a button has the focus."""

    def button_focused(self, instance_id: str) -> None:
        """Assistive technology moved the focus here."""

    def button_pressed(self, instance_id: str) -> None:
        """Assistive technology pressed it."""

    def leave(self, forward: bool) -> bool:
        """Tab leaves the whole week."""


class EventButton(QAbstractButton):
    """One event as assistive technology sees it; never painted."""

    def __init__(self, owner: Owner, parent: QWidget) -> None:
        super().__init__(parent)
        self._owner = owner
        self.instance_id = ""
        self.in_head = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # focusable for assistive technology, no stop for Tab
        self.setProperty("ownFocus", True)
        self.clicked.connect(self._press)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The pane above shows the event."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys are the week's business."""
        self._owner.button_key(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard stands here now."""
        super().focusInEvent(event)
        self._owner.button_focused(self.instance_id)

    def focusNextPrevChild(self, next: bool) -> bool:
        """The week is one tab stop."""
        return self._owner.leave(next)

    def _press(self) -> None:
        self._owner.button_pressed(self.instance_id)


class Names(QObject):
    """Keeps the buttons in step with the scene."""

    def __init__(
        self,
        owner: Owner,
        head: QWidget,
        sheet: QWidget,
        parent: QObject,
        let_go: Callable[[Scene], None] = lambda _scene: None,
    ) -> None:
        """`let_go` is given every scene that is not needed here any more."""
        super().__init__(parent)
        self._let_go = let_go
        self._owner = owner
        self._boards = {True: head, False: sheet}
        self._buttons: dict[str, EventButton] = {}
        self._stale: dict[bool, list[EventButton]] = {True: [], False: []}
        """Buttons of events that are gone: taken for others, or hidden a portion at a time."""
        self._spare: dict[bool, list[EventButton]] = {True: [], False: []}
        self._todo: list[tuple[Instance, QRectF, bool]] = []
        self._scene: Scene | None = None
        self._finding: Iterator[None] | None = None
        self._waited = False
        self._sentence: Callable[[Instance], str] = lambda instance: instance.summary
        self._turn = Turn(self._portion, self)
        self._wait = QTimer(self, singleShot=True, interval=_FIRST)
        self._wait.timeout.connect(self._turn.start)

    def show(self, scene: Scene) -> None:
        """Buttons for exactly the events of `scene`; a portion at a time, when nothing else is to do."""
        if self._scene is not None:
            self._let_go(self._scene)
        self._scene = scene
        if self._waited:
            self._turn.start()
        else:
            self._waited = True
            self._wait.start()

    def _begin(self) -> None:
        """Find out now what the last scene shown needs."""
        self._find(None)
        if self._scene is not None:
            self._find(None)

    def _find(self, end: float | None) -> bool:
        """Go on finding out what a scene needs, until the moment `end`; whether that is done.

        News come faster than a full week is looked through: what was begun is done first.
        """
        if self._finding is None and self._scene is not None:
            self._finding, self._scene = self._compare(self._scene), None
        for _step in self._finding or ():
            if end is not None and perf_counter() > end:
                return False
        self._finding = None
        return True

    def _compare(self, scene: Scene) -> Iterator[None]:
        wanted: dict[str, tuple[Instance, QRectF, bool]] = {}
        for bar in scene.week.bars:
            rect = scene.geometry.bar(bar)
            if rect is not None:
                wanted[bar.instance.id] = (bar.instance, rect, True)
        for day in scene.days:
            for n, (block, place) in enumerate(zip(day.blocks, day.places, strict=True)):
                if n % PORTION == 0:
                    yield
                wanted.setdefault(block.instance.id, (block.instance, place, False))
        for n, (key, button) in enumerate(list(self._buttons.items())):
            if n % PORTION == 0:
                yield
            if key not in wanted or button.in_head != wanted[key][2]:
                del self._buttons[key]
                self._stale[button.in_head].append(button)
        self._sentence = partial(words.accessible, tz=scene.look.tz, calendars=scene.names)  # not the scene itself
        self._todo = list(reversed(wanted.values()))
        self._let_go(scene)

    def button(self, instance_id: str) -> EventButton | None:
        """The button of an event, made now if it was still to come."""
        self._begin()
        if instance_id not in self._buttons:
            entry = next((entry for entry in self._todo if entry[0].id == instance_id), None)
            if entry is not None:
                self._todo.remove(entry)
                self._place(*entry)
        return self._buttons.get(instance_id)

    def count(self) -> int:
        """Buttons in place."""
        self._begin()
        return len(self._buttons)

    def _portion(self) -> None:
        end = perf_counter() + _TURN
        if not self._find(end):
            return
        if self._todo:
            for _n in range(min(PORTION, len(self._todo))):
                self._place(*self._todo.pop())
                if perf_counter() > end:
                    break
            return
        for head, stale in self._stale.items():
            for button in stale[:PORTION]:
                button.hide()
                self._spare[head].append(button)
            del stale[:PORTION]
        if not any(self._stale.values()):
            self._turn.stop()

    def _place(self, instance: Instance, rect: QRectF, head: bool) -> None:
        button = self._buttons.get(instance.id)
        if button is None:
            old = self._stale[head] or self._spare[head]
            button = old.pop() if old else EventButton(self._owner, self._boards[head])
            button.instance_id, button.in_head = instance.id, head
            self._buttons[instance.id] = button
        name = self._sentence(instance)
        if button.accessibleName() != name:
            button.setAccessibleName(name)
        button.setGeometry(rect.toAlignedRect())
        if button.isHidden():
            button.lower()
            button.show()
