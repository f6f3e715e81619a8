"""The context menu of one event: open, edit, delete in the scopes it has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QMenu, QWidget

from calmerge_desktop.core.model import EventDetail, Instance, Scope
from calmerge_desktop.core.texts import _


def scopes() -> tuple[tuple[str, Scope], ...]:
    """How much of a series one may mean, in words."""
    return (
        (_("Only this one"), Scope.THIS),
        (_("This and all following"), Scope.FOLLOWING),
        (_("The whole series"), Scope.ALL),
    )


def event_menu(
    window: QWidget,
    detail: EventDetail,
    at: QPoint,
    *,
    open_: Callable[[str, QRect], None],
    edit: Callable[[EventDetail], None],
    delete: Callable[[Instance, Scope], None],
) -> QMenu:
    """The menu; it deletes itself when it closes."""
    menu = QMenu(window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    instance = detail.instance
    menu.addAction(_("Open")).triggered.connect(lambda: open_(instance.id, QRect(at, QSize(8, 8))))
    change = menu.addAction(_("Edit…"))
    change.setEnabled(detail.writable)
    change.triggered.connect(lambda: edit(detail))
    menu.addSeparator()
    if instance.recurring or detail.rrule:
        below = menu.addMenu(_("Delete"))
        below.setEnabled(detail.writable)
        for text, scope in scopes():
            below.addAction(text).triggered.connect(partial(delete, instance, scope))
        return menu
    gone = menu.addAction(_("Delete"))
    gone.setEnabled(detail.writable)
    gone.triggered.connect(lambda: delete(instance, Scope.ALL))
    return menu
