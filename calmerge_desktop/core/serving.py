"""The other side of `core.beside`: a process that answers what comes in, and the pipes between the two."""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from calmerge_desktop.core import texts

if TYPE_CHECKING:
    import queue

_SELDOM = 50_000
"""New objects between two looks for garbage there. An answer leaves none; looking takes a quarter of the time (measured)."""
_TURN = 0.0005
"""Seconds between turns of the threads there: who listens takes a question off the pipe in a few short turns."""


def serve(jobs: Mapping[str, Callable[[Any], Any]]) -> None:
    """The whole life of the process: answer what comes in, end with the input."""
    import gc
    import queue
    import signal

    sys.setswitchinterval(_TURN)
    gc.freeze()
    gc.set_threshold(_SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program in front; this one ends with its input
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not stand among the answers
    asked: queue.SimpleQueue[tuple[str, str, str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions, asked), daemon=True).start()
    speaks = ("", "")
    while True:
        job, language, catalogues, question = asked.get()
        if (language, catalogues) != speaks:
            speaks = language, catalogues
            texts.choose(language, Path(catalogues))
        try:
            write(answers, (True, jobs[job](question)))
        except OSError:
            return  # nobody listens any more
        except Exception as error:  # noqa: BLE001  # whoever asks does the work itself, and meets the bug there
            write(answers, (False, type(error).__name__))


def _listen(questions: IO[bytes], asked: queue.SimpleQueue[Any]) -> None:
    """Always ready to read, so that two full pipes never wait for each other; the end of the input ends everything."""
    with contextlib.suppress(Exception):
        while True:
            asked.put(marshal.loads(next_value(questions)))  # noqa: S302  # from our own program, over a pipe nobody else has
    os._exit(0)


def write(pipe: IO[bytes], value: Any) -> None:
    """Send one plain value. Raises `ValueError` when it is none, `OSError` when nobody listens."""
    data = marshal.dumps(value)
    pipe.write(len(data).to_bytes(8, "little"))
    pipe.write(data)
    pipe.flush()


def next_value(pipe: IO[bytes]) -> bytes:
    """One value, packed. Raises `EOFError` when the other side is gone."""
    return _whole(pipe, int.from_bytes(_whole(pipe, 8), "little"))


def _whole(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
