"""kill -9 in the middle of an SMTP letter: before DATA, after the whole mail was sent, after the server's answer.

`python -m tests.faults.letters FOLDER`. The server runs in the parent, which is never killed.
"""

from __future__ import annotations

import os
import smtplib
import sqlite3
import sys
from collections import Counter as Counted
from pathlib import Path

from tests.faults.crash import EVERY, Counter, Scenario, calmerge, profile
from tests.servers.certificates import Certificates
from tests.servers.smtp import PASSWORD, USER, SmtpServer

GUESTS = ("bob@example.test", "carol@example.test")


class Letters(Scenario):
    """Two letters leave; whatever dies in between, neither arrives twice, and whoever may miss one is told."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        certificates = Certificates(folder / "tls")
        os.environ["SSL_CERT_FILE"] = str(certificates.ca)
        self.server = SmtpServer(certificates)
        self.ended: set[tuple[str, int]] = set()
        """How letters ended: their state, and how often they arrived."""

    def prepare(self) -> None:
        from calmerge_desktop.core.mail_ports import Mailbox

        assert calmerge(self.home, "account", "add", "local", "--name", "Own", "--address", USER) == 0
        with profile(self.home) as opened:
            config = {"host": "127.0.0.1", "port": str(self.server.port), "security": "starttls"}
            opened.desk.mail.add(Mailbox(USER, "Alice", "smtp", config), PASSWORD)
            who = [word for guest in GUESTS for word in ("--attendee", guest)]
        assert calmerge(self.home, "event", "add", "--title", "Review", "--start", "2027-11-23T10:00", *who) == 0
        assert calmerge(self.home, "sync") == 0
        with profile(self.home) as opened:
            span = 1_826_834_400, 1_827_100_000
            (event,) = opened.desk.view.instances(*span, "Europe/Berlin")
            opened.desk.inviting.send(opened.desk.inviting.prepare(event.id))
            assert len(opened.store.post.due(2_000_000_000)) == len(GUESTS)

    def reset(self) -> None:
        self.server.mails.clear()

    def watch(self, counter: Counter) -> None:
        super().watch(counter)
        counter.around(smtplib.SMTP, "send")
        counter.around(smtplib.SMTP, "getreply")

    def recover(self) -> None:
        """The first sync says that something is unsure (exit 3), the next ones do not say it again."""
        codes = [calmerge(self.home, "sync") for _once in range(2)]
        with profile(self.home) as opened:
            stuck = any(one.state == "unsure" for one in opened.desk.mail.outbox())
        assert codes == [3 if stuck else 0, 0], codes

    def check(self) -> None:
        """In a process: the person sees what is unsure, and it is sent again only at their word."""
        with profile(self.home) as opened:
            letters = opened.desk.mail.outbox(everything=True)
            assert sorted(one.recipient for one in letters) == sorted(GUESTS)
            assert {one.state for one in letters} <= {"sent", "unsure"}, [one.state for one in letters]
            for one in opened.desk.mail.outbox():
                assert one.state == "unsure"
                assert "may have arrived" in (one.reason or "")

    def check_server(self) -> None:
        arrived = Counted(recipient for _sender, recipients, _mail in self.server.mails for recipient in recipients)
        connection = sqlite3.connect(self.home / "ledger.sqlite")
        states = dict(connection.execute("SELECT recipient, state FROM letter").fetchall())
        connection.close()
        for guest in GUESTS:
            assert arrived[guest] <= 1, f"{guest} got {arrived[guest]}"
            assert arrived[guest] == 1 or states[guest] == "unsure", f"{guest} got none, and nobody says so"
            self.ended.add((states[guest], arrived[guest]))


if __name__ == "__main__":
    scenario = Letters(Path(sys.argv[1]))
    steps = scenario.run()
    scenario.server.stop()
    # Died before the mail was handed over; died between the server's answer and our note of it; went well.
    every = {("unsure", 0), ("unsure", 1), ("sent", 1)}
    assert EVERY > 1 or scenario.ended == every, scenario.ended
    print(steps)
