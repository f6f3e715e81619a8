"""Waiting for the browser, or for a code to be typed on another device: what to open, and how long there is time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.texts import _, ngettext
from calmerge_desktop.ui.linking.kinds import LinkKind
from calmerge_desktop.ui.linking.signs import Ring
from calmerge_desktop.ui.parts.buttons import Button
from calmerge_desktop.ui.parts.notes import Note
from calmerge_desktop.ui.parts.words import Words

_CENTER = Qt.AlignmentFlag.AlignHCenter


class BrowserPage(QWidget):
    """`told` fills it once the vendor's library knows the address."""

    def __init__(self, chosen: LinkKind, seconds: float, show_page: Callable[[str], object], *, by_code: bool) -> None:
        super().__init__()
        self._seconds, self._show_page, self._by_code = seconds, show_page, by_code
        self.code = Words("", 28, 600)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.address = QLineEdit()
        self.address.setReadOnly(True)
        self.address.setAccessibleName(_("Address of the sign-in"))
        self.again = Button(_("Open browser again"), icon="external" if by_code else "refresh")
        self.copy_address = Button(_("Copy address"), icon="copy")
        self.copy_code = Button(_("Copy code"), icon="copy")
        self.left = Words("", 13, 600)
        self.note = Note("info")
        self._lay_out(chosen)
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._tick()

    def told(self, text: str, opens: bool) -> None:
        """The address, and whether a browser opens; by code the second line is the code."""
        address, _end, code = text.partition("\n")
        self.address.setText(address)
        self.address.setCursorPosition(0)
        self.address.setVisible(True)
        self.code.setText(code)
        self.code.setVisible(bool(code))
        self.copy_code.setVisible(bool(code))
        self.copy_address.setVisible(True)
        self.again.setVisible(True)
        if self._by_code:
            self.again.setText(_("Open the page here"))
        elif not opens:
            self.again.setText(_("Try to open a browser"))
            self.note.say("warn", _("No browser can be opened from here. Open the address on this computer yourself."))
        (self.copy_code if code else self.again).setFocus(Qt.FocusReason.OtherFocusReason)

    def finishing(self) -> None:
        """The browser is done; the calendars are being listed."""
        self.left.setText(_("Signed in. Looking for calendars."))
        self._timer.stop()

    def _lay_out(self, chosen: LinkKind) -> None:
        name = chosen.name.removesuffix(" 365")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        title = _("Waiting for your code") if self._by_code else _("Waiting for your browser")
        column.addWidget(Words(title, 20, 600))
        asks = _("{name} asks there what CalMerge may do.").format(name=name)
        if self._by_code:
            asks = _("Open the address on any device, type the code and sign in there.")
        column.addWidget(Words(asks, 13, 400, "text2", wrap=True))
        column.addStretch(1)
        column.addWidget(self.code, 0, _CENTER)
        if not self._by_code:
            column.addWidget(Ring(), 0, _CENTER)
        column.addSpacing(8)
        column.addWidget(self.left, 0, _CENTER)
        calm = _("The window may stay open; nothing is stored before you agree.")
        column.addWidget(Words(calm, 12, 400, "text2"), 0, _CENTER)
        column.addSpacing(12)
        self.address.setFixedWidth(440)
        column.addWidget(self.address, 0, _CENTER)
        column.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for button in (self.copy_code, self.again, self.copy_address):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        blocked = _(
            "“Access blocked” or “approval required” there? Whoever runs your organisation’s accounts has to allow CalMerge."
        )
        column.addWidget(self.note)
        self.note.say("info", blocked, icon="question")
        for widget in (self.code, self.address, self.copy_code, self.again, self.copy_address):
            widget.hide()
        self.again.clicked.connect(lambda: self._show_page(self.address.text()))
        self.copy_address.clicked.connect(lambda: self._copy(self.copy_address, self.address.text()))
        self.copy_code.clicked.connect(lambda: self._copy(self.copy_code, self.code.text()))

    def _copy(self, button: Button, text: str) -> None:
        QApplication.clipboard().setText(text)
        button.setText(_("Copied"))
        button.updateGeometry()

    def _tick(self) -> None:
        seconds = max(0, int(self._seconds - self._clock.elapsed() / 1000))
        if seconds >= 60:
            n = -(-seconds // 60)
            text = ngettext("Waiting, {n} minute left", "Waiting, {n} minutes left", n)
        else:
            n = seconds
            text = ngettext("Waiting, {n} second left", "Waiting, {n} seconds left", n)
        self.left.setText(text.format(n=n))
