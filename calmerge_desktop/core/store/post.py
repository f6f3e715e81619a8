"""Mail in the ledger: mailboxes, letters that wait, what came in, what was sent for which event. Rows <-> model.

A letter is one mail to one person under a key that says what it is for; the key is unique, so the same letter is never
written twice, whatever crashes in between.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from calmerge_desktop.core.errors import BadInput, UnknownId
from calmerge_desktop.core.mail_ports import Incoming, Letter, Mailbox, Seen, SentBefore, Written
from calmerge_desktop.core.store import tables as t
from calmerge_desktop.core.store.files import writing
from calmerge_desktop.core.texts import _

_OPEN = ("waiting", "unsure", "refused")


class Post:
    """Reads and writes; each call is one transaction, on any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- mailboxes --------------------------------------------------------------------------------------------------

    def mailboxes(self) -> Sequence[Mailbox]:
        """In the person's order; the first is the usual one."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(t.mailbox).order_by(t.mailbox.c.position))
            return [Mailbox(row.address, row.name, row.kind, json.loads(row.config)) for row in rows]

    def keep_mailbox(self, box: Mailbox) -> None:
        """Add or replace by address."""
        with writing(self._engine) as connection:
            last = connection.scalar(select(func.max(t.mailbox.c.position))) or 0
            values: dict[str, Any] = {
                "name": box.name,
                "kind": box.kind,
                "config": json.dumps(dict(box.config), sort_keys=True),
            }
            made = insert(t.mailbox).values(address=box.address, position=last + 1, **values)
            connection.execute(made.on_conflict_do_update(index_elements=["address"], set_=values))

    def drop_mailbox(self, address: str) -> None:
        """Forget. Raises `UnknownId`."""
        with writing(self._engine) as connection:
            if not connection.execute(delete(t.mailbox).where(t.mailbox.c.address == address)).rowcount:
                raise UnknownId(_("There is no mailbox “{address}”.").format(address=address[:80]))

    # --- letters ----------------------------------------------------------------------------------------------------

    def put_letters(self, letters: Sequence[Letter]) -> int:
        """Queue letters that are not known yet; returns how many were."""
        with writing(self._engine) as connection:
            return add_letters(connection, letters)

    def letters(self, *, everything: bool = False) -> Sequence[Letter]:
        """Letters that wait or need the person, oldest first; or all of them."""
        wanted = select(t.letter).order_by(t.letter.c.id)
        if not everything:
            wanted = wanted.where(t.letter.c.state.in_((*_OPEN, "sending")))
        with self._engine.connect() as connection:
            return [_letter(row) for row in connection.execute(wanted)]

    def written(self, beginning: str) -> Sequence[Written]:
        """What became of the letters whose key begins so, oldest first; without their text."""
        columns = (t.letter.c.id, t.letter.c.key, t.letter.c.created, t.letter.c.state)
        key = t.letter.c.key  # as a range, which the index of the keys answers
        end = beginning[:-1] + chr(ord(beginning[-1]) + 1)
        wanted = select(*columns).where(key >= beginning, key < end).order_by(t.letter.c.id)
        with self._engine.connect() as connection:
            return [Written(*row) for row in connection.execute(wanted)]

    def due(self, now: int) -> Sequence[Letter]:
        """Letters to be sent now, oldest first."""
        wanted = select(t.letter).where(t.letter.c.state == "waiting", t.letter.c.not_before <= now)
        with self._engine.connect() as connection:
            return [_letter(row) for row in connection.execute(wanted.order_by(t.letter.c.id))]

    def claim(self, letter: int) -> bool:
        """From `waiting` to `sending`; False when it does not wait any more. Committed before a server hears of it."""
        with writing(self._engine) as connection:
            wanted = (t.letter.c.id == letter) & (t.letter.c.state == "waiting")
            return bool(connection.execute(update(t.letter).where(wanted).values(state="sending")).rowcount)

    def resend(self, letter: int) -> None:
        """Send it at the next chance, whatever became of it before. Raises `UnknownId`, `BadInput` while it leaves."""
        self._turn(letter, ("waiting", "refused", "unsure"), {"state": "waiting", "not_before": 0, "reason": None})

    def drop(self, letter: int) -> None:
        """Never send it; its key stays known, so that it is not made again. Raises `UnknownId`, `BadInput`."""
        self._turn(letter, _OPEN, {"state": "dropped"})

    def take_back(self, keys: Sequence[str]) -> bool:
        """As if these letters had never been written: all of them, or none when one does not wait any more."""
        with writing(self._engine) as connection:
            wanted = t.letter.c.key.in_(keys) & (t.letter.c.state == "waiting")
            waiting = connection.scalar(select(func.count()).select_from(t.letter).where(wanted))
            if waiting == len(set(keys)):
                connection.execute(delete(t.letter).where(wanted))
            return waiting == len(set(keys))

    def hurry(self, sender: str) -> None:
        """Everything that waits to be sent from this address is due now."""
        with writing(self._engine) as connection:
            wanted = (func.lower(t.letter.c.sender) == sender.lower()) & (t.letter.c.state == "waiting")
            connection.execute(update(t.letter).where(wanted).values(not_before=0))

    def let_go(self) -> int:
        """What was never tried and waits only so that it could be taken back is due now; returns how many there are."""
        with writing(self._engine) as connection:
            wanted = (t.letter.c.state == "waiting") & (t.letter.c.tries == 0)
            connection.execute(update(t.letter).where(wanted, t.letter.c.not_before > 0).values(not_before=0))
            return connection.scalar(select(func.count()).select_from(t.letter).where(wanted)) or 0

    def _turn(self, letter: int, from_states: Sequence[str], values: dict[str, Any]) -> None:
        with writing(self._engine) as connection:
            state = connection.scalar(select(t.letter.c.state).where(t.letter.c.id == letter))
            if state is None:
                raise UnknownId(_("There is no letter “{id}”.").format(id=letter))
            if state not in from_states:
                raise BadInput(_("This letter is on its way, sent or dropped already."))
            connection.execute(update(t.letter).where(t.letter.c.id == letter).values(**values))

    def mark(self, letter: int, state: str, *, reason: str | None = None, not_before: int = 0, again: bool = False) -> None:
        """What became of a letter; `again` counts one more try."""
        values: dict[str, Any] = {"state": state, "reason": reason, "not_before": not_before}
        if again:
            values["tries"] = t.letter.c.tries + 1
        with writing(self._engine) as connection:
            if not connection.execute(update(t.letter).where(t.letter.c.id == letter).values(**values)).rowcount:
                raise UnknownId(_("There is no letter “{id}”.").format(id=letter))

    def interrupted(self) -> int:
        """Letters under way when the program died: they may have arrived, so they are not sent again. How many."""
        reason = _("The program ended while this was being sent; it may have arrived.")
        with writing(self._engine) as connection:
            stuck = update(t.letter).where(t.letter.c.state == "sending").values(state="unsure", reason=reason)
            return connection.execute(stuck).rowcount

    # --- how far mailboxes were looked at ---------------------------------------------------------------------------

    def seen(self, address: str, folder: str) -> Seen:
        """See `core.ports.MailStore`."""
        wanted = select(t.mail_seen).where(t.mail_seen.c.address == address, t.mail_seen.c.folder == folder)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        return Seen(row.validity, row.uid, row.at, row.trouble, row.token) if row else Seen()

    def set_seen(self, address: str, folder: str, seen: Seen) -> None:
        """See `core.ports.MailStore`. A mailbox that was removed meanwhile is forgotten already."""
        values = {
            "validity": seen.validity,
            "uid": seen.uid,
            "at": seen.at,
            "trouble": seen.trouble,
            "token": seen.token,
        }
        with writing(self._engine) as connection:
            if connection.scalar(select(t.mailbox.c.address).where(t.mailbox.c.address == address)) is None:
                return
            made = insert(t.mail_seen).values(address=address, folder=folder, **values)
            connection.execute(made.on_conflict_do_update(index_elements=["address", "folder"], set_=values))

    # --- what came in -----------------------------------------------------------------------------------------------

    def keep_incoming(self, one: Incoming) -> int | None:
        """Keep a message; None when exactly it is known already."""
        with writing(self._engine) as connection:
            made = insert(t.incoming).values(
                digest=one.digest,
                at=one.at,
                method=one.method,
                kind=one.kind,
                uid=one.uid,
                sender=one.sender,
                comment=one.comment,
                partstat=one.partstat,
                event=one.event,
                ics=one.ics,
                state=one.state,
            )
            result = connection.execute(made.on_conflict_do_nothing(index_elements=["digest"]))
            return result.inserted_primary_key[0] if result.rowcount and result.inserted_primary_key else None

    def incoming(self, *, everything: bool = False) -> Sequence[Incoming]:
        """Messages that wait for the person, newest first; or all of them."""
        wanted = select(t.incoming).order_by(t.incoming.c.id.desc())
        if not everything:
            wanted = wanted.where(t.incoming.c.state == "open")
        with self._engine.connect() as connection:
            return [_incoming(row) for row in connection.execute(wanted)]

    def settle(self, incoming: int, *, back: bool = False) -> None:
        """The person dealt with a message; `back`: it waits again. Raises `UnknownId`."""
        with writing(self._engine) as connection:
            done = update(t.incoming).where(t.incoming.c.id == incoming).values(state="open" if back else "done")
            if not connection.execute(done).rowcount:
                raise UnknownId(_("There is no message “{id}”.").format(id=incoming))

    # --- what was sent ----------------------------------------------------------------------------------------------

    def sent_before(self, key: str, rid: str = "") -> SentBefore | None:
        """What the guests of an event know of it; None when nothing was sent."""
        wanted = select(t.invited).where(t.invited.c.key == key, t.invited.c.rid == rid)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        return SentBefore(row.sequence, tuple(json.loads(row.recipients)), row.at, row.ics) if row else None

    def remember_sent(self, key: str, rid: str, sent: SentBefore) -> None:
        """Keep what was sent last."""
        values = {
            "sequence": sent.sequence,
            "recipients": json.dumps(list(sent.recipients)),
            "at": sent.at,
            "ics": sent.ics,
        }
        with writing(self._engine) as connection:
            made = insert(t.invited).values(key=key, rid=rid, **values)
            connection.execute(made.on_conflict_do_update(index_elements=["key", "rid"], set_=values))


def add_letters(connection: Connection, letters: Sequence[Letter]) -> int:
    """Queue letters that are not known yet inside a transaction; returns how many were."""
    added = 0
    for one in letters:
        made = insert(t.letter).values(
            key=one.key,
            created=one.created,
            sender=one.sender,
            recipient=one.recipient,
            subject=one.subject,
            mime=one.mime,
            state="waiting",
            tries=0,
            not_before=one.not_before,
        )
        added += connection.execute(made.on_conflict_do_nothing(index_elements=["key"])).rowcount
    return added


def _letter(row: Any) -> Letter:
    return Letter(
        id=row.id,
        key=row.key,
        created=row.created,
        sender=row.sender,
        recipient=row.recipient,
        subject=row.subject,
        mime=row.mime,
        state=row.state,
        tries=row.tries,
        not_before=row.not_before,
        reason=row.reason,
    )


def _incoming(row: Any) -> Incoming:
    return Incoming(
        id=row.id,
        digest=row.digest,
        at=row.at,
        method=row.method,
        kind=row.kind,
        uid=row.uid,
        sender=row.sender,
        comment=row.comment,
        partstat=row.partstat,
        event=row.event,
        ics=row.ics,
        state=row.state,
    )
