"""Help in the person's language: every command and every group of the command line is one of these.

Docstrings and the `help` of options are the English of the catalogue, a text a paragraph. They are looked up when help is
printed and not before, so a command that runs pays nothing for it. A test walks the tree and wants German for every text.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import click

from calmerge_desktop.cli.face import Face
from calmerge_desktop.core.texts import _

TYPED = f"{__name__}.typed"
"""Where a context keeps the arguments that a wrong usage came from."""

_PLACEHOLDER = re.compile(r"INTEGER RANGE|[A-Z]+(?:_[A-Z]+)*")
"""The first is the one word of click's with a space in it."""
_NEXT_SENTENCE = re.compile(r"(?<=\.) (?=[^a-z])")


class Command(click.Command):
    """A command that helps in the person's language."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it; an error knows where it arose and what was typed."""
        typed = [*args]
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            ctx.meta[TYPED] = typed
            raise

    def get_help(self, ctx: click.Context) -> str:
        """The whole help."""
        ctx.ensure_object(Face).choose_language()
        return super().get_help(ctx)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002  nothing is cut off: the list wraps
        """The first sentence."""
        return _NEXT_SENTENCE.split(said(self.help or ""))[0].partition("\n")[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Usage: calmerge event add [OPTIONS]`."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, placeholders_said(pieces), prefix=_("Usage:") + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's form
        """The docstring."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(said(self.help))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each option with what it takes and what it means."""
        shown = [one for one in self.get_params(ctx) if isinstance(one, click.Option) and not one.hidden]
        with formatter.section(_("Options")):
            formatter.write_dl([(placeholders_said(one.get_help_spec(ctx)), _meaning(one, ctx)) for one in shown])


class Group(Command, click.Group):
    """A group whose commands and groups are of these kinds, too."""

    command_class = Command
    group_class = type

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Options, then commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's form
        """Each command with the first sentence of its help."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, one.get_short_help_str()) for name, one in sorted(self.commands.items())])


def command(name: str | None = None, **settings: Any) -> Callable[[Callable[..., Any]], Command]:
    """`click.command` for a command that stands directly below `calmerge`."""
    return click.command(name, cls=Command, **settings)


def group(name: str | None = None, **settings: Any) -> Callable[[Callable[..., Any]], Group]:
    """`click.group` for a group that stands directly below `calmerge`."""
    return click.group(name, cls=Group, **settings)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line: that is how the catalogue has them."""
    return [" ".join(one.split()) for one in inspect.cleandoc(text).split("\n\n")]


def placeholders(text: str) -> list[str]:
    """What stands for a value, such as `FILE` in `[FILE]...` or `HOST` and `PORT` in `HOST:PORT`."""
    return _PLACEHOLDER.findall(text)


def said(text: str) -> str:
    """A docstring or a help in the person's language; paragraphs stay apart."""
    return "\n\n".join(map(_, paragraphs(text)))


def placeholders_said(text: str) -> str:
    """`[FILE]...` in the person's language."""
    return _PLACEHOLDER.sub(lambda found: _(found[0]), text)


def _meaning(option: click.Option, ctx: click.Context) -> str:
    """What it is for, its default, its range, and whether it must be there."""
    extra = option.get_help_extra(ctx)
    notes = [_("default: {value}").format(value=extra["default"])] if "default" in extra else []
    notes += [extra["range"]] if "range" in extra else []
    notes += [_("required")] if "required" in extra else []
    return "  ".join(filter(None, (said(option.help or ""), f"[{'; '.join(notes)}]" if notes else "")))
