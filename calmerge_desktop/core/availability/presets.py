"""Links a person starts from: the four kinds of meeting most people have."""

from __future__ import annotations

from collections.abc import Sequence

from calmerge_desktop.core.availability.link import Link
from calmerge_desktop.core.availability.rules import Horizon, SeriesRule
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _

NAMES = ("check-in", "one-to-one", "consultation", "late-support")
_EVENING = ((18 * 60, 22 * 60),)


def preset(name: str) -> Link:
    """The preset `name` in the language spoken now. Raises `BadInput` for any other name."""
    made = next((one for one in presets() if one.slug == name), None)
    if made is None:
        raise BadInput(_("There is no preset “{name}”.").format(name=name[:40]), hint=", ".join(NAMES))
    return made


def presets() -> Sequence[Link]:
    """All of them; the slug is the preset's name."""
    return (
        Link(
            title=_("Check-in"),
            slug="check-in",
            description=_("A short call to see where we stand."),
            minutes=(15,),
            minimum_notice=120,
            horizon=Horizon(days=14),
        ),
        Link(
            title=_("One-to-one"),
            slug="one-to-one",
            description=_("Half an hour for the two of us."),
            minutes=(30,),
            buffer_before=5,
            buffer_after=5,
            minimum_notice=240,
            horizon=Horizon(days=30),
        ),
        Link(
            title=_("Bi-weekly consultation"),
            slug="consultation",
            description=_("Six meetings, one every two weeks at the same time."),
            minutes=(45,),
            interval=30,
            buffer_after=15,
            minimum_notice=24 * 60,
            horizon=Horizon(days=30),
            series=SeriesRule(every_weeks=2, count=6),
        ),
        Link(
            title=_("Late support"),
            slug="late-support",
            description=_("Help in the evening; I confirm each request."),
            minutes=(60,),
            interval=30,
            minimum_notice=180,
            hours=(*[_EVENING] * 5, (), ()),
            confirm=True,
            horizon=Horizon(days=14),
            counts={"day": 1},
        ),
    )
