"""What the pages have in common on which one decides about one thing after the other: the inbox and the offers.

Letters are deeds there, J and K or the arrows move, Enter goes to the deeds, Z takes back; mails may be dropped or pasted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget

from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.inbox.taking import Taking
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.session import Session

_MOVES = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
_OTHER = (Qt.Key.Key_Z, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
FIELDS = (QLineEdit, QAbstractSpinBox)
"""While one types, letters are letters."""


class DecidingPage(QWidget):
    """A page says what its letters do (`act`), where its list is, and what else it has."""

    def __init__(self, session: Session, speaker: Speaker, name: str, keys: Mapping[Qt.Key, str]) -> None:
        super().__init__()
        self._session, self._speaker, self._keys = session, speaker, keys
        self.taking = Taking(session, speaker, self)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setProperty("ownFocus", True)
        self.setAccessibleName(name)

    # what a page is asked for

    def act(self, act: str) -> None:
        """Do a deed with the chosen one, if it has it."""
        raise NotImplementedError

    def move_by(self, steps: int) -> None:
        """Choose the next or the one before."""
        raise NotImplementedError

    def to_deeds(self) -> None:
        """The focus goes to the first deed."""
        raise NotImplementedError

    def focus_list(self) -> None:
        """The focus goes back to the chosen one."""
        raise NotImplementedError

    def quiet_part(self) -> QWidget | None:
        """Where a toast covers no button."""
        raise NotImplementedError

    def back_off(self) -> None:
        """Escape."""
        self.focus_list()

    def more_keys(self) -> Collection[Qt.Key]:
        """Keys of this page alone; `press` gets them."""
        return ()

    def press(self, key: Qt.Key) -> None:
        """One of `more_keys`."""

    # deeds of all

    def paste(self) -> None:
        """Take in what is on the clipboard."""
        if not self.taking.take(QApplication.clipboard().mimeData()):
            self._speaker.toast(_("There is nothing on the clipboard that could be read."))

    def choose_files(self) -> None:
        """Take in files from the disk."""
        self.taking.ask_files(self)

    # Qt

    def event(self, event: QEvent) -> bool:
        """Letters mean deeds here, though the window has keys of the same letters."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._means(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._means(event):
            self._do(event)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._speaker.place = self.quiet_part
        self.focus_list()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasUrls() or data.hasText() or data.hasFormat("message/rfc822"):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.taking.take(event.mimeData()):
            event.acceptProposedAction()

    # inside

    def _means(self, event: QKeyEvent) -> bool:
        if isinstance(QApplication.focusWidget(), FIELDS):
            return False
        if event.matches(QKeySequence.StandardKey.Paste):
            return True
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return plain and any(event.key() in some for some in (self._keys, _MOVES, _OTHER, self.more_keys()))

    def _do(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif key in self._keys:
            self.act(self._keys[key])
        elif key in self.more_keys():
            self.press(key)
        elif key in _MOVES:
            self.move_by(_MOVES[key])
        elif key == Qt.Key.Key_Z:
            if not self._speaker.take_back():
                self._speaker.toast(_("There is nothing to take back."))
        elif key == Qt.Key.Key_Escape:
            self.back_off()
        else:
            self.to_deeds()
