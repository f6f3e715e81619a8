"""Answers to an offer as Gmail, Outlook, Apple Mail, Thunderbird and others send them: the guest's own words count."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Calmerge
from tests.cli.test_proposing import GUEST, SLOTS
from tests.mails.replies import SHAPES, Offer, Shape

HOST = "lena@example.test"
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.__name__)


@pytest.fixture
def lena(calmerge: Calmerge) -> Calmerge:
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", HOST)
    return calmerge


def _offered(lena: Calmerge) -> tuple[Any, Offer]:
    made = lena.ok("propose", "30m", "--to", GUEST, "--title", "Erstgespräch", *SLOTS)["proposal"]
    html = lena("proposal", "show", made["id"], "--format", "html").out
    return made, Offer(made["text"], html, GUEST, HOST)


def _read(lena: Calmerge, tmp: Any, mail: bytes) -> Any:
    file = tmp / "answer.eml"
    file.write_bytes(mail)
    return lena.ok("proposal", "read", str(file))


@each_shape
def test_a_token_among_quoted_tokens(lena: Calmerge, tmp_path: Any, shape: Shape) -> None:
    """The guest clicked the second time: its token stands in the answer, all three in the quote. It books the second."""
    made, offer = _offered(lena)
    found = _read(lena, tmp_path, shape(f"Diese Zeit passt: {made['slots'][1]['token']}", offer))
    assert (found["proposal"]["state"], found["answer"]["choices"]) == ("booked", [2]), found


@each_shape
def test_a_number_in_the_own_words(lena: Calmerge, tmp_path: Any, shape: Shape) -> None:
    """Numbers of the quoted offer are not the guest's."""
    _made, offer = _offered(lena)
    found = _read(lena, tmp_path, shape("2", offer))
    assert found["answer"]["choices"] == [2], found


@each_shape
def test_words_wait_for_the_person(lena: Calmerge, tmp_path: Any, shape: Shape) -> None:
    """Recognised and shown, never booked by itself; the days that are quoted are not the guest's."""
    _made, offer = _offered(lena)
    found = _read(lena, tmp_path, shape("Wednesday would be best for me.", offer))
    assert (found["proposal"]["state"], found["answer"]["choices"]) == ("answered", [2]), found


@each_shape
def test_none_of_them(lena: Calmerge, tmp_path: Any, shape: Shape) -> None:
    """A no is a no, whatever is quoted below."""
    _made, offer = _offered(lena)
    found = _read(lena, tmp_path, shape("Sorry, none of these work for me.", offer))
    assert found["proposal"]["state"] == "answered"
    assert found["answer"]["choices"] == []
