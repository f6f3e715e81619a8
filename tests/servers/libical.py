"""libical's own table of what each iTIP method must and must not carry (RFC 5546), asked in a process of its own.

Its bindings belong to the system's Python (Debian: gir1.2-ical-3.0, python3-gi).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

_PYTHON = Path("/usr/bin/python3")
_CODE = """
import json, sys
import gi
gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ical

def complaints(component):
    found = []
    each = component.get_first_property(ical.PropertyKind.XLICERROR_PROPERTY)
    while each:
        found.append(each.as_ical_string().strip())
        each = component.get_next_property(ical.PropertyKind.XLICERROR_PROPERTY)
    inside = component.get_first_component(ical.ComponentKind.ANY_COMPONENT)
    while inside:
        found += complaints(inside)
        inside = component.get_next_component(ical.ComponentKind.ANY_COMPONENT)
    return found

out = []
for text in json.load(sys.stdin):
    read = ical.Component.new_from_string(text)
    good = ical.restriction_check(read)
    out.append(complaints(read))
    if not good and not out[-1]:
        out[-1].append("refused")
json.dump(out, sys.stdout)
"""


def missing() -> str:
    """Why it cannot be asked here; empty when it can."""
    if _PYTHON.exists():
        asked = subprocess.run([_PYTHON, "-c", _CODE], input="[]", capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            return ""
    return "gir1.2-ical-3.0 and python3-gi are not installed"


def complaints(messages: Sequence[str]) -> list[list[str]]:
    """What libical finds wrong with each message."""
    asked = subprocess.run(
        [_PYTHON, "-c", _CODE], input=json.dumps(list(messages)), capture_output=True, text=True, check=True
    )
    found: list[list[str]] = json.loads(asked.stdout)
    return found
