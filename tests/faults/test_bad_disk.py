"""Full disks, folders that cannot be written, damaged and newer databases: nothing lost, one sentence, the right code."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import child
from tests.faults.calendars import calendar, event
from tests.faults.conftest import WEEK, Calmerge

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and users of POSIX")
MOST = 1000
MANY = calendar(*(event(f"e{n}", f"title {n} " + "x" * 300) for n in range(MOST)))


WITHOUT_RIGHTS = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override")
    if (os.name != "nt" and os.geteuid() == 0)
    else ()
)  # root as everybody else: permissions count


def integrity(home: Path) -> None:
    for path in (home / "cache.sqlite", home / "ledger.sqlite"):
        connection = sqlite3.connect(path)
        try:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        finally:
            connection.close()


def test_a_file_that_grows_no_further(calmerge: Calmerge, tmp_path: Path) -> None:
    """A full disk in the middle of a read: exit 3, the sentence, the old view; with room again everything arrives."""
    calmerge.ok("sync")
    big = tmp_path / "big.ics"
    big.write_bytes(MANY)
    calmerge.ok("account", "add", "ics", str(big), "--name", "Big")
    limited = child.start("--fsize", "600000", "--", "--home", str(calmerge.home), "sync", "--json")
    assert limited.returncode == 3, limited.stderr
    assert "The disk is full" in limited.stdout + limited.stderr
    assert "Traceback" not in limited.stderr
    assert "Stopped." not in limited.stdout
    integrity(calmerge.home)
    assert "well" in calmerge.titles()
    calmerge.ok("sync")
    assert len(calmerge.titles()) == MOST + 1


def _own_mounts() -> bool:
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    return tried.returncode == 0


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("unshare") is None, reason="needs mount namespaces")
def test_a_full_disk(calmerge: Calmerge, tmp_path: Path) -> None:
    """The same on a real small disk: one sentence for the read and for an edit, the edit is there or was refused."""
    if not _own_mounts():
        pytest.skip("not allowed to mount here")
    big = tmp_path / "big.ics"
    big.write_bytes(MANY)
    disk = tmp_path / "disk"
    disk.mkdir()
    home = ["--home", str(disk)]
    steps = [
        ["ballast", str(disk / "ballast"), "800000"],
        [*home, "account", "add", "local", "--name", "Own"],
        [*home, "account", "add", "ics", str(tmp_path / "healthy.ics"), "--name", "Healthy"],
        [*home, "sync"],
        [*home, "account", "add", "ics", str(big), "--name", "Big"],
        [*home, "sync", "--json"],
        ["ballast", str(disk / "rest"), "all"],
        [*home, "event", "add", "--title", "t" * 100_000, "--start", "2026-11-24T09:00", "--end", "2026-11-24T10:00"],
        ["remove", str(disk / "rest")],
        ["remove", str(disk / "ballast")],
        [*home, "agenda", *WEEK, "--json"],
    ]
    done = child.start(
        "--tmpfs", str(disk), "2000k", "--", "script", *("|".join(step) for step in steps), prefix=("unshare", "-m")
    )
    assert "Traceback" not in done.stderr, done.stderr
    parts = done.stdout.split("\n=== ")
    codes = [int(part.partition("\n")[0]) for part in parts[1:]]
    assert codes[:5] == [0, 0, 0, 0, 0], done.stdout + done.stderr
    assert codes[5:] == [3, 0, 3, 0, 0, 0], done.stdout + done.stderr
    assert done.stderr.count("The disk is full") + done.stdout.count("The disk is full") >= 2
    shown = {one["summary"] for one in json.loads(parts[10].partition("\n")[2])["instances"]}
    assert "well" in shown
    assert not list(disk.iterdir())


@pytest.mark.skipif(os.name == "nt" or (not os.geteuid() and not shutil.which("setpriv")), reason="root may write anywhere")
@pytest.mark.parametrize("whole", [True, False], ids=["the folder", "the files"])
def test_a_home_that_cannot_be_written(tmp_path: Path, whole: bool) -> None:
    """Exit 3 and a sentence that names the folder; every byte stays."""
    home = tmp_path / "home"
    healthy = tmp_path / "healthy.ics"
    healthy.write_bytes(calendar(event("well", "well")))
    assert child.start("--", "--home", str(home), "account", "add", "ics", str(healthy)).returncode == 0
    assert child.start("--", "--home", str(home), "sync").returncode == 0
    for path in [home, *home.rglob("*")]:
        path.chmod(0o555 if path.is_dir() and whole else 0o777 if path.is_dir() else 0o444)
    before = {path: path.read_bytes() for path in home.glob("*.sqlite")}
    if not whole:  # looking needs no writing
        assert "well" in child.start("--", "--home", str(home), "agenda", *WEEK, prefix=WITHOUT_RIGHTS).stdout
    for command in (["sync"], ["event", "add", "--title", "x", "--start", "today", "--end", "tomorrow"]):
        done = child.start("--", "--home", str(home), *command, prefix=WITHOUT_RIGHTS)
        assert done.returncode == 3, (command, done.stderr)
        assert "cannot be written" in done.stderr
        assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in home.glob("*.sqlite")} == before
    for path in [home, *home.rglob("*")]:
        path.chmod(0o700)


def test_a_home_that_is_a_file(calmerge: Calmerge, tmp_path: Path) -> None:
    """Exit 3 and a sentence."""
    calmerge.home = tmp_path / "healthy.ics"
    answer = calmerge("sync")
    assert answer.code == 3
    assert "The folder “healthy.ics” cannot be created." in answer.err


def test_a_database_from_a_newer_version(calmerge: Calmerge) -> None:
    """Nothing is changed, and the sentence says what to do."""
    calmerge.ok("sync")
    ledger = calmerge.home / "ledger.sqlite"
    connection = sqlite3.connect(ledger)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    before = ledger.read_bytes()
    answer = calmerge("sync", "--json")
    assert (answer.code, answer.json["error"]["kind"]) == (3, "newer-database")
    assert "Your data was written by a newer CalMerge." in answer.err
    assert ledger.read_bytes() == before


def test_a_cache_of_a_newer_version(calmerge: Calmerge) -> None:
    """A copy is no loss: it is made anew, and an edit that was not sent yet is there all the same."""
    calmerge.ok("account", "add", "local", "--name", "Own")
    calmerge.ok("sync")
    calmerge.ok("event", "add", "--title", "mine", "--start", "2026-11-24T09:00", "--end", "2026-11-24T10:00")
    connection = sqlite3.connect(calmerge.home / "cache.sqlite")
    connection.execute("PRAGMA user_version = 9999")
    connection.execute("ALTER TABLE occ RENAME TO occ_of_tomorrow")
    connection.commit()
    connection.close()
    calmerge.ok("sync")
    assert calmerge.titles() == {"well", "mine"}
    integrity(calmerge.home)


def _grown(calmerge: Calmerge, tmp_path: Path) -> None:
    """A profile whose files have many pages, with an edit that was not sent yet."""
    big = tmp_path / "big.ics"
    big.write_bytes(MANY)
    calmerge.ok("account", "add", "local", "--name", "Own")
    calmerge.ok("account", "add", "ics", str(big), "--name", "Big")
    calmerge.ok("sync")
    for n in range(4):
        calmerge.ok("event", "add", "--title", f"mine {n}", "--start", "2026-11-24T09:00", "--end", "2026-11-24T10:00")


def _scribble(path: Path, first: int, last: int | None = None) -> None:
    """Overwrite whole pages with noise."""
    with path.open("r+b") as file:
        size = path.stat().st_size // 4096
        for page in range(first, min(last or size, size)):
            file.seek(page * 4096)
            file.write(random.Random(page).randbytes(4096))


@pytest.mark.parametrize("where", ["header", "middle", "tail cut off", "all but the header"])
def test_a_damaged_cache(where: str, calmerge: Calmerge, tmp_path: Path) -> None:
    """It is said, the damaged file is kept, the copy is read anew, and what is ours is untouched."""
    _grown(calmerge, tmp_path)
    expected = calmerge.titles()
    cache = calmerge.home / "cache.sqlite"
    if where == "header":
        cache.write_bytes(b"noise" * 1000 + cache.read_bytes()[5000:])
    elif where == "middle":
        _scribble(cache, 30)
    elif where == "tail cut off":
        os.truncate(cache, cache.stat().st_size // 8192 * 4096)
    else:
        _scribble(cache, 1)
    said = ""
    for _attempt in range(3):  # found out now or when the page is read; then the next start mends it
        answer = calmerge("sync", "--full")
        said += answer.err
        if answer.code == 0:
            break
        assert answer.code == 3
        assert "damaged" in answer.err + answer.out
    assert answer.code == 0
    assert calmerge("agenda", *WEEK).code in (0, 3)
    calmerge("sync", "--full")
    assert calmerge.titles() == expected
    assert list(calmerge.home.glob("cache.damaged-*.sqlite"))
    assert "was damaged. It is kept as" in said
    assert len(calmerge.ok("journal")["entries"]) == 4
    integrity(calmerge.home)


@pytest.mark.parametrize("where", ["header", "middle"])
def test_a_damaged_ledger(where: str, calmerge: Calmerge, tmp_path: Path) -> None:
    """It is said and never touched; a backup brings everything back."""
    _grown(calmerge, tmp_path)
    expected = calmerge.titles()
    calmerge.ok("backup", str(tmp_path / "backup.zip"))
    ledger = calmerge.home / "ledger.sqlite"
    if where == "header":
        ledger.write_bytes(b"noise" * 1000 + ledger.read_bytes()[5000:])
    else:
        _scribble(ledger, 1)
    before = ledger.read_bytes()
    for command in (["sync"], ["agenda"], ["account", "list"], ["backup", str(tmp_path / "bad.zip")]):
        answer = calmerge(*command)
        assert answer.code == 3, (command, answer)
        assert "Your data file ledger.sqlite is damaged and was not touched." in answer.err
        assert "calmerge restore" in answer.err
    assert ledger.read_bytes() == before
    assert not (tmp_path / "bad.zip").exists()
    assert calmerge("doctor").code in (0, 3)
    calmerge.ok("restore", str(tmp_path / "backup.zip"))
    calmerge.ok("sync")
    assert calmerge.titles() == expected


@pytest.mark.parametrize("name", ["cache.sqlite", "ledger.sqlite"])
def test_a_damaged_log_of_a_database(name: str, calmerge: Calmerge, tmp_path: Path) -> None:
    """A spoiled -wal costs at most its last transactions: the database is whole, and a sync makes it complete."""
    _grown(calmerge, tmp_path)
    reader = sqlite3.connect(calmerge.home / name)  # a reader keeps the log from being folded in
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
    calmerge.ok("event", "add", "--title", "late", "--start", "2026-11-24T09:00", "--end", "2026-11-24T10:00")
    calmerge.ok("sync")
    copy = tmp_path / "copy"
    shutil.copytree(calmerge.home, copy)
    reader.close()
    wal = copy / f"{name}-wal"
    assert wal.stat().st_size > 4096
    data = bytearray(wal.read_bytes())
    data[len(data) // 2 :] = random.Random(1).randbytes(len(data) - len(data) // 2)
    wal.write_bytes(bytes(data))
    (copy / f"{name}-shm").unlink()
    calmerge.home = copy
    calmerge.ok("sync", "--full")
    assert calmerge.titles() >= {"well", "late", "mine 3"}
    integrity(copy)


def test_a_crash_while_the_profile_was_made(calmerge: Calmerge, tmp_path: Path) -> None:
    """Empty files are where a first start was cut off: the next one begins anew."""
    calmerge.home = tmp_path / "fresh"
    calmerge.home.mkdir()
    for name in ("cache.sqlite", "ledger.sqlite"):
        (calmerge.home / name).touch()
    assert calmerge.ok("account", "list") == {"accounts": []}


SETTINGS = {
    "no json": (b'{"zone": "Europe/Ber', "Your settings cannot be read"),
    "no text": (b"\xff\xfe\x00{", "Your settings cannot be read"),
    "a list": (b"[]", "Your settings cannot be read"),
    "a deep hole": (b"[" * 100_000, "Your settings cannot be read"),
    "a number of 5,000 digits": (b'{"day_begins": ' + b"9" * 5000 + b"}", "Your settings cannot be read"),
    "wrong values": (b'{"zone": 7, "day_begins": 99, "theme": "\\ud800"}', "day_begins, theme, zone"),
}


@pytest.mark.parametrize(("data", "sentence"), SETTINGS.values(), ids=SETTINGS.keys())
def test_settings_that_cannot_be_read(data: bytes, sentence: str, calmerge: Calmerge) -> None:
    """The defaults apply, it is said, and the file is kept."""
    calmerge.home.mkdir(exist_ok=True)
    settings = calmerge.home / "settings.json"
    settings.write_bytes(data)
    answer = calmerge("sync")
    assert answer.code == 0
    assert sentence in answer.err
    assert calmerge.titles() == {"well"}
    kept = calmerge.home / "settings.unreadable.json"
    assert (kept if sentence.startswith("Your") else settings).read_bytes() == data


@pytest.mark.parametrize("way", ["file", "feed"])
def test_two_hundred_megabytes(way: str, calmerge: Calmerge, tmp_path: Path) -> None:
    """Refused at once with a sentence, without holding it in memory; the neighbour arrives."""
    huge = tmp_path / "huge.ics"
    block = calendar(event("b", "b" * 900))[58:-15]
    with huge.open("wb") as file:
        for _n in range(200):
            file.write(block * (1_000_000 // len(block)))
    del block
    if way == "feed":
        pytest.importorskip("http.server")
        server = subprocess.Popen(
            [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "0", "--directory", str(tmp_path)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=child.environment() | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            assert server.stdout is not None
            port = server.stdout.readline().split(" port ")[1].split()[0]
            done = child.start(
                "--", "--home", str(calmerge.home), "account", "add", "ics", f"http://127.0.0.1:{port}/huge.ics"
            )
        finally:
            server.kill()
            server.communicate()
        most = 450
    else:
        done = child.start("--", "--home", str(calmerge.home), "account", "add", "ics", str(huge))
        most = 200
    huge.unlink()
    assert done.returncode == 3
    assert "is larger than 150 MB" in done.stderr
    assert int(done.stderr.split("peak ")[1].split()[0]) < most
    calmerge.ok("sync")
    assert calmerge.titles() == {"well"}
