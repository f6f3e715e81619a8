"""The command line on a profile of its own, run in this process as `main` runs it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from calmerge_desktop.app.program import Program
from calmerge_desktop.cli.main import main


@dataclass
class Answer:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


class Calmerge:
    """`calmerge --home HOME …`"""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: str, stdin: str = "") -> Answer:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        self._capsys.readouterr()
        code = main(Program(), ["--home", str(self.home), *arguments])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return Answer(code, out, err)

    def ok(self, *arguments: str, stdin: str = "") -> Any:
        """A run with `--json` that must succeed; its document."""
        answer = self(*arguments, "--json", stdin=stdin)
        assert answer.code == 0, answer.err or answer.out
        return answer.json


def english_in_berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    """English, in Berlin, without a key store."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
