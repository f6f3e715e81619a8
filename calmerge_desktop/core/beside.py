"""A second process of this program that computes, so that whoever paints never waits for the interpreter.

Python runs one thread at a time: while one reads thousands of events, every call of the window into Qt has to win the
interpreter back. What is long and needs neither a widget nor a file goes to the other process as a question of plain values
(`marshal`: texts, numbers, tuples, lists; nothing in it can run), and comes back as an answer of plain values.

The other process ends with its input, so it never outlives this one, however that ends. The first question starts it, and
it is ended when nothing was asked for a while. Whoever asks must be able to do the work alone: `NoAnswer` is raised when the
process cannot start, dies, stumbles, or does not answer. What runs there is `core.serving`.
"""

from __future__ import annotations

import contextlib
import marshal
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from calmerge_desktop.core import texts
from calmerge_desktop.core.serving import next_value, write

if TYPE_CHECKING:
    import queue

IDLE_SECONDS = 60.0
"""After so long without a question the process is ended."""
OVERDUE_SECONDS = 60.0
"""After so long without the answer the process is given up."""
_NEAR, _FAR = 24, 128
"""Questions begun and not taken. Who asks sends no more than the first number, as sending may wait for a full pipe; the
thread that hears the answers goes on to the second one, so that the process never runs dry."""
_FURTHER = 160
"""The same for those that are answered here meanwhile."""
_MOMENT = 0.002
"""Seconds who answers meanwhile waits at the end, rather than answering what is under way once more."""
_PIPE = 1 << 20
"""Bytes that may wait in a pipe, where that can be chosen."""
_PATIENCE = 2.0
"""Seconds the process may take to end before it is ended."""
_MOST_FAILURES = 3
"""Failures in a row after which no process is started any more."""
_NO_WINDOW = 0x08000000
"""Windows: no console for a program that has none (CREATE_NO_WINDOW)."""


class NoAnswer(Exception):
    """Do it here: the other process cannot be had. Its text is the kind of failure, without values."""


class Command(NamedTuple):
    """How the process is started, and where it finds the translations."""

    words: Sequence[str]
    catalogues: Path


class Work:
    """Questions of one kind on their way; their answers are taken in order, all at once or some at a time."""

    def __init__(self, job: str, questions: Sequence[Any]) -> None:
        self.job = job
        self.questions = list(questions)
        """Those whose answers were taken are None."""
        self.taken = 0
        """How many answers were taken."""
        self.done: dict[int, Any] = {}
        """Answers that wait to be taken, by number."""
        self._begun = 0
        self._lock = threading.Lock()

    def next(self, ahead: int) -> int | None:
        """Begin the next question; None when there is none, or so many are begun and not taken."""
        with self._lock:
            if self._begun >= min(self.taken + ahead, len(self.questions)):
                return None
            self._begun += 1
            return self._begun - 1

    def restart(self) -> None:
        """Nobody has begun anything."""
        self._begun = self.taken


_Heard = tuple[Work | None, int, "bytes | Exception"]
"""The answer to a question of some work, or why there is no more."""


class _Line:
    """One running process and what it was asked. A thread of its own takes answers as they come and sends what is left."""

    def __init__(self, command: Command) -> None:
        """Start it. Raises `OSError`."""
        import queue  # not before there is something to ask: the window starts without them
        import subprocess

        hidden: dict[str, Any] = {"creationflags": _NO_WINDOW} if sys.platform == "win32" else {}
        self._catalogues = str(command.catalogues)
        self.process = subprocess.Popen(  # noqa: S603  # this very program
            list(command.words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=_PIPE,
            **hidden,
        )
        self.heard: queue.SimpleQueue[_Heard] = queue.SimpleQueue()
        self.work: Work | None = None
        """Whose questions are sent."""
        self.asked: deque[tuple[Work, int]] = deque()
        """What is under way, in the order of its answers."""
        self.warm = False
        """Whether it has answered. One that only starts takes no more than its pipe holds."""
        self.moved = 0
        """Questions sent and answers received: what `Beside._watch` looks at."""
        self.gone = threading.Event()
        self._sending = threading.Lock()
        self._hearing = threading.Thread(target=self._hear, name="calmerge-hear", daemon=True)
        self._hearing.start()

    def feed(self, ahead: int) -> None:
        """Send questions until `ahead` are begun and not taken.

        Raises `OSError`, and `ValueError` for one that is no plain value.
        """
        work, stdin = self.work, self.process.stdin
        assert stdin is not None
        with self._sending:
            while work and not self.gone.is_set() and (n := work.next(ahead if self.warm else 1)) is not None:
                self.asked.append((work, n))
                self.moved += 1
                write(stdin, (work.job, texts.language(), self._catalogues, work.questions[n]))

    def end(self) -> None:
        """Let it end, and end it if it does not."""
        import subprocess

        self.gone.set()
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self._hearing is not threading.current_thread():
            self._hearing.join(_PATIENCE)

    def _hear(self) -> None:
        """Take answers off the pipe, so that the process never waits; the last word is why there is no more."""
        pipe = self.process.stdout
        assert pipe is not None
        with contextlib.suppress(OSError), pipe:
            try:
                while True:
                    answer = next_value(pipe)
                    self.moved += 1
                    self.warm = True
                    self.heard.put((*self.asked.popleft(), answer))
                    self.feed(_FAR)
            except Exception as error:  # noqa: BLE001  # told to who waits for an answer
                self.heard.put((None, 0, error))


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
        self._line: _Line | None = None
        self._beforehand: Work | None = None
        """What waits while something comes in between."""
        self._failures = 0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process, as long as it was not ended from here."""
        line = self._line
        return line.process.pid if line else None

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

        `meanwhile` answers a question here while there is nothing to take, at the end also one that is under way: this
        process then never waits for the other. What was asked beforehand is gone on with after this. Raises `NoAnswer`:
        what was taken before that is good.
        """
        if not questions:
            return
        work = Work(job, questions)
        with self._lock:
            before = self._line
            self._beforehand = before.work if before else None
            try:
                self._send_first(work)
                self._take(work, len(questions), take, meanwhile)
            finally:
                if before is not None and before is self._line:
                    before.work = self._beforehand
                self._beforehand = None

    def ask(self, job: str, questions: Sequence[Any]) -> Work:
        """Let questions be answered beforehand, for `answers` to take. What was asked before is forgotten."""
        work = Work(job, questions)
        with self._lock:
            self._send_first(work)
        return work

    def ask_more(self, work: Work, questions: Sequence[Any]) -> None:
        """The same, after those that were asked before. Raises `NoAnswer` when they are forgotten."""
        with self._lock:
            line = self._line_of(work)
            work.questions += questions
            self._feed(line)

    def answers(
        self, work: Work, number: int, take: Callable[[Any], None], meanwhile: Callable[[Any], Any] | None = None
    ) -> None:
        """The next `number` answers; see `answer`. Raises `NoAnswer` also when something else was asked meanwhile."""
        with self._lock:
            self._take(work, number, take, meanwhile)

    def _take(self, work: Work, number: int, take: Callable[[Any], None], meanwhile: Callable[[Any], Any] | None) -> None:
        line = self._line_of(work)
        until = work.taken + number
        try:
            while work.taken < until:
                if work.taken in work.done:
                    take(work.done.pop(work.taken))
                    work.questions[work.taken] = None
                    work.taken += 1
                else:
                    self._advance(line, work, meanwhile)
        except BaseException:
            self._end()  # what is still under way is nobody's
            raise

    def _advance(self, line: _Line, work: Work, meanwhile: Callable[[Any], Any] | None) -> None:
        """Come closer to the answer that is to be taken next."""
        self._feed(line)
        if heard := _heard(line, None if meanwhile is None else 0):
            self._note(work, heard)
            return
        assert meanwhile is not None
        n = work.next(_FURTHER)
        if n is None and (heard := _heard(line, _MOMENT)):
            self._note(work, heard)
            return
        if n is None:  # it stands still, or has much to do: this is not waited for
            n = max((n for asked, n in list(line.asked) if asked is work and n not in work.done), default=None)
        if n is not None:
            work.done[n] = meanwhile(work.questions[n])

    def _line_of(self, work: Work) -> _Line:
        line = self._line
        if line is None or line.work is not work:
            raise NoAnswer("forgotten")
        return line

    def _feed(self, line: _Line) -> None:
        try:
            line.feed(_NEAR)
        except (OSError, ValueError) as error:
            self._end()
            raise self._given_up(error) from error

    def _note(self, work: Work, heard: _Heard) -> None:
        """Keep an answer, unless nobody waits for it any more."""
        whose, n, said = heard
        if whose is None:
            self._read(said)
        elif whose in (work, self._beforehand) and n >= whose.taken:
            whose.done.setdefault(n, self._read(said))

    def close(self) -> None:
        """End the process; nobody asks any more. Who waits for an answer meanwhile gets `NoAnswer`."""
        self._closed = True
        while not self._lock.acquire(timeout=_PATIENCE):
            line = self._line
            if line is not None:
                line.process.kill()
        try:
            self._end()
        finally:
            self._lock.release()

    def _send_first(self, work: Work) -> None:
        """The process may have been ended by somebody meanwhile; then another one is asked."""
        while True:
            old = self._line is not None
            try:
                line = self._started()
                line.work = work
                line.feed(_NEAR)
            except (OSError, ValueError) as error:
                self._end()
                if not old:
                    raise self._given_up(error) from error
                work.restart()
            else:
                return

    def _read(self, heard: bytes | Exception) -> Any:
        if isinstance(heard, Exception):
            raise self._given_up(heard) from heard
        try:
            good, answer = marshal.loads(heard)  # noqa: S302  # from our own process, over a pipe nobody else has
        except (EOFError, ValueError, TypeError, MemoryError) as error:
            raise self._given_up(error) from error
        if not good:
            raise self._given_up(answer)
        self._failures = 0
        return answer

    def _given_up(self, why: object) -> NoAnswer:
        self._failures += 1
        return NoAnswer(type(why).__name__ if isinstance(why, Exception) else str(why))

    def _started(self) -> _Line:
        if self._line is None:
            if self._closed or self._failures >= _MOST_FAILURES:
                raise OSError
            self._line = line = _Line(self._command())
            threading.Thread(target=self._watch, args=(line,), name="calmerge-beside", daemon=True).start()
        return self._line

    def _watch(self, line: _Line) -> None:
        """End the process when nothing was asked for `idle` seconds; give it up when an answer is `overdue`."""
        seen, since = line.moved, monotonic()
        while not line.gone.wait(self._idle):
            if line.moved != seen:
                seen, since = line.moved, monotonic()
            elif self._lock.acquire(blocking=False):
                try:
                    if self._line is line:
                        self._end()
                finally:
                    self._lock.release()
                return
            elif monotonic() - since >= self._overdue:
                line.process.kill()  # whoever waits for it sees its end
                return

    def _end(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.end()


def _heard(line: _Line, patience: float | None) -> _Heard | None:
    """What comes within `patience` seconds, or at all."""
    import queue

    with contextlib.suppress(queue.Empty):
        return line.heard.get(patience != 0, patience)
    return None
