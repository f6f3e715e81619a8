"""A wrong usage of the command line as one sentence in the person's language, and where help is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand

from calmerge_desktop.cli.speaking import TYPED, placeholders_said
from calmerge_desktop.core.texts import _

_LONGEST = 40
"""Characters of a typed value that are repeated."""


def tell(error: click.ClickException) -> None:
    """Say on standard error what is wrong; a group without a command says its help."""
    if not isinstance(error, click.UsageError) or isinstance(error, NoArgsIsHelpError) or error.ctx is None:
        error.show()
        return
    hint = _("Help: {command}").format(command=f"{error.ctx.command_path} --help")
    click.echo(f"{_sentence(error, error.ctx)} {hint}", err=True)


def _sentence(error: click.UsageError, ctx: click.Context) -> str:
    command = ctx.command_path
    if isinstance(error, NoSuchCommand):
        unknown = _("“{group}” has no command “{name}”.").format(group=command, name=_short(error.command_name))
        return unknown + _meant(error.possibilities)
    if isinstance(error, click.NoSuchOption):
        unknown = _("“{command}” has no option {option}.").format(command=command, option=_short(error.option_name))
        return unknown + _meant(error.possibilities)
    if isinstance(error, click.BadOptionUsage):
        flags = [one for one in ctx.command.params if isinstance(one, click.Option) and one.is_flag]
        if any(error.option_name in (*one.opts, *one.secondary_opts) for one in flags):
            return _("The option {option} takes no value.").format(option=error.option_name)
        return _("The option {option} needs a value.").format(option=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return _missing(error.param)
    if isinstance(error, click.BadParameter):
        return _bad(error, ctx) or error.format_message()
    if isinstance(ctx.command, click.Group):
        return _("A command of “{group}” is missing.").format(group=command)
    return _("“{words}” is too much for “{command}”.").format(words=_short(" ".join(_typed(ctx)[1])), command=command)


def _meant(names: Sequence[str] | None) -> str:
    return " " + _("Did you mean: {names}?").format(names=_either(names)) if names else ""


def _missing(param: click.Parameter) -> str:
    if isinstance(param, click.Option):
        return _("The option {option} is missing.").format(option=_name(param))
    if isinstance(param.type, click.Choice):
        return _("One of these is missing: {choices}.").format(choices=_either(param.type.choices))
    return _("The argument {argument} is missing.").format(argument=_name(param))


def _bad(error: click.BadParameter, ctx: click.Context) -> str | None:
    """None for kinds that no command has."""
    param = error.param
    if param is None:
        return None
    words = {"name": _name(param), "value": _short(_wrong(param, ctx))}
    kind = param.type
    if isinstance(kind, click.Choice):
        return _("{name} can be {choices}, not “{value}”.").format(choices=_either(kind.choices), **words)
    if kind is click.BOOL:
        return _("{name} can be {choices}, not “{value}”.").format(choices=_either(("yes", "no")), **words)
    if isinstance(kind, click.IntRange):
        sentence = _("{name} is a whole number from {least} to {most}, not “{value}”.")
        return sentence.format(least=kind.min, most=kind.max, **words)
    if kind is click.INT:
        return _("{name} is a whole number, not “{value}”.").format(**words)
    if isinstance(kind, click.Path):
        return _bad_path(_wrong(param, ctx))
    return None


def _bad_path(typed: str) -> str:
    path = Path(typed)
    if not typed or not path.exists():
        return _("There is no file “{name}”.").format(name=typed)
    if path.is_dir():
        return _("“{name}” is a folder, not a file.").format(name=typed)
    return _("“{name}” cannot be read.").format(name=path.name)


def _wrong(param: click.Parameter, ctx: click.Context) -> str:
    """The value that does not fit; click's errors do not carry it."""
    found = _typed(ctx)[0].get(param.name)
    for one in found if isinstance(found, list | tuple) else [found]:
        try:
            param.type.convert(one, param, ctx)
        except click.BadParameter:
            return str(one)
    return ""


def _typed(ctx: click.Context) -> tuple[dict[str, Any], list[str]]:
    """What was typed: values by the name of their parameter, and what is left over."""
    values, rest, _order = ctx.command.make_parser(ctx).parse_args([*ctx.meta[TYPED]])
    return dict(values), rest


def _name(param: click.Parameter) -> str:
    return max(param.opts, key=len) if isinstance(param, click.Option) else placeholders_said(param.human_readable_name)


def _either(names: Sequence[Any]) -> str:
    *others, last = map(str, names)
    return _(" or ").join([", ".join(others), last]) if others else last


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
