"""A second process of this program that computes, so that whoever paints never waits for the interpreter.

Python runs one thread at a time: while one reads thousands of events, every call of the window into Qt has to win the
interpreter back. What is long and needs neither a widget nor a file goes to the other process as a question of plain values
(`marshal`: texts, numbers, tuples, lists; nothing in it can run), and comes back as an answer of plain values.

The other process ends with its input, so it never outlives this one, however that ends. The first question starts it, and
it is ended when nothing was asked for a while. Whoever asks must be able to do the work alone: `NoAnswer` is raised when the
process cannot start, dies, stumbles, or does not answer.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from calmerge_desktop.core import texts

if TYPE_CHECKING:
    import queue
    import subprocess

IDLE_SECONDS = 60.0
"""After so long without a question the process is ended."""
OVERDUE_SECONDS = 60.0
"""After so long without the answer the process is given up."""
_AHEAD = 2
"""Questions on their way while an answer is awaited, so that both processes work at once."""
_FURTHER = 20
"""The same for who answers meanwhile: it writes for as long as several questions take, and the process must not run dry."""
_MOMENT = 0.004
"""Seconds who answers meanwhile waits at the end, rather than answering what is under way once more."""
_PIPE = 1 << 20
"""Bytes that may wait in a pipe, where that can be chosen."""
_PATIENCE = 2.0
"""Seconds the process may take to end before it is ended."""
_MOST_FAILURES = 3
"""Failures in a row after which no process is started any more."""
_SELDOM = 50_000
"""New objects between two looks for garbage there. An answer leaves none; looking takes a quarter of the time (measured)."""
_NO_WINDOW = 0x08000000
"""Windows: no console for a program that has none (CREATE_NO_WINDOW)."""


_NOBODY = -1
"""Number of a question that was answered here before its answer came."""


class NoAnswer(Exception):
    """Do it here: the other process cannot be had. Its text is the kind of failure, without values."""


class Command(NamedTuple):
    """How the process is started, and where it finds the translations."""

    words: Sequence[str]
    catalogues: Path


class Beside:
    """The process as seen from this one. Any thread may ask; one is answered at a time."""

    def __init__(
        self, command: Callable[[], Command], *, idle: float = IDLE_SECONDS, overdue: float = OVERDUE_SECONDS
    ) -> None:
        self.painting = False
        """Whether somebody here waits for the interpreter, so that asking pays also where it takes longer."""
        self._command = command
        self._idle, self._overdue = idle, overdue
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._gone = threading.Event()
        self._catalogues = ""
        self._asked: deque[int] = deque()
        """Numbers of the questions under way."""
        self._warm = False
        """Whether this process has answered."""
        self._got: list[bytes | Exception] = []
        """An answer taken off `_heard` beforehand."""
        self._heard: queue.SimpleQueue[bytes | Exception]
        self._hearing: threading.Thread
        self._moved = 0
        """Questions sent and answers received: what `_watch` looks at."""
        self._failures = 0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process, as long as it was not ended from here."""
        process = self._process
        return process.pid if process else None

    def begin(self) -> None:
        """Start the process, as there will be much to ask. Failures show when it is asked."""
        with self._lock, contextlib.suppress(OSError):
            self._started()

    def answer(
        self,
        job: str,
        questions: Sequence[Any],
        take: Callable[[Any], None],
        meanwhile: Callable[[Any], Any] | None = None,
    ) -> None:
        """Give the answer to each question to `take`, in order, as they come; what `take` raises ends it.

        `meanwhile` answers a question here while there is nothing to take, also one that is under way: this process
        then never waits for the other. Raises `NoAnswer`: what was taken before that is good.
        """
        with self._lock:
            done: dict[int, Any] = {}
            taken = given = 0
            try:
                while taken < len(questions):
                    while given < len(questions) and self._takes_more(patient=meanwhile is None):
                        self._send(job, questions[given], again=given == 0)
                        self._asked.append(given)
                        given += 1
                    if taken in done:
                        take(done.pop(taken))
                        taken += 1
                    elif meanwhile is None or self._has_answered(0 if given < len(questions) else _MOMENT):
                        answer = self._receive()
                        n = self._asked.popleft()
                        if n >= taken:
                            done.setdefault(n, answer)
                    else:
                        n = given if given < len(questions) else max(n for n in self._asked if n not in done)
                        done[n] = meanwhile(questions[n])
                        given = max(given, n + 1)
            except BaseException:
                self._end()  # what is still under way is nobody's
                raise
            self._asked = deque([_NOBODY] * len(self._asked))

    def _takes_more(self, *, patient: bool) -> bool:
        """Whether a question can be sent. One that only starts takes no more than its pipe holds."""
        return len(self._asked) < (_AHEAD if patient else _FURTHER if self._warm else 1)

    def close(self) -> None:
        """End the process; nobody asks any more. Who waits for an answer meanwhile gets `NoAnswer`."""
        self._closed = True
        while not self._lock.acquire(timeout=_PATIENCE):
            process = self._process
            if process is not None:
                process.kill()
        try:
            self._end()
        finally:
            self._lock.release()

    def _send(self, job: str, question: Any, *, again: bool) -> None:
        """`again`: the process may have been ended by somebody meanwhile; then another one is asked."""
        old = self._process is not None
        try:
            stdin = self._started().stdin
            assert stdin is not None
            _write(stdin, (job, texts.language(), self._catalogues, question))
        except (OSError, ValueError) as error:
            self._end()
            if again and old:
                self._send(job, question, again=False)
                return
            raise self._given_up(error) from error
        self._moved += 1

    def _has_answered(self, patience: float) -> bool:
        """Whether an answer is there, or comes within `patience` seconds."""
        import queue

        if not self._got:
            with contextlib.suppress(queue.Empty):
                self._got.append(self._heard.get(patience > 0, patience))
        return bool(self._got)

    def _receive(self) -> Any:
        heard = self._got.pop() if self._got else self._heard.get()
        try:
            if isinstance(heard, Exception):
                raise heard
            good, answer = marshal.loads(heard)  # noqa: S302  # from our own process, over a pipe nobody else has
        except (OSError, EOFError, ValueError, TypeError, MemoryError) as error:
            self._end()
            raise self._given_up(error) from error
        if not good:
            self._end()
            raise self._given_up(answer)
        self._moved += 1
        self._failures = 0
        self._warm = True
        return answer

    def _given_up(self, why: object) -> NoAnswer:
        self._failures += 1
        return NoAnswer(type(why).__name__ if isinstance(why, Exception) else str(why))

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            if self._closed or self._failures >= _MOST_FAILURES:
                raise OSError
            import queue  # not before there is something to ask: the window starts without them
            import subprocess

            words, catalogues = self._command()
            self._catalogues = str(catalogues)
            hidden: dict[str, Any] = {"creationflags": _NO_WINDOW} if sys.platform == "win32" else {}
            made = subprocess.Popen(  # noqa: S603  # this very program
                list(words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pipesize=_PIPE,
                **hidden,
            )
            self._process, self._gone, self._heard = made, threading.Event(), queue.SimpleQueue()
            self._hearing = threading.Thread(
                target=_hear, args=(made.stdout, self._heard), name="calmerge-hear", daemon=True
            )
            self._hearing.start()
            watch = threading.Thread(target=self._watch, args=(made, self._gone), name="calmerge-beside", daemon=True)
            watch.start()
        return self._process

    def _watch(self, process: subprocess.Popen[bytes], gone: threading.Event) -> None:
        """End the process when nothing was asked for `idle` seconds; give it up when an answer is `overdue`."""
        seen, since = self._moved, monotonic()
        while not gone.wait(self._idle):
            if self._moved != seen:
                seen, since = self._moved, monotonic()
            elif self._lock.acquire(blocking=False):
                try:
                    if self._process is process:
                        self._end()
                finally:
                    self._lock.release()
                return
            elif monotonic() - since >= self._overdue:
                process.kill()  # whoever waits for it sees its end
                return

    def _end(self) -> None:
        process, self._process = self._process, None
        self._asked.clear()
        self._got.clear()
        self._warm = False
        if process is None:
            return
        import subprocess

        self._gone.set()
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._hearing.join(_PATIENCE)


def _hear(pipe: IO[bytes], heard: queue.SimpleQueue[bytes | Exception]) -> None:
    """Take answers off the pipe as they come, so that the process never waits; the last word is why there is no more."""
    with contextlib.suppress(OSError), pipe:
        try:
            while True:
                heard.put(_next(pipe))
        except Exception as error:  # noqa: BLE001  # told to who waits for an answer
            heard.put(error)


# --- the other side ---------------------------------------------------------------------------------------------------


def serve(jobs: Mapping[str, Callable[[Any], Any]]) -> None:
    """The whole life of the process: answer what comes in, end with the input."""
    import gc
    import queue
    import signal

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
            _write(answers, (True, jobs[job](question)))
        except OSError:
            return  # nobody listens any more
        except Exception as error:  # noqa: BLE001  # whoever asks does the work itself, and meets the bug there
            _write(answers, (False, type(error).__name__))


def _listen(questions: IO[bytes], asked: queue.SimpleQueue[Any]) -> None:
    """Always ready to read, so that two full pipes never wait for each other; the end of the input ends everything."""
    with contextlib.suppress(Exception):
        while True:
            asked.put(marshal.loads(_next(questions)))  # noqa: S302  # from our own program, over a pipe nobody else has
    os._exit(0)


def _write(pipe: IO[bytes], value: Any) -> None:
    data = marshal.dumps(value)
    pipe.write(len(data).to_bytes(8, "little"))
    pipe.write(data)
    pipe.flush()


def _next(pipe: IO[bytes]) -> bytes:
    """One value, packed. Raises `EOFError` when the other side is gone."""
    return _whole(pipe, int.from_bytes(_whole(pipe, 8), "little"))


def _whole(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
