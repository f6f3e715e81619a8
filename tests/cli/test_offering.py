"""Several guests for the same times, and other times in the same thread; all through the command line."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from email import message_from_string
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from calmerge_desktop.app.profile import Profile
from calmerge_desktop.core.errors import Conflict
from calmerge_desktop.core.proposal.model import Proposal, State
from calmerge_desktop.core.store import migrate
from tests.cli.conftest import Calmerge
from tests.cli.test_proposing import _MONDAY, SLOTS, _events, _read, _reply, when

A, B, C = "ada@example.test", "ben@example.test", "cleo@example.test"
HELD = ("--hold", "--expires", when(0, "23:00"))


@pytest.fixture
def lena(calmerge: Calmerge) -> Calmerge:
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", "lena@example.test")
    return calmerge


def offered(lena: Calmerge, *guests: str, more: tuple[str, ...] = HELD) -> list[Any]:
    to = [part for one in guests for part in ("--to", one)]
    found: list[Any] = lena.ok("propose", "30m", *to, "--title", "Kickoff", *SLOTS, *more)["proposals"]
    return found


def mails(lena: Calmerge) -> list[Any]:
    with closing(Profile.open(str(lena.home))) as opened:
        letters = opened.store.post.letters(everything=True)
    return [message_from_string(one.mime, policy=default) for one in letters]


def state(lena: Calmerge, id: str) -> str:
    found: str = lena.ok("proposal", "show", id)["proposal"]["state"]
    return found


def all_holds(lena: Calmerge) -> list[str]:
    found = lena.ok("agenda", "--from", "today", "--to", "+40d")["instances"]
    return sorted(one["start"][:16] for one in found if one["summary"].startswith("Held: "))


# --- several guests ---------------------------------------------------------------------------------------------------


def test_several_guests_share_the_holds(lena: Calmerge) -> None:
    """Three times are three tentative events, however many guests."""
    made = offered(lena, A, B, C)
    assert len({one["offering"] for one in made}) == 1
    assert len({one["id"] for one in made}) == 3
    assert [name for name, _start in _events(lena)] == ["Held: Kickoff"] * 3


def test_the_first_to_choose_has_it_and_the_rest_stays_held_for_the_others(lena: Calmerge) -> None:
    """Ada takes the second time; the other two stay held for Ben, who may not have hers."""
    ada, ben = offered(lena, A, B)
    done = _read(lena, _reply(ada["slots"][1]["token"], sender=A))
    assert done["proposal"]["state"] == "booked"
    assert _events(lena) == [
        ("Held: Kickoff", when(1, "10:00")), ("Kickoff", when(2, "14:00")), ("Held: Kickoff", when(3, "09:30")),
    ]  # fmt: skip
    late = lena("proposal", "read", "-", stdin=_reply(ben["slots"][1]["token"], sender=B))
    assert (late.code, late.err.strip()) == (
        5, "The time was taken in the meantime. See other times with: calmerge proposal counter ID NUMBER",
    )  # fmt: skip
    shown = lena.ok("proposal", "show", ben["id"])["proposal"]
    assert [(one["state"], one["by"], one["hold"]) for one in shown["slots"]] == [
        ("open", None, True), ("taken", A, False), ("open", None, True),
    ]  # fmt: skip
    _read(lena, _reply(ben["slots"][0]["token"], sender=B))
    assert _events(lena) == [("Kickoff", when(1, "10:00")), ("Kickoff", when(2, "14:00"))]


def test_holds_go_with_the_last_offer_that_needs_them(lena: Calmerge) -> None:
    """Withdrawing one of two releases nothing; withdrawing the other releases all; opening again holds again."""
    ada, ben = offered(lena, A, B)
    lena.ok("proposal", "withdraw", ada["id"])
    assert len(_events(lena)) == 3
    lena.ok("proposal", "withdraw", ben["id"])
    assert _events(lena) == []
    assert lena.ok("proposal", "reopen", ben["id"])["proposal"]["state"] == "open"
    assert len(_events(lena)) == 3
    assert lena("proposal", "reopen", ben["id"]).code == 5


def test_a_mail_to_several_says_so_and_names_nobody(lena: Calmerge) -> None:
    """No guest reads of another, and nobody is promised a time that others may take."""
    made = offered(lena, f"Ada Byron <{A}>", B, more=(*HELD, "--send", "--lang", "en"))
    assert [str(one["To"]) for one in mails(lena)] == [A, B]
    assert made[0]["text"].startswith("Hello Ada Byron,")
    for one, other in ((made[0], B), (made[1], A)):
        assert "whoever chooses a time first has it" in " ".join(one["text"].split())
        assert "keep" not in one["text"]
        assert other not in one["text"] + one["html"]
    (alone,) = offered(lena, C)
    assert "I keep these three free" in " ".join(alone["text"].split())


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--to", A, "--to", "nobody"], "no mail address"),
        (["--to", A, "--to", B, "--name", "Ada"], "One name cannot be for several guests"),
        (["--to", A, "--to", B, "--page", "page.html"], "is for one guest"),
        ([part for n in range(51) for part in ("--to", f"g{n}@example.test")], "between 1 and 50 people"),
    ],
)
def test_bad_guests_keep_nothing(lena: Calmerge, arguments: list[str], part: str) -> None:
    """One sentence; no proposal, no hold."""
    answer = lena("propose", "30m", *arguments, *SLOTS, *HELD)
    assert (answer.code, answer.err.count("\n")) == (3, 1)
    assert part in answer.err
    assert lena.ok("proposal", "list")["proposals"] == []
    assert _events(lena) == []


def test_the_same_address_twice_is_one_guest(lena: Calmerge) -> None:
    """In any case of letters."""
    assert [one["to"] for one in offered(lena, A, A.upper(), B)] == [A, B]


def test_two_who_choose_at_the_same_moment_never_both_have_it(lena: Calmerge) -> None:
    """The claim of a time and the look for another claim are one transaction."""
    first, second = (one["id"] for one in offered(lena, A, B, more=()))
    with closing(Profile.open(str(lena.home))) as opened:
        box, won = opened.store.proposals, []
        both = threading.Barrier(2)

        def claim(id: str) -> None:
            both.wait()
            try:
                box.step(id, State.OPEN, State.BOOKING, 1, at=1, first=True)
                won.append(id)
            except Conflict:
                pass

        threads = [threading.Thread(target=claim, args=(one,)) for one in (first, second)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(won) == 1


def test_a_ledger_from_before_offerings_goes_on(lena: Calmerge) -> None:
    """Each proposal there was offers its times alone, with the holds it has; nothing is held twice."""
    (made,) = offered(lena, A)
    path = lena.home / "ledger.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("DROP INDEX proposal_offering")
        for column in ("offering", "history"):
            connection.execute(f"ALTER TABLE proposal DROP COLUMN {column}")
        new = ("offering", "shared", "follows", "root", "why", "went", "subject", "thread")
        (body,) = connection.execute("SELECT body FROM proposal").fetchone()
        assert all(f'"{name}"' not in body for name in ("offering",))
        removed = ", ".join(f"'$.{name}'" for name in new)
        connection.execute(f"UPDATE proposal SET body = json_remove(body, {removed})")
        connection.execute("UPDATE alembic_version SET version_num = '0007'")
    connection.close()
    assert lena.ok("proposal", "show", made["id"])["proposal"]["offering"] == made["id"]
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (migrate.HEAD,)
    connection.close()
    assert len(_events(lena)) == 3
    _read(lena, made["slots"][0]["token"])
    assert _events(lena) == [("Kickoff", when(1, "10:00"))]


# --- other times ------------------------------------------------------------------------------------------------------


def test_a_counter_only_shows_until_it_is_sent(lena: Calmerge) -> None:
    """Nothing is kept, no hold moves."""
    (made,) = offered(lena, A)
    before = _events(lena)
    shown = lena.ok("proposal", "counter", made["id"])
    assert shown["proposal"] is None
    assert shown["subject"] == "Re: " + made["subject"]
    assert (state(lena, made["id"]), _events(lena)) == ("open", before)
    assert len(lena.ok("proposal", "list")["proposals"]) == 1


def test_none_of_these_is_answered_with_other_times_in_the_thread(lena: Calmerge) -> None:
    """Other times than before, in the guest's thread, under the UID the meeting would have had; then one is booked."""
    (made,) = offered(lena, A, more=(*HELD, "--send", "--lang", "en"))
    no = _reply("Unfortunately none of these works.", sender=A).replace(
        "Subject:", "Message-ID: <no-1@ada.example.test>\nSubject:", 1
    )
    assert _read(lena, no)["answer"]["declined"] is True
    done = lena.ok("proposal", "counter", made["id"], "--send")
    new = done["proposal"]
    assert (new["follows"], new["state"]) == (made["id"], "open")
    assert state(lena, made["id"]) == "replaced"
    assert "thank you for your answer. Nothing is booked yet. These three other times" in " ".join(done["text"].split())
    old = {one["start"] for one in made["slots"]}
    assert old.isdisjoint(one["start"] for one in new["slots"])
    assert all_holds(lena) == sorted(one["start"][:16] for one in new["slots"])
    offer, counter = mails(lena)
    assert counter["In-Reply-To"] == "<no-1@ada.example.test>"
    assert counter["References"].split() == [offer["Message-ID"], "<no-1@ada.example.test>"]
    answer = _reply("2", sender=A, references=f"{offer['Message-ID']} {counter['Message-ID']}")
    booked = _read(lena, answer)["proposal"]
    assert (booked["id"], booked["booking"]["slot"]) == (new["id"], 2)
    assert booked["booking"]["uid"] == f"{made['id']}@proposal.calmerge"
    assert all_holds(lena) == []


def test_a_time_that_went_is_answered_with_the_nearest(lena: Calmerge) -> None:
    """The times of the offer that are still open count as free, though its own holds stand there."""
    (made,) = offered(lena, A, more=("--hold", "--expires", when(0, "23:00"), "--lang", "en"))
    lena.ok("event", "add", "--title", "Board", "--start", when(1, "10:00"), "--end", when(1, "11:00"))
    assert lena("proposal", "read", "-", stdin=_reply(made["slots"][0]["token"], sender=A)).code == 5
    shown = lena.ok("proposal", "show", made["id"])["proposal"]["slots"][0]
    assert (shown["state"], shown["by"]) == ("taken", "Board")
    polite = lena.ok("proposal", "counter", made["id"], "--count", "20")
    assert "10:00 was taken in the meantime" in " ".join(polite["text"].split())
    assert "Sorry for the detour" in polite["text"]
    kept = lena.ok("proposal", "counter", made["id"], "1", "--count", "60", "--keep")["proposal"]
    starts = [one["start"][:16] for one in kept["slots"]]
    assert when(1, "11:00") in starts
    assert when(2, "14:00") in starts
    assert when(1, "10:00") not in starts


def test_own_times_may_be_countered_with(lena: Calmerge) -> None:
    """--slot; German is German."""
    (made,) = offered(lena, A, more=("--lang", "de"))
    done = lena.ok("proposal", "counter", made["id"], "--slot", when(4, "11:00"), "--keep")
    assert [one["start"][:16] for one in done["proposal"]["slots"]] == [when(4, "11:00")]
    assert done["proposal"]["slots"][0]["end"][11:16] == "11:30"
    assert lena("proposal", "counter", made["id"]).code == 5
    late = _read(lena, _reply(made["slots"][0]["token"], sender=A))
    assert late["answer"]["trouble"] == "Other times were offered since, so this answer chooses none of them."
    assert _events(lena) == []


def test_an_expired_offer_may_be_made_anew_and_a_booked_one_not(lena: Calmerge) -> None:
    """The mail says why it comes."""
    (old,) = offered(lena, A, more=("--expires", "now", "--lang", "en"))
    assert "my earlier offer has run out" in " ".join(lena.ok("proposal", "counter", old["id"])["text"].split())
    (booked,) = offered(lena, B, more=())
    _read(lena, booked["slots"][0]["token"])
    assert lena("proposal", "counter", booked["id"]).code == 5


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["9"], "has no time 9"),
        (["0"], "has no time 0"),
        (["--count", "0"], "Between 1 and"),
        (["--slot", "2020-01-01T10:00"], "over already"),
        (["--slot", "2030-01-01"], "no time of day"),
    ],
)
def test_a_bad_counter_changes_nothing(lena: Calmerge, arguments: list[str], part: str) -> None:
    """One sentence, and the offer stands."""
    (made,) = offered(lena, A)
    answer = lena("proposal", "counter", made["id"], *arguments, "--send")
    assert (answer.code, answer.err.count("\n")) == (3, 1)
    assert part in answer.err
    assert state(lena, made["id"]) == "open"


# --- sending and taking back ------------------------------------------------------------------------------------------


def test_an_offer_is_sent_again_in_its_thread_a_few_times(lena: Calmerge) -> None:
    """Each is a mail of its own that answers the first; an answer to it is understood."""
    (made,) = offered(lena, A, more=("--send",))
    assert lena.ok("proposal", "send", made["id"])["queued"] == 0
    for _n in range(5):
        assert lena.ok("proposal", "send", made["id"], "--again")["queued"] == 1
    assert lena("proposal", "send", made["id"], "--again").code == 3
    first, *more = mails(lena)
    assert {one["In-Reply-To"] for one in more} == {first["Message-ID"]}
    assert len({one["Message-ID"] for one in [first, *more]}) == 6
    offered(lena, A, more=())
    done = _read(lena, _reply("1", sender=A, references=str(more[2]["Message-ID"])))
    assert done["proposal"]["id"] == made["id"]


def test_what_waits_is_taken_back_and_what_left_is_not(lena: Calmerge) -> None:
    """A counter that is taken back lets the earlier offer stand as it stood, holds included."""
    (made,) = offered(lena, A)
    _read(lena, _reply("Unfortunately none of these works.", sender=A))
    before = _events(lena)
    with closing(Profile.open(str(lena.home))) as opened:
        job = opened.desk.proposing
        new = job.counter(job.others(made["id"]), send=True, wait=10)
        assert _events(lena) != before
        job.take_back([new])
        assert [one.state for one in job.list()] in ([State.WITHDRAWN, State.ANSWERED], [State.ANSWERED, State.WITHDRAWN])
        assert opened.store.post.letters(everything=True) == []
        assert job.answer(made["id"]) is not None
        with pytest.raises(Conflict):
            job.reopen(new.id)
        again = job.counter(job.others(made["id"]), send=True, wait=10)
        assert opened.store.post.claim(opened.store.post.letters()[0].id)
        with pytest.raises(Conflict, match="left already"):
            job.take_back([again])
        assert job.get(again.id).state is State.OPEN


def test_the_history_tells_when(lena: Calmerge) -> None:
    """Answered, booked; and a ledger that is asked twice answers the same."""
    (made,) = offered(lena, A, more=("--send",))
    _read(lena, _reply("Mittwoch 14 Uhr passt mir gut.", sender=A))
    lena.ok("proposal", "book", made["id"], "2")
    shown = lena.ok("proposal", "show", made["id"])["proposal"]
    assert [one["state"] for one in shown["history"]] == ["answered", "booking", "booked"]
    assert [one["what"] for one in shown["letters"]] == ["offer", "booked"]
    assert _MONDAY is not None


def test_people_read_the_times_and_what_became_of_them(lena: Calmerge) -> None:
    """The lines of `proposal show`."""
    (made,) = offered(lena, A, more=("--lang", "en"))
    lena.ok("event", "add", "--title", "Board", "--start", when(1, "10:00"), "--end", when(1, "11:00"))
    out = lena("proposal", "show", made["id"]).out.splitlines()
    assert out[0] == f"Kickoff: {A}, open"
    assert out[1].endswith("taken meanwhile by “Board”")
    assert out[2].endswith(": open")


def found(lena: Calmerge, id: str) -> Proposal:
    with closing(Profile.open(str(lena.home))) as opened:
        return opened.desk.proposing.get(id)


def test_an_offer_kept_is_whole(lena: Calmerge, tmp_path: Path) -> None:
    """Everything of a counter survives the ledger."""
    (made,) = offered(lena, A, more=("--send",))
    new = lena.ok("proposal", "counter", made["id"], "--send")["proposal"]
    kept = found(lena, new["id"])
    assert (kept.follows, kept.root, kept.why, len(kept.thread)) == (made["id"], made["id"], "changed", 1)
    assert kept.offering == kept.id
