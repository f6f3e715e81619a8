"""A schedule as plain values, in TOML files and in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from calmerge_desktop.core.availability.plain import read_toml
from calmerge_desktop.core.availability.schedule import Away, Schedule, Travel, check
from calmerge_desktop.core.availability.shapes import a_date, hours_plain, hours_table, overrides_plain, overrides_table
from calmerge_desktop.core.errors import BadInput
from calmerge_desktop.core.texts import _

_KEYS = {"name", "timezone", "hours", "overrides", "holidays", "away", "travel"}


def schedule_from_toml(text: str) -> Schedule:
    """A schedule out of a TOML text. Raises `BadInput` that names the key at fault."""
    return schedule_from_plain(read_toml(text))


def schedule_to_toml(schedule: Schedule) -> str:
    """The schedule as a TOML text."""
    import tomli_w

    return tomli_w.dumps(schedule_to_plain(schedule))


def schedule_from_plain(raw: Mapping[str, Any]) -> Schedule:
    """A checked schedule. Raises `BadInput`."""
    if unknown := set(raw) - _KEYS:
        raise BadInput(_("A schedule has no setting “{name}”.").format(name=min(unknown)[:40]))
    for name in ("name", "timezone", "holidays"):
        if not isinstance(raw.get(name, ""), str):
            raise BadInput(_("{name}: words are needed, not {value}.").format(name=name, value=str(raw[name])[:40]))
    if not str(raw.get("name", "")).strip():
        raise BadInput(_("A schedule needs a name."))
    made = Schedule(
        name=raw["name"].strip(),
        tzid=raw.get("timezone") or "UTC",
        week=hours_table("hours", raw.get("hours", {})),
        overrides=overrides_table("overrides", raw.get("overrides", [])),
        holidays=raw.get("holidays", ""),
        away=tuple(
            Away(a_date("away", one["from"]), a_date("away", one["to"]), str(one.get("note", "")))
            for one in _rows("away", raw)
        ),
        travel=tuple(
            Travel(a_date("travel", one["from"]), a_date("travel", one["to"]), str(one.get("timezone", "")))
            for one in _rows("travel", raw)
        ),
    )
    check(made)
    return made


def schedule_to_plain(schedule: Schedule) -> dict[str, Any]:
    """Plain values; what is empty is left out."""
    out: dict[str, Any] = {"name": schedule.name, "timezone": schedule.tzid}
    if schedule.holidays:
        out["holidays"] = schedule.holidays
    out["hours"] = hours_plain(schedule.week)
    if schedule.overrides:
        out["overrides"] = overrides_plain(schedule.overrides)
    if schedule.away:
        out["away"] = [
            {"from": one.first.isoformat(), "to": one.last.isoformat(), "note": one.note} for one in schedule.away
        ]
    if schedule.travel:
        out["travel"] = [
            {"from": one.first.isoformat(), "to": one.last.isoformat(), "timezone": one.tzid} for one in schedule.travel
        ]
    return out


def _rows(name: str, raw: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    rows = raw.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(one, Mapping) and {"from", "to"} <= set(one) for one in rows):
        raise BadInput(_("{name}: a list of spans with from and to is needed.").format(name=name))
    return rows
