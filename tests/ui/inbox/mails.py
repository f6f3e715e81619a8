"""Mails to Lena as programs write them, for the sample's week."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

ME = "lena@verein-lindenhof.example"
"""Of a CalDAV account whose server sends nothing by itself."""


def event(
    *,
    uid: str = "review@brightwater",
    summary: str = "Year-end review",
    start: str = "20261126T153000",
    end: str = "20261126T160000",
    organizer: str = "mei.chen@brightwater.example",
    name: str = "Mei Chen",
    people: tuple[tuple[str, str], ...] = ((ME, "NEEDS-ACTION"), ("sam@halden.example", "ACCEPTED")),
    more: str = "",
    at: str = "20261124T090000Z",
) -> str:
    """One VEVENT, in Berlin."""
    attendees = "".join(f"ATTENDEE;PARTSTAT={stat};RSVP=TRUE:mailto:{who}\r\n" for who, stat in people)
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{at}\r\nDTSTART;TZID=Europe/Berlin:{start}\r\n"
        f"DTEND;TZID=Europe/Berlin:{end}\r\nSUMMARY:{summary}\r\nORGANIZER;CN={name}:mailto:{organizer}\r\n"
        f"{attendees}{more}END:VEVENT\r\n"
    )


def calendar(method: str, *events: str) -> str:
    """A VCALENDAR with a METHOD, or without for an empty one."""
    line = f"METHOD:{method}\r\n" if method else ""
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mail//test//EN\r\n{line}{''.join(events)}END:VCALENDAR\r\n"


def mail(method: str, text: str, sender: str = "mei.chen@brightwater.example") -> bytes:
    """The mail that carries it."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = sender, ME, "Invitation"
    made["Message-ID"] = f"<{abs(hash(text))}@brightwater.example>"
    made.set_content("Please see the invitation.")
    made.add_alternative(text, subtype="calendar", charset="utf-8", cte="base64", params={"method": method})
    return made.as_bytes()


def invitation(**more: object) -> bytes:
    """Mei Chen asks Lena to come on Thursday at half past three."""
    return mail("REQUEST", calendar("REQUEST", event(**more)))  # type: ignore[arg-type]
