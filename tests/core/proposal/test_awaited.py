"""Which offers of pages an answer is looked for to."""

from __future__ import annotations

from calmerge_desktop.core.proposal.published import Published, Shown, awaited
from calmerge_desktop.core.when import DAY

NOW = 1_800_000_000


def shown(id: str, *, expires: int = NOW + DAY, starts: tuple[int, ...] = (NOW + DAY,)) -> Shown:
    return Shown(
        id=id * 11, secret="cd" * 16, made=NOW, known=NOW, expires=expires, language="en", minutes=30, starts=starts
    )


def test_what_may_still_be_answered_is_waited_for() -> None:
    """Also an earlier offer, and one that ended lately: a page may have been open for a while."""
    one = Published(id="1", address="/web", shown=(shown("ab", expires=NOW - DAY), shown("cd")))
    assert awaited([one, Published(id="2", address="/other")], NOW) == {"ab" * 11: b"\xcd" * 16, "cd" * 11: b"\xcd" * 16}


def test_what_nobody_can_answer_is_not() -> None:
    """Over for long, without times, or with times that are all over."""
    gone = (shown("ab", expires=NOW - 4 * DAY), shown("cd", starts=()), shown("ef", starts=(NOW - DAY, NOW)))
    assert awaited([Published(id="1", address="/web", shown=gone)], NOW) == {}
