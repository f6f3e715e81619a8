"""Two parties exchange random legal messages, delivered in any order, some twice, some never: they end in agreement.

What may be lost is lost; what the organizer sends last on the whole event arrives, and so does the guest's last answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.ics.series import edit
from calmerge_desktop.core.itip import make
from calmerge_desktop.core.itip.decide import Kind, decide
from calmerge_desktop.core.itip.held import Held
from calmerge_desktop.core.itip.message import read_messages
from calmerge_desktop.core.model import Changes, Scope, Stamp

from .test_itip import ALICE, BOB, NOW, meeting, partstat, shown, stamp

WEEKS = 4
_FIRST = stamp("2026-12-01T10:00")


def week(n: int) -> Stamp:
    return Stamp(_FIRST.value + timedelta(weeks=n), _FIRST.tzid)


@dataclass
class Party:
    """One program with its own copy."""

    address: str
    ics: str | None
    seen: set[Kind] = field(default_factory=set)

    def receives(self, text: str, sender: str, now: int) -> None:
        (message,) = read_messages(text)
        found = decide(message, self.ics, [self.address], sender, now)
        self.seen.add(found.kind)
        if found.after is not None:
            self.ics = found.after


@dataclass
class Exchange:
    """The organizer's wishes become messages; time passes with each."""

    alice: Party
    bob: Party
    now: int = NOW
    post: list[tuple[str, str]] = field(default_factory=list)
    """(sender, text) under way."""
    live: set[int] = field(default_factory=lambda: set(range(WEEKS)))

    def tick(self) -> int:
        self.now += 60
        return self.now

    def number(self) -> int:
        assert self.alice.ics
        self.alice.ics = make.numbered(self.alice.ics, make.sequence_of(self.alice.ics) + 1)
        return make.sequence_of(self.alice.ics)

    def send_whole(self) -> str:
        self.number()
        return make.request(self.alice.ics or "", now=self.tick())

    def change(self, changes: Changes, rid: str | None) -> None:
        scope = Scope.THIS if rid else Scope.ALL
        done = edit(self.alice.ics or "", rid, changes, scope, now=self.tick(), organizer=ALICE, new_uid="x")
        assert done.ics
        self.alice.ics = done.ics

    def act(self, what: str, n: int, hour: int) -> None:
        rid = f"{week(n).value:%Y%m%dT%H%M%S}"
        if what == "words":
            self.change(Changes(summary=f"Review {hour}"), None)
            self.post.append((ALICE, self.send_whole()))
        elif what == "move-one" and n in self.live:
            day = week(n).value.replace(hour=hour)  # type: ignore[call-arg]  # a datetime
            self.change(
                Changes(start=Stamp(day, "Europe/Berlin"), end=Stamp(day + timedelta(hours=1), "Europe/Berlin")), rid
            )
            sequence = self.number()
            self.post.append((ALICE, make.request(self.alice.ics or "", week(n), now=self.tick(), sequence=sequence)))
        elif what == "cancel-one" and n in self.live and len(self.live) > 1:
            self.live.discard(n)
            sequence = self.number()
            text = make.cancel(self.alice.ics or "", week(n), now=self.tick(), sequence=sequence)
            held = Held(self.alice.ics or "")
            held.cancel(read_messages(text)[0].main)
            self.alice.ics = held.text()
            self.post.append((ALICE, text))
        elif what == "answer" and self.bob.ics:
            self.post.append((BOB, self.answer("accepted" if hour % 2 else "declined")))
        elif what == "answer-one" and self.bob.ics and n in self.live:
            self.post.append((BOB, make.reply(self.bob.ics, week(n), BOB, "tentative", now=self.tick())))

    def answer(self, stat: str) -> str:
        assert self.bob.ics
        text = make.reply(self.bob.ics, None, BOB, stat, now=self.tick())
        held = Held(self.bob.ics)
        held.answer(BOB, stat, None, at=0)
        self.bob.ics = held.text()
        return text

    def deliver(self, index: int, *, keep: bool) -> None:
        if self.post:
            sender, text = self.post[index % len(self.post)]
            if not keep:
                self.post.remove((sender, text))
            (self.bob if sender == ALICE else self.alice).receives(text, sender, self.now)


_ACTS = st.tuples(
    st.sampled_from(
        ["words", "move-one", "move-one", "cancel-one", "answer", "answer-one", "deliver", "deliver", "again", "lose"]
    ),
    st.integers(0, WEEKS - 1),
    st.integers(8, 18),
)


def _visible(ics: str) -> list[str]:
    return [start for start, cancelled in shown(ics) if not cancelled]


@settings(max_examples=80, deadline=None)
@given(st.lists(_ACTS, max_size=25))
def test_they_end_in_agreement(acts: list[tuple[str, int, int]]) -> None:
    ours = Exchange(Party(ALICE, meeting(f"FREQ=WEEKLY;COUNT={WEEKS}")), Party(BOB, None))
    ours.bob.receives(ours.send_whole(), ALICE, ours.now)
    for what, n, hour in acts:
        if what in ("deliver", "again"):
            ours.deliver(n * hour, keep=what == "again")
        elif what == "lose" and ours.post:
            ours.post.pop(n % len(ours.post))
        else:
            ours.act(what, n, hour)
    last = ours.send_whole()
    ours.bob.receives(last, ALICE, ours.now)
    while ours.post:  # what was still under way comes late
        ours.deliver(len(ours.post) // 2, keep=False)
    ours.bob.receives(last, ALICE, ours.now)
    assert ours.alice.ics
    assert ours.bob.ics
    assert _visible(ours.bob.ics) == _visible(ours.alice.ics)
    assert {event.summary for event in read(ours.bob.ics).events if event.status != "cancelled"} == {
        event.summary for event in read(ours.alice.ics).events if event.status != "cancelled"
    }
    ours.alice.receives(ours.answer("accepted"), BOB, ours.now)
    assert partstat(ours.alice.ics, BOB) == partstat(ours.bob.ics, BOB) == "accepted"


@settings(max_examples=30, deadline=None)
@given(st.lists(_ACTS, max_size=12))
def test_after_all_is_cancelled_nothing_comes_back(acts: list[tuple[str, int, int]]) -> None:
    ours = Exchange(Party(ALICE, meeting(f"FREQ=WEEKLY;COUNT={WEEKS}")), Party(BOB, None))
    ours.bob.receives(ours.send_whole(), ALICE, ours.now)
    for what, n, hour in acts:
        if what not in ("deliver", "again", "lose"):
            ours.act(what, n, hour)
    sequence = ours.number()
    ours.bob.receives(make.cancel(ours.alice.ics or "", now=ours.tick(), sequence=sequence), ALICE, ours.now)
    while ours.post:
        ours.deliver(0, keep=False)
    assert _visible(ours.bob.ics or "") == []
