"""The command line: the options that stand anywhere, the window without a command, and how a run ends."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.texts import _

if TYPE_CHECKING:
    from calmerge_desktop.cli.program import Program

log = logging.getLogger(__name__)

_ANYWHERE = {"--home": True, "--json": False, "--debug": False}
"""Options that may stand before or after the command; True: takes a value."""


def main(program: Program, arguments: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code of the contract."""
    given = _hoisted(list(sys.argv[1:] if arguments is None else arguments))
    home, as_json, debug = _value(given, "--home"), "--json" in given, "--debug" in given
    try:
        if _wants_window(given):
            return program.run_window(home, demo="--demo" in given)
        from calmerge_desktop.cli.commands import run

        return run(program, given, home=home, as_json=as_json, debug=debug)
    except CalmergeError as error:
        from calmerge_desktop.cli.face import Face

        return Face(program, home, as_json=as_json, debug=debug).fail(error)
    except BrokenPipeError:
        return 0
    except Exception as error:
        log.exception("a bug")
        sentence = _("Something unexpected happened ({kind}). The log says where.").format(kind=type(error).__name__)
        sys.stderr.write(sentence + "\n")
        return 1
    finally:
        if commands := sys.modules.get("calmerge_desktop.cli.commands"):
            commands.close_opened()


def _wants_window(given: list[str]) -> bool:
    """Nothing but options that are right, and no command: the window opens before any command is imported."""
    waiting = iter(given)
    for one in waiting:
        name, equals, _value = one.partition("=")
        if _ANYWHERE.get(name):
            if not equals and next(waiting, None) is None:
                return False
        elif one not in ("--demo", *_ANYWHERE):
            return False
    return True


def _hoisted(given: list[str]) -> list[str]:
    """The arguments with the options that stand anywhere moved to the front."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(given)
    for one in waiting:
        name, equals, _rest = one.partition("=")
        if one == "--":
            rest += [one, *waiting]
        elif name in _ANYWHERE:
            front.append(one)
            if _ANYWHERE[name] and not equals:
                front += [value] if (value := next(waiting, None)) is not None else []
        else:
            rest.append(one)
    return front + rest


def _value(given: list[str], option: str) -> str | None:
    for at, one in enumerate(given):
        if one == option:
            return given[at + 1] if at + 1 < len(given) else None
        if one.startswith(option + "="):
            return one.partition("=")[2]
    return None
