"""HTML bodies of Outlook and the plain text of a VEVENT. Pure.

Outlook wraps every text in HTML. What the wrapping alone says is plain text here; what says more is kept beside it.
"""

from __future__ import annotations

import re
from html import escape, unescape

_GONE = re.compile(r"<!--.*?-->|<(head|style|script|title)\b[^>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
_PLAIN = frozenset({"html", "body", "div", "p", "br", "span", "meta", "head"})
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)\b[^>]*>")
_BREAK = re.compile(r"\s*(?:<br\s*/?>|</(?:p|div|li|tr|h\d)>)\s*", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^>]*?\bhref=[\"']([^\"'>]*)[\"'][^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_RULE = re.compile(r"_{20,}")
_BLOB = re.compile(r"<(?:div|span|p|hr)\b[^>]*>(?:\s*<[a-z]+\b[^>]*>)*\s*_{20,}", re.IGNORECASE)


def plain(text: str) -> str:
    """The words of an HTML body."""
    bare = _GONE.sub("", text)
    linked = _LINK.sub(lambda found: found[2] if found[1] in found[2] else f"{found[2]} ({found[1]})", bare)
    words = unescape(_TAG.sub("", _BREAK.sub("\n", linked.replace("\r", "").replace("\n", " "))))
    return words.replace("\u00a0", " ").strip()


def is_rich(text: str) -> bool:
    """Whether an HTML body says more than its words."""
    return any(found[1].lower() not in _PLAIN for found in _TAG.finditer(_GONE.sub("", text)))


def around(words: str, body: str) -> str:
    """New words in front of what a Teams meeting put into the body: without that part it would be a meeting no more."""
    blob = _BLOB.search(body)
    own = _RULE.split(words, maxsplit=1)[0].rstrip()
    lines = "<br>".join(escape(line, quote=False) for line in own.split("\n"))
    if not blob:
        return f"<html><body><div>{lines}</div>{_inner(body)}</body></html>"
    return f"<html><body><div>{lines}</div>{_inner(body[blob.start() :])}</body></html>"


def _inner(body: str) -> str:
    text = re.sub(r"^.*?<body\b[^>]*>", "", body, flags=re.IGNORECASE | re.DOTALL)
    return re.sub(r"</body>.*$", "", text, flags=re.IGNORECASE | re.DOTALL)
