"""Every table on one page.

`cache` is a copy of what providers hold: it may be thrown away and pulled again, so it carries a layout version
(`files.CACHE_LAYOUT`) instead of migrations. `ledger` is ours and never lost: Alembic moves it from version to version
(`migrations/`). They are two files, so that a damaged cache cannot touch the ledger.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

cache = MetaData()

meta = Table("meta", cache, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

book = Table(
    "book",
    cache,
    Column("id", Integer, primary_key=True),
    Column("calendar", Text, nullable=False, unique=True),
    Column("token", Text),
)
"""A calendar that has something in the cache."""

resource = Table(
    "resource",
    cache,
    Column("id", Integer, primary_key=True),
    Column("book", Integer, ForeignKey("book.id", ondelete="CASCADE"), nullable=False),
    Column("href", Text, nullable=False),
    Column("etag", Text),
    Column("key", Text, nullable=False, unique=True),
    Column("uid", Text, nullable=False),
    Column("covered", Integer),  # instant up to which `occ` holds its occurrences; NULL: all of them
    UniqueConstraint("book", "href"),
)
Index("resource_covered", resource.c.covered, sqlite_where=resource.c.covered.is_not(None))

raw = Table(
    "raw",
    cache,
    Column("resource", Integer, ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True),
    Column("ics", Text, nullable=False),
)
"""Resource text, apart from `resource` so that scans of that table stay small."""

vevent = Table(
    "vevent",
    cache,
    Column("id", Integer, primary_key=True),
    Column("resource", Integer, nullable=False, index=True),
    Column("book", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Integer, nullable=False),  # axis * 2 + (1 when longer than SHORT)
    Column("flags", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("s", Integer),  # start on its axis; NULL: see `starts`
    Column("uid", Text, nullable=False),
    Column("rid", Text),  # NULL in a series: each occurrence is where the series puts it
    Column("summary", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("tzid", Text),
    Column("partstat", Text),
    Column("url", Text),
)
"""Everything the week paints of a VEVENT. One whose occurrences differ in more than their start has several rows."""
Index("vevent_unanswered", vevent.c.partstat, sqlite_where=vevent.c.partstat == "needs-action")

starts = Table(
    "starts",
    cache,
    Column("vevent", Integer, primary_key=True),
    Column("at", Text, nullable=False),  # JSON list
)
"""Where the occurrences of a series are, apart from `vevent` so that reading that table stays fast."""

occ = Table(
    "occ",
    cache,
    Column("kind", Integer, primary_key=True),
    Column("s", Integer, primary_key=True),
    Column("vevent", Integer, primary_key=True),
    Column("e", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""One narrow row an occurrence, in the order of time: the index of `vevent`, made of it and `starts` (`rows.FILL`).

A week touches one stretch of this tree and the rows it names. With all columns in here a week from disk is a tenth faster,
and all else slower: an import and free/busy of two months by a fifth (measured).
"""

status = Table(
    "status",
    cache,
    Column("of", Text, primary_key=True),  # account or calendar id
    Column("state", Text, nullable=False),
    Column("as_of", Integer),
    Column("reason", Text),
    Column("kind", Text),
    Column("retry_at", Integer),
)

set_aside = Table(
    "set_aside",
    cache,
    Column("book", Integer, ForeignKey("book.id", ondelete="CASCADE"), primary_key=True),
    Column("href", Text, primary_key=True),
    Column("reason", Text, nullable=False),
)

SEARCH = """CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
  summary, location, description, people, tokenize = "unicode61 remove_diacritics 2", detail = column)"""
"""Full text by resource (rowid = resource.id); SQLAlchemy knows no virtual tables.

Words are found by their beginnings without an index of prefixes: one would double the time of an import (measured).
"""

ledger = MetaData()

account = Table(
    "account",
    ledger,
    Column("id", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text),
    Column("config", Text, nullable=False),  # JSON object of strings, no secrets
    Column("position", Integer, nullable=False),
)

calendar = Table(
    "calendar",
    ledger,
    Column("id", Text, primary_key=True),
    Column("account", Text, ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("remote_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("color", Text, nullable=False),
    Column("own_name", Text),  # given by the person, wins over the provider's
    Column("own_color", Text),
    Column("access", Text, nullable=False),
    Column("visible", Boolean, nullable=False),
    Column("busy", Boolean, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("tzid", Text),
    Column("url", Text, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("account", "remote_id"),
)

outbox = Table(
    "outbox",
    ledger,
    Column("id", Integer, primary_key=True),
    Column("calendar", Text, ForeignKey("calendar.id", ondelete="CASCADE"), nullable=False),
    Column("href", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("ics", Text),  # NULL: delete
    Column("base", Text),
    Column("base_ics", Text),
    Column("creates", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("not_before", Integer, nullable=False),
    Column("state", Text, nullable=False),  # waiting, sending, refused, conflict
    Column("reason", Text),
    Column("theirs", Text),  # in a conflict: their version, NULL: deleted there
    Column("theirs_etag", Text),
    sqlite_autoincrement=True,
)
Index("outbox_key", outbox.c.key)

journal = Table(
    "journal",
    ledger,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("account", Text, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("href", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("before", Text),  # NULL: did not exist
    Column("after", Text),  # NULL: deleted
    Column("undone", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
"""Every change the person made to a calendar, with what is needed to take it back."""

blocking = Table(
    "blocking",
    ledger,
    Column("calendar", Text, ForeignKey("calendar.id", ondelete="CASCADE"), primary_key=True),
    Column("all_day", Text, nullable=False),
    Column("tentative", Boolean, nullable=False),
    Column("unanswered", Boolean, nullable=False),
    Column("unreadable", Text, nullable=False),
)
"""What events of a calendar do to availability, where the person chose other than `freebusy.DEFAULT`."""

schedule = Table(
    "schedule",
    ledger,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("body", Text, nullable=False),  # JSON, see `core.availability.plain_schedule`
    Column("position", Integer, nullable=False),
)

link = Table(
    "link",
    ledger,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # the slug
    Column("body", Text, nullable=False),  # JSON, see `core.availability.plain`
    Column("position", Integer, nullable=False),
)

booking = Table(
    "booking",
    ledger,
    Column("id", Text, primary_key=True),
    Column("link", Text, nullable=False),  # stays when the link goes
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("state", Text, nullable=False),  # pending, accepted, cancelled, rejected
    Column("event", Text, nullable=False),  # key of the event written for it, or empty
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Column("guest", Text, nullable=False),  # JSON
    Column("created", Integer, nullable=False),
)
Index("booking_link", booking.c.link, booking.c.start)

mailbox = Table(
    "mailbox",
    ledger,
    Column("address", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # smtp, account
    Column("config", Text, nullable=False),  # JSON object of strings, no secrets
    Column("position", Integer, nullable=False),
)
"""An address the person sends from."""

letter = Table(
    "letter",
    ledger,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # what it is for, so that nothing is sent twice
    Column("created", Integer, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting, sending, sent, refused, unsure, dropped
    Column("tries", Integer, nullable=False),
    Column("not_before", Integer, nullable=False),
    Column("reason", Text),
    sqlite_autoincrement=True,
)
"""A mail to one person that waits, or what became of it."""

incoming = Table(
    "incoming",
    ledger,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),  # the same message again is known
    Column("at", Integer, nullable=False),
    Column("method", Text, nullable=False),
    Column("kind", Text, nullable=False),  # `core.itip.decide.Kind`
    Column("uid", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("partstat", Text, nullable=False),
    Column("event", Text, nullable=False),  # key of our event, or empty
    Column("ics", Text, nullable=False),
    Column("state", Text, nullable=False),  # open: waits for the person; done
    sqlite_autoincrement=True,
)
"""An iTIP message that came in."""

invited = Table(
    "invited",
    ledger,
    Column("key", Text, primary_key=True),
    Column("rid", Text, primary_key=True),  # empty: the whole event
    Column("sequence", Integer, nullable=False),
    Column("recipients", Text, nullable=False),  # JSON list
    Column("at", Integer, nullable=False),
    Column("ics", Text, nullable=False),  # the event as they know it
)
"""What was sent last for an event: to whom, and under which SEQUENCE."""

proposal = Table(
    "proposal",
    ledger,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),  # `core.proposal.model.State`
    Column("guest", Text, nullable=False),
    Column("created", Integer, nullable=False),
    Column("expires", Integer, nullable=False),
    Column("chosen", Integer),
    Column("body", Text, nullable=False),  # JSON: what does not change
    Column("answer", Text),  # what the guest wrote, until the person decides
    Column("offering", Text, nullable=False, server_default=""),  # shared by proposals with the same times
    Column("history", Text, nullable=False, server_default="[]"),  # JSON list of [instant, state]
)
"""Times offered to somebody."""
Index("proposal_offering", proposal.c.offering)

mail_seen = Table(
    "mail_seen",
    ledger,
    Column("address", Text, ForeignKey("mailbox.address", ondelete="CASCADE"), primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("validity", Integer, nullable=False),  # UIDVALIDITY, 0: never looked at
    Column("uid", Integer, nullable=False),
    Column("at", Integer, nullable=False),
    Column("trouble", Text, nullable=False),
    Column("token", Text, nullable=False, server_default=""),
)
"""How far a mailbox was looked at."""

template = Table(
    "template",
    ledger,
    Column("language", Text, primary_key=True),
    Column("body", Text, nullable=False),  # JSON: field of `core.letters.template` -> own text
)
"""The person's own words for offers."""

published = Table(
    "published",
    ledger,
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),  # JSON, see `core.proposal.published`
)
"""A page of open times that is kept in a folder, with every offer it ever showed that a guest may still answer."""
