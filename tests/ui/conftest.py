"""Pictures as tests: exact up to 0.1 % of the pixels, as fonts are bundled and the platform is offscreen.

`CALMERGE_SNAPSHOTS=write pytest tests/ui` accepts what is painted now; look at the pictures before you commit them. On a
difference the painted picture and a map of the differences are left in `tests/ui/failed/`, which git ignores.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

QtBot.waitUntil.__kwdefaults__ = {"timeout": 60_000}  # a busy machine is no failure; what never comes still fails
HERE = Path(__file__).parent
TOLERANCE = 0.001
_NOISE = 12
"""Difference of one channel that nobody sees."""


@pytest.fixture
def snapshot() -> Callable[[str, QImage], None]:
    """`snapshot("name", image)` compares with `tests/ui/snapshots/name.png`."""
    return check


def check(name: str, image: QImage) -> None:
    """Compare `image` with the stored picture `name`."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(1)
    stored = HERE / "snapshots" / f"{name}.png"
    if os.environ.get("CALMERGE_SNAPSHOTS") == "write":
        assert image.save(str(stored))
        return
    assert stored.exists(), f"no snapshot {name}: write it with CALMERGE_SNAPSHOTS=write"
    expected = QImage(str(stored)).convertToFormat(QImage.Format.Format_RGB32)
    problem = _problem(expected, image)
    if problem:
        failed = HERE / "failed"
        failed.mkdir(exist_ok=True)
        image.save(str(failed / f"{name}.actual.png"))
        _map(expected, image).save(str(failed / f"{name}.diff.png"))
        raise AssertionError(f"{name}: {problem}; see tests/ui/failed/{name}.diff.png")


def _problem(expected: QImage, image: QImage) -> str:
    if expected.size() != image.size():
        return f"size is {image.width()}x{image.height()}, was {expected.width()}x{expected.height()}"
    one, other = bytes(expected.constBits()), bytes(image.constBits())
    if one == other:
        return ""
    differing = sum(
        1
        for at in range(0, len(one), 4)
        if one[at : at + 3] != other[at : at + 3] and _apart(one[at : at + 3], other[at : at + 3])
    )
    share = differing / (len(one) // 4)
    return f"{share:.2%} of the pixels differ" if share > TOLERANCE else ""


def _apart(one: bytes, other: bytes) -> bool:
    return any(abs(a - b) > _NOISE for a, b in zip(one, other, strict=True))


def _map(expected: QImage, image: QImage) -> QImage:
    made = image.copy()
    for y in range(min(image.height(), expected.height())):
        for x in range(min(image.width(), expected.width())):
            same = image.pixel(x, y) == expected.pixel(x, y)
            made.setPixel(x, y, 0xFFEEEEEE if same else 0xFFD92D20)
    return made
