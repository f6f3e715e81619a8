"""What assistive technology says aloud without the focus moving."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def announce(source: QWidget, text: str) -> None:
    """Say `text` on behalf of a widget; nothing when nobody listens."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, text))
