"""A profile put together: store, secrets, sync and agenda of one person, handed to a face.

Heavy libraries load when a part is first used, so that a command that only looks starts fast.
"""

from __future__ import annotations

import itertools
import logging
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from calmerge_desktop import resources
from calmerge_desktop.app import logs
from calmerge_desktop.app.beside import beside
from calmerge_desktop.app.desk import Desk
from calmerge_desktop.app.lock import ProfileLock
from calmerge_desktop.app.paths import Folders, folders
from calmerge_desktop.core import settings as settings_file
from calmerge_desktop.core import texts
from calmerge_desktop.core.errors import BadInput, CalmergeError, UnknownId
from calmerge_desktop.core.model import Account, AccountId, Calendar
from calmerge_desktop.core.settings import Settings
from calmerge_desktop.core.store import Store
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import Clock, known_zone, now, system_tzid

if TYPE_CHECKING:
    from calmerge_desktop.app.background import Background
    from calmerge_desktop.app.doctor import Check
    from calmerge_desktop.app.mail import Mail
    from calmerge_desktop.app.pages import Pages
    from calmerge_desktop.app.signing import Signing
    from calmerge_desktop.core.availability.schedule import Schedule
    from calmerge_desktop.core.ports import CalendarProvider
    from calmerge_desktop.core.store.outbox import Entry
    from calmerge_desktop.sync.engine import SyncEngine
    from calmerge_desktop.sync.loop import SyncLoop
    from calmerge_desktop.sync.secrets import SecretBox

log = logging.getLogger(__name__)
_HOST_KEY = "host-key"


class Profile:
    """An opened profile."""

    def __init__(
        self, where: Folders, settings: Settings, store: Store, clock: Clock = now, *, notice: str | None = None
    ) -> None:
        """`notice` is what the person should know before anything else."""
        self.folders = where
        self.settings = settings
        self.store = store
        self.clock = clock
        self.notice = " ".join(filter(None, (notice, store.notice))) or None
        self.lock = ProfileLock(where.data / "sync.lock")

    @classmethod
    def open(cls, home: str | None = None, *, debug: bool = False, clock: Clock = now) -> Profile:
        """Open or create the profile under `home`, or the platform's own. Raises `BadInput`, `NewerDatabase`, `Busy`."""
        texts.choose("", resources.path("i18n"))
        where = folders(home)
        settings, notice = _settings(where.settings)
        texts.choose(settings.language, resources.path("i18n"))
        logs.start(where.logs, debug=debug)
        if where.restoring.exists():
            from calmerge_desktop.app.backup import finish

            finish(where)
        return cls(where, settings, Store(where.data, clock, beside()), clock, notice=notice)

    def close(self) -> None:
        """Close files and give the profile back."""
        if "mail" in self.__dict__:
            self.mail.stop()
        if "pages" in self.__dict__:
            self.pages.stop()
        self.store.close()
        self.lock.release()
        logs.stop()

    # --- parts ------------------------------------------------------------------------------------------------------

    def tidy(self) -> None:
        """Forget what an unlinked account left in the cache; only when no sync runs here."""
        self.store.housekeep()

    def journal(self, most: int) -> list[Entry]:
        """Changes the person made to calendars, newest first."""
        return self.store.box.entries(most)

    def checks(self) -> list[Check]:
        """What `doctor` looks at."""
        from calmerge_desktop.app.doctor import checks

        return checks(self)

    @property
    def home_tzid(self) -> str:
        """The person's zone."""
        return self.settings.zone if self.settings.zone and known_zone(self.settings.zone) else system_tzid()

    @cached_property
    def secrets(self) -> SecretBox:
        """Where passwords live."""
        from calmerge_desktop.sync.secrets import SecretBox

        return SecretBox(self.folders.data, allow_key_file=self.folders.own)

    @property
    def kept_secrets(self) -> _LazySecrets:
        """The same, opened only when a secret is really needed."""
        return _LazySecrets(self)

    @cached_property
    def mail(self) -> Mail:
        """The transport of mail."""
        from calmerge_desktop.app.mail import Mail

        return Mail(self)

    @cached_property
    def pages(self) -> Pages:
        """Pages that are kept in folders."""
        from calmerge_desktop.app.pages import Pages

        return Pages(self)

    @cached_property
    def desk(self) -> Desk:
        """What a face may ask for."""
        return Desk(self)

    def engine(self) -> SyncEngine:
        """The sync engine; the caller's thread becomes the sync thread. Raises `Busy` when another CalMerge syncs."""
        from calmerge_desktop.sync.engine import SyncEngine

        self.lock.acquire()
        self.store.own_thread()
        self.store.box.start_again()
        return SyncEngine(self.store, self._open_signed_in, self.clock)

    def loop(self) -> Background:
        """The background work, to be run on a thread of its own."""
        from calmerge_desktop.app.background import Background

        return Background(self)

    def sync_loop(self) -> SyncLoop:
        """What `loop` runs; the caller's thread has the lock."""
        from calmerge_desktop.sync.loop import SyncLoop

        return SyncLoop(self.store, self._open_signed_in, lambda: self.settings, self.clock)

    def usual_hours(self) -> Schedule:
        """The schedule in force until the person makes one: the working hours of the settings, Monday to Friday."""
        from calmerge_desktop.core.availability.schedule import Schedule

        begins, ends = sorted((self.settings.day_begins * 60, self.settings.day_ends * 60))
        day = ((begins, ends),) if begins < ends else ()
        return Schedule(id="usual", name=_("Working hours"), tzid=self.home_tzid, week=(*[day] * 5, (), ()))

    def host_key(self) -> bytes:
        """The Ed25519 seed that signs the person's offers; made once and kept with the passwords."""
        known = self.secrets.get(_HOST_KEY)
        if known is None:
            import secrets  # brings hashlib and hmac: not before the first frame

            known = secrets.token_hex(32)
            self.secrets.put(_HOST_KEY, known)
        return bytes.fromhex(known)

    def account(self, given: str) -> Account:
        """An account by id, or by a name that only one has. Raises `UnknownId`."""
        found = [one for one in self.store.accounts() if given in (one.id, one.name)]
        if len(found) != 1:
            raise UnknownId(
                _("There is no account “{id}”.").format(id=given), typed=_("See the ids with: calmerge account list")
            )
        return found[0]

    def default_calendar(self) -> Calendar:
        """Where new events go. Raises `UnknownId` when there is none."""
        for calendar in self.store.calendars():
            if calendar.default:
                return calendar
        raise UnknownId(_("No calendar takes new events."), typed=_("Choose one with: calmerge calendar set ID --default"))

    def save_settings(self, settings: Settings) -> None:
        """Keep settings; they hold from now on. Raises `BadInput` when they cannot be written."""
        self.write_file(self.folders.settings, settings_file.to_json(settings).encode())
        self.settings = settings

    @staticmethod
    def write_file(path: Path, data: bytes) -> None:
        """Write a whole file or nothing. Raises `BadInput`."""
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise BadInput(_("“{name}” cannot be written.").format(name=path.name)) from error

    # --- wiring -----------------------------------------------------------------------------------------------------

    def prepare(self, provider: str, fields: Mapping[str, str]) -> tuple[Account, str | None]:
        """An account of a provider and what was typed, with the secret among it; opens no connection. Raises `BadInput`."""
        import hashlib
        from base64 import b32encode

        from calmerge_desktop.sync.registry import prepare

        given = dict(fields)
        if provider == "local":
            given["path"] = str(self._new_folder(given.get("name", "")))
        made = prepare(provider, given)
        digest = hashlib.blake2b(f"{made.provider}\n{made.identity}".encode(), digest_size=5).digest()
        account = Account(
            id=AccountId("a-" + b32encode(digest).decode().lower().rstrip("=")),
            provider=made.provider,
            name=made.name,
            address=made.address,
            config=made.config,
        )
        return account, made.secret

    def _new_folder(self, name: str) -> Path:
        """A folder for a calendar kept only here, named so that a person recognises it."""
        stem = re.sub(r"[^\w-]+", "-", name.lower()).strip("-") or "calendar"
        taken = {path.name for path in self.folders.calendars.glob("*")}
        number = next(n for n in itertools.count(1) if f"{stem}-{n}" not in taken)
        return self.folders.calendars / f"{stem}-{number}"

    def open_provider(self, account: Account, secret: str | None) -> CalendarProvider:
        """The client of an account."""
        from calmerge_desktop.sync.registry import open_provider

        return open_provider(account, secret)

    def may_send(self, account: Account, secret: str) -> bool:
        """Whether an account with this secret sends mail by itself."""
        from calmerge_desktop.sync.registry import open_mail

        try:
            open_mail(account, secret).close()
        except CalmergeError:
            return False
        return True

    def may_read(self, account: Account, secret: str) -> bool:
        """Whether an account with this secret may be asked for answers in its mail."""
        from calmerge_desktop.sync.registry import open_inbox

        try:
            open_inbox(account, secret).close()
        except CalmergeError:
            return False
        return True

    @cached_property
    def signing(self) -> Signing:
        """Signing in and out in the browser."""
        from calmerge_desktop.app.signing import Signing

        return Signing(_LazySecrets(self))

    def _open_signed_in(self, account: Account) -> CalendarProvider:
        return self.signing.open(account)

    def week_picture(
        self, day: date, tzid: str, *, size: tuple[int, int], theme: str, language: str | None, path: Path
    ) -> None:
        """The week of `day` as a PNG, by the window's painter. Raises `BadInput` when Qt or the file does not work."""
        from calmerge_desktop.app.pictures import week

        week(self, day, tzid, size=size, theme=theme, language=language, path=path)

    def backup(self, path: Path) -> list[str]:
        """Write a backup; returns what is in it. Raises `BadInput`."""
        from calmerge_desktop.app.backup import write

        return write(self.folders, path)


class _LazySecrets:
    """The key store, opened when a secret is really needed: a feed never asks for it."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def get(self, ref: str) -> str | None:
        return self._profile.secrets.get(ref) if self._has_any() else None

    def put(self, ref: str, secret: str) -> None:
        self._profile.secrets.put(ref, secret)

    def delete(self, ref: str) -> None:
        if self._has_any():
            self._profile.secrets.delete(ref)

    def describe(self) -> str:
        return self._profile.secrets.describe()

    def _has_any(self) -> bool:
        return any(self._profile.folders.data.glob("secrets.json"))


def _settings(path: Path) -> tuple[Settings, str | None]:
    """The settings, and a sentence when the file or a value is of no use; such a file is kept beside the new one."""
    try:
        settings, bad = settings_file.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), None
    except (OSError, UnicodeDecodeError):
        settings, bad = Settings(), [path.name]
    if not bad:
        return settings, None
    if bad != [path.name]:
        names = ", ".join(bad)
        return settings, _("These settings have no usable value and keep their default: {names}.").format(names=names)
    kept = path.with_name("settings.unreadable.json")
    with suppress(OSError):
        path.replace(kept)
    return settings, _("Your settings cannot be read, so the defaults apply. The file is kept as {name}.").format(
        name=kept.name
    )
