"""The agenda: a real list with a real model, so that a screen reader reads what the week paints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from calmerge_desktop.core.model import Changed, Instance, Status
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import midnight
from calmerge_desktop.ui import phrases
from calmerge_desktop.ui.agenda_list.rows import Kind, Row, build, details, times
from calmerge_desktop.ui.frame.span import AGENDA_DAYS
from calmerge_desktop.ui.parts.ink import font, ink, plate
from calmerge_desktop.ui.session import Session
from calmerge_desktop.ui.theme.style import Theme

_ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_HEIGHT = {Kind.EVENT: 36, Kind.FREE: 28, Kind.NOW: 22, Kind.NOTHING: 36}
_TIMES, _BAR, _TITLE = 168, 272, 287
Index = QModelIndex | QPersistentModelIndex


class AgendaModel(QAbstractListModel):
    """Rows of `rows.build`, with a whole sentence each for the screen reader."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.rows: list[Row] = []

    def take(self, rows: list[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row itself for the painter, a whole sentence for screen readers."""
        row = self.rows[index.row()]
        if role == _ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._sentence(row)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be chosen but the line of now."""
        kind = self.rows[index.row()].kind
        return Qt.ItemFlag.NoItemFlags if kind is Kind.NOW else super().flags(index)

    def _sentence(self, row: Row) -> str:
        day = phrases.day_long(row.day)
        if row.instance is None:
            if row.kind is Kind.FREE:
                return f"{day}, {_free(row)}, {phrases.time_at(row.start, self._session.tz)}"
            return f"{day}, {_('nothing')}"
        calendar = self._session.calendar(row.instance.calendar)
        parts = [row.instance.summary or _("Untitled"), day, times(row, self._session.tz)]
        parts += [details(row, self._session.clock(), self._session.tz), calendar.name if calendar else ""]
        return ", ".join(part for part in parts if part)


class AgendaView(QListView):
    """Two weeks from a date on."""

    chosen = Signal(str, QRect)
    """Instance id and where it is, global."""
    stepped = Signal(int)
    """-1 or 1: two weeks back or on."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked = 0
        self.first = session.today()
        self.loaded = False
        self.rows = AgendaModel(session)
        self.setModel(self.rows)
        self.setItemDelegate(_Painter(session, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("ownFocus", True)
        self.setAccessibleName(_("Agenda"))
        self.clicked.connect(self._open)
        session.changed.connect(self._on_changed)
        session.accounts_changed.connect(self.viewport().update)
        Theme.current().changed.connect(self.viewport().update)

    def show_from(self, first: date) -> None:
        """Show two weeks from `first` on."""
        self.first = first
        self.load()

    def last(self) -> date:
        """The last date on show."""
        return self.first + timedelta(days=AGENDA_DAYS - 1)

    def load(self) -> None:
        """Ask for the events."""
        self._asked += 1
        asked, session, first = self._asked, self._session, self.first
        desk, tzid, tz = session.desk, session.tzid, session.tz
        low, high = midnight(first, tz), midnight(first + timedelta(days=AGENDA_DAYS), tz)

        def then(found: Sequence[Instance]) -> None:
            if asked != self._asked:
                return
            hours = (session.settings.day_begins, session.settings.day_ends)
            kept = self.current()
            self.rows.take(build(found, first, AGENDA_DAYS, tz, now=session.clock(), hours=hours))
            self.loaded = True
            self._select(*kept)

        session.runner.ask(lambda: desk.view.instances(low, high, tzid), then, session.failed.emit, owner=self)

    def current(self) -> tuple[str, date | None]:
        """The instance with the focus and the day of its row; an empty id for none."""
        index = self.currentIndex()
        row = self.rows.rows[index.row()] if index.isValid() and index.row() < len(self.rows.rows) else None
        return (row.instance.id, row.day) if row and row.instance else ("", None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_PageUp else 1)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()  # letters belong to the window, not to a search in the list

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.viewport().update()

    def _on_changed(self, _news: Changed) -> None:
        if self.isVisible():
            self.load()

    def _select(self, id: str, day: date | None) -> None:
        same = [n for n, row in enumerate(self.rows.rows) if row.instance is not None and row.instance.id == id]
        if not id:
            same = [n for n, row in enumerate(self.rows.rows) if self._is_next(row)]
        if same:  # an event over midnight has a row on each of its days
            self.setCurrentIndex(self.rows.index(next((n for n in same if self.rows.rows[n].day == day), same[0])))

    def _is_next(self, row: Row) -> bool:
        return row.instance is not None and not row.instance.all_day and row.end > self._session.clock()

    def _open(self, index: QModelIndex) -> None:
        row = self.rows.rows[index.row()] if index.isValid() else None
        if row is not None and row.instance is not None:
            rect = self.visualRect(index)
            rect.setLeft(rect.left() + _TIMES)
            rect.setWidth(360)
            self.chosen.emit(row.instance.id, QRect(self.viewport().mapToGlobal(rect.topLeft()), rect.size()))


def _free(row: Row) -> str:
    return _("free, {duration}").format(duration=phrases.duration(row.end - row.start))


class _Painter(QStyledItemDelegate):
    """Paints one row: date, times, bar, title, details, calendar."""

    def __init__(self, session: Session, view: AgendaView) -> None:
        super().__init__(view)
        self._session = session
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(_ROW_ROLE)
        last = index.row() + 1 == len(self._view.rows.rows) or self._view.rows.rows[index.row() + 1].head
        return QSize(200, _HEIGHT[row.kind] + (12 if row.head else 0) + (10 if last else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(_ROW_ROLE)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.head:
            if index.row():
                painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), ink().line_soft)
            box.setTop(box.top() + 12)
            self._paint_day(painter, row, box)
        box.setHeight(_HEIGHT[row.kind])
        if row.kind is Kind.NOW:
            self._paint_now(painter, row, box)
        elif row.kind is Kind.EVENT and row.instance is not None:
            self._paint_event(painter, row, row.instance, box, option)
        elif row.kind is Kind.FREE:
            self._paint_free(painter, row, box, option)
        else:
            painter.setFont(font(13))
            painter.setPen(ink().text3)
            painter.drawText(box.adjusted(_TIMES, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, _("Nothing today"))
        painter.restore()

    def _paint_day(self, painter: QPainter, row: Row, box: QRectF) -> None:
        t, today = ink(), self._session.today()
        pill = QRectF(16, box.top() + 3, 36, 30)
        painter.setFont(font(20, 600))
        if row.day == today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.accent)
            painter.drawRoundedRect(pill, 15, 15)
            painter.setPen(t.on_accent)
        else:
            painter.setPen(t.text if row.day.weekday() < 5 else t.text2)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(row.day.day))
        painter.setFont(font(11, 600))
        painter.setPen(t.accent if row.day == today else t.text2)
        name = phrases.weekday_name(row.day.weekday(), "abbreviated").rstrip(".").upper()
        painter.drawText(QRectF(62, box.top() + 2, 90, 16), Qt.AlignmentFlag.AlignVCenter, name)
        near = (row.day - today).days
        under = (
            phrases.near_day(row.day, today)
            if -1 <= near <= 1
            else phrases.month_name(row.day.month)
            if row.day.day == 1
            else ""
        )
        painter.setFont(font(11))
        painter.setPen(t.text2)
        painter.drawText(QRectF(62, box.top() + 17, 96, 16), Qt.AlignmentFlag.AlignVCenter, under)

    def _plate(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem) -> None:
        t = ink()
        area = QRectF(_TIMES - 12, box.top() + 1, box.width() - _TIMES - 4, box.height() - 2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected) and self._view.hasFocus()
        if chosen:
            painter.setPen(QPen(t.focus, 2))
            painter.setBrush(t.accent_soft)
            painter.drawRoundedRect(area.adjusted(1, 0, -1, 0), 8, 8)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.surface)
            painter.drawRoundedRect(area, 8, 8)

    def _paint_event(
        self, painter: QPainter, row: Row, instance: Instance, box: QRectF, option: QStyleOptionViewItem
    ) -> None:
        self._plate(painter, box, option)
        t, session = ink(), self._session
        calendar = session.calendar(instance.calendar)
        colors = plate(calendar.color if calendar else "grey")
        past = not instance.all_day and instance.end < session.clock()
        self._line(painter, QRectF(_TIMES, box.top(), 100, box.height()), times(row, session.tz), font(13), t.text2)
        _paint_bar(painter, instance, box, colors.bar)
        title = QFont(font(13, 600))
        title.setStrikeOut(instance.partstat == "declined" or instance.status is Status.CANCELLED)
        names = " + ".join(found.name for each in instance.calendars if (found := session.calendar(each)))
        right = box.width() * 0.2
        room = box.width() - _TITLE - right - 44
        more = details(row, session.clock(), session.tz)
        wide = room * (0.52 if more else 1.0)
        self._line(
            painter,
            QRectF(_TITLE, box.top(), wide, box.height()),
            instance.summary or _("Untitled"),
            title,
            t.text2 if past else t.text,
        )
        middle = QRectF(_TITLE + wide + 12, box.top(), room - wide, box.height())
        self._line(painter, middle, more, font(12), t.text2)
        edge = QRectF(box.right() - 24 - right, box.top(), right, box.height())
        self._line(painter, edge, names, font(12), t.text2, right=True)

    def _paint_free(self, painter: QPainter, row: Row, box: QRectF, option: QStyleOptionViewItem) -> None:
        self._plate(painter, box, option)
        t, tz = ink(), self._session.tz
        color = t.text2 if option.state & QStyle.StateFlag.State_Selected else t.text3
        self._line(painter, QRectF(_TIMES, box.top(), 100, box.height()), times(row, tz), font(12), color)
        painter.setPen(QPen(t.text3, 1.5, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(_BAR + 1.5, box.top() + 7), QPointF(_BAR + 1.5, box.bottom() - 7))
        self._line(painter, QRectF(_TITLE, box.top(), 300, box.height()), _free(row), font(12), color)

    def _paint_now(self, painter: QPainter, row: Row, box: QRectF) -> None:
        t = ink()
        pill = QRectF(_TIMES, box.center().y() - 8, 44, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.now)
        painter.drawRoundedRect(pill, 8, 8)
        painter.fillRect(QRectF(pill.right() + 8, box.center().y() - 1, box.right() - 24 - pill.right() - 8, 2), t.now)
        painter.setFont(font(11, 600))
        painter.setPen(t.on_now)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, phrases.time_at(row.start, self._session.tz))

    def _line(self, painter: QPainter, box: QRectF, text: str, shape: QFont, color: object, *, right: bool = False) -> None:
        painter.setFont(shape)
        painter.setPen(color)
        shown = QFontMetricsF(shape).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), shown)


def _paint_bar(painter: QPainter, instance: Instance, box: QRectF, color: object) -> None:
    if instance.status is Status.TENTATIVE or instance.partstat in ("tentative", "needs-action"):
        painter.setPen(QPen(color, 3, Qt.PenStyle.DotLine))  # type: ignore[call-overload]  # a QColor
        painter.drawLine(QPointF(_BAR + 1.5, box.top() + 9), QPointF(_BAR + 1.5, box.bottom() - 8))
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(QRectF(_BAR, box.top() + 8, 3, box.height() - 16), 1.5, 1.5)
