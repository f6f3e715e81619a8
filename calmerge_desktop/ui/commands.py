"""What the search offers to do besides finding events: the pages and the deeds of the window, each with its key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from calmerge_desktop.core.texts import _

if TYPE_CHECKING:
    from calmerge_desktop.ui.main_window import MainWindow

_LEAST = 2
"""Typed letters from which on commands are offered."""


class Command(NamedTuple):
    """One line of the search that does something."""

    label: str
    key: str
    deed: Callable[[], object]


def commands(window: MainWindow) -> list[Command]:
    """Everything one can do from anywhere in the window."""
    from calmerge_desktop.ui.frame.pages import CALENDAR, REGISTERED

    out = [Command(_("Calendar"), "", lambda: window.open_page(CALENDAR))]
    out += [Command(entry.label(), "", partial(window.open_page, entry.key)) for entry in REGISTERED]
    out.append(Command(_("Read a mail from the clipboard into the inbox"), "", window.inbox.paste))
    if window.session.target() is not None:
        out.append(Command(_("New event"), "C", window.new_event))
        out.append(Command(_("Offer times"), "N", window.modes.offer_times))
    out.append(Command(_("Words of offers"), "", window.opening.words))
    out.append(Command(_("Today"), "T", window.today))
    out.append(Command(_("Link an account"), "", window.links.open))
    out.append(Command(_("Mailboxes"), "", window.links.mailboxes))
    out.append(Command(_("Settings"), _("Ctrl ,"), window.open_settings))
    out.append(Command(_("Keys and about"), "F1", window.opening.help))
    return out


def matching(typed: str, every: Sequence[Command]) -> list[Command]:
    """Commands of which each typed word begins a word."""
    words = typed.lower().split()
    if len(typed.strip()) < _LEAST:
        return []
    return [one for one in every if all(any(part.startswith(word) for part in one.label.lower().split()) for word in words)]
