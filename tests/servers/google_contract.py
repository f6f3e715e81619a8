"""Google Calendar's own description of itself (the discovery document in google-api-python-client), as a judge of bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from googleapiclient.discovery_cache import get_static_doc

_OF = {"calendar": ("calendar", "v3"), "gmail": ("gmail", "v1")}
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TYPES: dict[str, Any] = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "any": object}


@cache
def document(api: str = "calendar", version: str = "v3") -> dict[str, Any]:
    return dict(json.loads(get_static_doc(api, version)))


def complaints(
    value: Any, schema: str | dict[str, Any], path: str = "", *, patch: bool = False, api: str = "calendar"
) -> list[str]:
    """What is wrong with a body; in a patch null takes a field away."""
    found = document(*_OF[api])["schemas"][schema] if isinstance(schema, str) else schema
    if "$ref" in found:
        return complaints(value, found["$ref"], path, patch=patch, api=api)
    if value is None and patch:
        return []
    kind = found.get("type")
    if kind == "object":
        if not isinstance(value, dict):
            return [f"{path}: not an object"]
        known = found.get("properties", {})
        out = []
        for name, each in value.items():
            inner = known.get(name) or found.get("additionalProperties")
            out += (
                complaints(each, inner, f"{path}.{name}", patch=patch, api=api)
                if inner
                else [f"{path}.{name}: unknown field"]
            )
        return out
    if kind == "array":
        if not isinstance(value, list):
            return [f"{path}: not an array"]
        return [word for at, each in enumerate(value) for word in complaints(each, found["items"], f"{path}[{at}]", api=api)]
    return _of_value(value, found, path)


def _of_value(value: Any, schema: dict[str, Any], path: str) -> list[str]:
    kind = schema.get("type")
    if not isinstance(value, _TYPES[str(kind)]) or (kind == "integer" and isinstance(value, bool)):
        return [f"{path}: not {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{path}: not in {schema['enum']}"]
    if schema.get("format") == "date-time" and not _DATE_TIME.fullmatch(value):
        return [f"{path}: no date-time"]
    if schema.get("format") == "date" and not _DATE.fullmatch(value):
        return [f"{path}: no date"]
    return []


def method(http: str, path: str, api: str = "calendar") -> dict[str, Any] | None:
    """The method a request means; `path` without the service's own."""
    for each in _methods(document(*_OF[api])):
        pattern = re.sub(r"\\\{\+?(\w+)\\\}", r"[^/]+", re.escape(each["path"]))
        if each["httpMethod"] == http and re.fullmatch(pattern, path.lstrip("/")):
            return each
    return None


def query_complaints(found: dict[str, Any], query: Collection[str], api: str = "calendar") -> list[str]:
    known = {**found.get("parameters", {}), **document(*_OF[api])["parameters"]}
    out = [f"{found['id']}: unknown parameter {name}" for name in query if name not in known]
    needed = (name for name, each in known.items() if each.get("required") and each["location"] == "query")
    return out + [f"{found['id']}: missing {name}" for name in needed if name not in query]


def _methods(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("methods", {}).values()
    for each in node.get("resources", {}).values():
        yield from _methods(each)
