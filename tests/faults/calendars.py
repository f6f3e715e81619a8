"""Calendars in bytes, good and bad."""

from __future__ import annotations

HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n"
TAIL = b"END:VCALENDAR\r\n"


def event(uid: str, title: str, *more: str, start: str | None = "DTSTART:20261124T090000Z") -> bytes:
    """A VEVENT; `more` are further content lines."""
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *([start] if start else []), *more, "END:VEVENT"]
    return "".join(line + "\r\n" for line in lines).encode()


def calendar(*components: bytes) -> bytes:
    """A VCALENDAR around components."""
    return HEAD + b"".join(components) + TAIL
