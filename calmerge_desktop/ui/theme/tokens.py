"""Every colour, space and type size of the program, as plain data without Qt.

Two tables of colours, `LIGHT` and `DARK`; seven event colours as triples (fill, bar, text) in each. The contrast that text
and marks need (WCAG 2.2, 1.4.3 and 1.4.11) is proved over these tables by the tests.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping

from calmerge_desktop.core.records import dataclass


@dataclass(frozen=True, slots=True)
class Triple:
    """One event colour: tinted `fill`, saturated `bar`, `text` on the fill. All `#RRGGBB`."""

    fill: str
    bar: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The colours of one theme, `#RRGGBB`, named by their job."""

    name: str
    """`light` or `dark`."""
    bg: str
    surface: str
    surface2: str
    line: str
    """Strong hairline; decorative, never the only edge of a control."""
    line_soft: str
    text: str
    text2: str
    text3: str
    """Only on `bg` and `surface`; also the edge of fields (3:1)."""
    accent: str
    on_accent: str
    accent_soft: str
    accent_hover: str
    accent_pressed: str
    focus: str
    now: str
    on_now: str
    warn: str
    """Words of what is stale, on bg and surface."""
    error: str
    """Words of what is broken, on bg and surface."""
    done: str
    """Words and marks of what is fresh."""
    inverse: str
    """Ground of a toast."""
    on_inverse: str
    scrim: str
    """Colour under a sheet; painted with `scrim_alpha`."""
    scrim_alpha: float
    shadow_alpha: float
    events: Mapping[str, Triple]


LIGHT = Tokens(
    name="light",
    bg="#FFFFFF",
    surface="#F7F8FA",
    surface2="#EEF0F4",
    line="#D9DDE4",
    line_soft="#ECEEF2",
    text="#14181F",
    text2="#4A5361",
    text3="#667080",
    accent="#1F5FE0",
    on_accent="#FFFFFF",
    accent_soft="#E6EEFF",
    accent_hover="#1A54CB",
    accent_pressed="#1648B0",
    focus="#1F5FE0",
    now="#D92D20",
    on_now="#FFFFFF",
    warn="#7A4B00",
    error="#B42318",
    done="#18794A",
    inverse="#1E242D",
    on_inverse="#F7F8FA",
    scrim="#14181F",
    scrim_alpha=0.34,
    shadow_alpha=0.16,
    events={
        "blue": Triple("#E3EDFF", "#2F6FED", "#123C8C"),
        "green": Triple("#DDF4E6", "#1F9254", "#0D4F2B"),
        "violet": Triple("#EEE7FF", "#7A4FE0", "#44218F"),
        "amber": Triple("#FFF0D1", "#C77A00", "#6B3F00"),
        "rose": Triple("#FFE4E8", "#D63B5C", "#82132F"),
        "teal": Triple("#D9F3F2", "#128A87", "#084D4B"),
        "grey": Triple("#ECEEF2", "#7A8494", "#3B4453"),
    },
)

DARK = Tokens(
    name="dark",
    bg="#14171C",
    surface="#1A1E25",
    surface2="#242A33",
    line="#323945",
    line_soft="#232830",
    text="#F1F3F6",
    text2="#B4BCC8",
    text3="#8F99A8",
    accent="#6FA1FF",
    on_accent="#0B1B3A",
    accent_soft="#1C2B4A",
    accent_hover="#86B0FF",
    accent_pressed="#A0C1FF",
    focus="#8DB4FF",
    now="#FF6B5E",
    on_now="#2B0704",
    warn="#FFE0A3",
    error="#FF8A80",
    done="#5CCB96",
    inverse="#E8EBF0",
    on_inverse="#14181F",
    scrim="#000000",
    scrim_alpha=0.50,
    shadow_alpha=0.50,
    events={
        "blue": Triple("#1B2F57", "#6FA1FF", "#D3E2FF"),
        "green": Triple("#173A29", "#4CC38A", "#CDF3DF"),
        "violet": Triple("#2D2456", "#A58BFF", "#E6DEFF"),
        "amber": Triple("#42300F", "#F0B44A", "#FFE9BF"),
        "rose": Triple("#4A1E2A", "#FF8FA3", "#FFDCE3"),
        "teal": Triple("#12393A", "#43C7C3", "#CBF3F1"),
        "grey": Triple("#2A3039", "#8F99A8", "#D5DAE2"),
    },
)

PALETTE = tuple(LIGHT.events)
"""Names of the event colours, in the order a chooser shows them."""


@dataclass(frozen=True, slots=True)
class Space:
    """The only distances there are, in logical pixels."""

    hair: int = 4
    small: int = 8
    medium: int = 12
    large: int = 16
    wide: int = 24
    huge: int = 32


@dataclass(frozen=True, slots=True)
class Type:
    """Type sizes in logical pixels."""

    axis: int = 10
    caption: int = 11
    event: int = 12
    body: int = 13
    section: int = 15
    title: int = 20


@dataclass(frozen=True, slots=True)
class Radius:
    """Corner radii in logical pixels."""

    event: int = 6
    control: int = 8
    card: int = 12


SPACE = Space()
TYPE = Type()
RADIUS = Radius()

_HUES = (("rose", 347), ("amber", 37), ("green", 148), ("teal", 178), ("blue", 220), ("violet", 258))
_NAMED = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?:[0-9a-fA-F]{2})?$")


def nearest(color: str) -> str:
    """The event colour (a name of `PALETTE`) whose hue is nearest to `color` (`#RRGGBB`, `#RGB`, `#RRGGBBAA`).

    A colour that is nearly grey, black or white is `grey`; what is no colour at all is `blue`.
    """
    found = _NAMED.match(color.strip())
    if not found:
        return "blue"
    digits = found[1] if len(found[1]) == 6 else "".join(c * 2 for c in found[1])
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    if saturation < 0.16 or lightness < 0.06 or lightness > 0.97:
        return "grey"
    degrees = hue * 360

    def apart(entry: tuple[str, int]) -> float:
        gap = abs(degrees - entry[1]) % 360
        return min(gap, 360 - gap)

    return min(_HUES, key=apart)[0]


def mix(one: str, other: str, share: float) -> str:
    """`one` painted with opacity `share` (0..1) over `other`."""
    a, b = _channels(one), _channels(other)
    return "#" + "".join(f"{round(x * share + y * (1 - share)):02X}" for x, y in zip(a, b, strict=True))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
