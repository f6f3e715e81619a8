"""A link as plain values, the same in TOML files, in the ledger and in JSON: the names of the command line's contract."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from calmerge_desktop.core.availability.link import PERIODS, ChangeRules, Horizon, Link, Question, SeriesRule, check_link
from calmerge_desktop.core.availability.schedule import WEEKDAYS, Hours, parse_hours, span_text
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.core.texts import _

_DURATION = re.compile(r"^(?:(\d+)w)?\s*(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m(?:in)?)?$")
_ISO = re.compile(r"^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$")
_TEXTS = ("title", "slug", "description", "color", "language", "timezone", "schedule", "video", "event_name", "reply_to")
_FLAGS = (
    "hidden", "active", "lock_timezone", "first_only", "keep_blocks_whole", "confirm", "pending_blocks", "guests",
    "show_seats", "private", "mail_host", "mail_guest",
)  # fmt: skip
_LENGTHS = ("interval", "offset", "buffer_before", "buffer_after", "minimum_notice", "confirm_within", "reminder")
_KINDS = ("text", "long", "number", "choice", "phone", "yes-no", "address", "url")


def from_toml(text: str) -> Link:
    """A link out of a TOML text. Raises `BadInput` that names the key at fault."""
    return from_plain(read_toml(text))


def read_toml(text: str) -> dict[str, Any]:
    """A TOML text as plain values. Raises `BadInput`."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers of thousands of digits, and lists within lists without end
        raise BadInput(_("This is no TOML: {problem}").format(problem=str(error))) from error


def to_toml(link: Link) -> str:
    """All settings that are not at their default."""
    import tomli_w

    return tomli_w.dumps(to_plain(link))


def from_plain(raw: Mapping[str, Any]) -> Link:
    """A checked link out of plain values. Raises `BadInput`."""
    values: dict[str, Any] = {}
    rest = dict(raw)
    rest.pop("warnings", None)
    for name, read in _READERS.items():
        if name in rest:
            read(values, name, rest.pop(name))
    counts = {period: rest.pop(f"per_{period}") for period in PERIODS if f"per_{period}" in rest}
    totals = {period: rest.pop(f"minutes_per_{period}") for period in PERIODS if f"minutes_per_{period}" in rest}
    values["counts"] = {period: _number(f"per_{period}", most) for period, most in counts.items()}
    values["totals"] = {period: minutes(f"minutes_per_{period}", most) for period, most in totals.items()}
    if rest:
        raise BadInput(_("A booking link has no setting “{name}”.").format(name=min(rest)[:40]))
    for needed in ("title", "minutes"):
        if needed not in values:
            raise BadInput(_("“{name}” is missing.").format(name=needed))
    values.setdefault("slug", slug_of(values["title"]))
    link = Link(**values)
    check_link(link)
    return link


def to_plain(link: Link) -> dict[str, Any]:
    """Plain values of everything that is not at its default; title, slug and minutes always."""
    usual = Link(title="", slug="", minutes=())
    out: dict[str, Any] = {}
    if link.id:
        out["id"] = link.id
    out |= {"title": link.title, "slug": link.slug, "minutes": _few(link.minutes)}
    for name in (*_TEXTS, *_FLAGS, *_LENGTHS):
        value = getattr(link, name)
        if value != getattr(usual, name) and value is not None:
            out[name] = value
    out |= {f"per_{period}": most for period, most in link.counts.items()}
    out |= {f"minutes_per_{period}": most for period, most in link.totals.items()}
    for name in ("prefer", "busy", "location"):
        if value := getattr(link, name):
            out[name] = list(value)
    if link.target:
        out["target"] = str(link.target)
    if link.seats != 1:
        out["seats"] = link.seats
    return out | _tables(link, usual)


def slug_of(title: str) -> str:
    """A part of an address that recalls the title."""
    import unicodedata

    sharp = title.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", sharp).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "meeting"


def minutes(name: str, value: Any) -> int:
    """A length: a number of minutes, `15m`, `2h`, `1d`, or ISO 8601 (`PT15M`). Raises `BadInput`."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**7:
        return value
    if isinstance(value, str):
        text = value.strip()
        if text.isdigit() and len(text) < 8:
            return int(text)
        found = _DURATION.match(text.lower()) or _ISO.match(text.upper())
        if found and any(found.groups()) and all(len(part or "") < 7 for part in found.groups()):
            weeks, days, hours, rest = (int(part or 0) for part in found.groups())
            return int(timedelta(weeks=weeks, days=days, hours=hours, minutes=rest).total_seconds() // 60)
    raise BadInput(
        _("{name}: “{value}” is no length of time.").format(name=name, value=str(value)[:40]),
        hint=_("Use a form such as 15m, 2h, 1d, PT15M, or a number of minutes."),
    )


def hours_table(name: str, raw: Any) -> tuple[Hours, ...]:
    """`{mon = ["09:00-12:00"], …}` as a week. Raises `BadInput`."""
    if not isinstance(raw, Mapping) or (unknown := sorted(set(raw) - set(WEEKDAYS))):
        wrong = unknown[0] if isinstance(raw, Mapping) else str(raw)
        raise BadInput(_("{name}: “{value}” is no day.").format(name=name, value=wrong[:40]), hint=", ".join(WEEKDAYS))
    return tuple(day_hours(f"{name}.{day}", raw.get(day, [])) for day in WEEKDAYS)


def day_hours(name: str, raw: Any) -> Hours:
    """`["09:00-12:00", "13:00-17:00"]`. Raises `BadInput`."""
    if isinstance(raw, str):
        raw = [raw]
    if not isinstance(raw, Sequence) or not all(isinstance(one, str) for one in raw):
        raise BadInput(_("“{text}” are no hours.").format(text=name), hint=_("Use a form such as 09:00-17:00."))
    return tuple(sorted(parse_hours(one) for one in raw))


def _few(values: Sequence[int]) -> int | list[int]:
    return values[0] if len(values) == 1 else list(values)


def _tables(link: Link, usual: Link) -> dict[str, Any]:
    out: dict[str, Any] = {}
    horizon = {one.name: getattr(link.horizon, one.name) for one in fields(Horizon)}
    if link.horizon != usual.horizon:
        given = {name: value for name, value in horizon.items() if value is not None}
        out["horizon"] = {name: _dated(value) for name, value in given.items()}
    if link.hours is not None:
        out["hours"] = hours_plain(link.hours)
    if link.overrides:
        out["overrides"] = overrides_plain(link.overrides)
    if link.questions:
        out["questions"] = [_question_plain(one) for one in link.questions]
    if link.series:
        out["series"] = {"every_weeks": link.series.every_weeks, "count": link.series.count}
    if link.changes != usual.changes:
        plain = ChangeRules()
        names = [one.name for one in fields(ChangeRules)]
        out["changes"] = {
            name: getattr(link.changes, name) for name in names if getattr(link.changes, name) != getattr(plain, name)
        }
    return out


def hours_plain(week: Sequence[Hours]) -> dict[str, list[str]]:
    """A week as `hours_table` reads it."""
    return {day: [span_text(*span) for span in hours] for day, hours in zip(WEEKDAYS, week, strict=True) if hours}


def overrides_plain(overrides: Mapping[date, Hours]) -> list[dict[str, Any]]:
    """Dates with other hours as `overrides_table` reads them."""
    return [
        {"date": day.isoformat(), "hours": [span_text(*span) for span in hours]} for day, hours in sorted(overrides.items())
    ]


def overrides_table(name: str, raw: Any) -> dict[date, Hours]:
    """`[{date = 2026-12-24, hours = []}, …]`. Raises `BadInput`."""
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise BadInput(_("{name}: a list of dates with their hours is needed.").format(name=name))
    out: dict[date, Hours] = {}
    for one in raw:
        if not isinstance(one, Mapping) or "date" not in one:
            raise BadInput(_("{name}: a list of dates with their hours is needed.").format(name=name))
        out[a_date(name, one["date"])] = day_hours(name, one.get("hours", []))
    return out


def a_date(name: str, value: Any) -> date:
    """A date, or its ISO text. Raises `BadInput`."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise BadInput(_("{name}: “{value}” is no date.").format(name=name, value=str(value)[:40])) from error


def _dated(value: Any) -> Any:
    if isinstance(value, tuple):
        return [one.isoformat() for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _question_plain(one: Question) -> dict[str, Any]:
    out: dict[str, Any] = {"label": one.label, "kind": one.kind, "required": one.required}
    return out | ({"choices": list(one.choices)} if one.choices else {})


# --- one reader a shape: values, name, what stands there --------------------------------------------------------------


def _read_text(values: dict[str, Any], name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise BadInput(_("{name}: words are needed, not {value}.").format(name=name, value=str(value)[:40]))
    values[name] = value


def _read_flag(values: dict[str, Any], name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise BadInput(_("{name}: true or false, not {value}.").format(name=name, value=str(value)[:40]))
    values[name] = value


def _read_length(values: dict[str, Any], name: str, value: Any) -> None:
    values[name] = minutes(name, value)


def _read_minutes(values: dict[str, Any], name: str, value: Any) -> None:
    many = value if isinstance(value, list | tuple) else [value]
    values[name] = tuple(minutes(name, one) for one in many)


def _read_words(values: dict[str, Any], name: str, value: Any) -> None:
    many = [value] if isinstance(value, str) else value
    if not isinstance(many, list | tuple) or not all(isinstance(one, str) for one in many):
        raise BadInput(_("{name}: a list of words is needed.").format(name=name))
    values[name] = tuple(many)


def _read_target(values: dict[str, Any], name: str, value: Any) -> None:
    _read_text(values, name, value)
    values[name] = CalendarId(value) if value else None


def _read_seats(values: dict[str, Any], name: str, value: Any) -> None:
    values[name] = _number(name, value)


def _read_horizon(values: dict[str, Any], name: str, value: Any) -> None:
    known = [one.name for one in fields(Horizon)]
    if not isinstance(value, Mapping) or set(value) - set(known):
        raise BadInput(_("The horizon is one of: {names}.").format(names=", ".join(known)))
    made: dict[str, Any] = {}
    for kind, given in value.items():
        if kind == "until":
            made[kind] = a_date(f"{name}.{kind}", given)
        elif kind == "range":
            if not isinstance(given, list | tuple) or len(given) != 2:
                raise BadInput(_("{name}: two dates are needed.").format(name=f"{name}.{kind}"))
            made[kind] = (a_date(f"{name}.{kind}", given[0]), a_date(f"{name}.{kind}", given[1]))
        else:
            made[kind] = _number(f"{name}.{kind}", given)
    values[name] = Horizon(**made)


def _read_hours(values: dict[str, Any], name: str, value: Any) -> None:
    values[name] = hours_table(name, value)


def _read_overrides(values: dict[str, Any], name: str, value: Any) -> None:
    values[name] = overrides_table(name, value)


def _read_questions(values: dict[str, Any], name: str, value: Any) -> None:
    made = []
    for one in value if isinstance(value, list | tuple) else [value]:
        given: Any = {"label": one} if isinstance(one, str) else one
        if not isinstance(given, Mapping) or set(given) - {"label", "kind", "required", "choices"}:
            raise BadInput(_("A question has a label, a kind, choices, and may be required."))
        kind = given.get("kind", "text")
        if kind not in _KINDS:
            raise BadInput(_("“{word}” is no kind of question.").format(word=str(kind)[:40]), hint=", ".join(_KINDS))
        choices = given.get("choices", ())
        made.append(
            Question(
                label=str(given.get("label", "")),
                kind=kind,
                required=bool(given.get("required", False)),
                choices=tuple(str(choice) for choice in choices),
            )
        )
    values[name] = tuple(made)


def _read_series(values: dict[str, Any], name: str, value: Any) -> None:
    if not isinstance(value, Mapping) or set(value) != {"every_weeks", "count"}:
        raise BadInput(_("A series says every_weeks and count."))
    values[name] = SeriesRule(every_weeks=_number(name, value["every_weeks"]), count=_number(name, value["count"]))


def _read_changes(values: dict[str, Any], name: str, value: Any) -> None:
    known = {one.name for one in fields(ChangeRules)}
    if not isinstance(value, Mapping) or set(value) - known:
        raise BadInput(_("{name}: known are {names}.").format(name=name, names=", ".join(sorted(known))))
    made: dict[str, Any] = {}
    for key, given in value.items():
        if key == "notice":
            made[key] = minutes(f"{name}.{key}", given)
        elif key == "reason":
            if given not in ("nobody", "host", "guest", "both"):
                raise BadInput(_("{name}: known are {names}.").format(name=key, names="nobody, host, guest, both"))
            made[key] = given
        else:
            _read_flag(made, key, given)
    values[name] = ChangeRules(**made)


def _number(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 10**7:
        raise BadInput(_("{name}: a number is needed, not {value}.").format(name=name, value=str(value)[:40]))
    return value


_Reader = Callable[[dict[str, Any], str, Any], None]
_READERS: dict[str, _Reader] = {
    "id": _read_text,
    **dict.fromkeys(_TEXTS, _read_text),
    **dict.fromkeys(_FLAGS, _read_flag),
    **dict.fromkeys(_LENGTHS, _read_length),
    **dict.fromkeys(("prefer", "busy", "location"), _read_words),
    "minutes": _read_minutes,
    "target": _read_target,
    "seats": _read_seats,
    "horizon": _read_horizon,
    "hours": _read_hours,
    "overrides": _read_overrides,
    "questions": _read_questions,
    "series": _read_series,
    "changes": _read_changes,
}
