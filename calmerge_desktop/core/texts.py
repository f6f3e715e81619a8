"""Texts for people in one gettext catalogue, for window, mail and command line alike.

Code writes `_("English sentence {name}").format(name=...)`; translations are `resources/i18n/<lang>.po`, read by Babel at
start (no compile step, so a catalogue can never be older than its source). Numbers, dates and zones are formatted by
Babel for the chosen language, never by hand.
"""

from __future__ import annotations

import gettext as _gettext
import locale
import os
from functools import lru_cache
from io import BytesIO
from pathlib import Path

LANGUAGES = ("en", "de")
"""What the program speaks; the first is the language of the source."""

_translations: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def choose(language: str, catalogues: Path) -> str:
    """Speak `language` (empty: what the system asks for) from now on; returns the language spoken."""
    global _translations, _language
    wanted = (language or _system_language()).split("_")[0].split("-")[0].lower()
    _language = wanted if wanted in LANGUAGES else "en"
    po = catalogues / f"{_language}.po"
    _translations = _load(po, po.stat().st_mtime_ns) if po.exists() else _gettext.NullTranslations()
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


@lru_cache(maxsize=8)
def _load(po: Path, _changed: int) -> _gettext.NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as file:
        catalogue = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def _system_language() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        value = os.environ.get(name, "")
        if value and value not in ("C", "POSIX", "C.UTF-8"):
            return value
    return (locale.getlocale()[0] or "en") if os.name == "nt" else "en"
