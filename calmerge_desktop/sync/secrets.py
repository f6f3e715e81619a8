"""Where passwords and tokens live: AES-256-GCM in one file, under one data key that the system's key store keeps.

A key store is asked for 32 bytes only, for some cap what they hold and some ask the person each time. Without one the data
key is wrapped by a passphrase (Argon2id); with neither, and only when the caller allows it, it lies in a file of its own
beside. There is never plain text and never a silent step down: `describe` says which it is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets as random_bytes
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calmerge_desktop.core.errors import SignInNeeded
from calmerge_desktop.core.texts import _
from calmerge_desktop.sync.key_store import KeyStore

PASSPHRASE_FILE = "CALMERGE_PASSPHRASE_FILE"  # noqa: S105  # the name of a variable, no password
"""Environment variable: a file whose first line is the passphrase."""
_FILE = "secrets.json"
_KEY_FILE = "secret.key"
_VERSION = 1
_MEMORY = 65_536
"""KiB for Argon2id: the second recommended option of RFC 9106 §4, a fifth of a second."""


@dataclass(frozen=True, slots=True)
class _Key:
    """The opened data key."""

    data: bytes
    kept: str
    """`keyring`, `passphrase` or `file`."""


class SecretBox:
    """`core.ports.SecretStore` under `folder`. Safe from any thread.

    `passphrase` is asked at most once, when the key store cannot be used and `CALMERGE_PASSPHRASE_FILE` names no file; it
    returns None when the person gives none. `allow_key_file` lets the data key lie beside the secrets.
    """

    def __init__(
        self,
        folder: Path,
        *,
        key_store: KeyStore | None = None,
        passphrase: Callable[[], str | None] | None = None,
        allow_key_file: bool = False,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._folder = folder
        self._key_store = key_store
        self._passphrase = passphrase
        self._allow_key_file = allow_key_file
        self._environ = environ
        self._lock = threading.RLock()
        self._key: _Key | None = None

    def get(self, ref: str) -> str | None:
        """The secret under `ref`. Raises `SignInNeeded` when the store is locked for good or damaged."""
        with self._lock:
            held = self._read()
            sealed = held["secrets"].get(ref)
            return None if sealed is None else _open(self._unlock(held).data, ref, sealed)

    def put(self, ref: str, secret: str) -> None:
        """Keep `secret` under `ref`. Raises `SignInNeeded` when there is nowhere to keep it."""
        with self._lock:
            held = self._read()
            key = self._unlock(held)
            held["secrets"][ref] = _seal(key.data, ref, secret)
            self._write(held)

    def delete(self, ref: str) -> None:
        """Forget `ref`; unknown is fine."""
        with self._lock:
            held = self._read()
            if held["secrets"].pop(ref, None) is not None:
                self._write(held)

    def describe(self) -> str:
        """One sentence on where secrets are kept, or will be."""
        kept = self._key.kept if self._key else self._read().get("key", {}).get("kept")
        if kept is None:
            kept = "keyring" if self._store().usable() else "passphrase" if self._has_passphrase() else "file"
            if kept == "file" and not self._allow_key_file:
                return _("There is no key store on this computer, so no password can be kept.")
        if kept == "keyring":
            return _("Passwords are encrypted; the key is in the key store of this computer ({name}).").format(
                name=self._store().name()
            )
        if kept == "passphrase":
            return _("Passwords are encrypted with your passphrase.")
        return _("Passwords are encrypted, but the key lies beside them: whoever can read {folder} can read them.").format(
            folder=self._folder
        )

    def _unlock(self, held: dict[str, Any]) -> _Key:
        if self._key is None:
            self._key = self._open_key(held) if held.get("key") else self._new_key(held)
        return self._key

    def _open_key(self, held: dict[str, Any]) -> _Key:
        key = held["key"]
        if key["kept"] == "keyring":
            text = self._store().get(key["id"])
            if text is None:
                raise SignInNeeded(
                    _("The key store of this computer does not give the key to your passwords."),
                    hint=_("Unlock it, or sign in to each account again."),
                )
            return _Key(base64.b64decode(text), "keyring")
        if key["kept"] == "passphrase":
            wrapping = _derive(self._ask_passphrase(), base64.b64decode(key["salt"]))
            return _Key(base64.b64decode(_open(wrapping, "data-key", key["wrapped"], _wrong_passphrase())), "passphrase")
        try:
            return _Key(base64.b64decode((self._folder / _KEY_FILE).read_text("ascii"), validate=True), "file")
        except (OSError, ValueError) as error:
            raise SignInNeeded(
                _("The key file {path} is missing or damaged.").format(path=self._folder / _KEY_FILE),
                hint=_("Put it back, or sign in to each account again."),
            ) from error

    def _new_key(self, held: dict[str, Any]) -> _Key:
        """Choose where the data key shall live, once. `held` then says so and is written with the first secret."""
        data = random_bytes.token_bytes(32)
        text = base64.b64encode(data).decode("ascii")
        name = f"data-key-{random_bytes.token_hex(6)}"
        if self._store().put(name, text):
            held["key"] = {"kept": "keyring", "id": name}
            return _Key(data, "keyring")
        if self._has_passphrase():
            salt = random_bytes.token_bytes(16)
            wrapping = _derive(self._ask_passphrase(), salt)
            wrapped = _seal(wrapping, "data-key", text)
            held["key"] = {"kept": "passphrase", "salt": base64.b64encode(salt).decode("ascii"), "wrapped": wrapped}
            return _Key(data, "passphrase")
        if self._allow_key_file:
            _write_private(self._folder / _KEY_FILE, text)
            held["key"] = {"kept": "file"}
            return _Key(data, "file")
        raise _nowhere()

    def _ask_passphrase(self) -> str:
        path = self._environ.get(PASSPHRASE_FILE)
        if path:
            try:
                found = Path(path).read_text("utf-8").split("\n")[0].rstrip("\r")
            except (OSError, UnicodeDecodeError) as error:
                raise SignInNeeded(_("The passphrase file {path} cannot be read.").format(path=path)) from error
        else:
            found = (self._passphrase() if self._passphrase else None) or ""
        if not found:
            raise _nowhere()
        return found

    def _has_passphrase(self) -> bool:
        return bool(self._environ.get(PASSPHRASE_FILE)) or self._passphrase is not None

    def _store(self) -> KeyStore:
        if self._key_store is None:
            self._key_store = KeyStore()
        return self._key_store

    def _read(self) -> dict[str, Any]:
        path = self._folder / _FILE
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            return {"version": _VERSION, "secrets": {}}
        except (OSError, UnicodeDecodeError) as error:
            raise self._damaged(path) from error
        try:
            held = json.loads(text)
            sound = held["version"] == _VERSION and isinstance(held["secrets"], dict) and held["key"]["kept"]
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged(path) from error
        if not sound:
            raise self._damaged(path)
        return dict(held)

    def _damaged(self, path: Path) -> SignInNeeded:
        """Keep a copy and say so; the file itself stays until the person decides."""
        copy = path
        try:
            data = path.read_bytes()
            copy = path.with_name(f"{path.name}.damaged-{hashlib.blake2b(data, digest_size=4).hexdigest()}")
            _write_private(copy, data)
        except OSError:
            copy = path
        return SignInNeeded(
            _("The file with your passwords is damaged; a copy is kept as {name}.").format(name=copy.name),
            hint=_("Restore {path} from a backup, or remove it and sign in to each account again.").format(path=path),
        )

    def _write(self, held: Mapping[str, Any]) -> None:
        _write_private(self._folder / _FILE, json.dumps(held, indent=1, sort_keys=True) + "\n")


def _seal(key: bytes, ref: str, secret: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = random_bytes.token_bytes(12)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, secret.encode(), f"calmerge:{ref}".encode())).decode("ascii")


def _open(key: bytes, ref: str, sealed: str, wrong: SignInNeeded | None = None) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        data = base64.b64decode(sealed, validate=True)
        return AESGCM(key).decrypt(data[:12], data[12:], f"calmerge:{ref}".encode()).decode()
    except (InvalidTag, ValueError, TypeError) as error:
        raise wrong or SignInNeeded(_("A stored password does not open any more."), hint=_("Sign in again.")) from error


def _derive(passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    return Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=_MEMORY).derive(passphrase.encode())


def _wrong_passphrase() -> SignInNeeded:
    return SignInNeeded(_("The passphrase does not open your passwords."), hint=_("Try again."))


def _nowhere() -> SignInNeeded:
    return SignInNeeded(
        _("There is no key store on this computer, so no password can be kept."),
        hint=_("Start a key store, or name a file with a passphrase in {name}.").format(name=PASSPHRASE_FILE),
    )


def _write_private(path: Path, content: str | bytes) -> None:
    """At once or not at all, readable by the person alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # 0600 by itself
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
