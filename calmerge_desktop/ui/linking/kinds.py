"""The ways to link a source: their names, their fields, and what each lets the program see. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from calmerge_desktop.core.texts import _

ICLOUD = "https://caldav.icloud.com/"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldKind:
    """One field of the second page."""

    name: str
    """Key for `AccountsJob.add`; `password` is the secret."""
    label: str
    placeholder: str = ""
    hint: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of reach: what the program sees, and what that buys."""

    name: str
    sees: str
    buys: str
    level: int
    """1 to 5 bars."""
    key: str = ""
    """For a rung one can choose: its name for `SigningJob.sign_in`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkKind:
    """One card of the first page."""

    key: str
    provider: str
    """Key of the adapter for `AccountsJob.add`; empty: not in this version."""
    name: str
    caption: str
    icon: str
    title: str = ""
    about: str = ""
    fields: tuple[FieldKind, ...] = ()
    rungs: tuple[Rung, ...] = ()
    fixed: Mapping[str, str] | None = None
    browser: bool = False
    """Signed in to in the browser; the rungs are for choosing."""


def kinds() -> tuple[LinkKind, ...]:
    """All cards, in the order they are shown."""
    return (_google(), _microsoft(), _icloud(), _caldav(), _feed(), _file(), _local())


def kind(key: str) -> LinkKind:
    """The kind with this key. Raises `KeyError`."""
    return {each.key: each for each in kinds()}[key]


def problems(chosen: LinkKind, values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the typed values, by field, before anything is asked of a server."""
    wrong: dict[str, str] = {}
    for field in chosen.fields:
        text = values.get(field.name, "").strip()
        if field.required and not text:
            wrong[field.name] = _("This is needed.")
        elif field.name == "url" and text and not _looks_like_address(text):
            wrong[field.name] = _("An address looks like https://calendar.example/…")
        elif field.name == "path" and text and not Path(text).expanduser().exists():
            wrong[field.name] = _("There is no such file or folder.")
    return wrong


def adding(chosen: LinkKind, values: Mapping[str, str]) -> tuple[str, dict[str, str], str | None]:
    """Provider, fields and secret for `AccountsJob.add`."""
    fields = {name: text.strip() for name, text in values.items() if name != "password" and text.strip()}
    fields |= dict(chosen.fixed or {})
    if "path" in fields:  # a file is a feed whose address is its path
        fields["url"] = str(Path(fields.pop("path")).expanduser().absolute())
    elif chosen.provider == "feed" and "://" not in fields["url"]:
        fields["url"] = f"https://{fields['url']}"  # without a scheme it would be a path
    if "address" not in fields and "@" in fields.get("user", ""):
        fields["address"] = fields["user"]
    secret = values.get("password", "")
    return chosen.provider, fields, secret or None


def _looks_like_address(text: str) -> bool:
    rest = text.split("://", 1)[-1]
    scheme = text.split("://", 1)[0].lower() if "://" in text else "https"
    host = rest.split("/", 1)[0]
    return (
        scheme in ("http", "https", "webcal", "webcals")
        and bool(host)
        and " " not in text
        and ("." in host or ":" in host or host == "localhost")
    )


def _google() -> LinkKind:
    return LinkKind(
        key="google",
        provider="google",
        name="Google",
        caption=_("Workspace or private"),
        icon="globe",
        fields=(
            FieldKind(
                name="client_secrets",
                label=_("Client file"),
                placeholder="client_secret_….json",
                hint=_("The JSON file of a client of the type “Desktop app”."),
            ),
        ),
        rungs=_ladder(_("Start and end. No titles, no people")),
        browser=True,
    )


def _microsoft() -> LinkKind:
    return LinkKind(
        key="microsoft",
        provider="microsoft",
        name="Microsoft 365",
        caption=_("Work, school, Outlook.com"),
        icon="briefcase",
        fields=(
            FieldKind(
                name="client_id", label=_("Application (client) ID"), placeholder="11111111-2222-3333-4444-555555555555"
            ),
            FieldKind(
                name="tenant", label=_("Domain"), placeholder=_("only if it takes the accounts of one organisation"),
                required=False,
            ),
        ),
        rungs=_ladder(_("Times, titles, places. No notes, no files")),
        browser=True,
    )  # fmt: skip


def _ladder(least: str) -> tuple[Rung, ...]:
    """Five rungs; `least` is what the vendor shows on the lowest, for Microsoft has none without titles."""
    return (
        Rung(
            key="freebusy", level=1, name=_("Busy times only"), sees=least,
            buys=_("Free times, proposals, links;nothing is written"),
        ),
        Rung(
            key="read", level=2, name=_("Read events"), sees=_("Titles, places and people of its calendars"),
            buys=_("+ week view, search;nothing is written"),
        ),
        Rung(
            key="write", level=3, name=_("Read and write"), sees=_("The same, and may change those calendars"),
            buys=_("+ editing, holds, bookings;recommended for your main calendar"),
        ),
        Rung(
            key="send", level=4, name=_("Read, write and send"), sees=_("May also send mail for you; reads none"),
            buys=_("+ invitations from your address;never without your word"),
        ),
        Rung(
            key="answers", level=5, name=_("… and look for answers"), sees=_("Headers of new mail; whole only answers"),
            buys=_("+ answers are applied by themselves;looked for every two minutes"),
        ),
    )  # fmt: skip


def _icloud() -> LinkKind:
    return LinkKind(
        key="icloud",
        provider="caldav",
        name="iCloud",
        caption=_("With an app password"),
        icon="cloud",
        title=_("Sign in to iCloud"),
        about=_(
            "Apple wants a password of its own for every program: "
            "account.apple.com, Sign-In and Security, App-Specific Passwords."
        ),
        fields=(
            FieldKind(name="user", label=_("Apple Account"), placeholder="name@icloud.com"),
            FieldKind(name="password", label=_("App password"), placeholder="abcd-efgh-ijkl-mnop"),
        ),
        rungs=_read_and_write(),
        fixed={"url": ICLOUD, "name": "iCloud"},
    )


def _caldav() -> LinkKind:
    return LinkKind(
        key="caldav",
        provider="caldav",
        name=_("Fastmail, Nextcloud, CalDAV"),
        caption=_("Any server address"),
        icon="server",
        title=_("Sign in to a CalDAV server"),
        about=_("Any address of the server will do; the calendars are found from there."),
        fields=(
            FieldKind(name="url", label=_("Server"), placeholder="https://cloud.example"),
            FieldKind(name="user", label=_("User name"), placeholder="name@example.org"),
            FieldKind(name="password", label=_("Password"), hint=_("With two-factor sign-in: an app password.")),
        ),
        rungs=_read_and_write(),
    )


def _feed() -> LinkKind:
    return LinkKind(
        key="feed",
        provider="feed",
        name=_("Subscribe to a feed"),
        caption=_("webcal or https, read only"),
        icon="rss",
        title=_("Subscribe to a feed"),
        about=_("The secret address of a Google calendar, a published Outlook calendar, holidays, school, a club."),
        fields=(
            FieldKind(name="url", label=_("Address"), placeholder="https://…/calendar.ics"),
            FieldKind(name="name", label=_("Name"), placeholder=_("as the feed calls itself"), required=False),
        ),
        rungs=(_read_only(),),
    )


def _file() -> LinkKind:
    return LinkKind(
        key="file",
        provider="feed",
        name=_("Open a file or folder"),
        caption=_(".ics, stays on this computer"),
        icon="file",
        title=_("Open a file or folder"),
        about=_("An .ics file, or a folder of them as other programs keep it. It is read again when it changes."),
        fields=(
            FieldKind(name="path", label=_("File or folder"), placeholder=_("Choose, or drop it here")),
            FieldKind(name="name", label=_("Name"), placeholder=_("as the file is called"), required=False),
            FieldKind(
                name="address", label=_("Your mail address"), placeholder=_("only if you invite people"), required=False
            ),
        ),
        rungs=(
            Rung(
                name=_("Read and write"),
                sees=_("This file or folder, nothing else"),
                buys=_("Week view, search, editing"),
                level=4,
            ),
        ),
    )


def _local() -> LinkKind:
    return LinkKind(
        key="local",
        provider="local",
        name=_("A calendar kept only here"),
        caption=_("No account, no network"),
        icon="monitor",
        title=_("A calendar kept only here"),
        about=_("It lives on this computer and nowhere else. Good for plans that are nobody’s business."),
        fields=(
            FieldKind(name="name", label=_("Name"), placeholder=_("Private")),
            FieldKind(
                name="address", label=_("Your mail address"), placeholder=_("only if you invite people"), required=False
            ),
        ),
        rungs=(
            Rung(name=_("Kept here"), sees=_("Only what you write into it"), buys=_("Week view, search, editing"), level=4),
        ),
    )


def _read_only() -> Rung:
    return Rung(
        name=_("Read only"),
        sees=_("Times, titles and places in the feed"),
        buys=_("Week view and search; may be hours old, nothing written"),
        level=2,
    )


def _read_and_write() -> tuple[Rung, ...]:
    return (
        Rung(
            name=_("Read and write"),
            sees=_("Titles, places and people of its calendars"),
            buys=_("Week view, search, editing"),
            level=4,
        ),
    )
