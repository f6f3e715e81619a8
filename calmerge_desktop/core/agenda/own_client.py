"""How a person gets a registration of their own at Google or Microsoft: the words a window shows, step by step.

The same steps stand in `docs/google.md` and `docs/microsoft.md`.
"""

from __future__ import annotations

from dataclasses import dataclass

from calmerge_desktop.core.texts import _

CONSOLE = "https://console.cloud.google.com"
ENTRA = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade"
REDIRECT = "http://localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, in the order they are done."""

    title: str
    text: str
    url: str = ""
    """Where it is done; empty: in this program, or where the step before was done."""


def google_why() -> str:
    """Why this is asked at all, for the head of the page."""
    return _(
        "Google lets a program read your calendar only if it is registered there. This build has no registration of its "
        "own, so it uses yours. It takes about five minutes, costs nothing and is needed once."
    )


def google_steps() -> tuple[Step, ...]:
    """All steps."""
    return (
        Step(
            title=_("Make a project"),
            text=_("Sign in to the Google Cloud console and create a project. Any name will do, for example “My CalMerge”."),
            url=f"{CONSOLE}/projectcreate",
        ),
        Step(
            title=_("Switch on the calendar"),
            text=" ".join(
                (
                    _("Open “Google Calendar API” in the library and press “Enable”."),
                    _("If mail shall go through this account, do the same for “Gmail API”."),
                )
            ),
            url=f"{CONSOLE}/apis/library/calendar-json.googleapis.com",
        ),
        Step(
            title=_("Fill in the consent screen"),
            text=_(
                "Give the app a name and your address. Choose “External”, or “Internal” if your company’s Google Workspace "
                "offers it."
            ),
            url=f"{CONSOLE}/auth/branding",
        ),
        Step(
            title=_("Let yourself in"),
            text=_(
                "Under “Audience”, add your own address as a test user. In the status “Testing” Google forgets the "
                "sign-in after seven days; press “Publish app” to keep it. Google then warns once that the app is not "
                "verified: it is yours, so you may go on."
            ),
            url=f"{CONSOLE}/auth/audience",
        ),
        Step(
            title=_("Create the client"),
            text=_(
                "Under “Clients”, create one of the type “Desktop app” and download its JSON file. Keep the file to "
                "yourself."
            ),
            url=f"{CONSOLE}/auth/clients",
        ),
        Step(
            title=_("Link your account"),
            text=_(
                "Choose the file here. Your browser opens; sign in and tick every box you agree with. What you leave out, "
                "CalMerge does without."
            ),
        ),
    )


def google_scopes() -> tuple[tuple[str, str], ...]:
    """Every permission that may be asked for, as Google names it, with what it is for."""
    prefix = "https://www.googleapis.com/auth/"
    return (
        (f"{prefix}calendar.calendarlist.readonly", _("to know which calendars you have")),
        (f"{prefix}calendar.events.freebusy", _("to see when you and others are busy")),
        (f"{prefix}calendar.events.readonly", _("to read your events")),
        (f"{prefix}calendar.events", _("to read and change your events")),
        (f"{prefix}gmail.send", _("to send invitations from your address; only if you choose so")),
        (f"{prefix}gmail.readonly", _("to look for answers in your mail; only if you choose so")),
    )


def microsoft_why() -> str:
    """Why this is asked at all, for the head of the page."""
    return _(
        "Microsoft lets a program read your calendar only if it is registered in Entra. This build has no registration of "
        "its own, so it uses yours. It takes about five minutes, costs nothing and is needed once."
    )


def microsoft_steps() -> tuple[Step, ...]:
    """All steps."""
    return (
        Step(
            title=_("Register an app"),
            text=_("Sign in to Entra, open “App registrations” and press “New registration”. Any name will do."),
            url=ENTRA,
        ),
        Step(
            title=_("Choose whose accounts"),
            text=_(
                "Choose “Accounts in any organizational directory and personal Microsoft accounts”. If your organisation "
                "allows only its own accounts, choose that and give its domain below."
            ),
        ),
        Step(
            title=_("Say where the answer goes"),
            text=_(
                "Under “Redirect URI” choose “Public client/native (mobile & desktop)” and type {address}. Then press "
                "“Register”."
            ).format(address=REDIRECT),
        ),
        Step(
            title=_("Allow a code for other devices"),
            text=_("Only if you want it: under “Authentication” set “Allow public client flows” to “Yes”."),
        ),
        Step(
            title=_("Name the permissions"),
            text=_(
                "Under “API permissions”, “Microsoft Graph”, “Delegated permissions”, add Calendars.ReadWrite and "
                "User.Read. In some organisations an administrator must grant them."
            ),
        ),
        Step(
            title=_("Link your account"),
            text=_(
                "Copy the “Application (client) ID” from the page “Overview” to here. Your browser opens; sign in and agree."
            ),
        ),
    )


def microsoft_scopes() -> tuple[tuple[str, str], ...]:
    """Every permission that may be asked for, as Microsoft names it, with what it is for."""
    return (
        ("User.Read", _("to know your address")),
        ("Calendars.ReadBasic", _("to see when you are busy")),
        ("Calendars.Read", _("to read your events")),
        ("Calendars.ReadWrite", _("to read and change your events")),
        ("Mail.Send", _("to send invitations from your address; only if you choose so")),
        ("Mail.Read", _("to look for answers in your mail; only if you choose so")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnClient:
    """What the window shows of one vendor."""

    why: str
    steps: tuple[Step, ...]


def own_client(provider: str) -> OwnClient:
    """The words for `google` or `microsoft`."""
    if provider == "google":
        return OwnClient(why=google_why(), steps=google_steps())
    return OwnClient(why=microsoft_why(), steps=microsoft_steps())
