"""Answers to an offer in the shapes that common mail programs give them: what they quote, how they wrap and encode it."""

from __future__ import annotations

import base64
import quopri
import re
import textwrap
from collections.abc import Callable
from typing import NamedTuple


class Offer(NamedTuple):
    """The mail that is answered."""

    text: str
    html: str
    guest: str
    host: str


Shape = Callable[[str, Offer], bytes]


def _head(offer: Offer, kind: str, *more: str) -> str:
    lines = [
        f"From: Sam Okafor <{offer.guest}>", f"To: {offer.host}", "Subject: Re: Drei Terminvorschl=?utf-8?Q?=C3=A4ge?=",
        "Date: Wed, 25 Nov 2026 15:04:05 +0100", "MIME-Version: 1.0", f"Content-Type: {kind}", *more,
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n\r\n"


def _part(kind: str, text: str, how: str = "quoted-printable", charset: str = "utf-8") -> str:
    data = text.replace("\r\n", "\n").encode(charset, "replace")
    if how == "base64":
        body = base64.encodebytes(data).decode()
    elif how == "quoted-printable":
        body = quopri.encodestring(data).decode()
    else:
        body = data.decode("latin-1")
    return f'Content-Type: {kind}; charset="{charset}"\r\nContent-Transfer-Encoding: {how}\r\n\r\n' + body.replace(
        "\n", "\r\n"
    )


def _two(offer: Offer, plain: str, html: str, boundary: str = "b1", subtype: str = "alternative") -> bytes:
    head = _head(offer, f'multipart/{subtype}; boundary="{boundary}"')
    return f"{head}--{boundary}\r\n{plain}\r\n--{boundary}\r\n{html}\r\n--{boundary}--\r\n".encode("latin-1")


def _quoted(text: str, width: int = 76) -> str:
    """`> ` before each line, and long lines broken anywhere, tokens included, as some programs do."""
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, width) or [""])]
    return "\n".join(f"> {line}" for line in lines)


def _body(html: str) -> str:
    found = re.search(r"<body[^>]*>(.*)</body>", html, re.DOTALL)
    return found[1] if found else html


def gmail(words: str, offer: Offer) -> bytes:
    """Gmail in a browser."""
    wrote = f"On Wed, Nov 25, 2026 at 2:30 PM Lena <{offer.host}>\nwrote:"
    plain = f"{words}\n\n{wrote}\n\n{_quoted(offer.text)}\n"
    attr = f'<div dir="ltr" class="gmail_attr">{wrote}<br></div>'
    quote = f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{_body(offer.html)}</blockquote>'
    html = f'<div dir="ltr">{words}</div><br><div class="gmail_quote gmail_quote_container">{attr}{quote}</div>'
    return _two(offer, _part("text/plain", plain), _part("text/html", html))


def gmail_app_german(words: str, offer: Offer) -> bytes:
    """Gmail on a telephone, in German."""
    wrote = f"Lena <{offer.host}> schrieb am Mi., 25. Nov. 2026, 14:30:"
    html = f'<div dir="auto">{words}</div><br><div class="gmail_quote"><div dir="ltr">{wrote}</div>{_body(offer.html)}</div>'
    plain = f"{words}\n\n{wrote}\n\n{_quoted(offer.text)}"
    return _two(offer, _part("text/plain", plain, "base64"), _part("text/html", html, "base64"))


def outlook(words: str, offer: Offer) -> bytes:
    """Outlook on Windows, in English: a block of headers instead of marks, an old charset."""
    block = f"From: Lena <{offer.host}> \nSent: Wednesday, November 25, 2026 2:30 PM\nTo: {offer.guest}\nSubject: Times\n"
    plain = f"{words}\n\nKind regards\nSam\n\n{block}\n{offer.text}"
    rule = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"
    head = block.replace("\n", "<br>")
    html = (
        f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><p class="MsoNormal">{words}<o:p></o:p></p>'
        f'<div style="{rule}"><p class="MsoNormal"><b>{head}</b></p></div>{_body(offer.html)}</body></html>'
    )
    old = "windows-1252"
    return _two(offer, _part("text/plain", plain, charset=old), _part("text/html", html, charset=old))


def outlook_web_german(words: str, offer: Offer) -> bytes:
    """Outlook in a browser, in German: only HTML, in base64."""
    head = (
        f"<b>Von:</b> Lena &lt;{offer.host}&gt;<br><b>Gesendet:</b> Mittwoch, 25. November 2026 14:30<br><b>An:</b> Sam<br>"
    )
    head += "<b>Betreff:</b> Terminvorschläge"
    html = (
        f'<html><body dir="ltr"><div class="elementToProof">{words}</div><div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">{head}</div>{_body(offer.html)}'
        "</body></html>"
    )
    return (_head(offer, 'text/html; charset="utf-8"', "Content-Transfer-Encoding: base64") + base64.encodebytes(
        html.encode()
    ).decode().replace("\n", "\r\n")).encode()  # fmt: skip


def apple_mail(words: str, offer: Offer) -> bytes:
    """Apple Mail on a Mac."""
    wrote = f"On 25. Nov 2026, at 14:30, Lena <{offer.host}> wrote:"
    plain = f"{words}\n\n> {wrote}\n> \n{_quoted(offer.text, 70)}\n"
    html = (
        f'<html><body style="overflow-wrap: break-word;">{words}<br><div><br><blockquote type="cite"><div>{wrote}</div>'
        f'<br class="Apple-interchange-newline"><div>{_body(offer.html)}</div></blockquote></div></body></html>'
    )
    return _two(offer, _part("text/plain", plain), _part("text/html", html), "Apple-Mail=_3C7B")


def iphone_german(words: str, offer: Offer) -> bytes:
    """The mail program of an iPhone: a signature before the quote, and a mark of no width."""
    wrote = f"Am 25.11.2026 um 14:30 schrieb Lena <{offer.host}>:"
    plain = f"{words}\n\nVon meinem iPhone gesendet\n\n> {wrote}\n> \n> \ufeff\n{_quoted(offer.text)}"
    return (_head(offer, "text/plain; charset=utf-8", "Content-Transfer-Encoding: base64") + base64.encodebytes(
        plain.encode()
    ).decode()).encode()  # fmt: skip


def thunderbird_german(words: str, offer: Offer) -> bytes:
    """Thunderbird with plain text that flows (RFC 3676)."""
    wrote = f"Am 25.11.26 um 14:30 schrieb Lena <{offer.host}>:"
    plain = f"{words}\n\n{wrote}\n{_quoted(offer.text, 72)}\n"
    head = _head(offer, "text/plain; charset=UTF-8; format=flowed", "Content-Transfer-Encoding: 8bit")
    return head.encode() + plain.replace("\n", "\r\n").encode()


def yahoo(words: str, offer: Offer) -> bytes:
    """Yahoo in a browser: spaces around everything."""
    wrote = f"    On Wednesday, November 25, 2026 at 02:30:05 PM GMT+1, Lena <{offer.host}> wrote:  \n \n "
    plain = f" {words}\n{wrote}" + "\n   ".join(offer.text.splitlines())
    html = (
        f'<html><body><div class="ydp1yahoo-style-wrap"><div dir="ltr">{words}</div><br></div>'
        f'<div id="ydp2yahoo_quoted_1" class="yahoo_quoted"><div>{wrote}</div>{_body(offer.html)}</div></body></html>'
    )
    return _two(offer, _part("text/plain", plain), _part("text/html", html))


def k9(words: str, offer: Offer) -> bytes:
    """A program on Android that quotes below a line of its own."""
    plain = f"{words}\n-- \nSent from my phone. Please excuse my brevity.\n\n-------- Original Message --------\n"
    plain += f"From: Lena <{offer.host}>\nSent: 25 November 2026 14:30\n\n{_quoted(offer.text)}"
    head = _head(offer, "text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable")
    return head.encode() + quopri.encodestring(plain.encode()).replace(b"\n", b"\r\n")


def below_the_quote(words: str, offer: Offer) -> bytes:
    """Somebody who answers below, as was once the custom."""
    plain = f"Lena wrote:\n{_quoted(offer.text)}\n\n{words}\n"
    return (_head(offer, "text/plain; charset=utf-8") + plain.replace("\n", "\r\n")).encode()


def with_a_charset_that_is_none(words: str, offer: Offer) -> bytes:
    """A broken one: bytes of Latin 1 that say they are something nobody knows."""
    plain = f"{words}\nGrüße\n\nOn Wed, Nov 25, 2026 Lena <{offer.host}> wrote:\n{_quoted(offer.text)}"
    head = _head(offer, "text/plain; charset=x-unknown-8bit", "Content-Transfer-Encoding: 8bit")
    return head.encode() + plain.replace("\n", "\r\n").encode("latin-1", "replace")


SHAPES: tuple[Shape, ...] = (
    gmail, gmail_app_german, outlook, outlook_web_german, apple_mail, iphone_german, thunderbird_german, yahoo, k9,
    below_the_quote, with_a_charset_that_is_none,
)  # fmt: skip
