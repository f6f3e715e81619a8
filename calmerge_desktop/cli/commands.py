"""The tree of commands; imported only when there is one on the line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from calmerge_desktop import __version__
from calmerge_desktop.cli.accounts import account, calendar
from calmerge_desktop.cli.agenda import agenda, search, week
from calmerge_desktop.cli.data import backup, doctor, export, restore
from calmerge_desktop.cli.demo import demo
from calmerge_desktop.cli.events import conflict, event
from calmerge_desktop.cli.face import Face
from calmerge_desktop.cli.free import free
from calmerge_desktop.cli.inviting import inbox, invite, rsvp
from calmerge_desktop.cli.journal import journal
from calmerge_desktop.cli.links import link, schedule, slots
from calmerge_desktop.cli.mail import mail
from calmerge_desktop.cli.program import Program
from calmerge_desktop.cli.proposals import proposal
from calmerge_desktop.cli.proposing import propose
from calmerge_desktop.cli.publishing import publish
from calmerge_desktop.cli.speaking import group
from calmerge_desktop.cli.syncing import agent, sync
from calmerge_desktop.cli.templates import template
from calmerge_desktop.core.texts import _


@group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", metavar="DIR", help="Keep everything under DIR.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--debug", is_flag=True, help="Write more into the log.")
@click.option("--demo", "as_demo", is_flag=True, help="Open a throw-away profile with a sample week.")
@click.version_option(__version__, prog_name="CalMerge", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, home: str | None, as_json: bool, debug: bool, as_demo: bool) -> None:  # noqa: ARG001  read before
    """All your calendars in one week. Without a command: opens the window."""
    face = ctx.ensure_object(Face)
    if ctx.invoked_subcommand is None:
        ctx.exit(face.program.run_window(home, demo=as_demo))


for command in (
    account, calendar, sync, agenda, week, search, event, conflict, free, link, slots, schedule, invite, rsvp, inbox,
    propose, proposal, template, publish, mail, journal, export, backup, restore, demo, doctor, agent,
):  # fmt: skip
    cli.add_command(command)


_opened: list[Face] = []


def close_opened() -> None:
    """Close the profiles that commands opened."""
    while _opened:
        _opened.pop().close()


def run(program: Program, given: Sequence[str], *, home: str | None, as_json: bool, debug: bool) -> int:
    """Run the command on the line; returns its exit code. Raises `CalmergeError`.

    A profile that was opened is closed by `close_opened`, after the log has taken down a bug.
    """
    face = Face(program, home, as_json=as_json, debug=debug)
    _opened.append(face)
    try:
        result = cli.main(args=list(given), prog_name="calmerge", standalone_mode=False, obj=face)
    except click.exceptions.Abort:
        click.echo(_("Stopped."), err=True)
        return 4
    except click.ClickException as error:
        from calmerge_desktop.cli.misuse import tell

        face.choose_language()
        tell(error)
        return 2
    return result if isinstance(result, int) else 0
