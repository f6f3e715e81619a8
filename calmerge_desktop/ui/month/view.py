"""The month as a painted grid. One tab stop: arrows move the day, Enter opens it, clicks open events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from calmerge_desktop.core.model import Changed, Instance, Status
from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.core.when import midnight
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.month.layout import Bar, Day, Week, first_day, place, weeks_shown
from calmerge_desktop.ui.parts.ink import font, ink, plate
from calmerge_desktop.ui.parts.wheel import Notches
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.theme.style import Theme

_HEAD, _NUMBERS, _DAY, _BAR, _LINE = 26, 36, 26, 19, 19


class MonthView(QWidget):
    """All events of a month."""

    activated = Signal(str, QRect)
    """Instance id and where it is, global."""
    day_wanted = Signal(object)
    """A `date` to look at closely."""
    create_wanted = Signal(object, QRect)
    """A `date` to create an event on, and where it is, global."""
    turned = Signal(int)
    """Months to go on."""

    def __init__(self, session: Session, first_weekday: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._weekday = first_weekday
        self.month = session.today().replace(day=1)
        self.chosen_day = session.today()
        self._instances: tuple[Instance, ...] = ()
        self._weeks: list[Week] = []
        self._hits: list[tuple[QRectF, str]] = []
        self._more: list[tuple[QRectF, date]] = []
        self._hover = ""
        self._notches = Notches()
        self._asked = 0
        self.loaded = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Month"))
        session.changed.connect(self._on_changed)
        session.accounts_changed.connect(self.update)
        Theme.current().changed.connect(self.update)
        self._arrange()

    @property
    def weeks(self) -> list[Week]:
        """The rows on show."""
        return self._weeks

    def show_month(self, month: date) -> None:
        """Show the month that holds a date."""
        if month.replace(day=1) != self.month or not self.loaded:
            self.month = month.replace(day=1)
            self._instances = ()
            self._arrange()
        if self.chosen_day.replace(day=1) != self.month:
            self.chosen_day = month
        self.load()

    def set_first_weekday(self, weekday: int) -> None:
        """Begin the weeks with another day; 0 is Monday."""
        self._weekday, self.loaded = weekday, False
        self._asked += 1  # what is on its way is placed for weeks that begin otherwise
        self._arrange()

    def load(self) -> None:
        """Ask for the events of the grid."""
        self._asked += 1
        asked, desk, tzid, tz = self._asked, self._session.desk, self._session.tzid, self._session.tz
        first, weeks = first_day(self.month, self._weekday), weeks_shown(self.month, self._weekday)
        low, high = midnight(first, tz), midnight(first + timedelta(days=7 * weeks), tz)

        def read() -> tuple[Sequence[Instance], list[Week]]:
            found = desk.view.instances(low, high, tzid)
            return found, place(found, first, weeks, tz)  # of a full month not on the GUI thread

        def then(answer: tuple[Sequence[Instance], list[Week]]) -> None:
            if asked == self._asked:
                self._instances, self._weeks = tuple(answer[0]), answer[1]
                self.loaded = True
                self._describe()
                self.update()

        self._session.runner.ask(read, then, self._session.failed.emit, owner=self)

    def cell(self, day: date) -> QRectF:
        """Where a date is painted."""
        row, column = divmod((day - first_day(self.month, self._weekday)).days, 7)
        width = (self.width() - _NUMBERS) / 7
        height = (self.height() - _HEAD) / max(len(self._weeks), 1)
        return QRectF(_NUMBERS + column * width, _HEAD + row * height, width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._hits, self._more = [], []
        self._paint_grid(painter)
        for week in self._weeks:
            self._paint_week(painter, week)
        if self.hasFocus():
            painter.setPen(QPen(ink().focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.cell(self.chosen_day).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        if key in steps and not event.modifiers():
            self._go(self.chosen_day + timedelta(days=steps[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turned.emit(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.day_wanted.emit(self.chosen_day)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for rect, day in self._more:
            if rect.contains(event.position()):
                self.day_wanted.emit(day)
                return
        for rect, found in self._hits:
            if rect.contains(event.position()):
                box = rect.toRect()
                self.activated.emit(found, QRect(self.mapToGlobal(box.topLeft()), box.size()))
                return
        here = self._at(event.position())
        if here is not None:
            self.chosen_day = here
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if any(rect.contains(event.position()) for rect, _id in self._hits):
            return
        day = self._at(event.position())
        if day is not None:
            box = self.cell(day).toRect()
            self.create_wanted.emit(day, QRect(self.mapToGlobal(box.topLeft()), box.size()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = next((found for rect, found in self._hits if rect.contains(event.position())), "")
        if hover != self._hover:
            self._hover = hover
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = ""
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if steps := self._notches.steps(event):
            self.turned.emit(steps)

    def _on_changed(self, _news: Changed) -> None:
        if self.isVisible():
            self.load()

    def _arrange(self) -> None:
        first = first_day(self.month, self._weekday)
        self._weeks = place(self._instances, first, weeks_shown(self.month, self._weekday), self._session.tz)
        self._describe()
        self.update()

    def _go(self, day: date) -> None:
        self.chosen_day = day
        months = (day.year - self.month.year) * 12 + day.month - self.month.month
        inside = self.cell(day).bottom() <= self.height() + 1 and self.cell(day).top() >= _HEAD
        if months and not inside:
            self.turned.emit(months)
        self._describe()
        self.update()

    def _describe(self) -> None:
        lines = next((day.lines for week in self._weeks for day in week.days if day.date == self.chosen_day), [])
        events = ngettext("{n} event", "{n} events", len(lines)).format(n=len(lines))
        self.setAccessibleDescription(f"{phrases.day_long(self.chosen_day)}, {events}")

    def _at(self, point: QPointF) -> date | None:
        for week in self._weeks:
            for day in week.days:
                if self.cell(day.date).contains(point):
                    return day.date
        return None

    def _paint_grid(self, painter: QPainter) -> None:
        t = ink()
        painter.fillRect(self.rect(), t.bg)
        for week in self._weeks:
            for day in week.days:
                if day.date.weekday() >= 5:
                    painter.fillRect(self.cell(day.date), t.surface)
        painter.setPen(Qt.PenStyle.NoPen)
        for week in self._weeks:
            top = round(self.cell(week.days[0].date).top())
            strong = week is self._weeks[0]
            painter.fillRect(QRect(0, top, self.width(), 1), t.line if strong else t.line_soft)
            for day in week.days:
                x = round(self.cell(day.date).left())
                painter.fillRect(QRect(x, _HEAD, 1, self.height() - _HEAD), t.line_soft)
        painter.setFont(font(11, 600))
        for day in self._weeks[0].days:
            rect = QRectF(self.cell(day.date).left() + 9, 0, 120, _HEAD)
            today = self._session.today()
            painter.setPen(
                t.accent if day.date.weekday() == today.weekday() and self.month == today.replace(day=1) else t.text2
            )
            name = phrases.weekday_name(day.date.weekday(), "abbreviated").rstrip(".").upper()
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_week(self, painter: QPainter, week: Week) -> None:
        t = ink()
        first = self.cell(week.days[0].date)
        painter.setFont(font(10))
        painter.setPen(t.text3)
        thursday = next(day.date for day in week.days if day.date.weekday() == 3)
        painter.drawText(
            QRectF(0, first.top() + 5, _NUMBERS - 8, 20),
            int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
            str(phrases.week_number(thursday)),
        )
        room = max(int((first.height() - _DAY - 4) // _LINE), 1)
        for bar in week.bars:
            if bar.lane < room:
                self._paint_bar(painter, week, bar)
        for column, day in enumerate(week.days):
            self._paint_number(painter, day.date)
            hidden = sum(1 for bar in week.bars if bar.lane >= room and bar.column <= column < bar.column + bar.columns)
            self._paint_lines(painter, day, week.lanes(column), room, hidden)

    def _paint_number(self, painter: QPainter, day: date) -> None:
        t, cell = ink(), self.cell(day)
        named = day.day == 1 or day == self._weeks[0].days[0].date
        text = phrases.skeleton(day, "MMMd") if named else str(day.day)
        inside = day.month == self.month.month
        painter.setFont(font(12, 600 if inside and day.weekday() < 5 else 500))
        if day == self._session.today():
            width = max(24.0, QFontMetricsF(painter.font()).horizontalAdvance(text) + 12)  # the first says its month
            pill = QRectF(cell.left() + 5, cell.top() + 4, width, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent)
            painter.drawRoundedRect(pill, 10, 10)
            painter.setPen(t.on_accent)
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
            return
        painter.setPen(t.text if inside and day.weekday() < 5 else t.text2 if inside else t.text3)
        painter.drawText(QRectF(cell.left() + 9, cell.top() + 4, 90, 20), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_bar(self, painter: QPainter, week: Week, bar: Bar) -> None:
        left = self.cell(week.days[bar.column].date)
        right = self.cell(week.days[bar.column + bar.columns - 1].date)
        box = QRectF(left.left() + 3, left.top() + _DAY + bar.lane * _LINE, right.right() - left.left() - 7, _BAR - 1)
        colors = plate(self._color(bar.instance))
        fill = colors.fill if bar.instance.id != self._hover else ink().mixed(colors.fill, colors.bar, 0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 4, 4)
        if bar.begins:
            painter.setBrush(colors.bar)
            painter.drawRoundedRect(QRectF(box.left(), box.top(), 3, box.height()), 1.5, 1.5)
        painter.setFont(font(11, 600))
        painter.setPen(colors.text)
        self._words(painter, QRectF(box.left() + 10, box.top(), box.width() - 14, box.height()), bar.instance)
        self._hits.append((box, bar.instance.id))

    def _paint_lines(self, painter: QPainter, day: Day, lanes: int, room: int, hidden: int) -> None:
        cell = self.cell(day.date)
        free = max(room - min(lanes, room), 0)
        shown = day.lines if len(day.lines) <= free and not hidden else day.lines[: max(free - 1, 0)]
        y = cell.top() + _DAY + min(lanes, room) * _LINE
        for instance in shown:
            box = QRectF(cell.left() + 3, y, cell.width() - 7, _LINE)
            self._paint_line(painter, box, instance, day.date)
            self._hits.append((box, instance.id))
            y += _LINE
        more = len(day.lines) - len(shown) + hidden
        if more:
            y = min(y, cell.bottom() - _LINE)
            box = QRectF(cell.left() + 13, y, cell.width() - 17, _LINE)
            painter.setFont(font(11, 500))
            painter.setPen(ink().text2)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, ngettext("{n} more", "{n} more", more).format(n=more))
            self._more.append((box, day.date))

    def _paint_line(self, painter: QPainter, box: QRectF, instance: Instance, day: date) -> None:
        t, colors = ink(), plate(self._color(instance))
        painter.setPen(Qt.PenStyle.NoPen)
        if instance.id == self._hover:
            painter.setBrush(t.surface2)
            painter.drawRoundedRect(box, 4, 4)
        if instance.status is Status.TENTATIVE or instance.partstat in ("tentative", "needs-action"):
            painter.setPen(QPen(colors.bar, 3, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(box.left() + 4.5, box.top() + 4), QPointF(box.left() + 4.5, box.bottom() - 4))
        else:
            painter.setBrush(colors.bar)
            painter.drawRoundedRect(QRectF(box.left() + 3, box.top() + 3, 3, box.height() - 7), 1.5, 1.5)
        inside = day.month == self.month.month
        clock = phrases.time_at(instance.start, self._session.tz)
        painter.setFont(font(11))
        painter.setPen(t.text2 if inside else t.text3)
        width = QFontMetricsF(painter.font()).horizontalAdvance("00:00")
        painter.drawText(QRectF(box.left() + 11, box.top(), width + 2, box.height()), Qt.AlignmentFlag.AlignVCenter, clock)
        painter.setFont(font(11, 500))
        past = instance.end < self._session.clock()
        painter.setPen(t.text if inside and not past else t.text2 if inside else t.text3)
        self._words(painter, QRectF(box.left() + 17 + width, box.top(), box.width() - width - 19, box.height()), instance)

    def _words(self, painter: QPainter, box: QRectF, instance: Instance) -> None:
        chosen = painter.font()
        if instance.partstat == "declined" or instance.status is Status.CANCELLED:
            chosen.setStrikeOut(True)
            painter.setFont(chosen)
        text = instance.summary or _("Untitled")
        shown = QFontMetricsF(chosen).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)

    def _color(self, instance: Instance) -> str:
        calendar = self._session.calendar(instance.calendar)
        return calendar.color if calendar else "grey"

    def chosen_rect(self) -> QRect:
        """Where the day with the focus is, global."""
        box = self.cell(self.chosen_day).toRect()
        return QRect(self.mapToGlobal(QPoint(box.left(), box.top())), box.size())
