"""Where the pieces of the window lie: sidebar left, the views right, the status line below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


def framed(sidebar: QWidget, pages: QWidget, status: QWidget) -> QWidget:
    """One widget with the pieces edge to edge."""
    centre = QWidget()
    outer = QVBoxLayout(centre)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    row = QHBoxLayout()
    row.setSpacing(0)
    row.addWidget(sidebar)
    row.addWidget(pages, 1)
    outer.addLayout(row, 1)
    outer.addWidget(status)
    return centre
