"""Graph's own description of itself, the part we use (`microsoft_contract.json`: types, properties, enumerations), as a judge."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_FORMS = {
    "Edm.DateTimeOffset": r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)",
    "Edm.Date": r"\d{4}-\d\d-\d\d",
    "Edm.TimeOfDay": r"\d\d:\d\d(:\d\d(\.\d+)?)?",
}
_KINDS: dict[str, Any] = {"Edm.String": str, "Edm.Boolean": bool, "Edm.Int32": int, "Edm.Double": (int, float)}
_OF = {
    "daily": {"interval"},
    "weekly": {"interval", "daysOfWeek", "firstDayOfWeek"},
    "absoluteMonthly": {"interval", "dayOfMonth"},
    "relativeMonthly": {"interval", "daysOfWeek", "index"},
    "absoluteYearly": {"interval", "dayOfMonth", "month"},
    "relativeYearly": {"interval", "daysOfWeek", "index", "month"},
}
"""Properties of each pattern; any other is an error."""


@cache
def document() -> dict[str, Any]:
    return dict(json.loads(Path(__file__).with_suffix(".json").read_text()))


def complaints(value: Any, kind: str, path: str = "") -> list[str]:
    """What is wrong with a body. Annotations (`@…`) are not looked at."""
    if many := re.fullmatch(r"Collection\((.*)\)", kind):
        if not isinstance(value, list):
            return [f"{path}: not a collection"]
        return [word for at, each in enumerate(value) for word in complaints(each, many[1], f"{path}[{at}]")]
    if value is None:
        return []
    if kind in document()["enums"]:
        return [] if value in document()["enums"][kind] else [f"{path}: {value!r} is no {kind}"]
    if kind in document()["types"]:
        return _object(value, kind, path)
    if form := _FORMS.get(kind):
        return [] if isinstance(value, str) and re.fullmatch(form, value) else [f"{path}: no {kind}"]
    wanted = _KINDS.get(kind, object)
    if not isinstance(value, wanted) or (kind == "Edm.Int32" and isinstance(value, bool)):
        return [f"{path}: not {kind}"]
    return []


def _object(value: Any, kind: str, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: not an object"]
    known = document()["types"][kind]
    out = []
    for name, each in value.items():
        if "@" not in name:
            out += complaints(each, known[name], f"{path}.{name}") if name in known else [f"{path}.{name}: not in {kind}"]
    if kind == "recurrencePattern" and (extra := value.keys() - {"type"} - _OF.get(str(value.get("type")), set())):
        out.append(f"{path}: {sorted(extra)} not for {value.get('type')}")
    return out
