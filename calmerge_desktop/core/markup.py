"""HTML that others wrote. Everything here takes time that grows with the length of the text, whatever stands in it.

Regular expressions that look for an end from every beginning do not, and Python's own parser does not either: an invitation
with a description of 200 kB would hold the program for minutes.
"""

from __future__ import annotations

import re

TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)\b[^<>]*>")
"""A tag with its name; the next `<` ends what was none."""
_HIDDEN = re.compile(r"<!--|<(head|style|script|title)\b[^<>]*>", re.IGNORECASE)
_LINK = re.compile(
    r"<a\b(?=[^<>]*+>)(?>[^<>]*?\bhref=[\"']([^\"'<>]*)[\"'])[^<>]*+>((?:[^<]++|<(?!/?a\b))*+)</a>", re.IGNORECASE
)
_STRAY = re.compile(r"<(?![^<>]*+>)")


def without_hidden(text: str) -> str:
    """The text without its comments, head, styles, scripts and title; what is never closed stays."""
    low = text.lower()
    if len(low) != len(text):  # some capitals are two letters when small
        low = text
    out: list[str] = []
    endless: set[str] = set()
    at = 0
    for begin in _HIDDEN.finditer(text):
        mark = f"</{begin[1].lower()}>" if begin[1] else "-->"
        if begin.start() < at or mark in endless:
            continue
        end = low.find(mark, begin.end())
        if end < 0:
            endless.add(mark)
            continue
        out.append(text[at : begin.start()])
        at = end + len(mark)
    return "".join([*out, text[at:]])


def with_addresses(text: str) -> str:
    """Each link as its words, with the address in brackets where the words do not hold it."""
    return _LINK.sub(lambda found: found[2] if found[1] in found[2] else f"{found[2]} ({found[1]})", text)


def without_strays(text: str) -> str:
    """`<` that begins no tag as `&lt;`, and no comments: what Python's parser reads in one go."""
    return _STRAY.sub("&lt;", without_hidden(text).replace("<!--", "&lt;!--"))
