"""One frame of the window with 2,000 events in its week, painted by the window's own week view.

`frame_whole`: nothing kept, every event painted again (a new week, a resize). `frame`: what a scroll or hover costs while
the painted layer is kept. `frame_layout`: placing the events. `frame_bare`: the least QPainter can do for as many events,
one filled rectangle and one line of text each: the anchor.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import date

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from calmerge_desktop import __version__
from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.week import Week, lay_out
from calmerge_desktop.ui.start import application
from calmerge_desktop.ui.theme import style
from calmerge_desktop.ui.week.model import WeekModel
from calmerge_desktop.ui.week.view import WeekView
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QScrollArea, QWidget

from benchmarks.ours.busy_week import calendars, instances
from benchmarks.ours.profile import MOMENT
from benchmarks.peers.protocol import Job, report

_FRAMES = 25
_SIZE = (1400, 900)


class _View:
    """Answers the model with the busy week."""

    def __init__(self, found: list[Instance]) -> None:
        self._found = found

    def instances(self, *_span: object, **_options: object) -> list[Instance]:
        """Always the same."""
        return self._found


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_FRAMES):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def _bare(week: Week, target: QPixmap) -> None:
    painter = QPainter(target)
    painter.fillRect(target.rect(), QColor("white"))
    width = target.width() / 7
    for block in week.blocks:
        left = block.day * width + block.column * width / block.columns
        top = block.start * target.height() / 86_400
        rect = QRectF(left, top, width / block.columns, (block.end - block.start) * target.height() / 86_400)
        painter.fillRect(rect, QColor("#dfe7f7"))
        painter.drawText(QPointF(left + 4, top + 12), block.instance.summary)
    painter.end()


def main() -> None:
    """See `peers.protocol`."""
    Job.given()
    app = application("light")
    style.finish(app)  # as a window does once it is together
    found = instances()
    model = WeekModel(lambda fn, then, _failed: then(fn()), _View(found), "UTC")
    model.set_calendars(calendars())
    view = WeekView(model, lambda: MOMENT)
    view.resize(*_SIZE)
    view.show()
    model.show(date(2026, 3, 23), 7)
    app.processEvents()
    panes = [child for child in view.findChildren(QWidget) if hasattr(child, "drop_layer")]
    assert len(panes) == 2, "head and sheet"
    board = view.findChild(QScrollArea)
    assert board is not None
    target = QPixmap(*_SIZE)

    def kept() -> None:
        view.render(target)

    def whole() -> None:
        for pane in panes:
            pane.drop_layer()
        view.render(target)

    week = lay_out(found, date(2026, 3, 23), 7, "UTC")
    whole()
    kept()
    seconds = {
        "frame_whole": _median(whole),
        "frame": _median(kept),
        "frame_layout": _median(lambda: lay_out(found, date(2026, 3, 23), 7, "UTC")),
        "frame_bare": _median(lambda: _bare(week, QPixmap(*_SIZE))),
    }
    report(__version__, seconds, events=len(week.blocks) + len(week.bars))
    os._exit(0)


if __name__ == "__main__":
    main()
