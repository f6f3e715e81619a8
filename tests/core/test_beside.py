"""The process beside: it answers, it may die at any time, and it never stays."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from calmerge_desktop import resources
from calmerge_desktop.app import beside as app
from calmerge_desktop.core import beside as room
from calmerge_desktop.core import texts
from calmerge_desktop.core.beside import Beside, Command, NoAnswer

ROOT = Path(__file__).resolve().parents[2]
SOON = 60.0
"""Seconds a busy machine may take; nothing here waits for them to pass."""
_JOBS = """
import os, sys, time
from calmerge_desktop.core import texts
from calmerge_desktop.core.serving import serve

def stumble(_question):
    raise LookupError("a secret")

def shout(question):
    print("a stray line", flush=True)
    os.write(1, b"and bytes")
    return question

serve({
    "double": lambda n: n * 2,
    "name": lambda n: ("there", n),
    "who": lambda _q: os.getpid(),
    "die": lambda n: os._exit(1) if n == 3 else n,
    "sleep": time.sleep,
    "big": lambda n: "x" * n,
    "object": lambda _q: object(),
    "stumble": stumble,
    "shout": shout,
    "speak": lambda _q: texts._("No calendar takes new events."),
})
"""
needs_signals = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="signals of POSIX")


def running(code: str) -> Callable[[], Command]:
    words = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"]
    return lambda: Command(words, resources.path("i18n"))


@pytest.fixture
def made() -> Iterator[Beside]:
    one = Beside(running(_JOBS))
    yield one
    one.close()


def asked(beside: Beside, job: str, *questions: object) -> list[object]:
    got: list[object] = []
    beside.answer(job, questions, got.append)
    return got


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SOON
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


def is_there(pid: int) -> bool:
    """Whether a process is there, dead but unmourned ones included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def runs(pid: int) -> bool:
    """Whether it runs; where nobody mourns orphans (a container's first process) a dead one stays listed."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return is_there(pid) if not Path("/proc/self/stat").exists() else False
    return state not in "ZX"


def test_answers_come_in_order_from_another_process(made: Beside) -> None:
    assert asked(made, "double", *range(50)) == [n * 2 for n in range(50)]
    assert asked(made, "who", 0, 0) == [made.pid] * 2
    assert made.pid != os.getpid()


def test_nothing_is_started_before_it_is_asked(made: Beside) -> None:
    assert made.pid is None


def test_large_questions_and_answers_do_not_wait_for_each_other(made: Beside) -> None:
    """Each is many times what a pipe holds."""
    text = "ä" * 3_000_000
    assert asked(made, "double", text, text, text) == [text * 2] * 3


def test_both_answer_and_the_order_is_kept(made: Beside) -> None:
    """Who waits for an answer answers the next question itself."""
    got: list[tuple[str, int]] = []
    made.answer("name", range(3000), got.append, lambda n: ("here", n))
    assert [n for _who, n in got] == list(range(3000))
    assert {who for who, _n in got} >= {"here"}


def test_what_was_answered_here_meanwhile_is_not_taken_for_another_answer(made: Beside) -> None:
    """It is busy with questions that nobody waits for any more; the next ones get their own answers."""
    got: list[object] = []
    assert asked(made, "double", 1) == [2]
    made.answer("sleep", [0.2, 0.2, 0.2], got.append, lambda _seconds: "here")
    assert got == ["here"] * 3
    assert asked(made, "double", *range(20)) == [n * 2 for n in range(20)]
    made.answer("sleep", [0.1, 0.1], got.append, lambda _seconds: "here")
    named: list[tuple[str, int]] = []
    made.answer("name", range(500), named.append, lambda n: ("here", n))
    assert [n for _who, n in named] == list(range(500))


@pytest.mark.parametrize("meanwhile", [None, lambda n: ("here", n)])
def test_what_was_asked_beforehand_is_taken_some_at_a_time(made: Beside, meanwhile: Callable[[int], object] | None) -> None:
    """Whatever else is asked in between, and also what is added later."""
    got: list[tuple[str, int]] = []
    between: list[tuple[str, int]] = []
    work = made.ask("name", range(400))
    for number in (1, 150, 149):
        made.answers(work, number, got.append, meanwhile)
        made.answer("name", range(1000, 1300), between.append, meanwhile)
    made.ask_more(work, range(400, 500))
    made.answers(work, 200, got.append, meanwhile)
    assert [n for _who, n in got] == list(range(500))
    assert [n for _who, n in between] == [*range(1000, 1300)] * 3
    if meanwhile is None:
        assert {who for who, _n in got} == {"there"}


def test_what_was_asked_beforehand_is_forgotten_with_the_process(made: Beside) -> None:
    """Also when it died while something else was asked; nothing is taken for another answer."""
    work = made.ask("double", range(300))
    made.answers(work, 5, lambda _answer: None)
    with pytest.raises(NoAnswer):
        made.answer("die", [1, 2, 3, 4], lambda _answer: None)
    assert asked(made, "double", 4) == [8]
    with pytest.raises(NoAnswer, match="forgotten"):
        made.answers(work, 1, print)
    with pytest.raises(NoAnswer, match="forgotten"):
        made.ask_more(work, [1])
    assert asked(made, "double", 5) == [10]


def test_another_thing_asked_beforehand_takes_the_place_of_the_first(made: Beside) -> None:
    first, second = made.ask("double", range(300)), made.ask("name", range(300))
    got: list[object] = []
    made.answers(second, 300, got.append)
    assert got == [("there", n) for n in range(300)]
    with pytest.raises(NoAnswer, match="forgotten"):
        made.answers(first, 1, print)


@needs_signals
def test_nobody_waits_for_one_that_stands_still(made: Beside) -> None:
    """It is stopped in the middle; everything is answered here."""
    assert asked(made, "double", 1) == [2]
    assert made.pid
    os.kill(made.pid, signal.SIGSTOP)
    got: list[int] = []
    made.answer("double", range(300), got.append, lambda n: n * 2)
    assert got == [n * 2 for n in range(300)]
    os.kill(made.pid, signal.SIGCONT)
    assert asked(made, "double", 7) == [14]


@pytest.mark.parametrize("at", [3, 40])
def test_it_dies_while_both_answer(made: Beside, at: int) -> None:
    """What was taken is the beginning, in order; who asked does the rest, or all was answered here."""
    got: list[int] = []
    questions = [3 if n == at else n + 100 for n in range(200)]
    with contextlib.suppress(NoAnswer):
        made.answer("die", questions, got.append, lambda n: n)
    assert got == questions[: len(got)]
    assert asked(made, "double", 4) == [8]


def test_it_can_be_started_before_there_is_a_question(made: Beside) -> None:
    made.begin()
    pid = made.pid
    assert pid is not None
    assert asked(made, "who", 0) == [pid]


def test_what_cannot_start_beforehand_says_nothing(tmp_path: Path) -> None:
    """It is said when something is asked."""
    one = Beside(lambda: Command([str(tmp_path / "nothing")], tmp_path))
    one.begin()
    assert one.pid is None
    with pytest.raises(NoAnswer):
        one.answer("double", [1], print)
    one.close()


def test_what_is_printed_there_does_not_stand_among_the_answers(made: Beside) -> None:
    assert asked(made, "shout", 1, 2, 3) == [1, 2, 3]


def test_it_speaks_the_language_of_this_process_also_when_that_changes(made: Beside) -> None:
    catalogues = resources.path("i18n")
    try:
        texts.choose("de", catalogues)
        german = texts._("No calendar takes new events.")
        assert asked(made, "speak", 0) == [german]
        assert german != "No calendar takes new events."
        texts.choose("en", catalogues)
        assert asked(made, "speak", 0) == ["No calendar takes new events."]
    finally:
        texts.choose("en", catalogues)


def test_it_dies_in_the_middle_and_what_was_answered_is_good(made: Beside) -> None:
    got: list[object] = []
    with pytest.raises(NoAnswer, match=r"^(EOFError|BrokenPipeError)$"):
        made.answer("die", [1, 2, 3, 4, 5], got.append)
    assert got == [1, 2]
    assert made.pid is None
    assert asked(made, "double", 4) == [8]


@needs_signals
@pytest.mark.parametrize("after", range(6))
def test_killed_after_any_answer(made: Beside, after: int) -> None:
    """Answers may be on their way already: those are taken, each once and in order, or none."""
    got: list[object] = []

    def take(answer: object) -> None:
        got.append(answer)
        if len(got) == after:
            assert made.pid
            os.kill(made.pid, signal.SIGKILL)

    if after == 0:
        asked(made, "who", 0)
        assert made.pid
        os.kill(made.pid, signal.SIGKILL)
    with contextlib.suppress(NoAnswer):  # all of them, when it had answered before it was killed
        made.answer("double", range(6), take)
    assert len(got) >= after
    assert got == [n * 2 for n in range(len(got))]
    with contextlib.suppress(NoAnswer):  # the last answer may hide its death from us
        asked(made, "double", 1)
    assert asked(made, "double", 1) == [2]


def test_what_stumbles_there_says_no_value(made: Beside) -> None:
    with pytest.raises(NoAnswer, match=r"^LookupError$"):
        asked(made, "stumble", 1)
    with pytest.raises(NoAnswer, match=r"^ValueError$"):
        asked(made, "object", 1)  # no plain value
    with pytest.raises(NoAnswer, match=r"^ValueError$"):
        asked(made, "double", object())
    assert made.pid is None


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(1)",
        "sys.stdout.buffer.write(b'\\x05'); sys.exit()",
        "sys.stdout.buffer.write((9).to_bytes(8, 'little') + b'no marshal')",
        "sys.stdout.buffer.write((1 << 20).to_bytes(8, 'little') + b'half'); sys.exit()",
        "import marshal; d = marshal.dumps(5); sys.stdout.buffer.write(len(d).to_bytes(8, 'little') + d)",
    ],
)
def test_whatever_it_says_instead_of_an_answer(code: str) -> None:
    """Half an answer is none."""
    made = Beside(running(code))
    with pytest.raises(NoAnswer):
        asked(made, "double", 1)
    assert made.pid is None
    made.close()


def test_what_cannot_start_is_tried_three_times_and_no_more(tmp_path: Path) -> None:
    tried = []

    def command() -> Command:
        tried.append(1)
        return Command([str(tmp_path / "not-there")], tmp_path)

    made = Beside(command)
    for _n in range(5):
        with pytest.raises(NoAnswer, match=r"^(FileNotFound|OS)Error$"):
            asked(made, "double", 1)
    assert len(tried) == 3
    made.close()


def test_who_takes_answers_may_fail_and_nothing_of_it_is_left_for_the_next(made: Beside) -> None:
    def take(_answer: object) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        made.answer("double", [1, 2, 3], take)
    assert asked(made, "double", 7) == [14]


def test_it_is_ended_when_nobody_asks_and_another_one_is_asked_then() -> None:
    """No zombie stays either."""
    made = Beside(running(_JOBS), idle=0.05)
    try:
        (first,) = asked(made, "who", 0)
        assert isinstance(first, int)
        assert eventually(lambda: made.pid is None)
        assert eventually(lambda: not is_there(first))
        assert asked(made, "double", 1) == [2]
    finally:
        made.close()


def test_one_that_hangs_is_given_up() -> None:
    made = Beside(running(_JOBS), idle=0.05, overdue=0.5)
    try:
        with pytest.raises(NoAnswer, match=r"^(EOFError|BrokenPipeError)$"):
            asked(made, "sleep", 3600)
    finally:
        made.close()


def test_closing_ends_it_and_nothing_starts_any_more(made: Beside) -> None:
    asked(made, "double", 1)
    pid = made.pid
    made.close()
    made.close()
    assert pid
    assert not is_there(pid)
    with pytest.raises(NoAnswer):
        asked(made, "double", 1)
    assert made.pid is None


def test_closing_while_somebody_waits_for_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_PATIENCE", 0.05)
    made = Beside(running(_JOBS))
    ended: list[str] = []

    def ask() -> None:
        try:
            asked(made, "sleep", 3600)
        except NoAnswer as error:
            ended.append(str(error))

    thread = threading.Thread(target=ask)
    thread.start()
    assert eventually(lambda: made.pid is not None)
    pid = made.pid
    made.close()
    thread.join(SOON)
    assert ended == ["EOFError"]
    assert pid
    assert not is_there(pid)


_PARENT = """
import os, sys, threading, time
sys.path.insert(0, {root!r})
from calmerge_desktop.app.beside import command
from calmerge_desktop.core.beside import Beside, Command, NoAnswer
from tests.core.test_beside import _JOBS, running
made = Beside(running(_JOBS) if {busy} else command)
if {busy}:
    threading.Thread(target=lambda: made.answer("big", [40_000_000] * 1000, lambda _a: time.sleep(0.01)), daemon=True).start()
else:
    from calmerge_desktop.core.store import reading
    made.answer(reading.JOB, [(("c", None, None, 0), [])], lambda _a: None)
while made.pid is None:
    time.sleep(0.01)
print(made.pid, flush=True)
time.sleep(3600)
"""


@needs_signals
@pytest.mark.parametrize("busy", [False, True])
@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
def test_it_dies_with_its_parent(busy: bool, how: str) -> None:
    """However the parent ends, and whether or not it waits for an answer."""
    code = _PARENT.format(root=str(ROOT), busy=busy)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert runs(pid)
        parent.send_signal(getattr(signal, how))
        parent.wait(SOON)
        assert eventually(lambda: not runs(pid))


@needs_signals
def test_ctrl_c_is_for_the_program_in_front(made: Beside) -> None:
    asked(made, "double", 1)
    pid = made.pid
    assert pid
    os.kill(pid, signal.SIGINT)
    assert asked(made, "double", 2) == [4]
    assert made.pid == pid


_ROWS = ("rows", [(("c-1", None, None, 2_000_000_000), [("h", "no calendar")])])


def test_this_program_answers_as_it_starts_itself() -> None:
    """With the paths it has; a package that is found by the current folder only is found there too."""
    made = app.beside()
    got: list[object] = []
    made.answer(*_ROWS, got.append)
    assert len(got) == 1
    made.close()


def test_a_frozen_program_starts_itself_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert app.command().words == [sys.executable, app.ARGUMENT]


def test_the_door_lets_the_process_in() -> None:
    """What a frozen program is called with, through the real entry."""
    words = [sys.executable, "-m", "calmerge_desktop", app.ARGUMENT]
    made = Beside(lambda: Command(words, resources.path("i18n")))
    got: list[object] = []
    made.answer(*_ROWS, got.append)
    assert len(got) == 1
    made.close()
