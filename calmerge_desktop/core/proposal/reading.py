"""What a guest's answer says: a token, a number, a weekday with a time, or no to all of it. German and English.

Only the guest's own words are read: quoted text, the line above it and what stands below a signature mark are left out.
Everything but a token and a plain number is a guess that the person confirms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from calmerge_desktop.core.markup import without_strays
from calmerge_desktop.core.proposal.token import find_tokens

_QUOTE_HEAD = re.compile(
    r"^(?:On .{4,200} wrote:|Am .{4,200} schrieb.{0,120}:|.{2,200} schrieb am .{4,80}:|Le .{4,200} a écrit\s*:"
    r"|-{2,}\s*(?:Original|Ursprüngliche|Forwarded).*"
    r"|_{10,}|(?:From|Von|Gesendet|Sent):\s.*)$",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:On|Am|Le) ")
_MOST_WRAPPED = 3
"""Lines that the introduction of a quote may be wrapped into."""
_SIGNATURE = re.compile(r"^(?:-- ?|—|__+)$")
_NUMBER = re.compile(
    r"(?:^|[^\w:.,/–-])(?:#|no\.?|nr\.?|option|nummer|number|termin|vorschlag|zeit)?\s*([1-9]\d?)(?:[.)]|\b)(?![\w:./–-])",
    re.IGNORECASE,
)
_ORDINALS = {
    1: ("first", "erste", "ersten", "erster", "erstes", "1st"),
    2: ("second", "zweite", "zweiten", "zweiter", "zweites", "2nd"),
    3: ("third", "dritte", "dritten", "dritter", "drittes", "3rd"),
    4: ("fourth", "vierte", "vierten", "vierter", "viertes", "4th"),
    5: ("fifth", "fünfte", "fünften", "fünfter", "fünftes", "5th"),
}
_WEEKDAYS = (
    ("monday", "mon", "montag", "mo"),
    ("tuesday", "tue", "tues", "dienstag", "di"),
    ("wednesday", "wed", "mittwoch", "mi"),
    ("thursday", "thu", "thur", "thurs", "donnerstag", "do"),
    ("friday", "fri", "freitag", "fr"),
    ("saturday", "sat", "samstag", "sonnabend", "sa"),
    ("sunday", "sun", "sonntag", "so"),
)
_TIME = re.compile(r"\b(\d{1,2})(?:[:.h](\d{2}))?\s*(uhr|am|pm|a\.m\.|p\.m\.|h\b)?", re.IGNORECASE)
_TIME_PHRASE = re.compile(
    r"\b\d{1,2}(?:[:.h]\d{2})?\s*(?:uhr|am|pm|a\.m\.|p\.m\.)|\b\d{1,2}[:.]\d{2}\b"
    r"|\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?|\b\d{4}-\d{2}-\d{2}\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?|\b(\d{4})-(\d{2})-(\d{2})\b")
_NO = re.compile(
    r"\b(?:none of|neither|unfortunately not|can'?t make (?:any|it)|doesn'?t work|do not work|don'?t work"
    r"|keine?r? (?:der|von|davon|dieser)|leider (?:keine|nicht|passt)|passt (?:leider )?(?:keine|nicht|mir nicht)"
    r"|geht (?:leider )?(?:keine|nicht))\b",
    re.IGNORECASE,
)
_YES = re.compile(r"\b(?:yes|ja|gern|gerne|okay|ok|passt|perfect|perfekt|sounds good|works)\b", re.IGNORECASE)
_MOST_SAID = 10_000
"""Characters of a guest's own words in which a time is looked for; a token is found anywhere."""
_SHORT = 60
"""An answer of so few characters that a bare number in it can only be the choice."""


class How(StrEnum):
    """By what a choice was recognised."""

    TOKEN = "token"  # noqa: S105  # no secret: the kind of evidence
    NUMBER = "number"
    WORDS = "words"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer seems to say."""

    how: How
    choices: tuple[int, ...] = ()
    """Indexes of offered times; more than one: it fits several."""
    confidence: float = 0.0
    """0 to 1; only 1 is sure."""
    declined: bool = False
    """None of the times suits."""
    words: str = ""
    """The guest's own words, shortened."""
    message: str = ""
    """Message-ID of the mail it came in."""

    @property
    def sure(self) -> bool:
        """Whether it may be booked without asking the person."""
        return self.how in (How.TOKEN, How.NUMBER) and len(self.choices) == 1 and self.confidence >= 1

    def kept(self) -> str:
        """As text, until the person decides; see `kept_reading`."""
        return json.dumps(asdict(self))


def kept_reading(text: str) -> Reading:
    """What `Reading.kept` wrote; of an older version of the program these are the bare words."""
    try:
        found = json.loads(text)
        return Reading(
            how=How(found["how"]),
            choices=tuple(int(one) for one in found["choices"]),
            confidence=float(found["confidence"]),
            declined=bool(found["declined"]),
            words=str(found["words"]),
            message=str(found.get("message", "")),
        )
    except (ValueError, KeyError, TypeError):
        return Reading(How.NONE, words=text)


def read_answer(
    text: str, slots: Sequence[tuple[int, int]], tzid: str, proposal: str, secrets: Mapping[str, bytes]
) -> Reading:
    """What `text`, the readable part of a mail, says about `slots` (instants), whose times were written for `tzid`."""
    plain = plain_text(text)
    own = own_words(plain)
    said = " ".join(own[:_MOST_SAID].split())
    shown = said[:300]
    for source in (own, plain, text):
        tokens = [one.number for one in find_tokens(source, secrets) if one.proposal == proposal and one.number < len(slots)]
        if len(tokens) == 1:
            return Reading(How.TOKEN, (tokens[0],), 1.0, words=shown)
        if tokens and source is own:
            return Reading(How.TOKEN, tuple(tokens), 0.5, words=shown)
    if len(slots) == 1 and len(said) <= _SHORT and _YES.search(said) and not _NO.search(said) and not _times(said):
        return Reading(How.NUMBER, (0,), 1.0, words=shown)
    if _NO.search(said) and not _numbers(said, len(slots)):
        return Reading(How.WORDS, (), 0.8, declined=True, words=shown)
    numbers = _numbers(said, len(slots))
    if len(numbers) == 1 and len(said) <= _SHORT and not _times(said):
        return Reading(How.NUMBER, tuple(numbers), 1.0, words=shown)
    matched = _by_words(said, slots, tzid)
    if len(matched) == 1 or (matched and not numbers):
        return Reading(How.WORDS, tuple(matched), 0.8 if len(matched) == 1 else 0.4, words=shown)
    if numbers:
        return Reading(How.WORDS, tuple(numbers), 0.7 if len(numbers) == 1 else 0.4, words=shown)
    return Reading(How.NONE, words=shown)


def own_words(text: str) -> str:
    """The guest's part of an answer: without quotes, what introduces them, and the signature.

    Below what is introduced comes the quote, to the end; but where its lines are marked, the answer may go on below them.
    """
    lines = text.replace("\r\n", "\n").replace("\u00a0", " ").split("\n")
    out: list[str] = []
    at = 0
    while at < len(lines):
        line, bare = lines[at], lines[at].strip()
        at += 1
        if bare.startswith(">"):
            continue
        if _SIGNATURE.match(line.rstrip()):
            break
        if taken := _introduces(lines, at - 1):
            at += taken - 1
            if _is_marked(lines[at:]):
                continue
            break
        out.append(line)
    return "\n".join(out).strip()


def _introduces(lines: Sequence[str], at: int) -> int:
    """How many lines from `at` introduce a quote: programs wrap that line, too."""
    if _QUOTE_HEAD.match(lines[at].strip()):
        return 1
    if _BEGINS.match(lines[at].strip()):
        for count in range(2, _MOST_WRAPPED + 1):
            found = [one.strip() for one in lines[at : at + count]]
            if all(found) and _QUOTE_HEAD.match(" ".join(found)):
                return count
    return 0


def _is_marked(rest: Sequence[str]) -> bool:
    return next((line for line in map(str.strip, rest) if line), "").startswith(">")


def plain_text(text: str) -> str:
    """HTML as the text a person sees, quoted parts marked with `>`; anything else as it is."""
    if not re.search(r"<(?:html|body|div|p|br|blockquote|span|table)\b", text, re.IGNORECASE):
        return text
    reader = _Html()
    reader.feed(without_strays(text))
    reader.close()
    return reader.text()


_QUOTED = ("gmail_quote", "divrplyfwdmsg", "appendonsend")
"""Marks of the part of a mail that Gmail and Outlook quote."""


class _Html(HTMLParser):
    """Visible text in lines; what is inside a quote begins with `>`."""

    _BREAKS = frozenset({"p", "div", "br", "tr", "li", "blockquote", "table", "h1", "h2", "h3"})
    _HIDDEN = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._quote = self._hidden = 0

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """`<![…` is a comment that ends at the next `>`, as in browsers; Python's own way stumbles over unknown words."""
        return self.parse_bogus_comment(i, bool(report))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        marks = f"{named.get('class') or ''} {named.get('id') or ''}".lower()
        if tag == "blockquote" or (
            tag == "div" and ("gmail_quote" in marks or "divrplyfwdmsg" in marks or "appendonsend" in marks)
        ):
            self._quote += 1
        self._hidden += tag in self._HIDDEN
        if tag in self._BREAKS:
            self._lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and self._quote:
            self._quote -= 1
        self._hidden -= tag in self._HIDDEN and self._hidden > 0
        if tag in self._BREAKS and tag != "br":
            self._lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            text = " ".join(data.split()) if data.strip() else " "
            if self._quote and not self._lines[-1]:
                self._lines[-1] = "> "
            self._lines[-1] += text if data.strip() else (" " if self._lines[-1].strip("> ") else "")

    def text(self) -> str:
        return "\n".join(line for line in self._lines if line.strip())


def _numbers(said: str, most: int) -> list[int]:
    found = {int(one) - 1 for one in _NUMBER.findall(_TIME_PHRASE.sub(" ", said)) if 1 <= int(one) <= most}
    low = said.lower()
    for number, names in _ORDINALS.items():
        if number <= most and any(re.search(rf"\b{name}\b", low) for name in names):
            found.add(number - 1)
    return sorted(found)


def _times(said: str) -> list[tuple[int, int]]:
    """Times of day somebody wrote, as (hour, minute): only with a colon or a word that makes them one."""
    out = []
    for hour, minute, word in _TIME.findall(_DATE.sub(" ", said)):
        if not minute and not word:
            continue
        value = int(hour)
        if word.lower().startswith("p") and value < 12:
            value += 12
        if word.lower().startswith("a") and value == 12:
            value = 0
        if value < 24 and int(minute or 0) < 60:
            out.append((value, int(minute or 0)))
    return out


def _by_words(said: str, slots: Sequence[tuple[int, int]], tzid: str) -> list[int]:
    """Times whose weekday, date or time of day are named; every kind that is named has to fit."""
    tz = ZoneInfo(tzid)
    starts = [datetime.fromtimestamp(start, tz) for start, _end in slots]
    days, dates, times = _days(said), _dates(said), _times(said)
    if not (days or dates or times):
        return []
    return [
        index
        for index, start in enumerate(starts)
        if (not days or start.weekday() in days)
        and (not dates or any(_same_date(start.date(), one) for one in dates))
        and (not times or any(_same_time(start, hour, minute) for hour, minute in times))
    ]


def _same_time(start: datetime, hour: int, minute: int) -> bool:
    return (start.hour, start.minute) == (hour, minute) or (hour < 12 and (start.hour, start.minute) == (hour + 12, minute))


def _days(said: str) -> set[int]:
    words = set(re.findall(r"[a-zäöüß]+", said.lower()))
    dotted = set(re.findall(r"\b([a-z]{2})\.", said.lower()))  # "Di." is a day, "do" and "so" are words
    return {
        day
        for day, names in enumerate(_WEEKDAYS)
        if any(name in words if len(name) > 2 else name in dotted for name in names)
    }


def _dates(said: str) -> list[tuple[int | None, int, int]]:
    out: list[tuple[int | None, int, int]] = []
    for day, month, year, iso_year, iso_month, iso_day in _DATE.findall(said):
        out.append(
            (int(iso_year), int(iso_month), int(iso_day))
            if iso_year
            else (int(year) if year else None, int(month), int(day))
        )
    return out


def _same_date(day: date, named: tuple[int | None, int, int]) -> bool:
    return (day.month, day.day) == named[1:] and named[0] in (None, day.year)
