"""Own words for offers: what may be typed, what is filled in, and that a template is never markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from calmerge_desktop import resources
from calmerge_desktop.core import texts
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.letters.letter import Go, Letter
from calmerge_desktop.core.letters.proposing import Offer, proposal
from calmerge_desktop.core.letters.template import PLACEHOLDERS, Template, check, ours, tidy
from calmerge_desktop.core.letters.times import Reader, Ticket

TUESDAY = 1_795_600_800
OFFER = Offer(
    title="Intro call",
    minutes=30,
    slots=((TUESDAY, TUESDAY + 1800), (TUESDAY + 86_400, TUESDAY + 88_200)),
    until=TUESDAY - 7200,
)
READER = Reader("en", "America/New_York", "Europe/Berlin")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    texts.choose("en", resources.path("i18n"))
    yield
    texts.choose("en", resources.path("i18n"))


def written(offer: Offer = OFFER, *, guest: str = "Sam", **fields: str) -> Letter:
    return proposal(offer, READER, host="Lena", guest=guest, template=replace(ours("en", len(offer.slots)), **fields))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("count", [1, 3])
def test_our_own_words_pass_their_own_check(language: str, count: int) -> None:
    """And writing them out by hand changes nothing."""
    check(ours(language, count))
    offer = replace(OFFER, slots=OFFER.slots[:1] * count)
    reader = replace(READER, language=language)
    plain = proposal(offer, reader, host="Lena", guest="Sam")
    assert proposal(offer, reader, host="Lena", guest="Sam", template=ours(language, count)) == plain


def test_every_placeholder_says_something() -> None:
    """None is left in braces."""
    text = "\n\n".join(f"{{{one}}}" for one in PLACEHOLDERS["text"])
    made = written(
        replace(OFFER, page="https://page.example/#x"), text=text, subject="{title} {count} {length} {guest} {me}"
    )
    assert made.subject == "Intro call two half an hour Sam Lena"
    assert "{" not in made.text() + made.html()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("text", "Hello, when?", "The text needs {times}, where the times shall stand."),
        ("text", "{times} {times}", "{times} can stand in the text only once."),
        ("text", "{times} {gast}", "“{gast}” is no placeholder here."),
        ("subject", "{times}", "“{times}” is no placeholder here."),
        ("signature", "{page}", "“{page}” is no placeholder here."),
        ("subject", "", "The mail needs a subject."),
        ("closing", "x" * 201, "This is too long: at most 200 characters fit here."),
        ("text", "{times}\x00", "There is a character in the text that no mail can show."),
        ("signature", "Lena \ud83d", "There is a character in the text that no mail can show."),
    ],
)
def test_what_cannot_leave_is_refused_in_one_sentence(field: str, text: str, sentence: str) -> None:
    """Where it is typed, with what there is instead."""
    with pytest.raises(BadInput) as refused:
        check(replace(ours("en"), **{field: text}))
    assert refused.value.message == sentence


def test_a_brace_alone_is_a_brace() -> None:
    """Nobody has to know an escape."""
    made = written(text="Sets {1, 2 and a smile :-}\n\n{times}")
    assert made.greeting == "Sets {1, 2 and a smile :-}"


def test_a_template_is_text_and_so_is_what_fills_it() -> None:
    """Neither markup in it nor in a guest's name is markup in the mail."""
    made = written(guest="<b>Sam</b>", text="Hi {guest} <script>x</script> & co\n\n{times}", signature="<i>L</i>")
    html = made.html()
    assert "&lt;script&gt;x&lt;/script&gt; &amp; co" in html
    assert "<b>Sam" not in html
    assert "<i>" not in html
    assert "<script>" not in html


def test_what_fills_a_placeholder_is_not_filled_again() -> None:
    """A guest who calls himself {page} stays a guest with an odd name."""
    made = written(replace(OFFER, page="https://page.example/#x"), guest="{page} {times}")
    assert made.greeting == "Hello {page} {times},"
    assert sum(isinstance(part, Ticket) for part in made.parts) == 2


def test_line_breaks_stay_and_paragraphs_are_kept_apart() -> None:
    """In both forms."""
    made = written(text="Hi,\nhow are you?\n\n\n\n{times}\n\nBye", signature="Lena\n+49 30 1234")
    assert "Hi,\nhow are you?\n\n1) " in made.text()
    assert "Hi,<br>how are you?" in made.html()
    assert "Lena<br>+49 30 1234" in made.html()
    assert made.text().index("Bye") > made.text().index("2) ")


def test_the_times_may_stand_inside_a_paragraph() -> None:
    """What is before and behind them is kept."""
    made = written(text="Perhaps:\n{times}\nor another day?")
    assert made.greeting == "Perhaps:"
    assert isinstance(made.parts[0], Ticket)
    assert made.parts[-1] == "or another day?"


def test_a_guest_without_a_name_leaves_no_gap() -> None:
    """Whatever stands around it."""
    assert written(guest="", text="Hello {guest},\n\n{times}").greeting == "Hello,"
    assert written(guest="", text="{guest}, how are you?\n\n{times}").greeting == "how are you?"


def test_a_sentence_about_the_page_goes_when_there_is_none() -> None:
    """And carries the address when there is one."""
    text = "{times}\n\nChoose here: {page}\n\nBye"
    assert written(text=text).parts[-2:] == (written(text=text).parts[-2], "Bye")
    assert not any("Choose here" in str(part) for part in written(text=text).parts)
    made = written(replace(OFFER, page="https://page.example/#x"), text=text)
    assert Go("Choose here:", "https://page.example/#x") in made.parts


def test_a_subject_stays_one_line() -> None:
    """A line break in it would be another header of the mail."""
    made = tidy(
        Template(subject="A\r\nBcc: x@example.test", text="a  \r\n{times}\n\n", closing="b\nc", signature=" d \n e ")
    )
    assert made == Template(subject="A Bcc: x@example.test", text="a\n{times}", closing="b c", signature="d\n e")
