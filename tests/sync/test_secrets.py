from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from calmerge_desktop.core.errors import SignInNeeded
from calmerge_desktop.core.ports import SecretStore
from calmerge_desktop.sync import secrets
from calmerge_desktop.sync.key_store import KeyStore
from calmerge_desktop.sync.secrets import PASSPHRASE_FILE, SecretBox


class Ring:
    """A key store in memory, as `keyring` back ends look."""

    name = "Test ring"

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, user: str, password: str) -> None:
        self.held[service, user] = password

    def get_password(self, service: str, user: str) -> str | None:
        return self.held.get((service, user))


class Locked(Ring):
    def get_password(self, service: str, user: str) -> str | None:
        raise RuntimeError("Prompt dismissed")

    set_password = get_password  # type: ignore[assignment]  # both refuse


class NoStore(KeyStore):
    def _backend(self) -> None:
        return None


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less memory for the key derivation: its strength is not what is tested."""
    monkeypatch.setattr(secrets, "_MEMORY", 64)


def asked(answer: str | None) -> Callable[[], str | None]:
    return lambda: answer


def test_a_secret_survives_under_the_key_store(tmp_path: Path) -> None:
    """Only the data key is in the ring, only sealed text in the file, and another session opens it."""
    ring = Ring()
    SecretBox(tmp_path, key_store=KeyStore(ring)).put("a-1", "pässword" * 1000)
    text = (tmp_path / "secrets.json").read_text()
    assert "pässword" not in text
    assert [len(each) for each in ring.held.values()] == [44]
    again: SecretStore = SecretBox(tmp_path, key_store=KeyStore(ring))
    assert again.get("a-1") == "pässword" * 1000
    assert again.get("a-2") is None
    assert "Test ring" in again.describe()
    again.delete("a-1")
    again.delete("a-1")
    assert again.get("a-1") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights otherwise")
def test_files_belong_to_the_person_alone(tmp_path: Path) -> None:
    """0600 for both, whatever the umask."""
    box = SecretBox(tmp_path / "new", key_store=NoStore(), allow_key_file=True, environ={})
    box.put("a", "x")
    assert {each.name: each.stat().st_mode & 0o777 for each in (tmp_path / "new").iterdir()} == {
        "secrets.json": 0o600,
        "secret.key": 0o600,
    }
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_without_a_key_store_a_passphrase_wraps_the_key(tmp_path: Path) -> None:
    """The right one opens, a wrong one says so and destroys nothing."""
    SecretBox(tmp_path, key_store=NoStore(), passphrase=asked("right"), environ={}).put("a", "secret")
    with pytest.raises(SignInNeeded, match="passphrase"):
        SecretBox(tmp_path, key_store=NoStore(), passphrase=asked("wrong"), environ={}).get("a")
    assert SecretBox(tmp_path, key_store=NoStore(), passphrase=asked("right"), environ={}).get("a") == "secret"


def test_a_passphrase_file_needs_no_prompt(tmp_path: Path) -> None:
    """First line, and the prompt is not asked."""
    (tmp_path / "pass").write_text("right\n")
    environ = {PASSPHRASE_FILE: str(tmp_path / "pass")}
    box = SecretBox(tmp_path / "s", key_store=NoStore(), passphrase=asked(None), environ=environ)
    box.put("a", "secret")
    assert SecretBox(tmp_path / "s", key_store=NoStore(), environ=environ).get("a") == "secret"
    assert box.describe() == "Passwords are encrypted with your passphrase."


def test_with_nowhere_to_keep_it_nothing_is_written(tmp_path: Path) -> None:
    """Never silent plain text, never a silent key file."""
    box = SecretBox(tmp_path, key_store=NoStore(), environ={})
    with pytest.raises(SignInNeeded) as caught:
        box.put("a", "x")
    assert PASSPHRASE_FILE in caught.value.hint
    assert list(tmp_path.iterdir()) == []
    assert "no password can be kept" in box.describe()


def test_a_key_file_says_plainly_what_it_is(tmp_path: Path) -> None:
    """Allowed by the caller only; without the file nothing opens."""
    box = SecretBox(tmp_path, key_store=NoStore(), allow_key_file=True, environ={})
    assert "beside" in box.describe()
    box.put("a", "x")
    assert SecretBox(tmp_path, key_store=NoStore(), environ={}).get("a") == "x"
    (tmp_path / "secret.key").unlink()
    with pytest.raises(SignInNeeded, match=r"secret\.key"):
        SecretBox(tmp_path, key_store=NoStore(), allow_key_file=True, environ={}).get("a")


def test_a_locked_key_store_is_no_reason_to_write_beside_it(tmp_path: Path) -> None:
    """A key that lives in the ring is never replaced because the ring is locked today."""
    ring = Ring()
    SecretBox(tmp_path, key_store=KeyStore(ring)).put("a", "x")
    before = (tmp_path / "secrets.json").read_bytes()
    box = SecretBox(tmp_path, key_store=KeyStore(Locked()), allow_key_file=True, environ={})
    with pytest.raises(SignInNeeded, match="key store"):
        box.get("a")
    with pytest.raises(SignInNeeded, match="key store"):
        box.put("b", "y")
    assert (tmp_path / "secrets.json").read_bytes() == before


def test_a_key_store_that_waits_for_somebody_does_not_hang_us(tmp_path: Path) -> None:
    """After the timeout there is another way, and it is not asked again."""
    release = threading.Event()

    class Prompting(Ring):
        asked = 0

        def set_password(self, service: str, user: str, password: str) -> None:
            self.asked += 1
            release.wait(30)

    ring = Prompting()
    box = SecretBox(tmp_path, key_store=KeyStore(ring, timeout=0.05), passphrase=asked("p"), environ={})
    box.put("a", "x")
    box.put("b", "y")
    release.set()
    assert ring.asked == 1
    assert box.get("b") == "y"


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b"\xff", b'{"version": 1}', b'{"version": 9, "secrets": {}, "key": {"kept": "file"}}']
)
def test_a_damaged_file_is_kept_and_named(tmp_path: Path, content: bytes) -> None:
    """No overwriting, a copy, a sentence."""
    (tmp_path / "secrets.json").write_bytes(content)
    box = SecretBox(tmp_path, key_store=KeyStore(Ring()))
    with pytest.raises(SignInNeeded, match="damaged"):
        box.put("a", "x")
    assert (tmp_path / "secrets.json").read_bytes() == content
    assert [each.read_bytes() for each in tmp_path.glob("*.damaged-*")] == [content]


def test_a_sealed_value_opens_under_its_own_name_only(tmp_path: Path) -> None:
    """Swapping two entries in the file is noticed."""
    box = SecretBox(tmp_path, key_store=KeyStore(Ring()))
    box.put("a", "x")
    box.put("b", "y")
    held = json.loads((tmp_path / "secrets.json").read_text())
    held["secrets"]["a"] = held["secrets"]["b"]
    (tmp_path / "secrets.json").write_text(json.dumps(held))
    with pytest.raises(SignInNeeded):
        box.get("a")


def test_an_unknown_back_end_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file back end that some package brought along is not used."""
    import keyring

    monkeypatch.setattr(keyring, "get_keyring", Ring)
    assert not KeyStore().usable()
