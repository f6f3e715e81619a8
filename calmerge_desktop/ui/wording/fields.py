"""What is typed: subject, text, closing and signature, and the placeholders that may stand in each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from calmerge_desktop.core.letters.template import FIELDS, PLACEHOLDERS, Template
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.words import Words

_SIGNATURE_HEIGHT = 68


class TemplateFields(QWidget):
    """Four fields of one language."""

    edited = Signal()
    """By the person, not by `show_template`."""

    def __init__(self) -> None:
        super().__init__()
        self.subject, self.closing = QLineEdit(), QLineEdit()
        self.text, self.signature = _Plain(), _Plain()
        self.signature.setFixedHeight(_SIGNATURE_HEIGHT)
        self._fields: dict[str, QLineEdit | QPlainTextEdit] = {
            "subject": self.subject,
            "text": self.text,
            "closing": self.closing,
            "signature": self.signature,
        }
        self._last = "text"
        self._quiet = False
        self.insert = Button(_("Insert placeholder"), Kind.QUIET, icon="plus", small=True)
        self.insert.clicked.connect(self._offer)
        names = {"subject": _("Subject"), "text": _("Text"), "closing": _("Closing"), "signature": _("Signature")}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for name in FIELDS:
            field = self._fields[name]
            field.setAccessibleName(names[name])
            field.installEventFilter(self)
            field.textChanged.connect(self._changed)
            head = QHBoxLayout()
            head.addWidget(Words(names[name], 12, 500, "text2"))
            head.addStretch(1)
            if name == "text":
                head.addWidget(self.insert)
            column.addLayout(head)
            column.addWidget(field, int(name == "text"))
            column.addSpacing(6)

    def template(self) -> Template:
        """As it is typed."""
        return Template(
            subject=self.subject.text(),
            text=self.text.toPlainText(),
            closing=self.closing.text(),
            signature=self.signature.toPlainText(),
        )

    def show_template(self, template: Template) -> None:
        """Other words in the fields, where they are other ones."""
        self._quiet = True
        for name, text in template.fields().items():
            field = self._fields[name]
            if isinstance(field, QLineEdit):
                field.setText(text)
                field.setCursorPosition(0)
            elif field.toPlainText() != text:
                field.setPlainText(text)
        self._quiet = False

    def put(self, placeholder: str) -> None:
        """At the cursor of the field that was used last."""
        field = self._fields[self._last]
        words = f"{{{placeholder}}}"
        if isinstance(field, QLineEdit):
            field.insert(words)
        else:
            field.insertPlainText(words)
        field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self._last = next((name for name, field in self._fields.items() if field is watched), self._last)
        return super().eventFilter(watched, event)

    def _changed(self) -> None:
        if not self._quiet:
            self.edited.emit()

    def _offer(self) -> None:
        meanings = _meanings()
        menu = QMenu(self)
        for name in PLACEHOLDERS[self._last]:
            menu.addAction(f"{{{name}}}   {meanings[name]}").triggered.connect(lambda _on=False, name=name: self.put(name))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.insert.mapToGlobal(self.insert.rect().bottomLeft()))


class _Plain(QPlainTextEdit):
    """Tab goes on; what is pasted is plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)


def _meanings() -> dict[str, str]:
    return {
        "guest": _("the guest’s name"),
        "title": _("what the meeting is about"),
        "count": _("how many times"),
        "length": _("how long"),
        "until": _("until when the offer stands"),
        "me": _("your name"),
        "times": _("the times (must be there)"),
        "answer": _("how to answer"),
        "page": _("the address of the guest’s page"),
    }
