"""A rule when its whole series moves: the days it names move along, or the move has no meaning."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.recurrence.rule import WEEKDAYS, Rule
from calmerge_desktop.core.texts import _


def moved_rule(rule: Rule, text: str, start: date | datetime, shift: timedelta) -> str:
    """The RRULE value `text` for a DTSTART `start` that moves by `shift`. Raises `BadInput` when no rule says that.

    Weekdays of a weekly rule turn with the days moved; the one day a monthly or yearly rule names becomes the new one.
    """
    before = start if isinstance(start, datetime) else datetime(start.year, start.month, start.day)
    after = before + shift
    days = (after.date() - before.date()).days
    parts = dict(part.partition("=")[::2] for part in text.strip().upper().split(";") if part)
    if rule.until and shift:
        parts["UNTIL"] = _later(parts["UNTIL"], shift)
    if after.time() != before.time() and (rule.byhour or rule.byminute or rule.bysecond):
        raise _refuse()
    if days:
        _move_days(rule, parts, before.date(), after.date(), days)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _move_days(rule: Rule, parts: dict[str, str], before: date, after: date, days: int) -> None:
    if rule.byyearday or rule.byweekno or rule.bysetpos:
        raise _refuse()
    if rule.freq == "WEEKLY" and rule.byday and not rule.bymonth and not rule.bymonthday:
        parts["BYDAY"] = ",".join(WEEKDAYS[(weekday + days) % 7] for _n, weekday in rule.byday)
    elif rule.freq in ("MONTHLY", "YEARLY"):
        _move_in_month(rule, parts, before, after)
    elif rule.byday or rule.bymonthday or rule.bymonth:
        raise _refuse()


def _move_in_month(rule: Rule, parts: dict[str, str], before: date, after: date) -> None:
    if rule.byday:
        in_month = rule.freq == "MONTHLY" or rule.bymonth
        if len(rule.byday) > 1 or rule.bymonthday or not in_month:
            raise _refuse()
        parts["BYDAY"] = _nth(rule.byday[0][0], after)
    elif rule.bymonthday:
        if rule.bymonthday != (before.day,):
            raise _refuse()
        parts["BYMONTHDAY"] = str(after.day)
    if rule.bymonth:
        if rule.bymonth != (before.month,):
            raise _refuse()
        parts["BYMONTH"] = str(after.month)


def _nth(n: int, day: date) -> str:
    """The new weekday with its number in the month; a rule that counted from the end keeps counting from there."""
    name = WEEKDAYS[day.weekday()]
    if n == 0:
        return name
    if n < 0:
        last = (date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)).day
        return f"-{(last - day.day) // 7 + 1}{name}"
    return f"{(day.day - 1) // 7 + 1}{name}"


def _later(until: str, shift: timedelta) -> str:
    if "T" not in until:
        return (datetime.strptime(until, "%Y%m%d") + timedelta(days=shift.days)).strftime("%Y%m%d")
    zulu = until.endswith("Z")
    moved = datetime.strptime(until.rstrip("Z"), "%Y%m%dT%H%M%S") + shift
    return moved.strftime("%Y%m%dT%H%M%S").zfill(15) + ("Z" if zulu else "")


def _refuse() -> BadInput:
    return BadInput(
        _("This series repeats on days that cannot be moved as a whole."),
        hint=_("Change its repetition, or move this occurrence only."),
    )
