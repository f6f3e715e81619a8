"""The parts of a link that several settings make up together, as plain values: tables in TOML, objects in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from calmerge_desktop.core.availability import shapes
from calmerge_desktop.core.availability.rules import (
    BookerRules,
    ChangeRules,
    Horizon,
    PageRules,
    PrivateAddress,
    Question,
    SeriesRule,
)
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _

Rules = ChangeRules | BookerRules | PageRules
TABLES: Mapping[str, type[Rules]] = {"changes": ChangeRules, "booker": BookerRules, "page": PageRules}
"""Settings of a link that are a table of single values."""
_KINDS = ("text", "long", "number", "choice", "phone", "yes-no", "address", "url")
_ONE_OF = {
    "reason": ("nobody", "host", "guest", "both"),
    "series": ("one", "rest", "all"),
    "layout": ("week", "month", "list"),
}
_ADDRESS = ("key", "note", "until", "uses")


def rules_plain(given: Rules) -> dict[str, Any]:
    """What is not at its default."""
    plain = type(given)()
    names = [one.name for one in fields(given) if getattr(given, one.name) != getattr(plain, one.name)]
    return {name: getattr(given, name) for name in names}


def rules(name: str, value: Any) -> Rules:
    """The table `name` of `TABLES`; each key is read as what its default is. Raises `BadInput`."""
    kind = TABLES[name]
    usual = {one.name: getattr(kind(), one.name) for one in fields(kind)}
    made: dict[str, Any] = {}
    for key, given in shapes.table(name, value, list(usual)).items():
        where = f"{name}.{key}"
        if key in _ONE_OF:
            made[key] = shapes.one_of(key, given, _ONE_OF[key])
        elif key == "notice":
            made[key] = shapes.minutes(where, given)
        elif key == "most":
            made[key] = shapes.number(where, given)
        else:
            made[key] = (shapes.flag if isinstance(usual[key], bool) else shapes.text)(where, given)
    return kind(**made)


def horizon_plain(given: Horizon) -> dict[str, Any]:
    """The one kind that is given, dates as text."""
    found = {one.name: getattr(given, one.name) for one in fields(Horizon)}
    return {name: _dated(value) for name, value in found.items() if value is not None}


def horizon(name: str, value: Any) -> Horizon:
    """`{days = 14}`, `{until = …}`, … Raises `BadInput`."""
    known = [one.name for one in fields(Horizon)]
    if not isinstance(value, Mapping) or set(value) - set(known):
        raise BadInput(_("The horizon is one of: {names}.").format(names=", ".join(known)))
    made: dict[str, Any] = {}
    for kind, given in value.items():
        where = f"{name}.{kind}"
        if kind == "until":
            made[kind] = shapes.a_date(where, given)
        elif kind == "range":
            if not isinstance(given, list | tuple) or len(given) != 2:
                raise BadInput(_("{name}: two dates are needed.").format(name=where))
            made[kind] = (shapes.a_date(where, given[0]), shapes.a_date(where, given[1]))
        else:
            made[kind] = shapes.number(where, given)
    return Horizon(**made)


def question_plain(one: Question) -> dict[str, Any]:
    """Its table."""
    out: dict[str, Any] = {"label": one.label, "kind": one.kind, "required": one.required}
    return out | ({"choices": list(one.choices)} if one.choices else {})


def questions(_name: str, value: Any) -> tuple[Question, ...]:
    """A list of tables; words alone are a question, too. Raises `BadInput`."""
    made = []
    for one in value if isinstance(value, list | tuple) else [value]:
        given: Any = {"label": one} if isinstance(one, str) else one
        if not isinstance(given, Mapping) or set(given) - {"label", "kind", "required", "choices"}:
            raise BadInput(_("A question has a label, a kind, choices, and may be required."))
        kind = given.get("kind", "text")
        if kind not in _KINDS:
            raise BadInput(_("“{word}” is no kind of question.").format(word=str(kind)[:40]), hint=", ".join(_KINDS))
        made.append(
            Question(
                label=str(given.get("label", "")),
                kind=kind,
                required=bool(given.get("required", False)),
                choices=tuple(str(choice) for choice in given.get("choices", ())),
            )
        )
    return tuple(made)


def series(name: str, value: Any) -> SeriesRule:
    """`{every_weeks, count}`. Raises `BadInput`."""
    if not isinstance(value, Mapping) or set(value) != {"every_weeks", "count"}:
        raise BadInput(_("A series says every_weeks and count."))
    return SeriesRule(every_weeks=shapes.number(name, value["every_weeks"]), count=shapes.number(name, value["count"]))


def address_plain(one: PrivateAddress) -> dict[str, Any]:
    """Its table."""
    out: dict[str, Any] = {name: text for name, text in (("key", one.key), ("note", one.note)) if text}
    if one.until is not None:
        out["until"] = one.until.isoformat()
    return out | {"uses": "any" if one.uses is None else one.uses}


def addresses(name: str, value: Any) -> tuple[PrivateAddress, ...]:
    """A list of tables. Raises `BadInput`."""
    made = []
    for one in value if isinstance(value, list | tuple) else [value]:
        given = shapes.table(name, one, _ADDRESS)
        uses = given.get("uses", 1)
        made.append(
            PrivateAddress(
                key=shapes.text(f"{name}.key", given.get("key", "")),
                note=shapes.text(f"{name}.note", given.get("note", "")),
                until=shapes.a_date(f"{name}.until", given["until"]) if "until" in given else None,
                uses=None if uses == "any" else shapes.number(f"{name}.uses", uses),
            )
        )
    return tuple(made)


def _dated(value: Any) -> Any:
    if isinstance(value, tuple):
        return [one.isoformat() for one in value]
    return value.isoformat() if isinstance(value, date) else value
