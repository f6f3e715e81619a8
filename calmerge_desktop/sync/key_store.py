"""The operating system's key store through `keyring`: only known back ends, and never a call that blocks us."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

SERVICE = "calmerge"
TIMEOUT = 60.0
"""Seconds. A locked store asks the person, and that may take a moment; a prompt nobody sees must not hang us."""
_ALLOWED = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.libsecret",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
)
"""Anything else may be a plain file, or ask on stdin."""

_log = logging.getLogger(__name__)


class KeyStore:
    """A few named texts. Failures are answers here (False, None), for there is another way."""

    def __init__(self, backend: Any | None = None, *, timeout: float = TIMEOUT) -> None:
        self._given = backend
        self._timeout = timeout
        self._silent = False

    def usable(self) -> bool:
        """Whether there is a back end we trust; says nothing on whether it is unlocked."""
        return self._backend() is not None

    def name(self) -> str:
        """What the back end calls itself; empty without one."""
        backend = self._backend()
        return str(getattr(backend, "name", type(backend).__name__)) if backend is not None else ""

    def get(self, name: str) -> str | None:
        """The text under `name`; None when there is none or the store does not answer."""
        return self._call(lambda backend: _text(backend.get_password(SERVICE, name)))

    def put(self, name: str, text: str) -> bool:
        """Keep `text` and prove it by reading it back; False when that fails."""

        def keep(backend: Any) -> bool:
            backend.set_password(SERVICE, name, text)
            return bool(backend.get_password(SERVICE, name) == text)

        return bool(self._call(keep))

    def _call(self, job: Callable[[Any], T]) -> T | None:
        backend = self._backend()
        if backend is None or self._silent:
            return None
        answers: queue.SimpleQueue[T | None] = queue.SimpleQueue()

        def work() -> None:
            try:
                answers.put(job(backend))
            except Exception as error:  # noqa: BLE001  # back ends raise what D-Bus, Keychain or Windows raise
                _log.info("key store: %s", type(error).__name__)
                answers.put(None)

        threading.Thread(target=work, name="key-store", daemon=True).start()
        try:
            return answers.get(timeout=self._timeout)
        except queue.Empty:
            self._silent = True  # a prompt nobody answers: do not wait for it again in this run
            _log.warning("the key store does not answer")
            return None

    def _backend(self) -> Any | None:
        if self._given is not None:
            return self._given
        import keyring

        backend = keyring.get_keyring()
        parts = getattr(backend, "backends", [backend])  # the chainer of several
        return next((each for each in parts if type(each).__module__.startswith(_ALLOWED)), None)


def _text(found: Any) -> str | None:
    return None if found is None else str(found)
