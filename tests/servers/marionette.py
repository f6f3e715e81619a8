"""Marionette, the remote control of Mozilla's programs: JSON with its length in front, over TCP on loopback."""

from __future__ import annotations

import json
import socket
from typing import Any


class Marionette:
    """One session inside the program itself (chrome context). `patience`: seconds until an answer must be there."""

    def __init__(self, port: int, patience: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._read()  # whoever listens says which protocol it speaks
        self("WebDriver:NewSession")
        self("Marionette:SetContext", value="chrome")
        self("WebDriver:SetTimeouts", script=int(patience * 1000))

    def __call__(self, command: str, **parameters: Any) -> Any:
        """What a command answers."""
        self._number += 1
        data = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(data), data))
        while True:
            _kind, number, error, result = self._read()
            if number == self._number:
                assert error is None, error
                return result

    def run(self, script: str, *arguments: Any) -> Any:
        """The value that `script` hands to its last argument, which is a function."""
        return self("WebDriver:ExecuteAsyncScript", script=script, args=arguments, sandbox="system")["value"]

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()

    def _read(self) -> Any:
        size = b""
        while (digit := self._stream.read(1)) != b":":
            assert digit, "the program hung up"
            size += digit
        return json.loads(self._stream.read(int(size)))
