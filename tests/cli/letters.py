"""Mails of the command line's person, and what they carry."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from email import message_from_string
from email.policy import default
from pathlib import Path
from typing import Any

from tests.cli.conftest import Calmerge


def calendar_part(mail: str) -> str:
    """The text/calendar of a mail."""
    part = next(one for one in message_from_string(mail, policy=default).walk() if one.get_content_type() == "text/calendar")
    text = part.get_content()
    assert isinstance(text, str)
    return re.sub(r"\r?\n", "\r\n", text)


def letters(one: Calmerge) -> list[str]:
    """The mails that wait to be sent, oldest first."""
    with contextlib.closing(sqlite3.connect(next(one.home.rglob("ledger.sqlite")))) as ledger:
        return [row[0] for row in ledger.execute("SELECT mime FROM letter ORDER BY id")]


def read(one: Calmerge, folder: Path, message: str | bytes) -> Any:
    """What the inbox says to a mail or an .ics."""
    path = folder / "message"
    path.write_bytes(message.encode() if isinstance(message, str) else message)
    return one.ok("inbox", "--read", str(path))["messages"]
