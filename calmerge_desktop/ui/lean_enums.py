"""Qt's enumerations, made when they are first looked into.

PySide6 makes every enumeration of a class (of `Qt` a hundred) as soon as the class is touched: three thousand members, of
which the first frame asks for fifty. They took a tenth of the way to it (measured).

`Enums` is Python's module `enum` as PySide6 sees it. What is made with it is an empty class that turns into the very
enumeration Python makes, the first time anything is asked of it; from then on there is no difference and no detour.
"""

from __future__ import annotations

import enum
import threading
from types import ModuleType
from typing import Any

_waiting: dict[type, tuple[Any, list[tuple[str, int]], Any]] = {}
"""Enumerations nobody looked into: what makes them, their members and their boundary."""
_making = threading.RLock()
_lazily = True


class _Waiting(enum.EnumType):
    """The type of an enumeration that waits: makes it with the first question, and leaves the answer to it."""

    def __getattribute__(cls, name: str) -> Any:
        return getattr(_made(cls), name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return _made(cls)(*args, **kwargs)

    def __iter__(cls) -> Any:
        return iter(_made(cls))

    def __reversed__(cls) -> Any:
        return reversed(_made(cls))

    def __len__(cls) -> int:
        return len(_made(cls))

    def __getitem__(cls, name: str) -> Any:
        return _made(cls)[name]

    def __contains__(cls, member: Any) -> bool:
        return member in _made(cls)

    def __repr__(cls) -> str:
        return repr(_made(cls))

    def __dir__(cls) -> list[str]:
        return dir(_made(cls))

    def __setattr__(cls, name: str, value: Any) -> None:
        type.__setattr__(cls, name, value)


def _made(cls: Any) -> Any:
    """The enumeration, with its members and its ordinary type."""
    with _making:
        if cls in _waiting:
            kind, members, boundary = _waiting.pop(cls)
            name: str = type.__dict__["__name__"].__get__(cls)
            made = _quickly(kind, name, members, boundary)
            kept = set(type.__dict__["__dict__"].__get__(cls))
            for key, value in made.__dict__.items():
                if key not in kept:
                    type.__setattr__(cls, key, value)
            for member in made.__members__.values():
                member.__class__ = member.__objclass__ = cls
            cls.__class__ = enum.EnumType
    return cls


def _quickly(kind: Any, name: str, members: list[tuple[str, int]], boundary: Any) -> Any:
    """What `kind(name, members)` makes, in the way Python makes its own enumerations at a start: in half the time."""
    simple = getattr(enum, "_simple_enum", None)
    if simple is None:
        return kind(name, members, boundary=boundary)
    return simple(kind, boundary=boundary)(type(name, (object,), dict(members)))


def make_all() -> None:
    """Make what waits, and from now on everything at once: for who looks for members without naming their enumeration."""
    global _lazily
    _lazily = False
    for cls in list(_waiting):
        _made(cls)


class _Late(enum.EnumType):
    """The type of a kind of enumeration that makes empty ones."""

    def __call__(cls, *args: Any, **more: Any) -> Any:
        kind: Any = cls.__base__
        if not _lazily or len(args) != 2 or type(args[1]) is not list or not args[1] or more.keys() - {"boundary"}:
            return kind(*args, **more)
        made = type.__new__(_Waiting, args[0], (kind,), {})
        _waiting[made] = kind, args[1], more.get("boundary")
        return made


class Enums(ModuleType):
    """Stands for `enum` in `sys.modules` while PySide6 asks for it, which then keeps it."""

    def __init__(self) -> None:
        super().__init__("enum")

    def __getattr__(self, name: str) -> Any:
        if name == "KEEP":  # the last that PySide6 takes for its own use; what it takes from now on makes enumerations
            for kind in (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag):
                self.__dict__[kind.__name__] = _Late(kind.__name__, (kind,), _Late.__prepare__(kind.__name__, (kind,)))
        return getattr(enum, name)
