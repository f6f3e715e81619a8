"""Messages on the desktop while the window is not in front: by the tray where there is one, and a wink of the task bar.

They hold no name, title or place, as they may be seen by others and are kept by the system. The tray is an extra: everything
said here stands in the window too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from calmerge_desktop.core.texts import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSystemTrayIcon


class DesktopNews(QObject):
    """The tray's icon is there only while a message waits to be seen."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        self.told: list[str] = []
        """What was said on the desktop since the window was in front."""
        window.installEventFilter(self)

    def tell(self, text: str) -> None:
        """Say it, unless the person looks at the window."""
        if self._window.isActiveWindow() and not self._window.isMinimized():
            return
        self.told.append(text)
        QApplication.alert(self._window)
        tray = self._icon()
        if tray is not None:
            tray.show()
            tray.showMessage(_("CalMerge"), text, tray.icon())

    def take_back(self) -> None:
        """It is over, or was seen."""
        self.told = []
        if self._tray is not None:
            self._tray.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.WindowActivate:
            self.take_back()
        return super().eventFilter(watched, event)

    def _icon(self) -> QSystemTrayIcon | None:
        from PySide6.QtWidgets import QSystemTrayIcon

        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            return None
        if self._tray is None:
            from calmerge_desktop.ui.icons import icon
            from calmerge_desktop.ui.theme.style import Theme

            self._tray = QSystemTrayIcon(icon("calendar", Theme.current().tokens.accent), self)
            self._tray.setToolTip(_("CalMerge"))
            self._tray.activated.connect(self._raise)
            self._tray.messageClicked.connect(self._raise)
        return self._tray

    def _raise(self, *_reason: object) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self.take_back()
