"""Versions that must stay away, each with the fault that it has."""

from __future__ import annotations

import sys

import pytest


@pytest.mark.gui
def test_void_methods_of_qt_keep_the_reference_count_of_none() -> None:
    """PySide6 6.12.0 loses one reference to None a call under Python < 3.12 and aborts after a few thousand."""
    from PySide6.QtCore import QObject

    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(500):
        thing.setObjectName("x")
    assert sys.getrefcount(None) - before > -50
