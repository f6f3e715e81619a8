"""A vendor's event said in content lines: whatever stands in it stays in its line, and odd shapes are bad data. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from calmerge_desktop.core.errors import CalmergeError, UnreadableEvent
from calmerge_desktop.core.texts import _

_BREAKS = re.compile(r"[\r\n]+")


def in_one_line(lines: Iterable[str]) -> list[str]:
    """Content lines without line ends (RFC 5545 §3.1): whoever may write an address must not write a property."""
    return [_BREAKS.sub(" ", line) for line in lines]


def understood(make: Callable[[], str]) -> str:
    """What `make` gives. An event whose JSON has not the form its service describes raises `UnreadableEvent`."""
    try:
        return make()
    except CalmergeError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        # Only here, where foreign JSON is worded: one odd event is set aside and the others arrive.
        raise UnreadableEvent(_("The event came in a form that is not understood.")) from error
