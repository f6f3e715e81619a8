"""A mail as its parts, and the two forms of them: plain text and HTML."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from calmerge_desktop.core.letters.times import Ticket

_WIDTH = 68
_FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Go:
    """A sentence that ends in an address on a line of its own."""

    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Short lines such as "Why: …"."""

    rows: tuple[tuple[str, str], ...]


Part = str | Ticket | Go | Facts


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person reads."""

    subject: str
    greeting: str
    parts: tuple[Part, ...]
    closing: str
    signature: str
    small: str
    choose: str = ""
    """Word of the button beside a numbered time: `Choose {n}`."""

    def text(self, width: int | None = _WIDTH) -> str:
        """Plain text in lines that no mail program wraps; addresses stand in `<…>` on their own line.

        `width` None leaves paragraphs whole, for a window that wraps them itself.
        """
        blocks = [_wrap(self.greeting, width)] if self.greeting else []
        blocks += [block for part in self.parts for block in _plain(part, width)]
        blocks.append("\n".join(line for line in (self.closing, self.signature) if line))
        body = "\n\n".join(blocks)
        return f"{body}\n\n-- \n{_wrap(self.small, width)}\n"

    def html(self) -> str:
        """Tables and inline colours, which every mail program keeps; no picture, nothing remote."""
        rows = [_rich(part, self.choose) for part in (self.greeting, *self.parts) if part]
        rows.append(_paragraph(self.closing, self.signature))
        rule = "margin:24px 0 0;padding-top:12px;border-top:1px solid #E4E7EC;color:#667085;font-size:13px"
        small = f'<p style="{rule}">{escape(self.small)}</p>'
        return (
            '<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light"></head>'
            f'<body style="margin:0;padding:0;background:#FFFFFF;color:#1B1F24;{_FONT};font-size:15px;line-height:1.55">'
            '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="padding:16px">'
            '<table role="presentation" width="640" cellpadding="0" cellspacing="0" style="max-width:640px;width:100%">'
            f"<tr><td>{''.join(rows)}{small}</td></tr></table></td></tr></table></body></html>"
        )


def _plain(part: Part, width: int | None) -> Iterator[str]:
    match part:
        case str():
            yield _wrap(part, width)
        case Go():
            yield "\n".join(filter(None, (_wrap(part.sentence, width), f"<{part.url}>")))
        case Facts():
            yield "\n".join(_wrap(f"{name}: {value}", width) for name, value in part.rows)
        case Ticket():
            head = f"{part.number}) " if part.number else f"{_numbers(part)}) " if part.choices else "   "
            lines = [part.label.upper()] if part.label else []
            lines += _lines(part)
            yield "\n".join((head if n == 0 else "   ") + line for n, line in enumerate(lines))
            if part.note:
                yield textwrap.indent(_wrap(part.note, width and width - 3), "   ")


def _numbers(part: Ticket) -> str:
    """`1–3`: of times that follow one another."""
    return f"{part.choices[0].number}–{part.choices[-1].number}"


def _lines(part: Ticket) -> list[str]:
    time = ", ".join(filter(None, (part.time, part.place)))
    # a ready answer is for clicking; as text it would be three lines of percent signs, and a number does as well
    links = [f"<{part.link}>"] if _shown(part.link) else []
    links += [f"{one.number}) <{one.link}>" for one in part.choices if _shown(one.link)]
    return [part.day, *filter(None, (time, part.host)), *part.more, *links]


def _shown(link: str) -> bool:
    return bool(link) and not link.startswith("mailto:")


def _wrap(text: str, width: int | None) -> str:
    """Each line by itself: a break somebody typed stays."""
    if width is None:
        return text
    lines = text.split("\n")
    return "\n".join(textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in lines)


def _paragraph(*texts: str) -> str:
    lines = _broken("\n".join(filter(None, texts)))
    return f'<p style="margin:0 0 16px">{lines}</p>'


def _broken(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


def _rich(part: Part, choose: str) -> str:
    match part:
        case str():
            return _paragraph(part)
        case Go():
            url = escape(part.url, quote=True)
            said = f"{_broken(part.sentence)}<br>" if part.sentence else ""
            return f'<p style="margin:0 0 16px">{said}<a href="{url}" style="color:#1F5FD6">{url}</a></p>'
        case Facts():
            return _facts(part.rows)
        case Ticket():
            return _card(part, choose)


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        f'<tr><td style="padding:0 16px 4px 0;color:#667085;vertical-align:top">{escape(name)}</td>'
        f'<td style="padding:0 0 4px">{escape(value)}</td></tr>'
        for name, value in rows
    )
    return f'<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px">{cells}</table>'


def _card(part: Ticket, choose: str) -> str:
    ground, bar, ink = ("#ECEDF0", "#7A8494", "#3C4450") if part.struck else ("#F5F6F8", "#1F5FD6", "#1B1F24")
    strike = "text-decoration:line-through;" if part.struck else ""
    shown = part.number or (_numbers(part) if part.choices else "")
    number = (
        f'<td width="32" style="padding:12px 0 12px 16px;vertical-align:top;color:#667085">{shown}</td>' if shown else ""
    )
    lines = []
    if part.label:
        lines.append(f'<div style="font-size:13px;font-weight:600">{escape(part.label)}</div>')
    lines.append(f'<div style="font-weight:600">{escape(part.day)}</div>')
    if part.time:
        place = f", {escape(part.place)}" if part.place else ""
        lines.append(f'<div><span style="font-size:18px;font-weight:600;{strike}">{escape(part.time)}</span>{place}</div>')
    small = [part.host, *part.more]
    lines += [f'<div style="font-size:13px;color:#4A5361">{escape(line)}</div>' for line in small if line]
    if part.link and not part.number:
        url = escape(part.link, quote=True)
        lines.append(f'<div style="font-size:13px"><a href="{url}" style="color:#1F5FD6">{url}</a></div>')
    chosen = [(part.number, part.link)] if part.number else list(part.choices)
    button = _buttons([(number, link) for number, link in chosen if link], choose)
    note = (
        f'<p style="margin:0 0 10px;padding-left:20px;font-size:13px;color:#4A5361">{escape(part.note)}</p>'
        if part.note
        else ""
    )
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 10px">'
        f'<tr><td width="4" bgcolor="{bar}" style="font-size:0">&nbsp;</td>'
        f'<td bgcolor="{ground}"><table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>{number}'
        f'<td style="padding:12px 16px;vertical-align:top;color:{ink}">{"".join(lines)}</td>{button}'
        f"</tr></table></td></tr></table>{note}"
    )


def _buttons(chosen: Sequence[tuple[int, str]], choose: str) -> str:
    """A button a time; none without a link."""
    if not chosen:
        return ""
    style = (
        "display:inline-block;margin:0 0 4px;padding:9px 16px;border:1px solid #1F5FD6;border-radius:8px;color:#1F5FD6;"
        "text-decoration:none"
    )
    links = [
        f'<a href="{escape(link, quote=True)}" style="{style}">{escape(choose.format(n=number))}</a>'
        for number, link in chosen
    ]
    return f'<td align="right" style="padding:12px 16px">{"<br>".join(links)}</td>'
