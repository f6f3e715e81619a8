"""Tokens through the mail, and answers as people write them."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calmerge_desktop.core.errors import Conflict
from calmerge_desktop.core.proposal.model import State, check_step
from calmerge_desktop.core.proposal.reading import How, Reading, own_words, plain_text, read_answer
from calmerge_desktop.core.proposal.token import choice_in, find_marks, find_tokens, has_token, make_token, mark_of

ID, KEY = "0123456789abcdef012345", bytes(range(16))
TZ = ZoneInfo("Europe/Berlin")


def slot(text: str) -> tuple[int, int]:
    start = int(datetime.fromisoformat(text).replace(tzinfo=TZ).timestamp())
    return start, start + 1800


SLOTS = (slot("2027-11-23T10:00"), slot("2027-11-23T15:00"), slot("2027-11-25T09:30"))


def read(text: str) -> Reading:
    return read_answer(text, SLOTS, "Europe/Berlin", ID, {ID: KEY})


MANGLES: dict[str, Callable[[str], str]] = {
    "as it is": lambda t: t,
    "quoted": lambda t: f"> {t}\n> more",
    "quoted twice": lambda t: f">> > {t}",
    "wrapped": lambda t: t[:20] + "\n> " + t[20:],
    "quoted-printable": lambda t: t[:30] + "=\r\n" + t[30:],
    "html": lambda t: f"<p>{escape(t)}</p>",
    "word breaks": lambda t: "<wbr>".join(t[at : at + 5] for at in range(0, len(t), 5)),
    "no-break spaces": lambda t: t.replace("-", "\u00a0-\u00a0"),
    "zero width": lambda t: "\u200b".join(t[at : at + 7] for at in range(0, len(t), 7)),
    "other dashes": lambda t: t.replace("-", " \u2013 "),
    "small letters": str.lower,
    "entities": lambda t: t.replace("-", "&#8209;"),
}


@pytest.mark.parametrize("how", MANGLES)
def test_a_token_survives_what_mail_programs_do(how: str) -> None:
    for seed in range(200):
        ids = random.Random(seed).randbytes(11).hex()
        number = seed % 60
        text = "Hallo,\n\n" + MANGLES[how](make_token(ids, number, KEY)) + "\n\nGruß"
        assert [(one.proposal, one.number) for one in find_tokens(text, {ids: KEY})] == [(ids, number)]


def test_a_token_is_45_characters_and_bound_to_its_time_and_proposal() -> None:
    token = make_token(ID, 2, KEY)
    assert len(token) == 45
    assert find_tokens(token, {ID: bytes(16)}) == []
    assert find_tokens(token, {"ff" * 11: KEY}) == []


@given(st.integers(0, 35), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_no_altered_token_is_genuine(at: int, letter: str) -> None:
    token = make_token(ID, 2, KEY).replace("-", "")[3:]
    changed = token[:at] + letter + token[at + 1 :]
    found = find_tokens("CM1" + changed, {ID: KEY})
    assert found == [] or (changed != token and at == 35) or changed == token


@given(st.text(max_size=400))
def test_no_text_holds_a_token_by_chance(text: str) -> None:
    assert find_tokens(text + secrets.token_hex(40), {ID: KEY}) == []


QUOTE = (
    "\n\nAm Mo., 22. Nov. 2027 um 09:12 Uhr schrieb Anna <anna@example.test>:\n"
    "> 1) Dienstag, 23. November 2027\n>    10:00–10:30 Uhr\n> 2) Dienstag, 15:00 Uhr\n> 3) Donnerstag, 9:30 Uhr\n"
)
GMAIL = (
    '<div dir="ltr">{}</div><br><div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 22, 2027 at 9:12 AM Anna wrote:<br></div>'
    "<blockquote><p>1) Tuesday 10:00</p><p>2) Tuesday 15:00</p><p>3) Thursday</p></blockquote></div>"
)
OUTLOOK = (
    '<html><body><div>{}</div><hr><div id="divRplyFwdMsg"><b>From:</b> Anna<br><b>Sent:</b> Monday<br>Just reply with 1, 2 or 3</div>'
    "</body></html>"
)


@pytest.mark.parametrize(
    ("text", "how", "choices", "sure"),
    [
        ("2", How.NUMBER, (1,), True),
        ("2." + QUOTE, How.NUMBER, (1,), True),
        ("Nummer 2 passt gut, danke!" + QUOTE, How.NUMBER, (1,), True),
        ("Option 3 works for me", How.NUMBER, (2,), True),
        ("the second one, please", How.NUMBER, (1,), True),
        ("Der dritte Termin passt." + QUOTE, How.NUMBER, (2,), True),
        (GMAIL.format("2 please"), How.NUMBER, (1,), True),
        (OUTLOOK.format("Nr. 3"), How.NUMBER, (2,), True),
        ("Dienstag 15 Uhr passt" + QUOTE, How.WORDS, (1,), False),
        ("Tuesday at 3 pm is fine", How.WORDS, (1,), False),
        ("Thursday works" + QUOTE, How.WORDS, (2,), False),
        ("Am Donnerstag gern" + QUOTE, How.WORDS, (2,), False),
        ("25.11. um 9:30 Uhr passt mir", How.WORDS, (2,), False),
        ("Di. 15:00 geht", How.WORDS, (1,), False),
        ("Tuesday is good", How.WORDS, (0, 1), False),
        ("1 or 2, both are fine", How.WORDS, (0, 1), False),
        ("none of these, next week?" + QUOTE, How.WORDS, (), False),
        ("Leider passt keine davon. Nächste Woche?" + QUOTE, How.WORDS, (), False),
        ("Thank you, I will get back to you." + QUOTE, How.NONE, (), False),
        ("Friday at 10?" + QUOTE, How.NONE, (), False),
        ("", How.NONE, (), False),
        ("Please call me at 030 1234567" + QUOTE, How.NONE, (), False),
    ],
)
def test_answers_as_people_write_them(text: str, how: How, choices: tuple[int, ...], sure: bool) -> None:
    found = read(text)
    assert (found.how, found.choices, found.sure) == (how, choices, sure)


@pytest.mark.parametrize(("text", "sure"), [("Ja, gern!", True), ("yes" + QUOTE, True), ("leider passt es nicht", False)])
def test_a_single_time_needs_only_a_yes(text: str, sure: bool) -> None:
    assert read_answer(text, SLOTS[:1], "Europe/Berlin", ID, {ID: KEY}).sure is sure
    assert not read_answer(text, SLOTS, "Europe/Berlin", ID, {ID: KEY}).sure


def test_no_to_all_is_seen() -> None:
    assert read("none of these, next week?" + QUOTE).declined
    assert read("Leider passt keine davon." + QUOTE).declined
    assert not read("2").declined


def test_a_token_in_ones_own_words_wins_over_those_that_are_quoted() -> None:
    quoted = "\n".join(f"> {make_token(ID, n, KEY)}" for n in range(3))
    chosen = make_token(ID, 1, KEY)
    found = read(f"Diese Zeit passt:\n{chosen}\n\nAm Montag, 22. November 2027 schrieb Anna:\n{quoted}")
    assert (found.how, found.choices, found.sure) == (How.TOKEN, (1,), True)
    only_quoted = read(f"Danke, ich melde mich.\n\nAm Montag, 22. November 2027 schrieb Anna:\n{quoted}")
    assert only_quoted.choices == ()


def test_two_tokens_are_not_one_choice() -> None:
    found = read(make_token(ID, 0, KEY) + "\n" + make_token(ID, 1, KEY))
    assert (found.how, found.choices, found.sure) == (How.TOKEN, (0, 1), False)


def test_a_forged_token_counts_for_nothing_but_is_seen() -> None:
    forged = make_token(ID, 1, bytes(16))
    assert read(forged).how is How.NONE
    assert has_token(forged)


def test_only_the_guests_words_are_shown() -> None:
    assert own_words("Gern!\n\nAnna\n-- \nFirma GmbH" + QUOTE) == "Gern!\n\nAnna"
    assert plain_text(GMAIL.format("Hello<br>you")).splitlines()[:2] == ["Hello", "you"]


@pytest.mark.parametrize(
    ("before", "after", "legal"),
    [
        (State.OPEN, State.BOOKING, True),
        (State.BOOKING, State.BOOKED, True),
        (State.BOOKING, State.OPEN, True),
        (State.BOOKED, State.OPEN, False),
        (State.BOOKED, State.WITHDRAWN, False),
        (State.WITHDRAWN, State.BOOKING, False),
        (State.EXPIRED, State.BOOKING, True),
        (State.EXPIRED, State.WITHDRAWN, False),
        (State.OPEN, State.BOOKED, False),
    ],
)
def test_states(before: State, after: State, legal: bool) -> None:
    if legal:
        check_step(before, after)
    else:
        with pytest.raises(Conflict):
            check_step(before, after)


# --- the mark in a subject --------------------------------------------------------------------------------------------


@given(st.binary(min_size=11, max_size=11), st.integers(0, 255))
def test_the_mark_is_the_first_group_of_every_token(id: bytes, number: int) -> None:
    """And has nothing of the secret in it."""
    mark = mark_of(id.hex())
    assert make_token(id.hex(), number, KEY).startswith(f"{mark}-")
    assert make_token(id.hex(), number, bytes(16)).startswith(f"{mark}-")
    assert find_marks(f"Re: Talk: Tue 1 Dec, 10:00 (Berlin) ({mark})") == {mark}


@pytest.mark.parametrize(
    "subject",
    [
        "Talk (CM1-04HMAS)",
        "Re: AW: Talk (CM1-04HMAS)",
        "re: talk (cm1-04hmas)",
        "Talk (CM1\u201104HMAS)",
        "Talk (CM1 - 04HMAS)",
        "Talk (CMI-O4HMAS)",
        "CM1-04HMAS",
        "[list] Talk (CM1-04HMAS) [EXTERN]",
    ],
)
def test_a_mark_survives_what_mail_programs_do(subject: str) -> None:
    assert mark_of(ID) == "CM1-04HMAS"
    assert find_marks(subject) == {"CM1-04HMAS"}


@pytest.mark.parametrize("subject", ["", "Talk", "ACM1-04HMAS", "CM1-04HMA", "CM1-04HMASX", "CM1-04HMAU", "CM2-04HMAS"])
def test_what_is_no_mark(subject: str) -> None:
    assert find_marks(subject) == frozenset()


def test_a_choice_in_a_calendar_is_of_the_page_alone() -> None:
    token = make_token(ID, 1, KEY)
    head, end = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "END:VEVENT\r\nEND:VCALENDAR\r\n"
    uid = f"UID:{ID}-1@offer.calmerge\r\n"
    assert choice_in(f"{head}{uid}DESCRIPTION:{token}\r\n{end}") == token
    assert choice_in(f"{head}{uid}DESCRIPTION:{token[:20]}\r\n {token[20:]}\r\n{end}") == token
    assert choice_in(f"{head}UID:1@example.test\r\nDESCRIPTION:{token}\r\n{end}") == ""
    assert choice_in(f"{head}{uid}DESCRIPTION:an offer\r\n{end}") == ""
