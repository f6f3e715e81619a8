"""Words both directions of the conversion share: our marks, X- properties, and Google's enumerations beside iCalendar's."""

from __future__ import annotations

UID_KEY = "calmergeUid"
"""Private extended property: the UID an event of ours has everywhere else. Google makes up its own beside a chosen id."""
MORE_KEY = "calmergeMore"
"""Private extended properties (numbered): what the VEVENT says and Google has no place for."""

EVENT_TYPE = "X-GOOGLE-EVENT-TYPE"
COLOR = "X-GOOGLE-COLOR-ID"
LABEL = "X-GOOGLE-LABEL-ID"
REMINDERS = "X-GOOGLE-REMINDERS"
"""`NONE`: not even the calendar's usual ones. Absent and without a VALARM: the usual ones."""
CONFERENCE = "X-GOOGLE-CONFERENCE"
CONFERENCE_STATE = "X-GOOGLE-CONFERENCE-STATUS"
WANT_CONFERENCE = "X-CALMERGE-CONFERENCE"
"""Ours: please add a video meeting; the value is Google's key of the kind, such as `hangoutsMeet`."""
GOOGLE_UID = "X-GOOGLE-UID"
"""Google's own UID where ours stands as UID."""
SOURCE_TITLE = "X-GOOGLE-SOURCE-TITLE"
REST = "X-GOOGLE-REST"
"""JSON of whatever else Google says about the event, so that nothing is lost."""

ANSWERS = {"needsAction": "NEEDS-ACTION", "accepted": "ACCEPTED", "declined": "DECLINED", "tentative": "TENTATIVE"}
CLASSES = {"public": "PUBLIC", "private": "PRIVATE", "confidential": "CONFIDENTIAL"}
METHODS = {"popup": "DISPLAY", "email": "EMAIL"}
COLORS = {
    "1": "lightsteelblue",
    "2": "mediumaquamarine",
    "3": "mediumpurple",
    "4": "lightcoral",
    "5": "gold",
    "6": "orange",
    "7": "mediumturquoise",
    "8": "gray",
    "9": "royalblue",
    "10": "seagreen",
    "11": "crimson",
}
"""Google's event colours as the nearest names of CSS 3, which is what COLOR holds (RFC 7986 §5.9)."""
NEVER_BUSY = frozenset({"workingLocation", "birthday"})
SPECIAL = {
    "outOfOffice": "outOfOfficeProperties",
    "focusTime": "focusTimeProperties",
    "workingLocation": "workingLocationProperties",
    "birthday": "birthdayProperties",
}
"""Kinds of events a client may make, each with the field it cannot be made without."""
MOST_REMINDERS = 5
LONGEST_REMINDER = 40_320
"""Minutes: four weeks."""
SERVER_OWNED = frozenset(
    {
        "kind", "etag", "id", "status", "htmlLink", "created", "updated", "creator", "organizer", "iCalUID", "sequence",
        "hangoutLink", "recurringEventId", "originalStartTime", "locked", "privateCopy",
    }
)  # fmt: skip
"""Fields nobody but Google changes, or that have a property of their own."""
WRITABLE_REST = (
    "anyoneCanAddSelf", "guestsCanInviteOthers", "guestsCanModify", "guestsCanSeeOtherGuests", "endTimeUnspecified",
)  # fmt: skip
"""Fields iCalendar has no word for, which an event that is made anew keeps."""
