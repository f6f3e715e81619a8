"""A mail as a draft in the person's own mail program, by the first way that works there.

On Linux mail programs open a file as a mail that came in, whatever it says of itself, so `xdg-email` comes first: plain
text, with the calendar attached. Elsewhere it is a file with `X-Unsent: 1`, which keeps the rich text. At last a `mailto:`
address, when the text is short enough for one.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from PySide6.QtCore import QObject, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

_LONGEST = 1_500
"""Characters of a `mailto:` address that every system passes on."""


class DraftMail(NamedTuple):
    """What is to be opened: once in pieces, once as a whole (RFC 5322, with `X-Unsent: 1`)."""

    name: str
    """A file name without its end."""
    to: tuple[str, ...]
    subject: str
    text: str
    mail: str
    ics: str = ""


class Drafts(QObject):
    """Opens drafts; `done` hears whether a mail program took one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl

    def open(self, draft: DraftMail, done: Callable[[bool], None]) -> None:
        """By `xdg-email` where there is one, else as a file."""
        program = shutil.which("xdg-email") if sys.platform.startswith("linux") else None
        if program is None:
            done(self._as_file(draft))
            return
        process = QProcess(self)
        process.setProgram(program)
        process.setArguments(_arguments(draft))
        heard = False

        def ended(code: int, _how: object = None) -> None:
            nonlocal heard
            if not heard:
                heard = True
                done(code == 0 or self._as_file(draft))
            process.deleteLater()

        process.finished.connect(ended)
        process.errorOccurred.connect(lambda _error: ended(1))
        process.start()

    def _as_file(self, draft: DraftMail) -> bool:
        file = _kept(draft.name + ".eml", draft.mail.encode())
        if self.open_url(QUrl.fromLocalFile(str(file))):
            return True
        address = mailto(draft)
        return bool(address) and self.open_url(QUrl(address))


def mailto(draft: DraftMail) -> str:
    """The draft as an address (RFC 6068), or nothing when it would be too long."""
    words = urlencode({"subject": draft.subject, "body": draft.text.replace("\n", "\r\n")}, quote_via=quote)
    found = f"mailto:{','.join(quote(one, safe='@') for one in draft.to)}?{words}"
    return found if len(found) <= _LONGEST else ""


def _arguments(draft: DraftMail) -> list[str]:
    attached = ["--attach", str(_kept(draft.name + ".ics", draft.ics.encode()))] if draft.ics else []
    return ["--utf8", "--subject", draft.subject, "--body", draft.text, *attached, *draft.to]


def _kept(name: str, data: bytes) -> Path:
    file = _folder() / name
    file.touch(mode=0o600)
    file.write_bytes(data)
    return file


@lru_cache(maxsize=1)
def _folder() -> Path:
    """Where drafts lie until the program ends: a mail program reads them after it was told to."""
    made = Path(tempfile.mkdtemp(prefix="calmerge-draft-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
