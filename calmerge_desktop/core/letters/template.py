"""The person's own words for an offer: plain text with placeholders in braces. A template is text, never markup.

`check` refuses what cannot leave in one sentence, where it is typed. Every placeholder is filled once, from left to right,
so that a guest who calls himself `{page}` stays a guest with an odd name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _, speech

_WORDS = ("guest", "title", "count", "length", "until", "me")
"""Stand for a few words, in any of the fields."""
_PLACES = ("times", "answer", "page")
"""Stand for whole parts of the mail: the numbered times, how to answer, the address of the guest's page."""
PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "subject": ("guest", "title", "count", "length", "me"),
    "text": (*_WORDS, *_PLACES),
    "closing": ("guest", "title", "me"),
    "signature": ("guest", "title", "me"),
}
"""What may stand in each field of a `Template`."""
FIELDS = tuple(PLACEHOLDERS)
_MOST = {"subject": 200, "text": 5000, "closing": 200, "signature": 1000}
_BRACES = re.compile(r"\{([^{}\n]*)\}")
_PART = re.compile(r"\{(" + "|".join(_PLACES) + r")\}")
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The words around the times. `text` holds everything from the greeting on, in paragraphs, with `{times}` in it."""

    subject: str
    text: str
    closing: str
    signature: str

    def fields(self) -> dict[str, str]:
        """By name, in the order of `FIELDS`."""
        return {name: str(getattr(self, name)) for name in FIELDS}


def ours(language: str, count: int = 3) -> Template:
    """What an offer of `count` times says as long as the person wrote nothing else."""
    _, ngettext = speech(language)
    opening = ngettext(
        "I would like to meet you for {length}. This time is free on my side; is it good for you?",
        "I would like to meet you for {length}. These {count} times are free on my side; is one of them good for you?",
        count,
    )
    greeting = _("Hello {name},").format(name="{guest}")
    return Template(
        subject=ngettext("A time for {title}", "{count} times for {title}", count),
        text=f"{greeting}\n\n{opening}\n\n{{times}}\n\n{{answer}}",
        closing=_("Kind regards"),
        signature="{me}",
    )


def tidy(template: Template) -> Template:
    """The same in one spelling: a subject and a closing are one line, no blanks at the ends of lines."""
    text, signature = ("\n".join(map(str.rstrip, one.splitlines())).strip() for one in (template.text, template.signature))
    subject, closing = (" ".join(one.split()) for one in (template.subject, template.closing))
    return Template(subject=subject, text=text, closing=closing, signature=signature)


def check(template: Template) -> None:
    """Raises `BadInput` with one sentence for the first thing that cannot leave."""
    for name, text in template.fields().items():
        if len(text) > _MOST[name]:
            raise BadInput(_("This is too long: at most {n} characters fit here.").format(n=_MOST[name]))
        if not text.replace("\n", "").replace("\t", "").isprintable():
            raise BadInput(_("There is a character in the text that no mail can show."))
        for found in _BRACES.findall(text):
            if found not in PLACEHOLDERS[name]:
                known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS[name])
                raise BadInput(
                    _("“{name}” is no placeholder here.").format(name=f"{{{found[:40]}}}"),
                    hint=_("There are: {names}.").format(names=known),
                )
    if not template.subject:
        raise BadInput(_("The mail needs a subject."))
    times = template.text.count("{times}")
    if not times:
        raise BadInput(_("The text needs {times}, where the times shall stand.").format(times="{times}"))
    if times > 1:
        raise BadInput(_("{times} can stand in the text only once.").format(times="{times}"))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled. A guest without a name leaves no gap: `Hello {guest},` becomes `Hello,`."""
    if not values.get("guest"):
        text = re.sub(r"(?m)^\{guest\}[,:;]? *| ?\{guest\}", "", text)
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def paragraphs(text: str) -> list[list[str]]:
    """Each paragraph as its pieces: words, and between them the bare names of the parts that stand there."""
    out = []
    for block in _PARAGRAPH.split(text.strip()):
        pieces = _PART.split(block)
        # re.split gives words and names by turns
        out.append([piece.strip(" \n") if index % 2 == 0 else piece for index, piece in enumerate(pieces)])
    return out
