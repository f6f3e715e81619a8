"""PySide6 without what only its own developers need.

Three things PySide6 does on import take longer than reading and painting a week (measured), and nothing of ours uses them:

* It compiles, at every start, the Python files that make the signatures of its functions: for help texts, and for the words
  of a `TypeError`. Here each of them is loaded when something of it is first asked for.
* It replaces `__import__` by its own, which reads the source of every module in search of `from __feature__ import …`.
* It makes every enumeration of every class that is touched: see `lean_enums`.

All of it only leaves something out: where PySide6 is built otherwise, everything loads as it wants to.
"""

from __future__ import annotations

import builtins
import enum
import sys
import threading
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from calmerge_desktop.ui.lean_enums import Enums, make_all

_ROOT = "shibokensupport"
_HOME = f"{_ROOT}.signature"
_PARTS = ("errorhandler", "layout", "parser", "mapping", "lib.enum_sig", "lib.pyi_generator", "lib.tool")
_FEATURE, _MAPPING = f"{_ROOT}.feature", f"{_HOME}.mapping"
_LATE = (_FEATURE, *(f"{_HOME}.{part}" for part in _PARTS))
_LISTED = ("tempfile", "textwrap")
"""What PySide6 imports only so that those who pack programs know it may come."""
_loading = threading.RLock()


class _Late(ModuleType):
    """A module whose code runs when an attribute of it is first asked for."""

    def __init__(self, name: str, loader: Any) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, loader)
        self.__dict__["_own"] = name, loader
        if name == _FEATURE:  # no module of ours asks for one
            self.__dict__.update(feature_import=_nothing, feature_imported=_nothing)
        if name == _MAPPING:  # into which the C code of PySide6 reaches by itself
            self.__dict__["update_mapping"] = self._update_mapping

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        self._load()
        return self.__dict__[attribute] if attribute in self.__dict__ else super().__getattribute__(attribute)

    def _update_mapping(self) -> None:
        self._load()
        self.__dict__["update_mapping"]()

    def _load(self) -> None:
        with _loading:
            if "_own" in self.__dict__:
                name, loader = self.__dict__.pop("_own")
                make_all()  # signatures name members of enumerations in the way of C++
                self.__spec__ = ModuleSpec(name, loader)  # PySide6 has given it another name meanwhile
                loader.exec_module(self)


def _nothing(*_args: Any, **_named: Any) -> None:
    """No feature is wanted."""


def load() -> None:
    """Import QtCore; does nothing when it is there."""
    if "PySide6.QtCore" in sys.modules:
        return
    plain = builtins.__import__

    def watching(name: str, *args: Any, **kwargs: Any) -> ModuleType:
        if name in _LISTED and args and args[0].get("__name__") == "shiboken6":
            return ModuleType(name)
        if name in (_ROOT, _HOME) and sys.modules.keys() & {_HOME, _ROOT}:
            builtins.__import__ = plain
            _put_late()
        return plain(name, *args, **kwargs)

    builtins.__import__ = watching
    sys.modules["enum"] = Enums()
    try:
        import PySide6.QtCore  # noqa: F401  what it loads is the point
    finally:
        builtins.__import__ = plain
        sys.modules["enum"] = enum


def _put_late() -> None:
    """PySide6 is about to import these from the archive inside it: let it find them, without their code."""
    loader = getattr(sys.modules[_ROOT], "__loader__", None)
    held = getattr(loader, "_mod2path", {})
    for name in _LATE:
        if name in held:
            sys.modules.setdefault(name, _Late(name, loader))
