"""How a person gets a registration of their own, step by step, and the field for it: Google's file, Microsoft's id."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from calmerge_desktop.core.agenda.own_client import Step, own_client
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.linking.kinds import FieldKind, LinkKind
from calmerge_desktop.ui.parts.buttons import Button, Kind
from calmerge_desktop.ui.parts.ink import font, ink
from calmerge_desktop.ui.parts.words import Words

_LABEL = 150


class ClientPage(QWidget):
    """Steps in the middle, the field below; an error stands at its field."""

    submitted = Signal()
    """Enter in a field."""

    def __init__(
        self, chosen: LinkKind, values: Mapping[str, str], show_page: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.inputs: dict[str, QLineEdit] = {}
        self.links: list[Button] = []
        self._show_page = show_page
        words = own_client(chosen.provider)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = _("Your own registration at {name}").format(name=chosen.name.removesuffix(" 365"))
        column.addWidget(Words(title, 20, 600))
        column.addSpacing(4)
        column.addWidget(Words(words.why, 12, 400, "text2", wrap=True))
        column.addSpacing(10)
        column.addWidget(self._steps(words.steps), 1)
        column.addSpacing(10)
        for field in chosen.fields:
            column.addLayout(self._field(field, values.get(field.name, "")))
            column.addSpacing(6)
        self.wrong = Words("", 11, 400, "danger", wrap=True)
        self.wrong.setContentsMargins(_LABEL + 12, 0, 0, 0)
        self.wrong.hide()
        column.addWidget(self.wrong)

    def values(self) -> dict[str, str]:
        """What was given, by field; empty ones too."""
        return {name: field.text().strip() for name, field in self.inputs.items()}

    def show_wrong(self, text: str, name: str = "") -> None:
        """Say what is wrong with the field `name` (else the first); an empty text takes it back."""
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))
        blamed = name or next(iter(self.inputs))
        for each, field in self.inputs.items():
            field.setProperty("error", bool(text) and each == blamed)
            field.style().unpolish(field)
            field.style().polish(field)
        if text:
            self.inputs[blamed].setFocus(Qt.FocusReason.OtherFocusReason)

    def _steps(self, steps: tuple[Step, ...]) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(_("Steps"))
        inner = QWidget()
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 12, 0)
        rows.setSpacing(10)
        for number, step in enumerate(steps, 1):
            rows.addLayout(self._step(number, step))
        rows.addStretch(1)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        return scroll

    def _step(self, number: int, step: Step) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(_Number(number), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Words(step.title, 13, 600))
        text = Words(step.text, 12, 400, "text2", wrap=True)
        text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        words.addWidget(text)
        row.addLayout(words, 1)
        if step.url:
            button = Button(_("Open"), Kind.SECONDARY, icon="external", small=True)
            button.setAccessibleName(_("Open the page for: {step}").format(step=step.title))
            button.setToolTip(step.url)
            button.clicked.connect(lambda _on=False: self._show_page(step.url))
            self.links.append(button)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _field(self, field: FieldKind, value: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        caption = Words(field.label, 13, 500, "text2")
        caption.setFixedWidth(_LABEL)
        entry = QLineEdit(value)
        entry.setPlaceholderText(field.placeholder)
        entry.setAccessibleName(field.label)
        entry.setToolTip(field.hint)
        caption.setBuddy(entry)
        entry.returnPressed.connect(self.submitted)
        entry.textEdited.connect(lambda _text: self.show_wrong(""))
        row.addWidget(caption)
        row.addWidget(entry, 1)
        if field.name == "client_secrets":
            pick = Button(_("Choose…"), icon="folder")
            pick.clicked.connect(self._pick)
            row.addWidget(pick)
        self.inputs[field.name] = entry
        return row

    def _pick(self) -> None:
        path = QFileDialog.getOpenFileName(self, _("Open the client file"), "", "JSON (*.json)")[0]
        if path:
            self.inputs["client_secrets"].setText(path)
            self.show_wrong("")


class _Number(QWidget):
    """A round plate with the number of a step."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(22, 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = ink()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.surface2)
        painter.drawEllipse(self.rect())
        painter.setPen(t.text2)
        painter.setFont(font(11, 600))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()
