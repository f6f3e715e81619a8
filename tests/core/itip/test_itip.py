"""Two parties and every method: who may do what, in which order, and what is left unchanged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.ics.read import read
from calmerge_desktop.core.ics.series import edit
from calmerge_desktop.core.ics.write import new_resource
from calmerge_desktop.core.instances import in_window, open_series
from calmerge_desktop.core.itip import make
from calmerge_desktop.core.itip.decide import Kind, Verdict, decide
from calmerge_desktop.core.itip.message import Method, read_messages
from calmerge_desktop.core.model import Book, CalendarId, Changes, Draft, Scope, Stamp, Status
from calmerge_desktop.core.zones import iana

ALICE, BOB, CAROL, EVE = (f"{name}@example.test" for name in ("alice", "bob", "carol", "eve"))
NOW = 1_795_000_000
CAL = CalendarId("c-1")


def stamp(text: str) -> Stamp:
    return Stamp(datetime.fromisoformat(text), "Europe/Berlin")


def meeting(rrule: str | None = None, *guests: str) -> str:
    """Alice invites."""
    draft = Draft(
        calendar=CAL,
        summary="Review",
        start=stamp("2026-12-01T10:00"),
        end=stamp("2026-12-01T11:00"),
        rrule=rrule,
        attendees=guests or (BOB, CAROL),
    )
    return new_resource(draft, uid="u-1", now=NOW, organizer=ALICE)


def take(text: str, have: str | None, me: str, sender: str | None = ALICE, now: int = NOW) -> Verdict:
    (message,) = read_messages(text)
    return decide(message, have, [me], sender, now)


def invited(rrule: str | None = None, me: str = BOB) -> str:
    """The copy of a guest after the invitation."""
    found = take(make.request(meeting(rrule), now=NOW), None, me)
    assert found.kind is Kind.INVITATION
    assert found.after
    return found.after


def shown(ics: str) -> list[tuple[str, bool]]:
    """Starts of all occurrences, and whether each is cancelled."""
    series, _bad = open_series(ics, None)
    book = Book(CAL, None, None)
    ones = sorted(in_window(series, book, "e", 0, NOW + 86_400 * 400, iana("UTC")), key=lambda one: one.start)
    return [(f"{datetime.fromtimestamp(one.start, UTC):%d.%m. %H:%M}", one.status is Status.CANCELLED) for one in ones]


def partstat(ics: str, address: str) -> str:
    return next(one.partstat for event in read(ics).events for one in event.attendees if one.address == address)


def moved(ics: str, start: str, end: str, rid: str | None = None) -> str:
    done = edit(
        ics,
        rid,
        Changes(start=stamp(start), end=stamp(end)),
        Scope.THIS if rid else Scope.ALL,
        now=NOW + 60,
        organizer=ALICE,
        new_uid="x",
    )
    assert done.ics
    return done.ics


def test_an_invitation_asks_and_keeps_no_method_and_no_foreign_alarm() -> None:
    text = make.request(meeting(), now=NOW).replace(
        "END:VEVENT", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT"
    )
    found = take(text, None, BOB)
    assert found.kind is Kind.INVITATION
    assert found.after
    assert "METHOD" not in found.after
    assert "VALARM" not in found.after
    assert partstat(found.after, BOB) == "needs-action"


def test_the_request_names_everything_programs_ask_for() -> None:
    text = make.request(meeting(), now=NOW)
    for needed in ("METHOD:REQUEST", "UID:u-1", "DTSTAMP:20261118", "SEQUENCE:0", "ORGANIZER:mailto:alice", "STATUS:CONFIRMED",
                   "BEGIN:VTIMEZONE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:alice"):  # fmt: skip
        assert needed in text, needed


def test_what_is_only_ours_never_leaves() -> None:
    ours = meeting().replace(
        "END:VEVENT", "X-CALMERGE-HOLD:secret\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT"
    )
    text = make.request(ours, now=NOW)
    assert "secret" not in text
    assert "VALARM" not in text


def test_an_answer_is_recorded_for_the_right_person_and_never_sent_on() -> None:
    answer = make.reply(invited(), None, BOB, "accepted", now=NOW + 10, comment="Gern, bis dann")
    found = take(answer, meeting(), ALICE, BOB)
    assert (found.kind, found.who, found.partstat, found.comment) == (Kind.ANSWER, BOB, "accepted", "Gern, bis dann")
    assert found.after
    assert partstat(found.after, BOB) == "accepted"
    assert partstat(found.after, CAROL) == "needs-action"
    assert "X-CALMERGE" in found.after
    assert "X-CALMERGE" not in make.request(found.after, now=NOW + 20)


def test_a_reply_carries_one_attendee_and_no_other_addresses() -> None:
    answer = make.reply(invited(), None, BOB, "declined", now=NOW + 10)
    (message,) = read_messages(answer)
    assert message.method is Method.REPLY
    assert [one.address for one in message.main.event.attendees] == [BOB]
    assert CAROL not in answer


def test_the_later_answer_stays_whatever_arrives_last() -> None:
    yes = make.reply(invited(), None, BOB, "accepted", now=NOW + 10)
    no = make.reply(invited(), None, BOB, "declined", now=NOW + 20)
    after = take(no, meeting(), ALICE, BOB).after
    assert after
    assert take(yes, after, ALICE, BOB).kind is Kind.KNOWN
    assert take(no, after, ALICE, BOB).kind is Kind.KNOWN
    again = take(make.reply(invited(), None, CAROL, "accepted", now=NOW + 5), after, ALICE, CAROL)
    assert again.kind is Kind.ANSWER  # order is kept per person


def test_an_answer_to_an_older_version_is_not_recorded() -> None:
    yes = make.reply(invited(), None, BOB, "accepted", now=NOW + 10)
    later = moved(meeting(), "2026-12-02T10:00", "2026-12-02T11:00")
    assert take(yes, later, ALICE, BOB).kind is Kind.OLD


@pytest.mark.parametrize(
    ("text", "have", "me", "sender", "kind"),
    [
        ("reply", "organizer", ALICE, EVE, Kind.NOT_ALLOWED),
        ("uninvited", "organizer", ALICE, EVE, Kind.UNINVITED),
        ("cancel", "guest", BOB, EVE, Kind.NOT_ALLOWED),
        ("request", "guest", BOB, EVE, Kind.NOT_ALLOWED),
        ("request", "nothing", BOB, EVE, Kind.NOT_ALLOWED),
        ("request", "organizer", ALICE, EVE, Kind.NOT_ALLOWED),
        ("reply", "nothing", ALICE, BOB, Kind.UNKNOWN),
        ("cancel", "nothing", BOB, ALICE, Kind.UNKNOWN),
        ("reply", "guest", CAROL, BOB, Kind.NOT_ALLOWED),
    ],
)
def test_who_may_do_what(text: str, have: str, me: str, sender: str, kind: Kind) -> None:
    texts = {
        "reply": make.reply(invited(), None, BOB, "accepted", now=NOW + 10),
        "uninvited": make.reply(invited(), None, BOB, "accepted", now=NOW + 10).replace(BOB, EVE),
        "cancel": make.cancel(meeting(), now=NOW + 10, sequence=1),
        "request": make.request(moved(meeting(), "2026-12-02T10:00", "2026-12-02T11:00"), now=NOW + 99),
    }
    copies = {"organizer": meeting(), "guest": invited(), "nothing": None}
    found = take(texts[text], copies[have], me, sender)
    assert found.kind is kind
    assert found.after is None


def test_an_assistant_may_send_for_the_organizer_if_the_message_says_so() -> None:
    text = make.request(moved(meeting(), "2026-12-02T10:00", "2026-12-02T11:00"), now=NOW + 99)
    by = text.replace("ORGANIZER:mailto:alice", f'ORGANIZER;SENT-BY="mailto:{EVE}":mailto:alice')
    assert take(by, invited(), BOB, EVE).kind is Kind.UPDATE


def test_a_moved_meeting_asks_anew_and_new_words_do_not() -> None:
    yes = invited().replace("PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob", "PARTSTAT=ACCEPTED:mailto:bob")
    found = take(make.request(moved(meeting(), "2026-12-02T10:00", "2026-12-02T11:00"), now=NOW + 99), yes, BOB)
    assert (found.kind, found.moved) == (Kind.UPDATE, True)
    assert partstat(found.after or "", BOB) == "needs-action"
    words = edit(meeting(), None, Changes(summary="Review 2"), Scope.ALL, now=NOW + 60, organizer=ALICE, new_uid="x").ics
    found = take(make.request(words or "", now=NOW + 99), yes, BOB)
    assert (found.kind, found.moved) == (Kind.UPDATE, False)
    assert partstat(found.after or "", BOB) == "accepted"


def test_old_and_repeated_requests_change_nothing() -> None:
    first = make.request(meeting(), now=NOW)
    second = make.request(moved(meeting(), "2026-12-02T10:00", "2026-12-02T11:00"), now=NOW + 99)
    after = take(second, invited(), BOB).after
    assert take(second, after, BOB).kind is Kind.KNOWN
    assert take(first, after, BOB).kind is Kind.OLD


def test_my_reminder_survives_an_update() -> None:
    mine = invited().replace("END:VEVENT", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT7M\r\nEND:VALARM\r\nEND:VEVENT")
    found = take(make.request(moved(meeting(), "2026-12-02T10:00", "2026-12-02T11:00"), now=NOW + 99), mine, BOB)
    assert "TRIGGER:-PT7M" in (found.after or "")


def test_all_cancelled_and_a_late_request_does_not_revive_it() -> None:
    gone = take(make.cancel(meeting(), now=NOW + 50, sequence=2, comment="Ich bin krank"), invited(), BOB)
    assert (gone.kind, gone.comment) == (Kind.CANCELLED, "Ich bin krank")
    assert shown(gone.after or "") == [("01.12. 09:00", True)]
    late = make.request(moved(meeting(), "2026-12-02T10:00", "2026-12-02T11:00"), now=NOW + 40)
    assert take(late, gone.after, BOB).kind is Kind.OLD


def test_one_occurrence_is_cancelled_moved_and_answered() -> None:
    series = meeting("FREQ=WEEKLY;COUNT=3")
    guest = invited("FREQ=WEEKLY;COUNT=3")
    second = stamp("2026-12-08T10:00")
    gone = take(make.cancel(series, second, now=NOW + 50, sequence=1), guest, BOB)
    assert gone.kind is Kind.CANCELLED
    assert shown(gone.after or "") == [("01.12. 09:00", False), ("08.12. 09:00", True), ("15.12. 09:00", False)]
    shifted = moved(series, "2026-12-08T14:00", "2026-12-08T15:00", "20261208T100000")
    found = take(make.request(shifted, second, now=NOW + 60, sequence=2), guest, BOB)
    assert (found.kind, found.moved) == (Kind.UPDATE, True)
    assert shown(found.after or "")[1] == ("08.12. 13:00", False)
    answer = take(make.reply(found.after or "", second, BOB, "declined", now=NOW + 70), shifted, ALICE, BOB)
    assert answer.kind is Kind.ANSWER
    events = {event.recurrence_id is None: event for event in read(answer.after or "").events}
    assert [one.partstat for one in events[False].attendees if one.address == BOB] == ["declined"]
    assert [one.partstat for one in events[True].attendees if one.address == BOB] == ["needs-action"]


def test_a_late_whole_request_does_not_undo_a_later_change_of_one_occurrence() -> None:
    series = meeting("FREQ=WEEKLY;COUNT=3")
    guest = invited("FREQ=WEEKLY;COUNT=3")
    words = edit(series, None, Changes(summary="New words"), Scope.ALL, now=NOW + 20, organizer=ALICE, new_uid="x").ics or ""
    whole = make.request(words, now=NOW + 20)
    gone = take(make.cancel(words, stamp("2026-12-08T10:00"), now=NOW + 50, sequence=2), guest, BOB).after
    after = take(whole, gone, BOB).after or ""
    assert "New words" in after
    assert [cancelled for _start, cancelled in shown(after)] == [False, True, False]


def test_only_those_left_out_hear_that_they_are() -> None:
    text = make.cancel(meeting(), now=NOW + 50, sequence=1, only=[CAROL])
    assert take(text, invited(), BOB).kind is Kind.KNOWN
    assert take(text, invited(me=CAROL), CAROL).kind is Kind.CANCELLED


def test_a_counter_is_a_wish_and_changes_nothing() -> None:
    text = make.counter(
        invited(), None, BOB, stamp("2026-12-03T09:00"), stamp("2026-12-03T10:00"), now=NOW + 10, comment="Lieber früher"
    )
    found = take(text, meeting(), ALICE, BOB)
    assert (found.kind, found.after, found.comment) == (Kind.COUNTER, None, "Lieber früher")
    assert (found.start, found.end) == (stamp("2026-12-03T09:00"), stamp("2026-12-03T10:00"))
    assert "X-MS-OLK-ORIGINALSTART" in text
    assert CAROL not in text
    assert take(text, meeting(), ALICE, BOB, now=NOW + 86_400 * 60).kind is Kind.PAST
    assert take(text, meeting(), ALICE, EVE).kind is Kind.NOT_ALLOWED
    declined = make.decline_counter(meeting(), None, now=NOW + 20)
    assert take(declined, invited(), BOB).kind is Kind.DECLINED_COUNTER


@pytest.mark.parametrize(("sequence", "lines"), [(0, []), (3, ["SEQUENCE:3"])])
def test_the_refusal_of_a_counter_names_its_version(sequence: int, lines: list[str]) -> None:
    """RFC 5546 §3.2.8: SEQUENCE must be there unless it is 0."""
    text = make.decline_counter(make.numbered(meeting(), sequence), None, now=NOW)
    assert [one for one in text.splitlines() if one.startswith("SEQUENCE")] == lines


def test_refresh_asks_and_only_guests_may() -> None:
    text = make.refresh(invited(), BOB, now=NOW + 5)
    assert take(text, meeting(), ALICE, BOB).kind is Kind.REFRESH
    assert take(text.replace(BOB, EVE), meeting(), ALICE, EVE).kind is Kind.NOT_ALLOWED


def test_a_delegate_may_answer() -> None:
    line = f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{EVE}":mailto:{BOB}'
    text = make.reply(invited(), None, BOB, "accepted", now=NOW + 10)
    start = text.index("ATTENDEE")
    text = text[:start] + line + text[text.index("\r\n", start) :]
    found = take(text, meeting(), ALICE, BOB)
    assert found.kind is Kind.ANSWER
    assert partstat(found.after or "", BOB) == "delegated"
    yes = make.reply(found.after or "", None, EVE, "accepted", now=NOW + 20)
    assert partstat(take(yes, found.after, ALICE, EVE).after or "", EVE) == "accepted"


def test_another_address_of_mine_is_me() -> None:
    (message,) = read_messages(make.request(meeting(None, "Bob.Other@Example.TEST"), now=NOW))
    found = decide(message, None, [BOB, "bob.other@example.test"], ALICE, NOW)
    assert found.kind is Kind.INVITATION
    make.reply(found.after or "", None, "bob.other@example.test", "accepted", now=NOW)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "no event"),
        ("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", "no event"),
        (
            "BEGIN:VCALENDAR\r\nMETHOD:DANCE\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            "no kind of message",
        ),
        ("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "which event"),
        ("x" * 10_000_001, "too large"),
    ],
)
def test_what_is_no_message_gets_a_sentence(text: str, part: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_messages(text)
    assert part in raised.value.message


def test_ten_thousand_guests_are_read() -> None:
    crowd = "".join(f"ATTENDEE:mailto:g{n}@example.test\r\n" for n in range(10_000))
    text = make.request(meeting(), now=NOW).replace("SUMMARY:Review\r\n", "SUMMARY:Review\r\n" + crowd)
    found = take(text, None, BOB)
    assert found.kind is Kind.INVITATION
    assert len(make.recipients(found.after or "", [BOB])) == 10_002


@pytest.mark.parametrize(
    ("who", "part"),
    [(ALICE, "organize this event yourself"), (EVE, "not invited")],
)
def test_one_cannot_answer_what_one_was_not_asked(who: str, part: str) -> None:
    with pytest.raises(BadInput) as raised:
        make.reply(invited(), None, who, "accepted", now=NOW)
    assert part in raised.value.message
