"""Servers of well-known providers, and what is typed as a mailbox."""

from __future__ import annotations

import pytest

from calmerge_desktop.core.agenda.mail_servers import known, mailbox, server_text
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.mail_ports import Mailbox


def test_an_address_names_its_servers() -> None:
    found = known(" Lena@GMX.de ")
    assert found is not None
    assert (found.smtp, found.imap) == ("mail.gmx.net:587", "imap.gmx.net:993")
    assert known("lena@example.test") is None
    assert known("gmx.de.example.test") is None


def test_ports_say_how_it_is_protected() -> None:
    """Unless the person said so, or it was so before at the same server."""
    box = mailbox("Lena@Example.Test ", " Lena  M ", "smtp.example.test:465", "[::1]:143")
    assert (box.address, box.name) == ("lena@example.test", "Lena M")
    assert (box.config["security"], box.config["imap_security"]) == ("tls", "starttls")
    assert server_text(box, "imap_") == "[::1]:143"
    odd = mailbox("a@example.test", "", "127.0.0.1:25", "", security="none")
    assert mailbox("a@example.test", "", "127.0.0.1:25", "", before=odd).config["security"] == "none"
    assert mailbox("a@example.test", "", "127.0.0.1:26", "", before=odd).config["security"] == "starttls"


@pytest.mark.parametrize("text", ["", "host", "host:", ":25", "host:0", "host:70000", "a b:25", "host:x"])
def test_what_is_no_server_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="HOST:PORT"):
        mailbox("a@example.test", "", text, "")


def test_what_only_sends_has_no_inbox() -> None:
    assert not mailbox("a@example.test", "", "host:25", "").watched
    assert mailbox("a@example.test", "", "host:25", "host:993").watched
    assert not Mailbox("a@example.test", "", "account", {"account": "a-1"}).watched
