"""Dataclasses that cost nothing until many are made.

`dataclasses.dataclass` compiles six small functions for every class as soon as its module is imported: a millisecond a
class, and a window needs forty of them before it can paint; the library itself, with what it imports, takes as long as five
(measured). This `dataclass` notes names and defaults. The first values are made by a loop; what is made often, or shown, or
asked about its fields, is given to the original. Type checkers see the original.

Only what the rooms use is there: `frozen`, `slots` and `kw_only`, no inheritance between records.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    _OFTEN = 64
    """So many times a record is made by a loop, which takes three times as long as what is compiled for it."""
    _KEPT = ("__annotations__", "__module__", "__post_init__")

    class _Field:
        """What `field` was told."""

        def __init__(self, told: dict[str, Any]) -> None:
            self.told = told
            self.compare = told.get("compare", True)

    def field(**told: Any) -> Any:
        """`default`, `default_factory`, `compare` and `repr`; see `dataclasses.field`."""
        return _Field(told)

    def replace(record: Any, /, **changes: Any) -> Any:
        """The same with other values; see `dataclasses.replace`."""
        plan = getattr(type(record), "__record__", None)
        if plan is None:
            import dataclasses

            return dataclasses.replace(record, **changes)
        for name in plan.names:
            if name not in changes:
                changes[name] = getattr(record, name)
        return type(record)(**changes)

    class _Plan:
        """What is known of a record, and the original of it once somebody needs that."""

        def __init__(self, cls: type, frozen: bool, kw_only: bool) -> None:
            own = cls.__dict__
            self.names = tuple(own["__annotations__"])
            self.positional = () if kw_only else self.names
            self.written = {name: _Field({"default": own[name]}) for name in self.names if name in own}
            self.written |= {name: own[name] for name in self.names if isinstance(own.get(name), _Field)}
            if any(type(one).__module__ == "dataclasses" for one in own.values()):
                raise TypeError("a record takes `field` from here")  # else its fields would be its default values
            self.told = {name: one.told for name, one in self.written.items()}
            self.body = {name: own[name] for name in _KEPT if name in own}
            self.body |= {"__qualname__": cls.__qualname__, "__doc__": cls.__name__}  # without one it writes one
            self.how = {"frozen": frozen, "kw_only": kw_only}
            self.calls = 0
            compared = [name for name in self.names if name not in self.written or self.written[name].compare]
            get = attrgetter(*compared) if compared else lambda _record: ()
            self.values: Callable[[Any], Any] = get if len(compared) != 1 else lambda record: (get(record),)
            self._twin: Any = None

        @property
        def twin(self) -> Any:
            """The original: a class with the same fields."""
            if self._twin is None:
                import dataclasses

                fields = {name: dataclasses.field(**told) for name, told in self.told.items()}
                self._twin = dataclasses.dataclass(type("Record", (), self.body | fields), **self.how)
            return self._twin

        def bound(self, args: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any] | None:
            """The value of every field; None when the original has to say what is wrong."""
            values = dict(zip(self.positional, args, strict=False))
            if len(args) > len(self.positional) or (args and values.keys() & given.keys()):
                return None
            values |= given
            for name, told in self.told.items():
                if name not in values:
                    if "default" in told:
                        values[name] = told["default"]
                    elif "default_factory" in told:
                        values[name] = told["default_factory"]()
            return values if values.keys() == set(self.names) else None

    class _Original:
        """An attribute of the original, fetched when it is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __get__(self, _record: Any, owner: Any) -> Any:
            return getattr(owner.__record__.twin, self._name)

    def dataclass(cls: Any = None, /, *, frozen: bool = False, slots: bool = False, kw_only: bool = False) -> Any:
        """The class with its fields; see `dataclasses.dataclass`."""
        if cls is None:
            return partial(dataclass, frozen=frozen, slots=slots, kw_only=kw_only)
        plan = _Plan(cls, frozen, kw_only)
        body = {name: value for name, value in cls.__dict__.items() if name not in ("__dict__", "__weakref__")}
        for name, told in plan.told.items():
            del body[name]
            if not slots and "default" in told:
                body[name] = told["default"]
        methods = {"__init__": _init(plan), "__repr__": _repr, "__eq__": _eq, "__hash__": _hash if frozen else None}
        if frozen:
            methods |= {"__setattr__": _no_set, "__delattr__": _no_delete}
            methods |= {"__getstate__": _state, "__setstate__": _restored}
        fields = {name: _Original(name) for name in ("__dataclass_fields__", "__dataclass_params__")}
        about = {"__match_args__": plan.positional, "__qualname__": cls.__qualname__, "__record__": plan}
        body = {**methods, **fields, **about, **body}
        if slots:
            body["__slots__"] = plan.names
        return type(cls)(cls.__name__, cls.__bases__, body)

    def _init(plan: _Plan) -> Any:
        put = object.__setattr__

        def init(self: Any, *args: Any, **given: Any) -> None:
            plan.calls += 1
            values = plan.bound(args, given) if plan.calls <= _OFTEN else None
            if values is None:
                type(self).__init__ = plan.twin.__init__
                type(self).__init__(self, *args, **given)
                return
            for name in plan.names:
                put(self, name, values[name])
            if "__post_init__" in plan.body:
                self.__post_init__()

        init.__name__ = "__init__"
        return init

    def _repr(self: Any) -> str:
        type(self).__repr__ = self.__record__.twin.__repr__
        return repr(self)

    def _eq(self: Any, other: Any) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or self.__record__.values(self) == self.__record__.values(other)

    def _hash(self: Any) -> int:
        return hash(self.__record__.values(self))

    def _frozen(sentence: str) -> NoReturn:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(sentence)

    def _no_set(self: Any, name: str, _value: object) -> NoReturn:
        _frozen(f"cannot assign to field {name!r} of {type(self).__name__}")

    def _no_delete(self: Any, name: str) -> NoReturn:
        _frozen(f"cannot delete field {name!r} of {type(self).__name__}")

    def _state(self: Any) -> list[Any]:
        return [getattr(self, name) for name in self.__record__.names]

    def _restored(self: Any, state: list[Any]) -> None:
        for name, value in zip(self.__record__.names, state, strict=True):
            object.__setattr__(self, name, value)


__all__ = ["dataclass", "field", "replace"]
