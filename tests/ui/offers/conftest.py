"""The window on Lena's sample profile, with offers in every state."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import default

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.core.agenda.offering import Guest, Wish
from calmerge_desktop.core.proposal.model import Proposal
from calmerge_desktop.core.proposal.token import make_token
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.offers.page import OffersPage
from tests.ui import sample as lena
from tests.ui.inbox.conftest import german, profile_of, with_mailbox
from tests.ui.inbox.mails import ME
from tests.ui.offering.conftest import Real, real

__all__ = ["Real", "german", "profile_of", "real", "with_mailbox"]

SLOTS = (
    (lena.at(26, "17:00"), lena.at(26, "17:30")),
    (lena.at(27, "14:00"), lena.at(27, "14:30")),
    (lena.at(30, "10:00"), lena.at(30, "10:30")),
)


def offer(
    window: MainWindow,
    *guests: Guest,
    title: str = "Intro call",
    slots: tuple[tuple[int, int], ...] = SLOTS,
    hold: bool = False,
    send: bool = False,
    tzid: str = "America/New_York",
    expires: int | None = None,
) -> list[Proposal]:
    """Offer times as the panel does."""
    chosen = guests or (Guest("sam@halden.example", "Sam Okafor"),)
    wish = Wish(guests=chosen, title=title, slots=slots, minutes=30, hold=hold, tzid=tzid, language="en", expires=expires)
    return list(window.session.desk.proposing.propose(wish, send=send))


def answer(text: str, sender: str, subject: str = "Re: Times") -> bytes:
    """A mail from a guest."""
    mail = EmailMessage(policy=default)
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, ME, subject, "<answer@guest.example>"
    mail.set_content(text)
    return mail.as_bytes()


def token(one: Proposal, number: int) -> str:
    """The genuine token of a time."""
    return make_token(one.id, number, bytes.fromhex(one.secret))


def every_state(window: MainWindow) -> dict[str, Proposal]:
    """Offers in every state, made through the desk."""
    job = window.session.desk.proposing
    made: dict[str, Proposal] = {}
    early = lena.at(25, "09:00")
    (made["withdrawn"],) = offer(window, Guest("amara@north.example", "Amara Diallo"), title="Budget")
    job.withdraw(made["withdrawn"].id)
    (made["expired"],) = offer(window, Guest("jonas@kita.example"), title="Elterngespräch", expires=lena.NOW)
    (made["booked"],) = offer(
        window, Guest("mei.chen@brightwater.example", "Mei Chen"), title="Year-end review",
        slots=((lena.at(27, "15:00"), lena.at(27, "15:30")),), send=True,
    )  # fmt: skip
    job.book(made["booked"].id, 0, force=True)
    (made["replaced"],) = offer(window, Guest("tomas@sahyadri.example", "Tomás Vidal"), title="Retro", send=True)
    job.read(answer("Unfortunately none of these works for me, sorry.", "tomas@sahyadri.example"), book=False)
    made["counter"] = job.counter(
        job.others(made["replaced"].id, slots=((lena.at(30, "15:00"), lena.at(30, "15:30")),)), send=True
    )
    made["open"], made["shared"] = offer(
        window, Guest("priya@sahyadri.example", "Priya Kulkarni"), Guest("ben@north.example", "Ben Ode"),
        title="Kickoff", hold=True, send=True, tzid="Asia/Kolkata",
    )  # fmt: skip
    (made["answered"],) = offer(window, hold=False, send=True, expires=early)
    job.read(
        answer("Monday 30 November at 4 am works for me, I would be glad to see you.", "sam@halden.example"), book=False
    )
    return {name: job.get(one.id) for name, one in made.items()}


def opened(window: MainWindow, qtbot: QtBot) -> OffersPage:
    """The page, settled."""
    page = window.open_page("offers")
    assert isinstance(page, OffersPage)
    settled(window, qtbot)
    return page


def settled(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until every question is answered and shown."""
    for _round in range(3):
        qtbot.waitUntil(
            lambda: not (window.session.runner.busy or window.inbox.model.busy or window.offers.model.busy), timeout=60_000
        )
        QApplication.processEvents()


def chosen(window: MainWindow, qtbot: QtBot, one: Proposal) -> OffersPage:
    """The page with this offer chosen."""
    window.session.touch()
    page = opened(window, qtbot)
    page.choose(one.id)
    settled(window, qtbot)
    assert page.view is not None
    assert page.view.proposal.id == one.id
    return page
