"""The guest's page: one HTML file out of its parts, the same bytes every time, with a policy that lets it talk to nobody.

It works from a file, from any web folder and as an attachment. The offer comes in the fragment of its address, or stands
inside.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

from calmerge_desktop.core.letters.times import Reader, Ticket
from calmerge_desktop.core.proposal.lean import lean

_POLICY = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; img-src data:; form-action 'none';"
    " base-uri 'none'"
)


def build(folder: Path, *, offer: str = "", plain: Sequence[tuple[Ticket, str]] = (), language: str = "en") -> str:
    """The page out of the parts in `folder`.

    `offer` (see `core.proposal.offer`) is put inside. `plain` are the times with a mail address each, for browsers without
    scripts, in `language`.
    """
    script = lean((folder / "page.js").read_text(encoding="utf-8"))
    words = (folder / "words.json").read_text(encoding="utf-8")
    script = script.replace("/*WORDS*/{}", json.dumps(json.loads(words), ensure_ascii=False, separators=(",", ":")))
    style = (folder / "page.css").read_text(encoding="utf-8")
    html = (folder / "page.html").read_text(encoding="utf-8")
    policy = _POLICY.format(script=_digest(script), style=_digest(style))
    parts = {
        "POLICY": escape(policy, quote=True),
        "STYLE": style,
        "SCRIPT": script,
        "OFFER": escape(offer, quote=True),
        "PLAIN": _plain(plain),
        "LANG": escape(language, quote=True),
    }
    for name, text in parts.items():
        html = html.replace(f"<!--{name}-->", text).replace(f"__{name}__", text)
    return html


def is_ours(data: bytes) -> bool:
    """Whether a file is a page of ours, of whatever version: only such a file is ever written over."""
    return b"<title>CalMerge</title>" in data and b"data-offer=" in data


def _plain(times: Sequence[tuple[Ticket, str]]) -> str:
    rows = []
    for ticket, url in times:
        lines = [ticket.day, f"{ticket.time}, {ticket.place}", *filter(None, (ticket.host,))]
        shown = "<br>".join(escape(line) for line in lines)
        rows.append(f'<li><a href="{escape(url, quote=True)}">{shown}</a></li>')
    return "".join(rows)


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def reader_of_page(language: str, tzid: str) -> Reader:
    """Whom the times without scripts are written for: nobody knows the guest's zone there, so UTC stands beside ours."""
    return Reader(language, tzid, "UTC")
