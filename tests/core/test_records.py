"""`core.records.dataclass` is what `dataclasses.dataclass` is, only later."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from calmerge_desktop.core import records


def _made(decorator: Callable[..., Any]) -> Any:
    field = records.field if decorator is records.dataclass else dataclasses.field

    @decorator(frozen=True, slots=True, kw_only=True)
    class Pair:
        one: int
        names: tuple[str, ...] = ()
        more: dict[str, int] = field(default_factory=dict, compare=False)

    return Pair


BOTH = pytest.mark.parametrize("decorator", [dataclasses.dataclass, records.dataclass])


@BOTH
def test_values_compare_hash_and_show_as_records_do(decorator: Callable[..., Any]) -> None:
    """Equal by value, a key of a dictionary, and readable."""
    pair = _made(decorator)
    assert pair(one=1) == pair(one=1, more={"a": 1})
    assert pair(one=1) != pair(one=2)
    assert len({pair(one=1), pair(one=1), pair(one=2)}) == 2
    assert repr(pair(one=1)).endswith("Pair(one=1, names=(), more={})")
    for replace in (records.replace, dataclasses.replace):
        assert replace(pair(one=1), names=("x",)) == pair(one=1, names=("x",))
    assert copy.copy(pair(one=3, names=("y",))) == pair(one=3, names=("y",))
    assert pair(one=1).more is not pair(one=1).more


@BOTH
def test_nothing_of_a_record_changes(decorator: Callable[..., Any]) -> None:
    """Neither a field nor something new, before and after the first use."""
    one = _made(decorator)(one=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.one = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.one
    assert not hasattr(one, "__dict__")


@BOTH
def test_wrong_arguments_are_refused(decorator: Callable[..., Any]) -> None:
    """By the first call like by any other."""
    pair = _made(decorator)
    for arguments in ((), (1,)):
        with pytest.raises(TypeError):
            pair(*arguments)
    with pytest.raises(TypeError):
        pair(one=1, two=2)


@BOTH
def test_a_record_that_is_not_frozen_takes_values(decorator: Callable[..., Any]) -> None:
    """And is no key."""

    @decorator(slots=True)
    class Open:
        value: int = 0

    make: Any = Open
    one = make(value=4)
    one.value = 5
    assert one == make(value=5)
    with pytest.raises(TypeError):
        hash(one)


@BOTH
def test_records_tell_their_fields(decorator: Callable[..., Any]) -> None:
    """To whoever asks as `dataclasses` does."""
    pair: Any = _made(decorator)
    assert dataclasses.is_dataclass(type(pair(one=1)))
    assert [one.name for one in dataclasses.fields(pair)] == ["one", "names", "more"]
    assert dataclasses.asdict(pair(one=1)) == {"one": 1, "names": (), "more": {}}
    assert (pair.__name__, pair.__qualname__) == ("Pair", "_made.<locals>.Pair")
    assert (pair.__slots__, pair.__match_args__) == (("one", "names", "more"), ())


@BOTH
def test_many_are_made_like_a_few(decorator: Callable[..., Any]) -> None:
    """From some number on another function makes them: the values stay the same, and so do the errors."""

    @decorator(slots=True)
    class Kept:
        first: int
        second: str = "b"
        seen: int = 0

        def __post_init__(self) -> None:
            self.seen = self.first + 1

    make: Any = Kept
    for number in range(200):
        one = make(number, "x") if number % 2 else make(first=number)
        assert (one.first, one.second, one.seen) == (number, "x" if number % 2 else "b", number + 1)
    for wrong in (make, lambda: make(1, 2, 3, 4), lambda: make(1, first=2), lambda: make(1, third=3)):
        with pytest.raises(TypeError, match="__init__"):
            wrong()


@BOTH
def test_without_slots_defaults_stay_with_the_class(decorator: Callable[..., Any]) -> None:
    """As for records that keep what they computed."""

    @decorator(frozen=True, kw_only=True)
    class Loose:
        first: int = 3

    make: Any = Loose
    assert (make.first, make().first, make(first=4).first) == (3, 3, 4)
    assert {make(), make(first=3)} == {make()}


def test_a_field_of_the_original_is_refused() -> None:
    """Else it would be the value of every record."""
    with pytest.raises(TypeError, match="field"):

        @records.dataclass(slots=True)
        class Mixed:
            one: list[int] = dataclasses.field(default_factory=list)
