"""Kills a real process at every step of a piece of work, lets a new one go on, and compares with the truth.

`python -m tests.faults.crash SCENARIO FOLDER [URL SERVER_FOLDER]`. The parent has loaded the program and forks: one child runs
the work with a counter on every transaction committed, request answered and file replaced, and ends with SIGKILL at step N; a second one opens the
same profile, goes on and checks. N grows until the first child gets through. Prints the number of steps.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import event as sql_event

from calmerge_desktop.app.profile import Profile
from calmerge_desktop.app.program import Program
from calmerge_desktop.cli.main import main as command_line
from calmerge_desktop.core.beside import Beside as Process
from calmerge_desktop.core.model import CalendarId, Changes, Draft, Scope, Stamp
from calmerge_desktop.core.proposal.offer import Offer, decode
from calmerge_desktop.core.store import migrate, reading
from calmerge_desktop.sync import http, listing
from calmerge_desktop.sync.files import disk
from tests.faults.calendars import calendar, event

WEEK = 1_795_388_400, 1_795_993_200  # 23 to 30 November 2026 in Berlin
COMPLETED = 10
EVERY = int(os.environ.get("CALMERGE_KILL_EVERY", "1"))
"""1: at every step. A larger number takes less time and leaves steps out."""


class Counter:
    """Ends the process at the step it was told."""

    def __init__(self, last: int) -> None:
        self.left = last

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str, only: tuple[str, ...] = ()) -> None:
        """A step after each call (with one of the words `only` as second argument)."""
        real = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            counts = not only or args[1] in only
            result = real(*args, **kwargs)
            if counts:
                self.step()
            return result

        setattr(owner, name, counted)

    def watch(self) -> None:
        """Count transactions of the databases, requests, and files put in place."""

        def committed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement == "COMMIT":
                self.step()

        sql_event.listen(sqlalchemy.Engine, "after_cursor_execute", committed)
        self.around(http.HttpClient, "request", only=("PUT", "DELETE", "REPORT"))
        self.around(disk, "replace")
        self.around(shutil, "move")
        self.around(os, "fsync")


def forked(work: Callable[[], None]) -> int:
    """Run `work` in a process of its own; its wait status."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        work()
    except BaseException:  # noqa: BLE001  # a child must not come back into the parent's loop
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(COMPLETED)


def calmerge(home: Path, *arguments: str) -> int:
    """The command line, silent."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return command_line(Program(), ["--home", str(home), *arguments])


@contextlib.contextmanager
def profile(home: Path) -> Iterator[Profile]:
    opened = Profile.open(str(home))
    try:
        yield opened
    finally:
        opened.close()


def titles(home: Path) -> list[str]:
    """What the week shows, doubles included."""
    with profile(home) as opened:
        return sorted(one.summary for one in opened.desk.view.instances(*WEEK, "Europe/Berlin", merged=False))


def whole(home: Path) -> None:
    """Both databases are sound and nothing waits to be sent."""
    for name in ("cache.sqlite", "ledger.sqlite"):
        connection = sqlite3.connect(home / name)
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()
    with profile(home) as opened:
        assert opened.store.waiting() == 0
        assert not opened.desk.events.conflicts()


class Scenario:
    """Work to interrupt, in `folder`; `home` is the profile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.kept = folder / "kept"

    def prepare(self) -> None:
        """Once, before all."""

    def work(self) -> None:
        """What is interrupted."""
        calmerge(self.home, "sync")

    def recover(self) -> None:
        """What a person does then."""
        assert calmerge(self.home, "sync") == 0

    def check(self) -> None:
        """Nothing lost, nothing doubled."""
        raise NotImplementedError

    def remember(self) -> None:
        """In the parent, once `prepare` is done."""

    def reset(self) -> None:
        """In the parent, before each round: a server that lives there is again as `remember` found it."""

    def check_server(self) -> None:
        """In the parent, after each round."""

    def watch(self, counter: Counter) -> None:
        """In the process that is to die: what counts as a step."""
        counter.watch()

    def places(self) -> list[Path]:
        """Folders that each round begins with as they were."""
        return [self.home]

    def run(self) -> int:
        """Interrupt at every step (or every `EVERY`th); returns how many there were, at most."""
        assert os.waitstatus_to_exitcode(forked(self.prepare)) == COMPLETED, "not prepared"
        for place in self.places():
            shutil.copytree(place, self.kept / place.name)
        self.remember()
        for step in range(1, 1000, EVERY):
            self.reset()
            for place in self.places():
                shutil.rmtree(place)
                shutil.copytree(self.kept / place.name, place)
            status = forked(lambda n=step: self._interrupted(n))  # type: ignore[misc]  # of mypy: the default binds
            assert os.waitstatus_to_exitcode(forked(self._verified)) == COMPLETED, f"after step {step}"
            self.check_server()
            if os.waitstatus_to_exitcode(status) == COMPLETED:
                return step - 1
            assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        raise AssertionError("it never ends")

    def _interrupted(self, step: int) -> None:
        self.watch(Counter(step))
        self.work()

    def _verified(self) -> None:
        self.recover()
        self.check()
        whole(self.home)


class Import(Scenario):
    """A file with several pages is read for the first time."""

    def prepare(self) -> None:
        listing.PAGE = 20
        file = self.folder / "many.ics"
        file.write_bytes(calendar(*(event(f"e{n}", f"e{n}") for n in range(60))))
        assert calmerge(self.home, "account", "add", "ics", str(file)) == 0

    def work(self) -> None:
        listing.PAGE = 20
        super().work()

    def check(self) -> None:
        assert titles(self.home) == sorted(f"e{n}" for n in range(60))
        with profile(self.home) as opened:
            assert list(opened.store.counts().values()) == [60]
            assert len(opened.desk.search.find("e7", tzid="Europe/Berlin")) == 1


class Beside(Import):
    """The same with pages that the process beside reads: it stands in the middle of them when we die."""

    def prepare(self) -> None:
        file = self.folder / "many.ics"
        file.write_bytes(calendar(*(event(f"e{n}", f"e{n}") for n in range(450))))
        assert calmerge(self.home, "account", "add", "ics", str(file)) == 0

    def work(self) -> None:
        listing.PAGE, reading._MANY = 150, 0
        asked = count()
        real = Process.answers

        def answers(self: Process, *given: Any) -> None:
            next(asked)
            real(self, *given)

        Process.answers = answers  # type: ignore[method-assign, assignment]  # counted, then the same
        Scenario.work(self)
        assert next(asked) == 3, "it was not asked"

    def recover(self) -> None:
        listing.PAGE, reading._MANY = 150, 0
        super().recover()

    def check(self) -> None:
        assert titles(self.home) == sorted(f"e{n}" for n in range(450))
        with profile(self.home) as opened:
            assert list(opened.store.counts().values()) == [450]


class Link(Scenario):
    """An account is linked."""

    def prepare(self) -> None:
        (self.folder / "one.ics").write_bytes(calendar(event("one", "one")))
        calmerge(self.home, "account", "list")

    def work(self) -> None:
        calmerge(self.home, "account", "add", "ics", str(self.folder / "one.ics"))

    def recover(self) -> None:
        assert calmerge(self.home, "account", "add", "ics", str(self.folder / "one.ics")) in (0, 3)  # new, or there already
        super().recover()

    def check(self) -> None:
        assert titles(self.home) == ["one"]


class First(Scenario):
    """The profile is made: ledger, cache, log."""

    def prepare(self) -> None:
        self.home.mkdir()
        (self.folder / "one.ics").write_bytes(calendar(event("one", "one")))

    def work(self) -> None:
        calmerge(self.home, "account", "list")

    def recover(self) -> None:
        assert calmerge(self.home, "account", "add", "ics", str(self.folder / "one.ics")) == 0
        super().recover()

    def check(self) -> None:
        assert titles(self.home) == ["one"]


class Pull(Scenario):
    """A CalDAV server has new, changed and removed events."""

    def __init__(self, folder: Path, url: str, server: Path) -> None:
        super().__init__(folder)
        self.url = url
        self.server = server

    def places(self) -> list[Path]:
        return [self.home, self.server]

    def there(self) -> list[str]:
        """Titles at the server, doubles included."""
        found = [path.read_text() for path in self.server.rglob("*.ics") if ".Radicale" not in str(path)]
        return sorted(re.findall(r"SUMMARY:(.*?)\r?\n", "".join(found)))

    def put(self, name: str, title: str | None) -> None:
        from tests.servers.caldav import PASSWORD, USER

        client = http.HttpClient(self.url, user=USER, password=PASSWORD)
        url = f"{self.url}{name}.ics"
        if title is None:
            client.request("DELETE", url, stop=http.never)
        else:
            headers = {"Content-Type": "text/calendar"}
            client.request("PUT", url, stop=http.never, content=calendar(event(name, title)), headers=headers)
        client.close()

    def prepare(self) -> None:
        from tests.servers.caldav import PASSWORD, USER

        for name in ("kept", "changed", "removed"):
            self.put(name, name)
        sys.stdin = io.StringIO(PASSWORD + "\n")
        assert calmerge(self.home, "account", "add", "caldav", self.url, "--user", USER, "--password-stdin") == 0
        assert calmerge(self.home, "sync") == 0
        self.change()

    def change(self) -> None:
        self.put("changed", "differently")
        self.put("removed", None)
        self.put("added", "added")

    def check(self) -> None:
        assert titles(self.home) == self.there() == ["added", "differently", "kept"]


class Push(Pull):
    """The person made, changed and deleted events offline; the server answers and we die before we note it."""

    def change(self) -> None:
        with profile(self.home) as opened:
            events = opened.desk.events
            ids = {one.summary: one.id for one in opened.desk.view.instances(*WEEK, "Europe/Berlin")}
            where = CalendarId(opened.store.calendars()[0].id)
            at = [Stamp(one) for one in (day(24), day(25))]
            events.add(Draft(calendar=where, summary="added", start=at[0], end=at[1]))
            events.edit(ids["changed"], Changes(summary="differently"), Scope.ALL)
            events.delete(ids["removed"], Scope.ALL)

    def check(self) -> None:
        super().check()
        with profile(self.home) as opened:
            assert len(opened.journal(50)) == 3


class Migration(Scenario):
    """The ledger moves to a later version."""

    def prepare(self) -> None:
        (self.folder / "one.ics").write_bytes(calendar(event("one", "one")))
        assert calmerge(self.home, "account", "add", "ics", str(self.folder / "one.ics")) == 0
        steps = self.folder / "migrations"
        shutil.copytree(Path(migrate.__file__).parent / "migrations", steps)
        (steps / "versions" / "s9999_later.py").write_text(
            f"from alembic import op\nimport sqlalchemy as sa\nrevision = '9999'\ndown_revision = '{migrate.HEAD}'\n"
            "def upgrade():\n    op.create_table('later', sa.Column('id', sa.Integer, primary_key=True))\n"
            "    op.add_column('journal', sa.Column('later', sa.Text))\n"
        )

    def _later(self) -> None:
        migrate.HEAD = "9999"
        migrate.__file__ = str(self.folder / "migrate.py")

    def work(self) -> None:
        self._later()
        calmerge(self.home, "account", "list")

    def recover(self) -> None:
        self._later()
        super().recover()

    def check(self) -> None:
        assert titles(self.home) == ["one"]
        copies = list(self.home.glob("ledger.before-*.sqlite"))
        assert copies
        connection = sqlite3.connect(self.home / "ledger.sqlite")
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
        assert connection.execute("SELECT count(later), (SELECT count(*) FROM later) FROM journal").fetchall() == [(0, 0)]
        connection.close()


class Restore(Scenario):
    """A backup takes the place of the profile."""

    def prepare(self) -> None:
        assert calmerge(self.home, "account", "add", "local", "--name", "Own") == 0
        self._add("backed up")
        assert calmerge(self.home, "sync") == 0
        assert calmerge(self.home, "backup", str(self.folder / "backup.zip")) == 0
        self._add("since then")
        assert calmerge(self.home, "sync") == 0

    def _add(self, title: str) -> None:
        when = ("--start", "2026-11-24T09:00", "--end", "2026-11-24T10:00")
        assert calmerge(self.home, "event", "add", "--title", title, *when) == 0

    def work(self) -> None:
        calmerge(self.home, "restore", str(self.folder / "backup.zip"))

    def check(self) -> None:
        now = titles(self.home)
        assert now in (["backed up"], ["backed up", "since then"]), now
        if now == ["backed up"]:
            kept = b"".join(path.read_bytes() for path in self.home.glob("before-restore-*/**/*.ics"))
            assert b"since then" in kept


class Booking(Scenario):
    """A guest's answer is taken in: event, invitation and holds, whatever dies in between."""

    def prepare(self) -> None:
        assert calmerge(self.home, "account", "add", "local", "--name", "Own", "--address", "me@example.test") == 0
        slots = [f"--slot=2027-11-{day}T10:00+01:00" for day in (22, 23, 24)]
        offer = [
            "propose",
            "30m",
            "--to",
            "guest@example.test",
            "--title",
            "Talk",
            "--hold",
            "--expires",
            "2027-11-24",
            *slots,
        ]
        assert calmerge(self.home, *offer) == 0
        assert calmerge(self.home, "sync") == 0
        with profile(self.home) as opened:
            job = opened.desk.proposing
            token = job.mail.token(job.list()[0], 1)
        (self.folder / "answer.txt").write_text(f"Diese Zeit passt.\n{token}\n")

    def work(self) -> None:
        calmerge(self.home, "proposal", "read", str(self.folder / "answer.txt"))
        super().work()

    def recover(self) -> None:
        assert calmerge(self.home, "proposal", "read", str(self.folder / "answer.txt")) == 0
        super().recover()

    def check(self) -> None:
        with profile(self.home) as opened:
            span = 1_826_834_400, 1_827_100_000  # 22 to 25 November 2027
            found = opened.desk.view.instances(*span, "Europe/Berlin", merged=False)
            assert [(one.summary, one.status.value) for one in found] == [("Talk", "confirmed")]
            assert found[0].start == 1_826_960_400, found[0].start
            letters = opened.store.post.letters(everything=True)
            assert [one.recipient for one in letters] == ["guest@example.test"]
            assert [one.state.value for one in opened.desk.proposing.list()] == ["booked"]


class Publish(Scenario):
    """A page of open times is put into a folder, and follows a change: what it shows is always known here."""

    def prepare(self) -> None:
        assert calmerge(self.home, "account", "add", "local", "--name", "Own", "--address", "me@example.test") == 0
        assert calmerge(self.home, "link", "add", "--title", "Talk", "--set", "minutes=30") == 0
        assert calmerge(self.home, "sync") == 0

    def places(self) -> list[Path]:
        (self.folder / "web").mkdir(exist_ok=True)
        return [self.home, self.folder / "web"]

    def work(self) -> None:
        calmerge(self.home, "publish", "talk", "--folder", str(self.folder / "web"))
        calmerge(self.home, "link", "edit", "talk", "--set", "minutes=45")
        super().work()

    def watch(self, counter: Counter) -> None:
        super().watch(counter)
        counter.around(Path, "replace")

    def recover(self) -> None:
        if (self.folder / "web" / "talk.html").exists():  # whoever answers this page now is understood
            with profile(self.home) as opened:
                known = {one.id: one.starts for page in opened.store.pages.list() for one in page.shown}
            offer = self.offer()
            assert known.get(offer.id) == offer.starts
        assert calmerge(self.home, "publish", "talk", "--folder", str(self.folder / "web")) == 0
        super().recover()

    def offer(self) -> Offer:
        """What the page shows."""
        found = re.search(r'data-offer="([^"]+)"', (self.folder / "web" / "talk.html").read_text())
        assert found
        return decode(found[1])

    def check(self) -> None:
        assert [path.name for path in (self.folder / "web").iterdir()] == ["talk.html"]
        offer = self.offer()
        with profile(self.home) as opened:
            (page,) = opened.store.pages.list()
            shown = page.shown[-1]
            assert (shown.id, shown.secret, shown.starts) == (offer.id, offer.secret, offer.starts)
            assert shown.minutes == opened.desk.links.get("talk").minutes[0]


class Shared(Booking):
    """Three guests are offered the same times; two of them answer, while another withdrawal and a counter-offer happen.

    Whatever dies in between: one event a booked time, one mail a guest and purpose, and holds only for what is still open.
    """

    GUESTS = ("ada@example.test", "ben@example.test", "cleo@example.test")

    def prepare(self) -> None:
        assert calmerge(self.home, "account", "add", "local", "--name", "Own", "--address", "me@example.test") == 0
        slots = [f"--slot=2027-11-{day}T10:00+01:00" for day in (22, 23, 24)]
        to = [f"--to={one}" for one in self.GUESTS]
        more = ("--title", "Talk", "--hold", "--expires", "2027-11-24")
        assert calmerge(self.home, "propose", "30m", *to, *more, *slots, "--send") == 0
        assert calmerge(self.home, "sync") == 0
        with profile(self.home) as opened:
            job = opened.desk.proposing
            tokens = {one.to: job.mail.token(one, 1) for one in job.list()}
        for guest, token in tokens.items():
            (self.folder / f"{guest}.txt").write_text(f"Diese Zeit passt.\n{token}\n")

    def _ids(self) -> dict[str, str]:
        with profile(self.home) as opened:
            return {one.to: one.id for one in opened.desk.proposing.list() if not one.follows}

    def _all(self) -> None:
        ada, ben, cleo = self.GUESTS
        ids = self._ids()
        calmerge(self.home, "proposal", "read", str(self.folder / f"{ada}.txt"))
        calmerge(self.home, "proposal", "read", str(self.folder / f"{ben}.txt"))  # the same time: it went meanwhile
        calmerge(self.home, "proposal", "counter", ids[ben], "2", "--slot=2027-11-23T12:00+01:00", "--send")
        calmerge(self.home, "proposal", "withdraw", ids[cleo])
        calmerge(self.home, "sync")

    def work(self) -> None:
        self._all()

    def recover(self) -> None:
        self._all()

    def check(self) -> None:
        with profile(self.home) as opened:
            span = 1_826_834_400, 1_827_100_000  # 22 to 25 November 2027
            found = opened.desk.view.instances(*span, "Europe/Berlin", merged=False)
            shown = sorted((one.start, one.summary, one.status.value) for one in found)
            assert shown == [
                (1_826_960_400, "Talk", "confirmed"), (1_826_967_600, "Held: Talk", "tentative"),
            ], shown  # fmt: skip
            every = opened.desk.proposing.list()
            states = sorted((one.to, one.state.value) for one in every)
            ada, ben, cleo = self.GUESTS
            assert states == [(ada, "booked"), (ben, "open"), (ben, "replaced"), (cleo, "withdrawn")], states
            letters = sorted(one.recipient for one in opened.store.post.letters(everything=True))
            assert letters == [ada, ada, ben, ben, cleo], letters


class Offered(Scenario):
    """Times are offered to several guests with holds and sent: all of it, or nothing."""

    def prepare(self) -> None:
        assert calmerge(self.home, "account", "add", "local", "--name", "Own", "--address", "me@example.test") == 0

    def work(self) -> None:
        slots = [f"--slot=2027-11-{day}T10:00+01:00" for day in (22, 23)]
        to = ("--to", "ada@example.test", "--to", "ben@example.test")
        calmerge(self.home, "propose", "30m", *to, "--title", "Talk", "--hold", "--expires", "2027-11-22", *slots, "--send")
        super().work()

    def recover(self) -> None:
        assert calmerge(self.home, "proposal", "list") == 0  # whatever looks at proposals finishes them first
        super().recover()

    def check(self) -> None:
        with profile(self.home) as opened:
            guests = [one.to for one in opened.desk.proposing.list()]
            letters = [one.recipient for one in opened.store.post.letters(everything=True)]
            found = opened.desk.view.instances(1_826_834_400, 1_827_100_000, "Europe/Berlin", merged=False)
            assert sorted(guests) == sorted(letters)
            assert (len(guests), len(found)) in ((0, 0), (2, 2)), (guests, found)


def day(number: int) -> Any:
    """In November 2026."""
    from datetime import date

    return date(2026, 11, number)


ALONE = {
    "import": Import,
    "beside": Beside,
    "link": Link,
    "first": First,
    "migration": Migration,
    "restore": Restore,
    "booking": Booking,
    "publish": Publish,
    "shared": Shared,
    "offered": Offered,
}
WITH_SERVER = {"pull": Pull, "push": Push}

if __name__ == "__main__":
    name, folder, *more = sys.argv[1:]
    if name in WITH_SERVER:
        print(WITH_SERVER[name](Path(folder), more[0], Path(more[1])).run())
    else:
        print(ALONE[name](Path(folder)).run())
