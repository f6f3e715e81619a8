"""HTML bodies of Outlook and the plain text of a VEVENT. Pure.

Outlook wraps every text in HTML. What the wrapping alone says is plain text here; what says more is kept beside it.
"""

from __future__ import annotations

import re
from html import escape, unescape

from calmerge_desktop.core.markup import TAG, with_addresses, without_hidden

_PLAIN = frozenset({"html", "body", "div", "p", "br", "span", "meta", "head"})
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h\d)>", re.IGNORECASE)
_RULE = re.compile(r"_{20,}")
_OPENING = re.compile(r"<([a-z]+)\b[^<>]*>", re.IGNORECASE)
_BLOCKS = frozenset({"div", "span", "p", "hr"})


def plain(text: str) -> str:
    """The words of an HTML body."""
    linked = with_addresses(without_hidden(text)).replace("\r", "").replace("\n", " ")
    first, *rest = _BREAK.split(linked)
    lines = "\n".join([first.rstrip(), *(each.strip() for each in rest[:-1]), *(each.lstrip() for each in rest[-1:])])
    return unescape(TAG.sub("", lines if rest else first)).replace("\u00a0", " ").strip()


def is_rich(text: str) -> bool:
    """Whether an HTML body says more than its words."""
    return any(found[1].lower() not in _PLAIN for found in TAG.finditer(without_hidden(text)))


def around(words: str, body: str) -> str:
    """New words in front of what a Teams meeting put into the body: without that part it would be a meeting no more."""
    blob = _blob(body)
    own = _RULE.split(words, maxsplit=1)[0].rstrip()
    lines = "<br>".join(escape(line, quote=False) for line in own.split("\n"))
    if blob is None:
        return f"<html><body><div>{lines}</div>{_inner(body)}</body></html>"
    return f"<html><body><div>{lines}</div>{_inner(body[blob:])}</body></html>"


def _blob(body: str) -> int | None:
    """Where the part of the meeting begins: at the tags that open right before its rule of underscores."""
    for rule in _RULE.finditer(body):
        at, found = rule.start(), None
        while True:
            end = at
            while end and body[end - 1].isspace():
                end -= 1
            begin = body.rfind("<", 0, end)
            tag = _OPENING.fullmatch(body, begin, end) if begin >= 0 else None
            if tag is None:
                break
            at = begin
            if tag[1].lower() in _BLOCKS:
                found = at
        if found is not None:
            return found
    return None


def _inner(body: str) -> str:
    text = re.sub(r"^.*?<body\b[^<>]*>", "", body, flags=re.IGNORECASE | re.DOTALL)
    return re.sub(r"</body>.*$", "", text, flags=re.IGNORECASE | re.DOTALL)
