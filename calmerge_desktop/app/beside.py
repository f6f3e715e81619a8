"""The process beside: how it is started, and what it can be asked (`core.beside`)."""

from __future__ import annotations

import os
import sys

from calmerge_desktop import resources
from calmerge_desktop.core.beside import Beside, Command
from calmerge_desktop.core.serving import serve

ARGUMENT = "--beside"
"""What the program is called with to be that process."""
_MODEST = 5
_CODE = "import sys; sys.path[:] = sys.argv[1:]; from calmerge_desktop.app.beside import run; run()"


def beside() -> Beside:
    """The process, not started yet."""
    return Beside(command)


def command() -> Command:
    """This program once more: a frozen one by its own name, else the interpreter with the paths and the zone data it has."""
    if getattr(sys, "frozen", False):
        words = [sys.executable, ARGUMENT]
    else:
        alone = "-I" if sys.flags.isolated else "-P"
        words = [sys.executable, alone, "-c", _CODE, *(each or os.curdir for each in sys.path)]
    return Command(words, resources.path("i18n"))


def run() -> None:
    """Be that process. It yields to whoever waits: the window, and other programs of the person."""
    if hasattr(os, "nice"):
        os.nice(_MODEST)
    from calmerge_desktop.core.store import reading

    serve({reading.JOB: reading.answer})
