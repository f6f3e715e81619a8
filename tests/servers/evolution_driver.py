"""Evolution's back end, spoken to by lines of JSON. Runs under the system's Python in a D-Bus session of its own.

`[JOB, ARGUMENT …]` comes in, `{"ok": …}` or `{"refused": …}` goes out; the first line is the back end's version. Instants are UTC
seconds, days are `YYYYMMDD`.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import gi  # type: ignore[import-not-found]

for _name, _version in (("ICalGLib", "3.0"), ("EDataServer", "1.2"), ("ECal", "2.0")):
    gi.require_version(_name, _version)
from gi.repository import ECal, EDataServer, GLib, ICalGLib  # type: ignore[import-not-found]  # noqa: E402

_DO_NOT_WAIT = 0xFFFF_FFFF
"""For a calendar that never says it is connected, because it is a file."""
_PLACES = ("DTSTART", "DTEND", "RECURRENCE-ID")


class Driver:
    """A new calendar on this computer."""

    def __init__(self) -> None:
        registry = EDataServer.SourceRegistry.new_sync(None)
        source = EDataServer.Source.new(None, None)
        source.set_parent("local-stub")
        source.set_display_name("Bob")
        source.get_extension(EDataServer.SOURCE_EXTENSION_CALENDAR).set_backend_name("local")
        registry.commit_source_sync(source, None)
        self._client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, _DO_NOT_WAIT, None)

    def receive(self, text: str) -> bool:
        """An iTIP message, as Evolution hands it over when the person has answered."""
        message = ICalGLib.Component.new_from_string(text)
        return bool(self._client.receive_objects_sync(message, ECal.OperationFlags.NONE, None))

    def events(self, uid: str) -> list[dict[str, Any]]:
        """What it keeps of an event: the series, then each occurrence that differs."""
        found = self._client.get_objects_for_uid_sync(uid, None)[1]
        return [self._event(one.get_icalcomponent()) for one in found]

    def occurrences(self, start: int, end: int) -> list[list[int]]:
        """Start and end of each occurrence that begins in a span, as the back end expands it."""
        found: list[list[int]] = []

        def one(_component: Any, begin: Any, until: Any, *_rest: Any) -> bool:
            found.append([self._seconds(begin), self._seconds(until)])
            return True

        self._client.generate_instances_sync(start, end, None, one)
        return sorted(found)

    def reply(self, uid: str, address: str, partstat: str, rid: str | None) -> str:
        """The REPLY of an attendee out of the event it keeps, written by its library."""
        found, event = self._client.get_object_sync(uid, rid, None)
        assert found
        mail = f"mailto:{address}"
        for line in self._lines(event, ICalGLib.PropertyKind.ATTENDEE_PROPERTY):
            if line.get_value_as_string() != mail:
                event.remove_property(line)
            else:
                line.set_parameter_from_string("PARTSTAT", partstat)
        event.set_dtstamp(ICalGLib.Time.new_current_with_zone(ICalGLib.Timezone.get_utc_timezone()))
        calendar = ICalGLib.Component.new_from_string(self._client.get_component_as_string(event))
        calendar.set_method(ICalGLib.PropertyMethod.REPLY)
        return str(calendar.as_ical_string())

    def _event(self, event: Any) -> dict[str, Any]:
        times = {name: self._time(event, name) for name in _PLACES}
        rules = self._lines(event, ICalGLib.PropertyKind.RRULE_PROPERTY)
        people = self._lines(event, ICalGLib.PropertyKind.ATTENDEE_PROPERTY)
        return {
            "summary": event.get_summary(),
            "location": event.get_location(),
            "organizer": self._text(event, ICalGLib.PropertyKind.ORGANIZER_PROPERTY),
            "attendees": {one.get_value_as_string(): one.get_parameter_as_string("PARTSTAT") for one in people},
            "sequence": event.get_sequence(),
            "status": self._text(event, ICalGLib.PropertyKind.STATUS_PROPERTY).lower(),
            "rules": [one.get_value_as_string() for one in rules],
            "start": times["DTSTART"],
            "end": times["DTEND"],
            "rid": times["RECURRENCE-ID"],
        }

    def _time(self, event: Any, name: str) -> int | str | None:
        kind = ICalGLib.Property.kind_from_string(name)
        line = event.get_first_property(kind)
        if line is None:
            return None
        value = line.get_value()
        time = value.get_date() if value.isa() == ICalGLib.ValueKind.DATE_VALUE else value.get_datetime()
        if time.is_date():
            return str(time.as_ical_string())
        if (tzid := line.get_parameter_as_string("TZID")) is not None:
            time.set_timezone(self._client.get_timezone_sync(tzid, None)[1])
        return self._seconds(time)

    def _text(self, event: Any, kind: Any) -> str:
        return "".join(line.get_value_as_string() for line in self._lines(event, kind))

    @staticmethod
    def _seconds(time: Any) -> int:
        return int(time.as_timet_with_zone(time.get_timezone() or ICalGLib.Timezone.get_utc_timezone()))

    @staticmethod
    def _lines(event: Any, kind: Any) -> list[Any]:
        found = []
        line = event.get_first_property(kind)
        while line is not None:
            found.append(line)
            line = event.get_next_property(kind)
        return found


def main() -> None:
    """One job a line until the input ends."""
    driver = Driver()
    version = (EDataServer.EDS_MAJOR_VERSION, EDataServer.EDS_MINOR_VERSION, EDataServer.EDS_MICRO_VERSION)
    print(json.dumps({"ok": ".".join(map(str, version))}), flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        try:
            answer = {"ok": getattr(driver, name)(*arguments)}
        except GLib.Error as error:
            answer = {"refused": error.message}
        print(json.dumps(answer), flush=True)


main()
