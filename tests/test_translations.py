"""German says everything English says, with the same placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import click
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from calmerge_desktop.cli.commands import cli
from calmerge_desktop.cli.speaking import Command, paragraphs, placeholders
from calmerge_desktop.core.texts import Catalogue

ROOT = Path(__file__).resolve().parent.parent
_KEYWORDS = {"_": None, "ngettext": (1, 2)}


def _texts() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(ROOT / "calmerge_desktop", method_map=[("**.py", "python")], keywords=_KEYWORDS)
    texts: list[Any] = [row[2] for row in found]
    found_in_code = {text if isinstance(text, str) else tuple(map(str, text)) for text in texts}
    return found_in_code | {text for ctx in commands() for text in texts_of_help(ctx)}


def commands() -> Iterator[click.Context]:
    """Every command and group of the command line."""
    waiting = [click.Context(cli, info_name="calmerge", **cli.context_settings)]
    while waiting:
        yield (ctx := waiting.pop())
        if isinstance(ctx.command, click.Group):
            waiting += [click.Context(one, parent=ctx, info_name=name) for name, one in ctx.command.commands.items()]


def texts_of_help(ctx: click.Context) -> Iterator[str]:
    """What the help of a command says, and what it and its errors call the values."""
    yield from paragraphs(ctx.command.help or "")
    yield from placeholders(" ".join(ctx.command.collect_usage_pieces(ctx)))
    for param in ctx.command.get_params(ctx):
        if isinstance(param, click.Option):
            yield from paragraphs(param.help or "")
            yield from placeholders(param.get_help_spec(ctx))
        else:
            yield from placeholders(param.human_readable_name)


def _german() -> dict[str | tuple[str, ...], tuple[str, ...]]:
    with (ROOT / "resources/i18n/de.po").open("rb") as file:
        catalogue = read_po(file)
    out: dict[str | tuple[str, ...], tuple[str, ...]] = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else tuple(message.id)
            out[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return out


def test_every_text_has_its_german() -> None:
    """None missing, none left over from texts that are gone."""
    german = _german()
    assert sorted(map(str, _texts() - german.keys())) == []
    assert sorted(map(str, german.keys() - _texts())) == []


def test_every_command_and_option_has_help_in_the_language_of_the_person() -> None:
    """A command of click's own kind would speak English; arguments say what they are by their name."""
    for ctx in commands():
        path, params = ctx.command_path, ctx.command.get_params(ctx)
        assert isinstance(ctx.command, Command), path
        assert ctx.command.help, path
        assert [one.name for one in params if isinstance(one, click.Option) and not one.help] == [], path
        assert [one.name for one in params if isinstance(one, click.Argument) and one.help] == [], path


def test_no_german_is_empty_and_all_keep_their_placeholders() -> None:
    """A lost `{name}` would fail only when the sentence is shown."""
    for text, german in _german().items():
        wanted = set(re.findall(r"\{\w*\}", " ".join([text] if isinstance(text, str) else text)))
        for said in german:
            assert said.strip(), text
            assert set(re.findall(r"\{\w*\}", said)) <= wanted, text
        assert set(re.findall(r"\{\w*\}", " ".join(german))) == wanted, text


def test_our_reader_and_babels_read_the_same() -> None:
    """Every message with every form."""
    ours = Catalogue((ROOT / "resources/i18n/de.po").read_text(encoding="utf-8")).texts
    theirs = {key if isinstance(key, str) else key[0]: forms for key, forms in _german().items()}
    assert ours == theirs


_ODD = r"""# A header.
msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2);\n"

# comment with "quotes"
#, python-brace-format
msgid "one \"quoted\"\n"
"and continued {n}"
msgid_plural "many"
msgstr[0] "eins\t\\"
msgstr[1] "wenige"
msgstr[2] ""
"viele"

#, fuzzy, python-brace-format
msgid "guessed"
msgstr "geraten"

msgid "empty"
msgstr ""

#~ msgid "gone"
#~ msgstr "weg"
"""


def test_odd_entries_are_read_like_babel_reads_them() -> None:
    """Escapes, continued lines, three forms, fuzzy, empty and obsolete entries."""
    ours = Catalogue(_ODD)
    theirs = read_po(StringIO(_ODD))
    message = theirs.get('one "quoted"\nand continued {n}')
    assert message is not None
    assert isinstance(message.string, tuple)
    assert ours.texts == {'one "quoted"\nand continued {n}': message.string}
    assert [ours.ngettext('one "quoted"\nand continued {n}', "many", n) for n in (1, 3, 9)] == list(message.string)
    assert [ours.gettext(text) for text in ("guessed", "empty", "gone")] == ["guessed", "empty", "gone"]
