"""PySide6 without its signatures still says what is wrong with a call, in the same words."""

from __future__ import annotations

import subprocess
import sys

_CODE = """
import sys
from calmerge_desktop.ui import lean_qt
if {lean}:
    lean_qt.load()
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPainter
late = [one for one in ("parser", "layout") if not hasattr(sys.modules["shibokensupport.signature." + one], "__file__")]
print(late, file=sys.stderr)
for wrong in (lambda: QTimer.singleShot("a", "b"), lambda: QTimer(1, 2, 3), lambda: QColor(object()),
              lambda: QTimer(objectName=3), lambda: QPainter().drawText(1)):
    try:
        wrong()
    except Exception as error:
        print(type(error).__name__, error)
import inspect
print(inspect.getdoc(QTimer), QTimer.start.__doc__)
"""


def _run(lean: bool) -> tuple[str, str]:
    ran = subprocess.run(
        [sys.executable, "-c", _CODE.replace("{lean}", str(lean))], capture_output=True, text=True, check=True, timeout=60
    )
    return ran.stdout, ran.stderr.strip()


def test_errors_say_the_same() -> None:
    """What is left out at the start is loaded when a call is wrong."""
    whole, lean = _run(lean=False), _run(lean=True)
    assert whole[0] == lean[0]
    assert "singleShot" in lean[0]
    assert (whole[1], lean[1]) == ("[]", "['parser', 'layout']")
