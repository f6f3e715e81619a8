"""Mail and calendar files that are dropped or pasted: what of them is for the inbox, and reading it off the GUI thread."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from calmerge_desktop.core.errors import BadInput, CalmergeError
from calmerge_desktop.core.letters.mime import MOST_BYTES, looks_like_mail
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.messages import Speaker
from calmerge_desktop.ui.session import Session

_FORMATS = ("message/rfc822", "text/calendar")
_MAILS = (".eml", ".mht", ".msg")
_METHOD = re.compile(rb"^METHOD:(?!PUBLISH\b)", re.MULTILINE | re.IGNORECASE)
_HEAD = 200_000
"""METHOD stands at the beginning of a message; a calendar that is linked may be long."""


class Taking(QObject):
    """Hands what came in to the desk and says in one sentence what is wrong with it."""

    taken = Signal(object)
    """Keys of the requests it became."""

    def __init__(self, session: Session, speaker: Speaker, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._speaker = session, speaker

    def take(self, data: QMimeData) -> bool:
        """Take in what a drop or the clipboard holds; whether there was anything."""
        sources = list(_sources(data))
        if sources:
            self._read(sources)
        return bool(sources)

    def ask_files(self, over: QWidget) -> None:
        """Let the person choose files, and take them in."""
        kinds = _("Mails and invitations (*.eml *.ics)")
        names, _filter = QFileDialog.getOpenFileNames(over, _("Read a mail or an invitation"), "", kinds)
        if names:
            self.take_paths([Path(name) for name in names])

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Take in files."""
        self._read([partial(_bytes, path) for path in paths])

    def _read(self, sources: Sequence[Callable[[], bytes]]) -> None:
        job = self._session.desk.requests

        def work() -> tuple[list[str], str]:
            keys: list[str] = []
            wrong = ""
            for source in sources:
                try:
                    keys += job.take(source())
                except CalmergeError as error:
                    wrong = wrong or f"{error.message} {error.hint}".strip()
            return keys, wrong

        def then(answer: tuple[list[str], str]) -> None:
            keys, wrong = answer
            if keys:
                self._session.touch()
                self.taken.emit(keys)
            if wrong:
                self._speaker.toast(wrong)

        self._session.runner.ask(work, then, self._speaker.problem, owner=self, slow=True)


def holds_message(data: QMimeData) -> bool:
    """Whether a drop on the window is for the inbox: a mail, a message of iTIP, or the text of one; a calendar is linked."""
    if any(data.hasFormat(name) for name in _FORMATS):
        return True
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if paths:
        return any(is_message(path) for path in paths)
    text = data.text()[:_HEAD].encode() if data.hasText() else b""
    return b"BEGIN:VCALENDAR" in text.upper() or (bool(text.strip()) and looks_like_mail(text))


def is_message(path: Path) -> bool:
    """Whether a file is a mail, or an .ics that says what is to be done with it (METHOD, RFC 5546 §1.4)."""
    if path.suffix.lower() in _MAILS:
        return True
    if path.suffix.lower() != ".ics" or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return bool(_METHOD.search(file.read(_HEAD)))
    except OSError:
        return False


def _sources(data: QMimeData) -> Iterator[Callable[[], bytes]]:
    """What can be read, each once: files before text, for a dragged file has its address as text."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    if paths:
        for path in paths:
            yield partial(_bytes, path)
        return
    for name in _FORMATS:
        if data.hasFormat(name):
            yield partial(bytes, data.data(name).data())
            return
    if data.hasText() and (text := data.text()).strip():
        yield text.encode


def _bytes(path: Path) -> bytes:
    """A file as far as a message may be long: what is longer is refused for its length. Raises `BadInput`."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(_("“{name}” cannot be read.").format(name=path.name)) from error
