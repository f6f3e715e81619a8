"""While a wheel is built: put our registrations into it, out of the environment, never out of the repository.

`CALMERGE_GOOGLE_CLIENT` is the JSON of a desktop client, or the path of its file; `CALMERGE_MICROSOFT_CLIENT` is the id of
an app registration. What is written is ignored by git.
"""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

GOOGLE = "CALMERGE_GOOGLE_CLIENT"
MICROSOFT = "CALMERGE_MICROSOFT_CLIENT"
FILE = "clients.json"


class Registrations(BuildHookInterface):  # type: ignore[type-arg]  # its own generic is of no use here
    """Named in `pyproject.toml`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling names them
        """Before the files are collected."""
        target = Path(self.root) / "resources" / FILE
        found = registrations(os.environ)
        if found:
            target.write_text(json.dumps(found, sort_keys=True), encoding="utf-8")
        else:
            target.unlink(missing_ok=True)


def registrations(environ: Any) -> dict[str, Any]:
    """What the environment carries. Raises `ValueError` for what is no client: such a build would be of no use."""
    found = {"google": _google(environ.get(GOOGLE, "").strip()), "microsoft": _microsoft(environ.get(MICROSOFT, "").strip())}
    return {name: client for name, client in found.items() if client}


def _google(given: str) -> dict[str, Any] | None:
    if not given:
        return None
    text = given if given.startswith("{") else Path(given).read_text(encoding="utf-8")
    found = json.loads(text)
    if not isinstance(found, dict) or "installed" not in found:
        message = f"{GOOGLE} is no client of the type “Desktop app”"
        raise ValueError(message)
    return found


def _microsoft(given: str) -> str | None:
    if not given:
        return None
    try:
        return str(uuid.UUID(given))
    except ValueError as error:
        message = f"{MICROSOFT} is no “Application (client) ID”"
        raise ValueError(message) from error
