"""How far an account may reach: a ladder of five rungs, the same for every vendor that asks for permissions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _


class Level(StrEnum):
    """A rung; each holds what is below it."""

    FREEBUSY = "freebusy"
    """When something is, not what."""
    READ = "read"
    WRITE = "write"
    SEND = "send"
    """Also send mail in the person's name."""
    ANSWERS = "answers"
    """Also look into the person's mail for answers to what was sent."""

    @property
    def rank(self) -> int:
        """0 for the lowest rung."""
        return list(Level).index(self)


def reaches(reached: Level | None, wanted: Level) -> bool:
    """Whether a rung that was reached holds another."""
    return reached is not None and reached.rank >= wanted.rank


def level(text: str | None) -> Level:
    """The rung with this name; the usual one when none is given. Raises `BadInput`."""
    if not text:
        return Level.WRITE
    try:
        return Level(text)
    except ValueError as error:
        raise BadInput(
            _("“{level}” is no level of access.").format(level=text[:20]),
            hint=_("Choose one of: {levels}.").format(levels=", ".join(Level)),
        ) from error


def words(rung: Level) -> str:
    """What a rung allows, for the person."""
    return {
        Level.FREEBUSY: _("see when you are busy"),
        Level.READ: _("read your events"),
        Level.WRITE: _("read and change your events"),
        Level.SEND: _("read and change your events, and send mail for you"),
        Level.ANSWERS: _("read and change your events, send mail for you, and look for answers in your mail"),
    }[rung]


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What came of what was asked: the rung that was reached, and one sentence when it is not the one asked for."""

    level: Level | None
    """None: not even the lowest, so the account is of no use."""
    sentence: str = ""


def granted(asked: Level, reached: Level | None, vendor: str) -> Granted:
    """Compare. `vendor` is a name for the sentence."""
    if reached is None:
        said = _("{vendor} gave no access to your calendars: the boxes on the permission page were not ticked.")
        return Granted(level=None, sentence=said.format(vendor=vendor))
    if reached.rank < asked.rank:
        said = _("Not every box was ticked at {vendor}: CalMerge may {may}, but not {wish}.")
        return Granted(level=reached, sentence=said.format(vendor=vendor, may=words(reached), wish=words(asked)))
    return Granted(level=reached)
