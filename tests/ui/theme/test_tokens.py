"""The colours prove their own contrast."""

from __future__ import annotations

import pytest

from calmerge_desktop.ui.theme.tokens import DARK, LIGHT, PALETTE, Tokens, contrast, mix, nearest

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
TEXT_PAIRS = [
    *[(text, ground) for text in ("text", "text2") for ground in ("bg", "surface", "surface2", "accent_soft")],
    ("text3", "bg"),
    ("text3", "surface"),
    ("accent", "bg"),
    ("accent", "surface"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_now", "now"),
    ("warn", "bg"),
    ("warn", "surface"),
    ("error", "bg"),
    ("error", "surface"),
    ("done", "bg"),
    ("done", "surface"),
    ("on_inverse", "inverse"),
]


@THEMES
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_words_are_readable(theme: Tokens, text: str, ground: str) -> None:
    """Text has 4.5:1 on every ground it may stand on (WCAG 1.4.3)."""
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize(("mark", "ground"), [("now", "bg"), ("focus", "bg"), ("focus", "surface"), ("text3", "bg")])
def test_marks_can_be_seen(theme: Tokens, mark: str, ground: str) -> None:
    """Edges and marks that carry meaning have 3:1 (WCAG 1.4.11)."""
    assert contrast(getattr(theme, mark), getattr(theme, ground)) >= 3


@THEMES
@pytest.mark.parametrize("name", PALETTE)
def test_event_colours(theme: Tokens, name: str) -> None:
    """An event's words are readable on its fill, also when past, and its bar is seen on the paper."""
    triple = theme.events[name]
    assert contrast(triple.text, triple.fill) >= 4.5
    assert contrast(triple.text, mix(triple.fill, theme.bg, 0.55)) >= 4.5
    assert contrast(triple.bar, theme.bg) >= 3


def test_both_themes_have_the_same_colours() -> None:
    """A calendar keeps its colour when the theme changes."""
    assert tuple(DARK.events) == PALETTE


@pytest.mark.parametrize("name", PALETTE)
def test_every_palette_colour_is_nearest_to_itself(name: str) -> None:
    """What the program writes as a calendar colour comes back as the same colour."""
    assert nearest(LIGHT.events[name].bar) == name
    assert nearest(DARK.events[name].bar) == name


@pytest.mark.parametrize(
    ("color", "name"),
    [
        ("#0B8043", "green"),
        ("#D50000", "rose"),
        ("#F6BF26", "amber"),
        ("#039BE5", "blue"),
        ("#7986CB", "blue"),
        ("#8E24AA", "violet"),
        ("#616161", "grey"),
        ("#000000", "grey"),
        ("#1BADF8FF", "blue"),
        ("#0f0", "green"),
        ("tomato", "blue"),
    ],
)
def test_colours_of_providers_find_their_pair(color: str, name: str) -> None:
    """Google's, Apple's and odd colours map by hue."""
    assert nearest(color) == name


def test_contrast_of_black_and_white() -> None:
    """The formula's own ends."""
    assert round(contrast("#000000", "#FFFFFF"), 2) == 21
    assert contrast("#777777", "#777777") == 1
