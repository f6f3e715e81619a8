"""The log: what the program did, in counts and ids. Never a title, place, address, person or token, at any level.

Only our own loggers are written: libraries log addresses with secrets in them. A traceback keeps its frames and types and
loses its messages, which quote values.
"""

from __future__ import annotations

import logging
import traceback
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logging.handlers import RotatingFileHandler

ROOT = "calmerge_desktop"
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Frames(logging.Formatter):
    """Exceptions as types and places in the code."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  the name logging gives it
        """Override: the chain of types with their frames, without messages."""
        out: list[str] = []
        error = ei[1]
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
            out.append(f"  {type(error).__name__} at {places}")
            error = error.__cause__ or error.__context__
        return "\n".join(out)


class _Quiet(logging.Handler):
    """A rotating file, opened by its first record. One that cannot be written (a full disk) disturbs nobody."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._done = False

    @cached_property
    def _file(self) -> RotatingFileHandler:
        from logging.handlers import RotatingFileHandler  # brings sockets and pickles: longer to import than Qt's window

        made = RotatingFileHandler(self._path, maxBytes=1_000_000, backupCount=5, encoding="utf-8", delay=True)
        made.setFormatter(self.formatter)
        made.handleError = self.handleError  # type: ignore[method-assign]  # the one that says nothing
        return made

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; called with the handler's lock held."""
        if self._done:  # a thread that was on its way here while the file was closed must not open it again
            return
        try:
            self._file.emit(record)
        except Exception:  # noqa: BLE001  as every handler of `logging` does
            self.handleError(record)

    def close(self) -> None:
        """Close the file, if it was opened, for good."""
        self.acquire()
        try:
            self._done = True
            if "_file" in self.__dict__:
                self._file.close()
        finally:
            self.release()
        super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name logging gives it
        """Override: the default prints a traceback."""


def start(folder: Path, *, debug: bool = False) -> None:
    """Write our loggers to a rotating file in `folder` (5 files of 1 MB)."""
    logger = logging.getLogger(ROOT)
    stop()
    handler = _Quiet(folder / "calmerge.log")
    handler.setFormatter(_Frames("%(asctime)s %(levelname)s [%(threadName)s] %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if debug else logging.INFO)
    logger.propagate = False


logging.getLogger(ROOT).addHandler(logging.NullHandler())  # with no profile open nothing is written, least of all to stderr


def stop() -> None:
    """Close the log file."""
    logger = logging.getLogger(ROOT)
    for handler in [each for each in logger.handlers if not isinstance(each, logging.NullHandler)]:
        logger.removeHandler(handler)
        handler.close()
