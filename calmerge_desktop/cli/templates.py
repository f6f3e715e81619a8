"""`template`: the words of the offers that go out by mail."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from calmerge_desktop.cli.face import Face, pass_face, table
from calmerge_desktop.cli.speaking import group
from calmerge_desktop.core.agenda.wording import Worded
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.letters.template import FIELDS, PLACEHOLDERS
from calmerge_desktop.core.texts import LANGUAGES, _

_LANGUAGE = click.Choice(LANGUAGES)


@group()
def template() -> None:
    """The words of your offers, one template a language: subject, text, closing, signature."""


@template.command("list")
@pass_face
def list_templates(face: Face) -> None:
    """Every language, and which words are your own."""
    found = face.profile.desk.templates.list()
    rows = [[one.language, one.template.subject, ", ".join(one.own) or "–"] for one in found]
    face.emit({"templates": [_template(one) for one in found]}, table(rows, [_("language"), _("subject"), _("own words")]))


@template.command("show")
@click.argument("language", type=_LANGUAGE)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html"]),
    default="text",
    show_default=True,
    help="The example as text, or as the rich mail.",
)
@pass_face
def show(face: Face, language: str, form: str) -> None:
    """The template of a language, and an example of the mail as it would leave."""
    job = face.profile.desk.templates
    found = job.get(language)
    words = job.preview(language, found.template)
    if form == "html" and not face.as_json:
        sys.stdout.write(words.html())
        return
    known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS["text"])
    fields = [line for name, text in found.template.fields().items() for line in (f"[{name}]", text, "")]
    lines = [*fields, _("Placeholders: {names}").format(names=known), "", f"{_('Subject')}: {words.subject}", ""]
    example = {"subject": words.subject, "text": words.text(), "html": words.html()}
    document = {"template": _template(found), "placeholders": {name: list(PLACEHOLDERS[name]) for name in FIELDS}}
    face.emit(document | {"example": example}, [*lines, words.text()])


@template.command("set")
@click.argument("language", type=_LANGUAGE)
@click.option("--subject", help="The subject, one line.")
@click.option("--text", help="All from the greeting on, with {times} in it; - reads standard input.")
@click.option("--text-file", type=click.Path(dir_okay=False, path_type=Path), help="The same from a file.")
@click.option("--closing", help="The line before the signature.")
@click.option("--signature", help="How you sign; - reads standard input.")
@pass_face
def set_template(
    face: Face, language: str, subject: str | None, text: str | None, text_file: Path | None, closing: str | None,
    signature: str | None,
) -> None:  # fmt: skip
    """Your own words. What is not named stays as it is; words with nothing of their own are ours again."""
    if text is not None and text_file is not None:
        raise BadInput(_("Name either --text or --text-file."))
    if "-" in (text, signature):
        if text == signature:
            raise BadInput(_("Only one of them can come from standard input."))
        read = sys.stdin.read()
        text, signature = (read if one == "-" else one for one in (text, signature))
    if text_file is not None:
        text = _read(text_file)
    given = {"subject": subject, "text": text, "closing": closing, "signature": signature}
    job = face.profile.desk.templates
    made = replace(job.get(language).template, **{name: value for name, value in given.items() if value is not None})
    found = job.keep(language, made)
    face.emit(
        {"template": _template(found)}, [_("Kept. See an example with: calmerge template show {lang}").format(lang=language)]
    )


@template.command("reset")
@click.argument("language", type=_LANGUAGE)
@pass_face
def reset(face: Face, language: str) -> None:
    """Back to the words of CalMerge."""
    found = face.profile.desk.templates.reset(language)
    face.emit({"template": _template(found)}, [_("The words are those of CalMerge again.")])


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(_("“{name}” cannot be read.").format(name=path.name)) from error


def _template(found: Worded) -> dict[str, Any]:
    return {"language": found.language, "own": list(found.own)} | found.template.fields()
