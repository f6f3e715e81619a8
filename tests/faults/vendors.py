"""kill -9 in the middle of talking to Google and to Microsoft. Their servers run in the parent, which is never killed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from calmerge_desktop.core.model import Changes, Draft, Scope, Stamp
from calmerge_desktop.sync import http
from tests.faults.crash import WEEK, Counter, Scenario, calmerge, day, profile, titles
from tests.servers import linking
from tests.servers.google import GoogleServer
from tests.servers.microsoft import MicrosoftServer
from tests.servers.microsoft_events import at

DAY = {"start": "2026-11-24T10:00:00", "end": "2026-11-24T11:00:00"}


class Vendor(Scenario):
    """An account with three events `kept`, `changed` and `removed`; afterwards the same three words at both sides."""

    link: Sequence[str] = ()

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.server: Any = self._server()
        self.primary = self.server.state.primary
        for name in ("kept", "changed", "removed"):
            self._put(name, name)

    def prepare(self) -> None:
        assert calmerge(self.home, "account", "add", *self.link) == 0
        assert calmerge(self.home, "sync") == 0

    def remember(self) -> None:
        """At the server, in the parent: the changes of others, and the state each round begins with."""
        self._change()
        self._begin = deepcopy(self.primary.__dict__)

    def reset(self) -> None:
        self.primary.__dict__.update(deepcopy(self._begin))

    def watch(self, counter: Counter) -> None:
        super().watch(counter)
        counter.around(http.HttpClient, "request", only=("GET", "POST", "PATCH"))

    def check(self) -> None:
        assert titles(self.home) == ["added", "differently", "kept"]

    def check_server(self) -> None:
        assert self.there() == ["added", "differently", "kept"], self.there()
        assert self.server.state.complaints == []

    def there(self) -> list[str]:
        """Titles at the server, doubles included."""
        return sorted(title for title, *_when in self.primary.shown())

    def _server(self) -> Any:
        raise NotImplementedError

    def _put(self, name: str, title: str) -> None:
        raise NotImplementedError

    def _remove(self, name: str) -> None:
        raise NotImplementedError

    def _change(self) -> None:
        """What others did meanwhile."""
        self._put("changed", "differently")
        self._remove("removed")
        self._put("added", "added")


class Google(Vendor):
    """Read."""

    def _server(self) -> GoogleServer:
        made = GoogleServer()
        self.link = linking.google(made, self.folder, os.environ.__setitem__)
        return made

    def _put(self, name: str, title: str) -> None:
        zoned = {key: {"dateTime": f"{when}+01:00", "timeZone": "Europe/Berlin"} for key, when in DAY.items()}
        self.primary.put(f"{name}000", summary=title, **zoned)

    def _remove(self, name: str) -> None:
        self.primary.delete(f"{name}000", None, "none")


class Microsoft(Vendor):
    """Read."""

    def _server(self) -> MicrosoftServer:
        made = MicrosoftServer()
        self.link = linking.microsoft(made, self.folder, os.environ.__setitem__)
        return made

    def _put(self, name: str, title: str) -> None:
        self.primary.put(name, subject=title, **{key: at(when) for key, when in DAY.items()})

    def _remove(self, name: str) -> None:
        self.primary.delete(name, None)


class _Mine(Vendor):
    """The person made, changed and deleted events offline; the server answers and we die before we note it."""

    def prepare(self) -> None:
        super().prepare()
        with profile(self.home) as opened:
            events = opened.desk.events
            ids = {one.summary: one.id for one in opened.desk.view.instances(*WEEK, "Europe/Berlin")}
            where = opened.store.calendars()[0].id
            events.add(Draft(calendar=where, summary="added", start=Stamp(day(24)), end=Stamp(day(25))))
            events.edit(ids["changed"], Changes(summary="differently"), Scope.ALL)
            events.delete(ids["removed"], Scope.ALL)

    def _change(self) -> None:
        """Nobody else did anything."""

    def check(self) -> None:
        super().check()
        with profile(self.home) as opened:
            assert len(opened.journal(50)) == 3


class GoogleMine(_Mine, Google):
    """Written."""


class MicrosoftMine(_Mine, Microsoft):
    """Written."""


VENDORS = {
    "google-pull": Google,
    "google-push": GoogleMine,
    "microsoft-pull": Microsoft,
    "microsoft-push": MicrosoftMine,
}

if __name__ == "__main__":
    scenario = VENDORS[sys.argv[1]](Path(sys.argv[2]))
    print(scenario.run())
    scenario.server.close()
