"""Everything that can go wrong, sorted by who must act.

    CalmergeError
      UserMustAct    SignInNeeded · AccessDenied · NothingThere · BadInput · UnknownId · ReadOnly · SuspiciouslyEmpty ·
                     NewerDatabase · DeliveryUnknown · Damaged ·
                     DiskFull
      TryLater       Offline · RateLimited · ServerTrouble · Busy · Cancelled
      Conflict       EditConflict
      BadData        UnreadableCalendar · UnreadableEvent · UnreadableRule
      SyncTokenExpired     never leaves sync.engine

Anything else is a bug: it is not swallowed. An error carries a `kind` (a stable word for scripts), one sentence for the
person and, where there is one, a `hint` that says what to do; `typed` says it as a command, and only the command line shows
it. Sentences come from `core.texts`, so they are already in
the person's language. An error never holds a token, a password or an event's title.
"""

from __future__ import annotations


class CalmergeError(Exception):
    """Base of all expected failures. `exit_code` is what the command line ends with."""

    kind = "error"
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", typed: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.typed = typed

    @property
    def way_on(self) -> str:
        """What to do, for the command line."""
        return " ".join(filter(None, (self.hint, self.typed)))


class UserMustAct(CalmergeError):
    """Only the person can mend it: sign in, choose another value, grant access."""

    kind = "user"
    exit_code = 3


class SignInNeeded(UserMustAct):
    """The source refused our credentials (HTTP 401, a revoked token, a changed password)."""

    kind = "sign-in"


class AccessDenied(UserMustAct):
    """Signed in, but not allowed (HTTP 403 that is no rate limit)."""

    kind = "access"


class NothingThere(UserMustAct):
    """The address or path of a source holds nothing (HTTP 404 or 410, a missing folder). What was read before is kept."""

    kind = "not-found"


class BadInput(UserMustAct):
    """Something typed or chosen cannot be used as it is."""

    kind = "input"


class UnknownId(UserMustAct):
    """No account, calendar or event has this id."""

    kind = "unknown-id"


class ReadOnly(UserMustAct):
    """The calendar takes no changes from us."""

    kind = "read-only"


class SuspiciouslyEmpty(UserMustAct):
    """A listing would remove more than half of a calendar; it waits for the person's word."""

    kind = "suspicious"


class NewerDatabase(UserMustAct):
    """The ledger was written by a newer version of the program."""

    kind = "newer-database"


class DeliveryUnknown(UserMustAct):
    """The connection died after a mail was handed over: it may have arrived, so it is not sent again by itself."""

    kind = "delivery-unknown"


class Damaged(UserMustAct):
    """A file of ours cannot be read any more. The next start rebuilds a cache; a ledger is never touched."""

    kind = "damaged"


class DiskFull(UserMustAct):
    """Nothing more can be written; what was being written is undone."""

    kind = "disk-full"


class TryLater(CalmergeError):
    """Time mends it. `retry_after` is in seconds, None when the other side did not say."""

    kind = "later"
    exit_code = 4

    def __init__(self, message: str, *, hint: str = "", retry_after: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class Offline(TryLater):
    """No connection: name not found, refused, timed out, dropped, or a certificate nobody trusts."""

    kind = "offline"


class RateLimited(TryLater):
    """HTTP 429, or 503 with Retry-After."""

    kind = "rate-limited"


class ServerTrouble(TryLater):
    """HTTP 5xx or an answer that makes no sense."""

    kind = "server"


class Busy(TryLater):
    """Another process of ours holds the database."""

    kind = "busy"


class Cancelled(TryLater):
    """The person, or the end of the program, stopped the work. What was stored stays; the rest comes next time."""

    kind = "cancelled"


class Conflict(CalmergeError):
    """The thing was changed elsewhere."""

    kind = "conflict"
    exit_code = 5


class EditConflict(Conflict):
    """The ETag on the server is not the one our edit was based on (HTTP 412), or the event is gone there."""


class BadData(CalmergeError):
    """Data of others that cannot be read. One event is set aside; everything else goes on."""

    kind = "bad-data"
    exit_code = 3


class UnreadableCalendar(BadData):
    """The whole file or answer is no calendar."""

    kind = "not-a-calendar"


class UnreadableEvent(BadData):
    """One VEVENT lacks what RFC 5545 requires, or holds a value that has no meaning."""


class UnreadableRule(UnreadableEvent):
    """An RRULE, RDATE or EXDATE that cannot be understood or would never end."""


class SyncTokenExpired(Exception):
    """The server does not know our sync token any more: read everything again. Caught once, in sync.engine."""


LATER_KINDS = frozenset({TryLater.kind, *(one.kind for one in TryLater.__subclasses__())})
"""Kinds that time mends."""
