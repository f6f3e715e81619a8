"""The house as it was drawn: sizes, docstrings, names, and nothing that ties it to one machine."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "calmerge_desktop"
MODULES = sorted(PACKAGE.rglob("*.py"))
_MOST_LINES, _MOST_IN_A_FUNCTION = 400, 60
_NO_NAMES = {"utils", "helpers", "common", "base", "manager", "misc"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_stays_small_and_speaks(path: Path) -> None:
    """A module fits a sitting, a function a screen, and everything public says what it means."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= _MOST_LINES
    assert path.stem not in _NO_NAMES
    tree = ast.parse(text)
    assert not text.strip() or ast.get_docstring(tree), "the module has no docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < _MOST_IN_A_FUNCTION, f"{node.name} is longer than a screen"
    for name, silent in _public_without_docstring(tree):
        assert not silent, f"{name} has no docstring"


def _public_without_docstring(tree: ast.Module) -> list[tuple[str, bool]]:
    out = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            out.append((node.name, ast.get_docstring(node) is None))
            if isinstance(node, ast.ClassDef):
                out += [
                    (f"{node.name}.{item.name}", ast.get_docstring(item) is None)
                    for item in node.body
                    if isinstance(item, ast.FunctionDef)
                    and not item.name.startswith("_")
                    and item.name == item.name.lower()  # Qt's own names are described by Qt
                    and not _is_plain_property(item)
                ]
    return out


def _is_plain_property(item: ast.FunctionDef) -> bool:
    return (
        len(item.body) == 1
        and isinstance(item.body[0], ast.Expr)
        and isinstance(item.body[0].value, ast.Constant)
        and (item.body[0].value.value is ...)
    )


def test_core_and_command_line_start_without_qt() -> None:
    """Importing them pulls in no Qt, no network library and no SQL that is not used."""
    code = (
        "import sys, calmerge_desktop.cli.main, calmerge_desktop.app.program;"
        "print([m for m in sys.modules if m.partition('.')[0] in ('PySide6', 'httpx2', 'keyring', 'icalendar')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert out.strip() == "[]"


_LATE = (
    "sqlalchemy", "alembic", "icalendar", "dateutil", "pendulum", "httpx2", "keyring", "cryptography", "stamina",
    "defusedxml", "asyncio", "ssl", "click", "babel.messages", "calmerge_desktop.sync", "calmerge_desktop.core.ics.write",
    "calmerge_desktop.core.agenda.events", "calmerge_desktop.ui.event.editor", "calmerge_desktop.ui.linking.dialog",
    "calmerge_desktop.ui.palette", "calmerge_desktop.ui.settings_sheet", "calmerge_desktop.ui.month.view",
    "calmerge_desktop.ui.agenda_list.view", "calmerge_desktop.core.ics", "calmerge_desktop.core.recurrence",
    "calmerge_desktop.core.plain", "calmerge_desktop.core.freebusy", "calmerge_desktop.core.itip", "hashlib",
    "dataclasses", "inspect", "gettext", "locale", "tempfile", "random", "tzlocal", "calmerge_desktop.ui.flows",
    "calmerge_desktop.ui.event", "calmerge_desktop.ui.inbox", "calmerge_desktop.ui.offers", "calmerge_desktop.ui.frame.keys",
    "calmerge_desktop.ui.frame.trouble", "calmerge_desktop.ui.theme.focus", "calmerge_desktop.ui.collector",
    "calmerge_desktop.ui.week.rehearsal",
)  # fmt: skip
"""What a start must not wait for: it is imported after the first frame, or when it is used."""

_START = """
import os, sys
import calmerge_desktop.ui.start as start
early = [name for name in sys.modules if name.startswith("PySide6")]
real = start.make_window

def seen(window):
    loaded = [name for name in {late!r} if any(one == name or one.startswith(name + ".") for one in list(sys.modules))]
    signatures = hasattr(sys.modules["shibokensupport.signature.parser"], "__file__")
    print(early, loaded, signatures, window.model.week is not None, window.session.known, flush=True)
    os._exit(0)

def make_window(*args, **kwargs):
    from calmerge_desktop.ui.main_window import MainWindow

    MainWindow.settle = seen
    return real(*args, **kwargs)

start.make_window = make_window
from calmerge_desktop.__main__ import main
sys.argv = ["calmerge", "--home", {home!r}]
main()
"""


_CARD = "dataclasses", "inspect", "calmerge_desktop.ui.flows", "calmerge_desktop.ui.event"
"""What the card of a first start loads, which is on its first frame."""


@pytest.mark.gui
@pytest.mark.parametrize(
    ("command", "late"),
    [
        (("account", "add", "local", "--name", "Own"), _LATE),
        (("calendar", "list"), tuple(name for name in _LATE if name not in _CARD)),
    ],
    ids=["with an account", "a first start"],
)
def test_nothing_heavy_is_imported_before_the_first_frame(
    command: tuple[str, ...], late: tuple[str, ...], tmp_path: Path
) -> None:
    """The real program on a profile that exists, until its week is painted and its accounts are known.

    Qt itself comes after the first look at the store has begun, and without what `ui.lean_qt` leaves out.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    made = [sys.executable, "-m", "calmerge_desktop", "--home", str(tmp_path), *command]
    subprocess.run(made, capture_output=True, check=True, cwd=ROOT, env=environment)
    code = _START.format(late=late, home=str(tmp_path))
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=environment, timeout=60
    ).stdout
    assert out.strip() == "[] [] False True True"


def test_no_file_names_a_machine_or_an_index() -> None:
    """No absolute path of a machine, no package index, anywhere in the repository."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split("\n")
    banned = re.compile("py" + "pi[.]org|python" + "hosted|npm" + "js[.]|/(?:work|root|home)/[a-z]")
    guilty = []
    for name in filter(None, listed):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" not in data[:4096] and banned.search(data.decode("utf-8", "replace")):
            guilty.append(name)
    assert guilty == []


def test_commands_to_type_are_for_the_command_line() -> None:
    """A window that tells people to type something is no window. The one way out of a damaged ledger is a command."""
    shown = []
    for path in MODULES:
        if path.relative_to(PACKAGE).parts[0] not in ("core", "sync", "ui"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            typed = [one.value for one in node.keywords if one.arg == "typed"] if isinstance(node, ast.Call) else []
            allowed = {id(inner) for one in typed for inner in ast.walk(one)}
            for inner in ast.walk(node) if isinstance(node, ast.Call) else ():
                if isinstance(inner, ast.Constant) and id(inner) in allowed:
                    inner.value = ""
            if isinstance(node, ast.Constant) and ": calmerge " in str(node.value) and "restore FILE" not in str(node.value):
                shown.append(f"{path.relative_to(PACKAGE)}: {node.value!r}")
    assert shown == []
