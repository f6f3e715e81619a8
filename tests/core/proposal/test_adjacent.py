"""Times that follow one another without a gap are one line of the mail, in which each can still be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from calmerge_desktop import resources
from calmerge_desktop.core import texts
from calmerge_desktop.core.letters.proposing import Offer, proposal, tickets
from calmerge_desktop.core.letters.times import Choice, Reader

HALF = 1800
TUESDAY = 1_795_600_800
READER = Reader("en", "America/New_York", "Europe/Berlin")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    texts.choose("en", resources.path("i18n"))
    yield
    texts.choose("en", resources.path("i18n"))


def offer(*starts: int) -> Offer:
    slots = tuple((start, start + HALF) for start in starts)
    return Offer(title="Talk", minutes=30, slots=slots, until=TUESDAY - 7200)


def test_three_in_a_row_are_one_range_and_keep_their_numbers() -> None:
    given = offer(TUESDAY, TUESDAY + HALF, TUESDAY + 2 * HALF, TUESDAY + 86_400)
    run, alone = tickets(given, READER)
    assert [one.number for one in run.choices] == [1, 2, 3]
    assert (run.number, alone.number, alone.choices) == (None, 4, ())
    text = proposal(given, READER, host="Lena", guest="Sam").text()
    begin = text.index("1–3) ")
    assert text[begin : text.index("4) ")].split("\n")[-3].strip().startswith("Start: 1) ")
    assert "reply with 1, 2, 3, or 4" in text


def test_a_gap_or_midnight_between_two_keeps_them_apart() -> None:
    """Also where only the reader's day changes."""
    assert [one.number for one in tickets(offer(TUESDAY, TUESDAY + 2 * HALF), READER)] == [1, 2]
    midnight = TUESDAY // 86_400 * 86_400 + 5 * 3600  # in New York, five hours behind in winter
    assert [one.number for one in tickets(offer(midnight - HALF, midnight), READER)] == [1, 2]


def test_each_of_a_row_has_its_link_in_the_rich_mail() -> None:
    given = replace(offer(TUESDAY, TUESDAY + HALF), links=("https://a.example/1", "https://a.example/2"))
    assert tickets(given, READER)[0].choices == (Choice(1, "https://a.example/1"), Choice(2, "https://a.example/2"))
    letter = proposal(given, READER, host="Lena", guest="Sam")
    assert "   2) <https://a.example/2>" in letter.text()
    html = letter.html()
    assert html.count("https://a.example/") == 2
    assert "Choose 1" in html
    assert "Choose 2" in html


def test_in_german() -> None:
    said = proposal(offer(TUESDAY, TUESDAY + HALF), replace(READER, language="de"), host="Lena", guest="Sam").text()
    assert "1–2) " in said
    assert "Beginn: 1) " in said
