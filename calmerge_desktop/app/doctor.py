"""Checks of the set-up, each with what to do when it fails."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from calmerge_desktop.core.errors import CalmergeError
from calmerge_desktop.core.model import SourceState
from calmerge_desktop.core.store import CACHE_FILE, LEDGER_FILE
from calmerge_desktop.core.store.files import damaged
from calmerge_desktop.core.texts import _, ngettext

if TYPE_CHECKING:
    from calmerge_desktop.app.profile import Profile
    from calmerge_desktop.sync.oauth.scopes import Level


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor."""

    name: str
    ok: bool
    message: str
    hint: str = ""


def checks(profile: Profile) -> list[Check]:
    """All checks; none of them changes anything, but a damaged cache is marked for the next start."""
    found = [_folder(profile), _database(profile), _zone(profile), _secrets(profile), _window()]
    found += _google(profile) + _microsoft(profile)
    for view in profile.desk.accounts.list():
        good = view.status.state is SourceState.FRESH
        found.append(
            Check(
                view.account.name,
                good,
                view.status.reason or _("fresh"),
                "" if good else _("Read it with: calmerge sync --account {id}").format(id=view.account.id),
            )
        )
    found += _mail(profile)
    waiting = profile.desk.events.conflicts()
    if waiting:
        hint = _("Choose with: calmerge conflict list")
        found.append(Check(_("Conflicts"), False, _("{n} events wait for your choice.").format(n=len(waiting)), hint))
    return found


def _folder(profile: Profile) -> Check:
    good = os.access(profile.folders.data, os.W_OK)
    return Check(_("Data folder"), good, str(profile.folders.data), _("Check its permissions."))


def _database(profile: Profile) -> Check:
    for path in (profile.folders.data / CACHE_FILE, profile.folders.data / LEDGER_FILE):
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as error:
            answer = str(error)
        finally:
            connection.close()
        if answer != "ok":
            said = damaged(path)
            return Check(_("Database"), False, said.message, said.way_on)
    return Check(_("Database"), True, _("whole"))


def _zone(profile: Profile) -> Check:
    return Check(_("Time zone"), True, profile.home_tzid)


def _secrets(profile: Profile) -> Check:
    try:
        return Check(_("Passwords"), True, profile.secrets.describe())
    except CalmergeError as error:
        return Check(_("Passwords"), False, error.message, error.way_on)


def _google(profile: Profile) -> list[Check]:
    """The program's registration at Google, and what each account's sign-in is good for; the network is not asked."""
    from calmerge_desktop.sync.providers.google import client, scopes, tokens

    none = _("This build carries none; linking Google needs your own.")
    found = [_registration(_("Google registration"), client.carried, none, _("docs/google.md leads through it."))]
    return found + _sign_ins(profile, "google", tokens.read_tokens, scopes.reached)


def _microsoft(profile: Profile) -> list[Check]:
    """The same for Microsoft, and where the sign-in service and Graph are when the environment says so."""
    from calmerge_desktop.sync.providers.microsoft import client, scopes, tokens

    none = _("This build carries none; linking Microsoft needs your own.")
    name = _("Microsoft registration")
    found = [_registration(name, client.carried, none, _("docs/microsoft.md leads through it."))]
    try:
        client.authority(), client.endpoint()
    except CalmergeError as error:
        found.append(Check(name, False, error.message, error.way_on))
    return found + _sign_ins(profile, "microsoft", tokens.read_tokens, scopes.reached)


def _registration(name: str, carried: Callable[[], object], none: str, hint: str) -> Check:
    try:
        return Check(name, True, _("This build carries one.") if carried() else none, hint)
    except CalmergeError as error:
        return Check(name, False, error.message, error.way_on)


class _Held(Protocol):
    """What all tokens have in common."""

    @property
    def granted(self) -> tuple[str, ...]:
        """As the vendor said them."""

    @property
    def asked(self) -> Level:
        """The rung the person chose."""


def _sign_ins(
    profile: Profile, provider: str, read: Callable[[str | None], _Held], reached: Callable[[Collection[str]], Level | None]
) -> list[Check]:
    from calmerge_desktop.sync.oauth.scopes import words

    found = []
    for account in profile.store.accounts():
        if account.provider != provider:
            continue
        again = _("Sign in again with: calmerge account reauth {id}").format(id=account.id)
        try:
            tokens = read(profile.secrets.get(account.id))
        except CalmergeError as error:
            found.append(Check(account.name, False, error.message, again))
            continue
        rung = reached(tokens.granted)
        short = rung is None or rung.rank < tokens.asked.rank
        may = words(rung) if rung else _("nothing")
        found.append(Check(account.name, not short, _("CalMerge may {may}.").format(may=may), again if short else ""))
    return found


def _mail(profile: Profile) -> list[Check]:
    """One line: what went wrong with mailboxes, else letters that need the person, else how many wait."""
    views, letters = profile.desk.mail.list(), profile.desk.mail.outbox()
    if not views and not letters:
        return []
    trouble = next((view.seen.trouble for view in views if view.seen and view.seen.trouble), "")
    stuck = [one for one in letters if one.state in ("refused", "unsure")]
    if trouble:
        return [Check(_("Mail"), False, trouble, _("See it with: calmerge mail list"))]
    if stuck:
        said = ngettext("{n} letter needs you.", "{n} letters need you.", len(stuck)).format(n=len(stuck))
        return [Check(_("Mail"), False, said, _("See them with: calmerge mail outbox"))]
    said = ngettext("{n} letter waits to be sent.", "{n} letters wait to be sent.", len(letters)).format(n=len(letters))
    reason = next((one.reason for one in letters if one.reason), None)
    return [
        Check(_("Mail"), reason is None, reason or said, "" if reason is None else _("See them with: calmerge mail outbox"))
    ]


def _window() -> Check:
    try:
        from PySide6 import QtWidgets  # noqa: F401  only whether it loads
    except ImportError as error:
        missing = str(error).partition(":")[0]
        hint = _("Install it with: python3 dev.py setup")
        return Check(_("Window"), False, _("A system library of Qt is missing ({name}).").format(name=missing), hint)
    return Check(_("Window"), True, _("Qt is ready."))
