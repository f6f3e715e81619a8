"""PySide6 without its signatures still says what is wrong with a call, in the same words; its enumerations are the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

_CODE = """
import sys
from calmerge_desktop.ui import lean_qt
if {lean}:
    lean_qt.load()
from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPainter
late = [one for one in ("parser", "layout", "mapping") if not hasattr(sys.modules["shibokensupport.signature." + one], "__file__")]
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


def _run(lean: bool, code: str = _CODE) -> tuple[str, str]:
    ran = subprocess.run(
        [sys.executable, "-c", code.replace("{lean}", str(lean))], capture_output=True, text=True, check=True, timeout=60
    )
    return ran.stdout, ran.stderr.strip()


def test_errors_say_the_same() -> None:
    """What is left out at the start is loaded when a call is wrong."""
    whole, lean = _run(lean=False), _run(lean=True)
    assert whole[0] == lean[0]
    assert "singleShot" in lean[0]
    assert (whole[1], lean[1]) == ("[]", "['parser', 'layout', 'mapping']")


_ENUMS = """
import enum, pickle, sys
from calmerge_desktop.ui import lean_enums, lean_qt
if {lean}:
    lean_qt.load()
from PySide6 import QtCore, QtGui, QtWidgets

def told(name, one):
    len(one)  # from here on it is the same class
    yield name, one, type(one), one.__mro__[1:], one.__module__, one.__qualname__, sorted(vars(one)), list(one)
    yield [(key, value, value.name, value.value, type(value) is one) for key, value in one.__members__.items()]
    for member in list(one)[:1]:
        assert one(member.value) is one[member.name] is getattr(one, member.name) is pickle.loads(pickle.dumps(member))
        yield member in one, one(98765), (member | member, ~member) if issubclass(one, enum.Flag) else None

late = QtCore.Qt is not None and len(lean_enums._waiting) > 50
for module in (QtCore, QtGui, QtWidgets):
    for key in sorted(dir(module)):
        scope = getattr(module, key)
        for name, one in [(key, scope), *(sorted(vars(scope).items()) if isinstance(scope, type) else ())]:
            if isinstance(one, type) and issubclass(one, enum.Enum):
                print(*told(f"{key}.{name}", one))
print(QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignTop, QtCore.QTimer().timerType())
print(late, file=sys.stderr)
"""


def test_enumerations_are_what_python_makes() -> None:
    """Every one of the three libraries: members, aliases, flags, unknown values, pickles."""
    whole, lean = _run(lean=False, code=_ENUMS), _run(lean=True, code=_ENUMS)
    assert whole[0] == lean[0]
    assert whole[0].count("PySide6.QtWidgets") > 100
    assert (whole[1], lean[1]) == ("False", "True")


_FIRST = """
from calmerge_desktop.ui import lean_qt
lean_qt.load()
from PySide6.QtCore import Qt
{question}
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("print(len(Qt.PenStyle))", "8"),
        ("print(Qt.PenStyle(2))", "PenStyle.DashLine"),
        ("print(Qt.PenStyle['DotLine'])", "PenStyle.DotLine"),
        ("print(list(Qt.PenStyle)[0])", "PenStyle.NoPen"),
        ("print(list(reversed(Qt.PenStyle))[-1])", "PenStyle.NoPen"),
        ("print(Qt.PenStyle)", "<enum 'PenStyle'>"),
        ("print('DotLine' in dir(Qt.PenStyle))", "True"),
        ("print(Qt.PenStyle.DotLine in Qt.PenStyle)", "True"),
        ("from PySide6.QtGui import QPen; print(QPen().style())", "PenStyle.SolidLine"),
        ("print(Qt.PenStyle.__qualname__, Qt.PenStyle.__module__)", "Qt.PenStyle PySide6.QtCore"),
    ],
)
def test_the_first_question_is_answered(question: str, answer: str) -> None:
    """Whatever is asked of an enumeration first makes it."""
    assert _run(lean=True, code=_FIRST.replace("{question}", question))[0].strip() == answer
