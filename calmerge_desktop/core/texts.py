"""Texts for people in one gettext catalogue, for window, mail and command line alike.

Code writes `_("English sentence {name}").format(name=...)`; translations are `resources/i18n/<lang>.po`, read at start (no
compile step, so a catalogue can never be older than its source). Numbers, dates and zones are formatted by Babel for the
chosen language, never by hand.

The PO reader is our own: Babel's takes longer than the window may, and the tests hold both against each other.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "de")
"""What the program speaks; the first is the language of the source."""

_ESCAPE = re.compile(r"\\(.)")
_PLAIN = re.compile(r'(?:^|\n)msgid "(.+)"\nmsgstr "(.+)"\Z')
"""An entry with a line each for message and translation: nearly all are."""
_PLURAL = re.compile(r"plural=([^;\n]+)")


class Source:
    """The language of the source; Python's `gettext` would do the same, and takes its time to load."""

    def gettext(self, message: str) -> str:
        """The message itself."""
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for `n`."""
        return msgid1 if n == 1 else msgid2


_translations = Source()
_language = "en"
_catalogues: Path | None = None


def choose(language: str, catalogues: Path) -> str:
    """Speak `language` (empty: what the system asks for) from now on; returns the language spoken."""
    global _translations, _language, _catalogues
    _catalogues = catalogues
    wanted = (language or _system_language()).split("_")[0].split("-")[0].lower()
    _language = wanted if wanted in LANGUAGES else "en"
    po = catalogues / f"{_language}.po"
    _translations = _load(po, po.stat().st_mtime_ns) if po.exists() else Source()
    return _language


def language() -> str:
    """The language spoken now: `en` or `de`."""
    return _language


def _(message: str) -> str:
    """The translation of `message`."""
    return _translations.gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The right plural for `n`; the result still holds its `{n}`."""
    return _translations.ngettext(one, many, n)


class Speech(NamedTuple):
    """The two ways to say something in one language, for texts that are read by somebody else than the person."""

    text: Callable[[str], str]
    plural: Callable[[str, str, int], str]


def speech(language: str) -> Speech:
    """`_` and `ngettext` of a language, whatever the program speaks; an unknown one is English."""
    po = _catalogues / f"{language}.po" if _catalogues and language in LANGUAGES else None
    found = _load(po, po.stat().st_mtime_ns) if po and po.exists() else Source()
    return Speech(found.gettext, found.ngettext)


class Catalogue(Source):
    """The translations of a PO file. Fuzzy and obsolete entries, and empty ones, stay untranslated."""

    def __init__(self, po: str) -> None:
        self.texts: dict[str, tuple[str, ...]] = {}
        """Message (of a plural: its singular) -> forms in the order of the file's plural rule."""
        for block in po.replace("\r\n", "\n").split("\n\n"):
            if "#, fuzzy" in block and "\n#, fuzzy" in "\n" + block:
                continue
            if plain := _PLAIN.search(block):
                self.texts[_read(plain[1])] = (_read(plain[2]),)
            else:
                parts = _entry(block)
                forms = tuple(text for keyword, text in parts.items() if keyword.startswith("msgstr"))
                if all(forms) and forms:
                    self.texts[parts.get("msgid", "")] = forms
        rule = _PLURAL.search(self.texts.pop("", ("",))[0])
        self._form: Callable[[int], int] = _form(rule[1] if rule else "n != 1")

    def gettext(self, message: str) -> str:
        """The translation, else the message."""
        return self.texts.get(message, (message,))[0]

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for `n`, else the English one."""
        forms = self.texts.get(msgid1)
        return forms[self._form(n)] if forms else msgid1 if n == 1 else msgid2


def _form(rule: str) -> Callable[[int], int]:
    """The index of the form for a number, by a plural rule in the way of C."""
    if rule.strip(" ()") == "n != 1":
        return lambda n: int(n != 1)
    from gettext import c2py

    form: Callable[[int], int] = c2py(rule)
    return form


@lru_cache(maxsize=8)
def _load(po: Path, _changed: int) -> Source:
    return Catalogue(po.read_text(encoding="utf-8"))


def _entry(block: str) -> dict[str, str]:
    """Keyword -> text of one entry of a PO file; comments are left out."""
    parts: dict[str, str] = {}
    keyword = ""
    for line in block.split("\n"):
        before, quote, rest = line.partition('"')
        if not quote or line.startswith("#"):
            continue
        keyword = before.strip() or keyword
        text = rest.rpartition('"')[0]
        parts[keyword] = parts.get(keyword, "") + _read(text)
    return parts


def _read(text: str) -> str:
    """What stands between quotes."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1])


def _system_language() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        value = os.environ.get(name, "")
        if value and value not in ("C", "POSIX", "C.UTF-8"):
            return value
    if os.name != "nt":
        return "en"
    import locale

    return locale.getlocale()[0] or "en"
