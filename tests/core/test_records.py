"""`core.records.dataclass` is what `dataclasses.dataclass` is, only later."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from dataclasses import field, replace
from typing import Any

import pytest

from calmerge_desktop.core import records


def _made(decorator: Callable[..., Any]) -> Any:
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
