"""`template`: own words for offers, kept, shown, used by `propose`, and given back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Calmerge
from tests.cli.test_page import SLOTS


@pytest.fixture
def lena(calmerge: Calmerge) -> Calmerge:
    calmerge.ok("account", "add", "local", "--name", "Own", "--address", "lena@example.test")
    return calmerge


def test_own_words_are_what_an_offer_says(lena: Calmerge) -> None:
    before = lena.ok("template", "list")["templates"]
    assert [(one["language"], one["own"]) for one in before] == [("en", []), ("de", [])]
    text = "Dear {guest},\n\nwhat about these for {title}?\n\n{times}\n\n{answer}"
    kept = lena.ok(
        "template", "set", "en", "--subject", "{title} & more", "--text", "-", "--signature", "L.\nBerlin", stdin=text
    )["template"]
    assert kept["own"] == ["signature", "subject", "text"]
    made = lena.ok("propose", "30m", "--to", "sam@example.test", "--name", "Sam", "--title", "Intro", "--lang", "en", *SLOTS)
    assert made["proposal"]["subject"] == "Intro & more"
    assert made["proposal"]["text"].startswith("Dear Sam,\n\nwhat about these for Intro?\n\n1) ")
    assert "Kind regards\nL.\nBerlin" in made["proposal"]["text"]
    german = lena.ok("propose", "30m", "--to", "sam@example.test", "--title", "Intro", "--lang", "de", *SLOTS)
    assert german["proposal"]["text"].startswith("Guten Tag,")
    assert lena.ok("template", "reset", "en")["template"]["own"] == []
    again = lena.ok("propose", "30m", "--to", "sam@example.test", "--name", "Sam", "--lang", "en", *SLOTS)
    assert again["proposal"]["text"].startswith("Hello Sam,\n\nI would like to meet you")


def test_one_time_and_own_words_elsewhere_keep_our_grammar(lena: Calmerge) -> None:
    lena.ok("template", "set", "en", "--closing", "Best")
    made = lena.ok("propose", "30m", "--to", "sam@example.test", "--title", "Intro", "--lang", "en", *SLOTS[:2])
    assert made["proposal"]["subject"] == "A time for Intro"
    assert "Best\n" in made["proposal"]["text"]


def test_bad_words_are_one_sentence_and_change_nothing(lena: Calmerge, tmp_path: Path) -> None:
    lena.ok("template", "set", "de", "--closing", "Bis bald")
    missing = lena("template", "set", "de", "--text", "Hallo")
    assert missing.code == 3
    assert missing.err.strip() == "The text needs {times}, where the times shall stand."
    unknown = lena("template", "set", "de", "--text", "{times} {gast}")
    assert unknown.err.startswith("“{gast}” is no placeholder here. There are: {guest}, ")
    assert lena("template", "set", "de", "--text-file", str(tmp_path / "none")).code == 3
    (tmp_path / "latin").write_bytes(b"{times} \xe4")
    assert lena("template", "set", "de", "--text-file", str(tmp_path / "latin")).code == 3
    assert lena("template", "set", "fr", "--closing", "x").code == 2
    assert lena.ok("template", "show", "de")["template"]["own"] == ["closing"]


def test_the_example_is_the_mail_as_it_would_leave(lena: Calmerge) -> None:
    shown = lena.ok("template", "show", "de")
    assert shown["placeholders"]["closing"] == ["guest", "title", "me"]
    assert shown["example"]["subject"] == "Drei Terminvorschläge: Kennenlernen"
    assert "1) " in shown["example"]["text"]
    assert lena("template", "show", "de", "--format", "html").out == shown["example"]["html"]
