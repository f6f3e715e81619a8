"""Random but always the same: choices, words, and content lines folded at 75 octets (RFC 5545 §3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

_T = TypeVar("_T")
SUBJECTS = [
    "Standup",
    "Rückblick",
    "Wochenplan",
    "Budget",
    "Abnahme",
    "Übergabe",
    "Interview",
    "Vertrieb",
    "Roadmap",
    "Schulung",
    "Zahnarzt",
    "Elternabend",
    "Lauftreff",
    "Chorprobe",
    "Qualität",
    "Café",
    "会議",
    "レビュー",
    "встреча",
    "отчёт",
    "réunion",
    "déjeuner",
    "planning",
    "retro",
    "demo",
    "audit",
    "launch",
    "incident",
    "onboarding",
    "release",
    "offsite",
    "estimate",
    "backlog",
    "workshop",
    "pairing",
    "forecast",
    "migration",
    "handover",
]
PLACES = ("Raum 2.14", "Großer Saal, Erdgeschoss", "Main Street 5; Berlin", "Café Zürich", "第三会議室", "Online", "Gym", "")
PEOPLE = ("Ada", "Björn", "Chiara", "Dmitri", "Émile", "Fatima", "Güneş", "Hana", "Ivo", "Jürgen", "Keiko", "Łukasz")
SENTENCES = (
    "Bitte die Unterlagen vorher lesen; Rückfragen an das Team.",
    "Agenda: 1. Stand, 2. Risiken, 3. nächste Schritte\nProtokoll im Wiki.",
    "Dial-in details are in the invitation, the room is booked until noon.",
    "資料は共有フォルダーにあります。",
    "Merci d'apporter vos chiffres à jour, et n'oubliez pas le café.",
)


class Dice:
    """Choices out of the one random stream whose values Python guarantees: `Random.random`."""

    def __init__(self, seed: int) -> None:
        self._next = Random(seed).random

    def chance(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self._next() < share

    def below(self, limit: int) -> int:
        """0 … limit - 1."""
        return int(self._next() * limit)

    def one(self, items: Sequence[_T]) -> _T:
        """One of the items."""
        return items[self.below(len(items))]

    def words(self, least: int, most: int) -> str:
        """Some subject words."""
        return " ".join(self.one(SUBJECTS) for _ in range(least + self.below(most - least + 1)))


def escaped(text: str) -> str:
    """TEXT (RFC 5545 §3.3.11)."""
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never cutting a character."""
    data = line.encode()
    if len(data) <= 75:
        return line
    pieces, begin, room = [], 0, 75
    while begin < len(data):
        end = min(begin + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[begin:end].decode())
        begin, room = end, 74
    return "\r\n ".join(pieces)
