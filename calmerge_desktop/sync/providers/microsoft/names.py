"""Words both directions of the conversion share: our marks, X- properties, and Graph's enumerations beside iCalendar's."""

from __future__ import annotations

_SPACE = "{b3d9f5a4-5a0c-4f0b-9a63-6f1f2f5c7c11}"
"""The name space of our extended properties. Never changed: what older versions marked must stay ours."""
UID_KEY = f"String {_SPACE} Name CalMergeUid"
"""Single-value extended property: the UID an event of ours has everywhere else. Graph makes up its own."""
MORE_KEY = f"String {_SPACE} Name CalMergeMore"
"""What the VEVENT says and Graph has no place for."""
MARKS = f"singleValueExtendedProperties($filter=id eq '{UID_KEY}' or id eq '{MORE_KEY}')"
"""For `$expand`: Graph shows extended properties only to who asks for them by name."""

GRAPH_UID = "X-MICROSOFT-UID"
"""Graph's own UID where ours stands as UID."""
BUSY = "X-MICROSOFT-CDO-BUSYSTATUS"
SENSITIVITY = "X-MICROSOFT-SENSITIVITY"
TEAMS = "X-MICROSOFT-SKYPETEAMSMEETINGURL"
MEETING_STATE = "X-MICROSOFT-ONLINE-MEETING-STATUS"
"""`MISSING`: asked for, but the mailbox made none."""
PATTERN = "X-MICROSOFT-RECURRENCE"
"""JSON of a repetition that no RRULE says."""
REST = "X-MICROSOFT-REST"
"""JSON of whatever else Graph says about the event, so that nothing is lost."""
WANT_CONFERENCE = "X-CALMERGE-CONFERENCE"
"""Ours: please add a video meeting."""

ANSWERS = {
    "none": "NEEDS-ACTION",
    "notResponded": "NEEDS-ACTION",
    "organizer": "ACCEPTED",
    "accepted": "ACCEPTED",
    "declined": "DECLINED",
    "tentativelyAccepted": "TENTATIVE",
}
REPLIES = {"ACCEPTED": "accept", "DECLINED": "decline", "TENTATIVE": "tentativelyAccept"}
"""The action that gives an answer."""
SENSITIVE = {"personal": "PRIVATE", "private": "PRIVATE", "confidential": "CONFIDENTIAL"}
PRIORITIES = {"high": "1", "low": "9"}
BUSY_WORDS = {"oof": "OOF", "workingElsewhere": "WORKINGELSEWHERE", "tentative": "TENTATIVE", "free": "FREE"}
NOT_BUSY = frozenset({"free", "workingElsewhere"})
TEAMS_PROVIDER = "teamsForBusiness"

MAPPED = frozenset(
    {
        "subject", "body", "start", "end", "isAllDay", "location", "recurrence", "attendees", "organizer", "showAs",
        "sensitivity", "importance", "categories", "isReminderOn", "reminderMinutesBeforeStart", "onlineMeeting",
        "isCancelled", "singleValueExtendedProperties", "originalStartTimeZone", "originalEndTimeZone", "isOnlineMeeting",
    }
)  # fmt: skip
SERVER_OWNED = frozenset(
    {
        "id", "iCalUId", "uid", "createdDateTime", "lastModifiedDateTime", "changeKey", "bodyPreview", "webLink", "type",
        "seriesMasterId", "originalStart", "hasAttachments", "transactionId", "isOrganizer", "responseStatus", "isDraft",
        "locations", "onlineMeetingUrl", "onlineMeetingProvider", "cancelledOccurrences", "exceptionOccurrences",
        "occurrenceId",
    }
)  # fmt: skip
"""Fields nobody but the mailbox changes, or that have a property of their own."""
USUAL = {"responseRequested": True, "allowNewTimeProposals": True, "hideAttendees": False}
"""Values that say nothing."""
WRITABLE_REST = ("responseRequested", "allowNewTimeProposals", "hideAttendees")
"""Fields iCalendar has no word for, which an event that is made anew keeps."""
