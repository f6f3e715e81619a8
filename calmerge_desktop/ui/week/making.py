"""The next scene made and painted a little at a time, while the one before stays on screen.

A week with a thousand events takes longer to be measured, and then to be painted, than a key press may wait, and while
calendars are read for the first time it changes every second. An ordinary week is made and shown at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice

from PySide6.QtCore import QObject

from calmerge_desktop.ui.turns import Turn
from calmerge_desktop.ui.week.scene import Scene

_AT_ONCE = 5
"""Steps (`parts.STEP`) of the first turn: what needs no more is shown before `make` returns."""


class Making(QObject):
    """Makes one scene after the other. `again` is called when news came in between, once its scene is shown.

    A scene of other days takes the place of one that is not done; news about the same days waits for it, so that a calendar
    that is read for minutes does not keep all of it off the screen.
    """

    def __init__(
        self,
        show: Callable[[Scene], None],
        again: Callable[[], None],
        parent: QObject,
        ahead: Callable[[Scene], Iterator[None]] = lambda _scene: iter(()),
    ) -> None:
        """`ahead` paints what will be in sight of a scene that is made, in steps."""
        super().__init__(parent)
        self._show, self._again, self._ahead = show, again, ahead
        self._scene: Scene | None = None
        self._late = False
        self._steps: Iterator[None] = iter(())
        self._turn = Turn(self._go_on, self)

    def make(self, scene: Scene, before: Scene | None) -> None:
        """Show `scene` as soon as it is made, or at once when `before`, what is on screen, is no match for it."""
        at_once = before is None or not before.matches(scene)
        if self._scene is not None and self._scene.same_days(scene) and not at_once:
            self._late = True
            return
        self._scene, self._late = scene, False
        making = scene.make_days()
        if at_once or sum(1 for _step in islice(making, _AT_ONCE)) < _AT_ONCE:
            self._steps = iter(())
            self._go_on()
        else:
            self._steps = chain(making, self._painting(scene))
            self._turn.start()

    def _painting(self, scene: Scene) -> Iterator[None]:
        yield from self._ahead(scene)  # asked when the days are made

    def _go_on(self) -> None:
        if next(self._steps, self) is not self:
            return
        self._turn.stop()
        scene, self._scene = self._scene, None
        if scene is not None:
            self._show(scene)
        if self._late:
            self._late = False
            self._again()
