"""The week as a widget: head, scrolled sheet, keyboard, drags. It shows a `WeekModel` and asks for the rest by signals.

Keys: arrows move between events and free half hours, Enter opens or creates, Del deletes, Alt+arrows move an event,
Alt+Shift+up/down change its length, PgUp/PgDn page, Home/End go to the first and last event of the day, T is today.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from calmerge_desktop.core import when
from calmerge_desktop.core.model import Instance
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.spoken import announce
from calmerge_desktop.ui.theme.style import Theme
from calmerge_desktop.ui.week import cursor, drag, keys, minute, words
from calmerge_desktop.ui.week.cursor import Stop
from calmerge_desktop.ui.week.drag import Drag
from calmerge_desktop.ui.week.dress import BAR, dress
from calmerge_desktop.ui.week.edge import EdgeScroll
from calmerge_desktop.ui.week.geometry import Place
from calmerge_desktop.ui.week.leaving import Leaving
from calmerge_desktop.ui.week.making import Making
from calmerge_desktop.ui.week.model import WeekModel
from calmerge_desktop.ui.week.names import Names
from calmerge_desktop.ui.week.overlay import Overlay
from calmerge_desktop.ui.week.panes import HeadPane, SheetPane, ahead
from calmerge_desktop.ui.week.render import opening
from calmerge_desktop.ui.week.scene import Scene


class WeekView(QWidget):
    """Shows the week of a model. One tab stop; the focus ring is invisible until the keyboard is used."""

    activated = Signal(str, QRect)
    """Open this instance; the rectangle is where it stands, in global coordinates."""
    create_requested = Signal(object, object, bool)
    """A new event from `Stamp` to `Stamp` (exclusive); True: all-day."""
    move_requested = Signal(str, object, object)
    """Instance, new start and new end as `Stamp`s of the shape it has."""
    resize_requested = Signal(str, object, object)
    delete_requested = Signal(str)
    menu_requested = Signal(str, QPoint)
    """Context menu of an instance, global position."""
    navigate = Signal(int)
    """Show that many days later; negative: earlier."""
    today_requested = Signal()
    asked = Signal(int, int, QRect)
    """Why is this place (day, wall second) not offered? It was pressed while the overlay asks, or E; global rectangle."""
    first_shown = Signal()
    """The first week is on screen: what can wait may begin."""

    def __init__(self, model: WeekModel, clock: when.Clock = when.now, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Scene | None = None
        self.overlay: Overlay | None = None
        self._model = model
        self._clock = clock
        self.hours = (9, 18)
        self.second: str | None = None
        self.wide: int | None = None
        self.unfolded = self._keyboard = self._leaving = self._opened = self._shown = False
        self._stop: Stop | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setAccessibleName(_("Week"))
        self._head_board, self._sheet_board, self._scroll = QWidget(self), QWidget(), QScrollArea(self)
        self._scroll.setWidget(self._sheet_board)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.verticalScrollBar().setFixedWidth(BAR)
        self._head, self._sheet = HeadPane(self, self._head_board), SheetPane(self, self._sheet_board)
        panes, self._edge = (self._head, self._sheet), EdgeScroll(self._scroll, self._sheet, self)
        self._gone = Leaving(self)
        self._names = Names(self, self._head_board, self._sheet_board, self, self._gone.take)
        self._making = Making(self._show, self.refresh, self, lambda scene: ahead(panes, scene, self.scene))
        self._minute = QTimer(self, singleShot=True)
        self._minute.timeout.connect(self._tick)
        self._head.folding.connect(self._fold)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._open_sheet)
        model.updated.connect(self.refresh)
        Theme.current().changed.connect(self.refresh)
        self.refresh()

    def set_hours(self, day_begins: int, day_ends: int) -> None:
        """Working hours; everything else is shaded."""
        self.hours = (day_begins, day_ends)
        self.refresh()

    def set_second_zone(self, tzid: str | None) -> None:
        """A second column of hours, None for none."""
        self.second = tzid or None
        self.refresh()

    def set_overlay(self, overlay: Overlay | None) -> None:
        """What is offered, over the week; None for nothing."""
        self.overlay = overlay
        self.refresh()
        self._repaint_ring()

    def selected(self) -> str | None:
        """Id of the instance the keyboard or the pointer chose last."""
        return self._stop.instance.id if self._stop and self._stop.instance else None

    def refresh(self) -> None:
        """Lay out what the model has, and paint anew."""
        if (week := self._model.week) is None:
            return
        look, geometry = dress(self, week, self._model.calendars, self._clock())
        scene = Scene.of(week, geometry, look, self._model.calendars, self.scene, self.overlay)
        self._making.make(scene, self.scene)

    def _show(self, scene: Scene) -> None:
        focused, before = self._has_focus(), self.scene
        if focused and not self.hasFocus():
            self._plain_focus()  # a button that goes away must not hand the focus to a stranger
        self.scene = scene
        self._arrange(scene, before)
        if before is not None:
            self._gone.take(before)
        self._stop = self._stop and keys.kept(scene.week, self._stop)
        if focused:
            self._focus_stop()
        self._minute.start(minute.until_next(self._clock()))

    def scroll_to(self, second: int) -> None:
        """Bring a wall second of the day to the top of the sheet."""
        if self.scene is not None:
            self._scroll.verticalScrollBar().setValue(int(self.scene.geometry.y(second)))

    # What the panes need

    def take_stop(self, stop: Stop) -> None:
        """The pointer chose a place: no ring around events, the free half hour is marked."""
        self._keyboard = False
        self._stop = stop
        self._plain_focus()
        self._repaint_ring()

    def open_event(self, instance: Instance, area: QRect) -> None:
        """An event was clicked."""
        self.activated.emit(instance.id, area)

    def ask_about(self, stop: Stop, at: int | None = None) -> None:
        """A free place was pressed: ask, when there is something to ask about."""
        if self.scene is not None and (at is None or self.scene.asks) and (rect := self.scene.rect(stop)) is not None:
            self.asked.emit(stop.day, stop.start if at is None else at, self._pane(stop).area(rect))

    def event_area(self, id: str) -> QRect:
        """Where an event stands in global coordinates; the top of the sheet when it is not in sight."""
        if self.scene and (stop := cursor.find(self.scene.week, id)) and (rect := self.scene.rect(stop)) is not None:
            return self._pane(stop).area(rect)
        return QRect(self.mapToGlobal(QPoint(self.width() // 2, 80)), self.size() / 40)

    def finish(self, done: Drag) -> None:
        """A drag was let go: ask for what it means."""
        start, end = done.stamps()
        if done.instance is None:
            self.create_requested.emit(start, end, done.all_day)
        elif done.kind is drag.Kind.MOVE:
            self.move_requested.emit(done.instance.id, start, end)
        else:
            self.resize_requested.emit(done.instance.id, start, end)

    def dragging(self) -> None:
        """A drag goes on."""
        self._edge.watch()

    def shown(self) -> None:
        """A pane was painted; the first time is told once the frame is through."""
        if not self._shown:
            self._shown = True
            QTimer.singleShot(0, self, self.first_shown.emit)

    def ring(self, all_day: bool) -> tuple[QRectF, bool] | None:
        """What to mark in the head (`all_day`) or on the sheet."""
        stop = self._stop
        if self.scene is None or stop is None or stop.all_day != all_day or not self._has_focus():
            return None
        if stop.instance is not None and not self._keyboard:
            return None
        rect = self.scene.rect(stop)
        return None if rect is None else (rect, stop.instance is not None)

    # What the buttons need

    def button_key(self, event: QKeyEvent) -> None:
        """A key while an event has the focus."""
        self.keyPressEvent(event)

    def button_focused(self, instance_id: str) -> None:
        """Assistive technology, or our own arrows, moved the focus to an event."""
        if self.scene is not None and self.selected() != instance_id:
            self._stop = cursor.find(self.scene.week, instance_id)
        self._repaint_ring()

    def button_pressed(self, instance_id: str) -> None:
        """Assistive technology pressed an event."""
        if self.scene is not None and (stop := cursor.find(self.scene.week, instance_id)):
            self._open(stop)

    def leave(self, forward: bool) -> bool:
        """Tab leaves the week, forward or back."""
        self._plain_focus()
        return self.focusNextPrevChild(forward)

    # Qt's own

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Every measure is another one."""
        super().resizeEvent(event)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Open a little before the working day, once."""
        super().showEvent(event)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Another language or palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()

    def event(self, event: QEvent) -> bool:
        """Another screen has other pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.refresh()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard came: stand where it stood last, or where the day goes on."""
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and not self._leaving and self.scene is not None:
            self._keyboard = True
            self._go(self._stop or cursor.opening(self.scene.week, self._clock(), self.hours[0]))
        self._repaint_ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The mark goes with the focus."""
        super().focusOutEvent(event)
        self._repaint_ring()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of an event, by pointer or by key."""
        if self.scene is None:
            return
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            if self._stop and self._stop.instance and (rect := self.scene.rect(self._stop)) is not None:
                self.menu_requested.emit(self._stop.instance.id, self._pane(self._stop).area(rect).center())
            return
        pane = self._head if event.y() < self._head.height() else self._sheet
        hit = pane.hit(pane.mapFromGlobal(event.globalPos()).toPointF())
        if hit is not None:
            self.take_stop(hit[2])
            self.menu_requested.emit(hit[0].id, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the module's first lines."""
        if self.scene is None or not self._key(self.scene, event):
            event.ignore()

    def _key(self, scene: Scene, event: QKeyEvent) -> bool:
        """Do what a key means; whether it means anything here."""
        if event.key() == Qt.Key.Key_Escape:
            return self._sheet.cancel() or self._head.cancel()
        stop = self._stop or cursor.opening(scene.week, self._clock(), self.hours[0])
        meant = keys.meaning(scene.week, stop, event)
        if meant is None:
            return False
        self._keyboard = True
        if isinstance(meant, Stop):
            self._go(meant if self._stop else stop)
        elif isinstance(meant, Drag):
            if meant.instance is not None and scene.movable(meant.instance):
                self.finish(meant)
        elif isinstance(meant, int):
            self._page(scene, stop, meant)
        else:
            self._do(stop, meant)
        return True

    def _do(self, stop: Stop, deed: keys.Deed) -> None:
        if deed is keys.Deed.TODAY:
            self._stop = None
            self.today_requested.emit()
        elif deed is keys.Deed.OPEN:
            self._open(stop)
        elif deed is keys.Deed.ASK:
            self.ask_about(stop)
        elif stop.instance is not None:
            self.delete_requested.emit(stop.instance.id)

    def _page(self, scene: Scene, stop: Stop, days: int) -> None:
        """Turn the page: a whole one keeps the place, a step over the edge lands on the other side."""
        whole = abs(days) == scene.week.days and days not in (1, -1)
        if not whole:
            stop = stop._replace(day=scene.week.days - 1 if days < 0 else 0)
            days = scene.week.days if days > 0 else -scene.week.days
        self._stop = stop._replace(instance=None, start=max(stop.start, 0), end=max(stop.end, 0))
        self.navigate.emit(days)

    def _open(self, stop: Stop) -> None:
        if self.scene is None:
            return
        rect = self.scene.rect(stop) or QRectF(0, 0, 1, 1)
        if stop.instance is not None:
            self.activated.emit(stop.instance.id, self._pane(stop).area(rect))
        elif self.scene.asks:
            self.ask_about(stop)
        else:
            place = Place(stop.day, stop.start)
            self.finish(drag.begin(drag.Kind.CREATE, self.scene.week, place).lasting(3600))

    def _go(self, stop: Stop) -> None:
        """Stand on `stop`, bring it into view and tell assistive technology."""
        scene = self.scene
        if scene is None:
            return
        self._stop = stop
        rect = scene.rect(stop)
        if rect is None and stop.all_day and not self.unfolded:
            self._fold()
            rect = self.scene.rect(stop) if self.scene else None
        if rect is not None and not stop.all_day:
            top, bottom = int(rect.top()), int(min(rect.bottom(), rect.top() + 80))
            self._scroll.ensureVisible(0, top, 0, 40)
            self._scroll.ensureVisible(0, bottom, 0, 20)
        self._focus_stop()
        self._repaint_ring()

    def _focus_stop(self) -> None:
        stop, scene = self._stop, self.scene
        if stop is None or scene is None or not self._keyboard:
            return
        if stop.instance is not None:
            button = self._names.button(stop.instance.id)
            if button is not None and not button.hasFocus():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._plain_focus()
        announce(self, words.slot(scene.week.date(stop.day), stop.start, stop.end))

    def _pane(self, stop: Stop) -> HeadPane | SheetPane:
        return self._head if stop.all_day else self._sheet

    def _plain_focus(self) -> None:
        self._leaving = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._leaving = False

    def _has_focus(self) -> bool:
        focus: QWidget | None = self.window().focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def _fold(self) -> None:
        self.unfolded = not self.unfolded
        self.refresh()

    def _arrange(self, scene: Scene, before: Scene | None) -> None:
        """Put head and sheet where they belong, and the buttons under them."""
        head, sheet = int(scene.geometry.head), int(scene.geometry.sheet)
        self._head_board.setGeometry(0, 0, self.width(), head)
        self._head.setGeometry(0, 0, self.width(), head)
        self._scroll.setGeometry(0, head, self.width(), max(self.height() - head, 1))
        self._sheet_board.setFixedSize(int(scene.geometry.width), sheet)
        self._sheet.setGeometry(0, 0, int(scene.geometry.width), sheet)
        for pane, days in zip((self._head, self._sheet), scene.differs(before), strict=True):
            pane.take(scene, days)
        self._names.show(scene)
        self._open_sheet()

    def _open_sheet(self, *_range: int) -> None:
        """Scroll to the working day, once, as soon as there is something to scroll."""
        bar = self._scroll.verticalScrollBar()
        if not self._opened and self.scene is not None and self.isVisible() and bar.maximum() > 0:
            self._opened = True
            bar.setValue(int(opening(self.hours[0], self.scene.geometry)))

    def _repaint_ring(self) -> None:
        self._head.update()
        self._sheet.update()

    def _tick(self) -> None:
        """A minute is over: move the line, or show everything anew when that is not all."""
        if self.scene is None:
            return
        now = self._clock()
        if (moved := minute.moved(self.scene, now)) is None:
            self.refresh()
            return
        self.scene, area = moved
        self._sheet.update(area)
        self._minute.start(minute.until_next(now))
