"""Dataclasses that cost nothing until the first one is made.

`dataclasses.dataclass` compiles six small functions for every class as soon as its module is imported: a millisecond a
class, and a window needs forty of them before it can paint (measured). This `dataclass` collects the fields at once, as the
original does, and compiles on first use. Type checkers see the original.

Only what the rooms use is there: `frozen`, `slots` and `kw_only`, no inheritance between records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses
    from functools import partial

    _COMPILED = ("__init__", "__repr__", "__eq__", "__hash__")
    _KEPT = ("__annotations__", "__module__", "__qualname__", "__post_init__", "__doc__")

    def dataclass(cls: Any = None, /, *, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> Any:
        """The class with its fields; see `dataclasses.dataclass`."""
        if cls is None:
            return partial(dataclass, frozen=frozen, slots=slots, kw_only=kw_only)
        cls.__doc__ = cls.__doc__ or cls.__name__  # else the original builds a signature for it, which needs __init__
        body = {name: cls.__dict__[name] for name in (*cls.__annotations__, *_KEPT) if name in cls.__dict__}
        own = {name for name in _COMPILED if name in cls.__dict__}
        made = dataclasses.dataclass(cls, init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)

        def compiled(name: str) -> None:
            wanted = {"init": name == "__init__", "repr": name == "__repr__", "eq": name in ("__eq__", "__hash__")}
            twin = dataclasses.dataclass(type(made.__name__, (), dict(body)), frozen=frozen, kw_only=kw_only, **wanted)
            setattr(made, name, twin.__dict__[name])

        for name in _COMPILED:
            if name not in own:
                setattr(made, name, _waiting(name, compiled))
        if frozen:
            made.__setattr__, made.__delattr__ = _no_set, _no_delete
            made.__getstate__, made.__setstate__ = _state, _restored
        return made

    def _waiting(name: str, compiled: Callable[[str], None]) -> Any:
        """A method that is compiled by its first call."""

        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            compiled(name)
            return getattr(type(self), name)(self, *args, **kwargs)

        method.__name__ = name
        return method

    def _no_set(self: Any, name: str, _value: object) -> NoReturn:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r} of {type(self).__name__}")

    def _no_delete(self: Any, name: str) -> NoReturn:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r} of {type(self).__name__}")

    def _state(self: Any) -> list[Any]:
        return [getattr(self, field.name) for field in dataclasses.fields(self)]

    def _restored(self: Any, state: list[Any]) -> None:
        for field, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, field.name, value)


__all__ = ["dataclass"]
