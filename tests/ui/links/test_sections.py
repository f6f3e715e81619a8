"""Every setting of a link has a field in the form, says its value while folded, and is refused beside the field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from calmerge_desktop.core import texts
from calmerge_desktop.core.availability.link import PREFERENCES, Link
from calmerge_desktop.core.availability.rules import (
    BookerRules,
    ChangeRules,
    Horizon,
    PageRules,
    PrivateAddress,
    Question,
    SeriesRule,
)
from calmerge_desktop.core.model import CalendarId
from calmerge_desktop.demo import links as sample_links
from calmerge_desktop.ui.links.form import LinkForm
from calmerge_desktop.ui.links.sections.calendars import Calendars
from calmerge_desktop.ui.links.sections.guests import QuestionRow, Questions
from calmerge_desktop.ui.links.sections.own_hours import OwnHours
from calmerge_desktop.ui.links.sections.repeats import Series
from calmerge_desktop.ui.main_window import MainWindow
from calmerge_desktop.ui.theme import style
from tests.ui.frame.conftest import Open, desk_of
from tests.ui.links.test_page import opened, settled

pytestmark = pytest.mark.gui

PLAIN = Link(id="l-consultation", title="Consultation", slug="consultation", minutes=(45,))
_ELSEWHERE = {"id": "the ledger's", "active": "the page's own button"}
OTHER: dict[str, list[Any]] = {
    "title": ["Advice"],
    "slug": ["advice-2"],
    "description": ["Two lines\nof it"],
    "color": ["#2F6FED", "#123456"],
    "language": ["de", "en"],
    "hidden": [True],
    "minutes": [(30,), (45, 30, 90)],
    "interval": [15, 25],
    "offset": [5, 7],
    "buffer_before": [15, 7],
    "buffer_after": [30],
    "minimum_notice": [0, 1440, 77],
    "timezone": ["Asia/Kolkata"],
    "lock_timezone": [True],
    "schedule": ["s-evening"],
    "hours": [((), ((540, 720), (780, 1020)), (), (), (), (), ()), ((),) * 7],
    "overrides": [{date(2026, 12, 24): (), date(2026, 12, 31): ((600, 720),)}],
    "horizon": [
        Horizon(days=14), Horizon(days=17), Horizon(business_days=5), Horizon(bookable_days=3), Horizon(),
        Horizon(until=date(2027, 1, 31)), Horizon(range=(date(2026, 12, 1), date(2026, 12, 31))),
    ],
    "first_only": [True],
    "keep_blocks_whole": [True],
    "counts": [{"day": 2}, {"week": 8, "month": 20, "year": 100}],
    "totals": [{"day": 120, "week": 300, "month": 600, "year": 6000}],
    "prefer": [("morning",), ("not-fri", "spread", "adjacent"), PREFERENCES[:3]],
    "confirm": [True],
    "pending_blocks": [False],
    "busy": [("termine", "vorstand"), ("vorstand", "gone")],
    "target": ["kunden", "gone"],
    "location": [("Raum Isar",), ("Raum Isar", "Café", "guest-phone"), ("guest-address", "guest-phone")],
    "video": ["teams"],
    "questions": [
        (Question(label="What?", kind="long", required=True), Question(label="Which?", kind="choice", choices=("a", "b"))),
        (Question(label="Which?", kind="choice", choices=("a, or b", "c")),),
    ],
    "guests": [False],
    "series": [SeriesRule(every_weeks=2, count=6), SeriesRule(every_weeks=6, count=3)],
    "seats": [12],
    "show_seats": [False],
    "changes": [
        ChangeRules(cancel=False, notice=240, reason="guest"), ChangeRules(reschedule=False, past=True, reason="both"),
        ChangeRules(rebook=True, series="one"), ChangeRules(series="rest"),
    ],
    "guest_clock": [True],
    "restrict": ["s-evening", "Evenings", "gone"],
    "booker": [BookerRules(most=3, offer_move=True), BookerRules(verify_mail=True), BookerRules(free_mail=True)],
    "page": [
        PageRules(layout="list", hide_lengths=True), PageRules(layout="month", prefill=False),
        PageRules(redirect="https://danke.example/", hide_notes=True), PageRules(hide_organizer=True),
    ],
    "private_addresses": [
        (PrivateAddress(key="k" * 22, note="Novak", until=date(2026, 12, 24)), PrivateAddress(key="l" * 22, uses=None)),
    ],
    "event_name": ["{guest}: {link}"],
    "private": [True],
    "reminder": [0, 15, 7],
    "mail_host": [False],
    "mail_guest": [False],
    "reply_to": ["office@hartwig.example"],
    "confirm_within": [],
}  # fmt: skip


@pytest.fixture
def form(window: MainWindow, qtbot: QtBot) -> LinkForm:
    return opened(qtbot, window).form


def test_no_setting_is_without_a_field(form: LinkForm) -> None:
    """What is shown is what the fields say, not what the link said: the form is asked over another link."""
    assert {one.name for one in fields(Link)} == {*OTHER, *_ELSEWHERE}
    form.set_schedules([*sample_links.schedules(), replace(sample_links.schedules()[0], id="s-evening", name="Evenings")])
    for name, values in OTHER.items():
        for value in values:
            link = replace(PLAIN, **{name: value})
            form.take(link)
            form._link = replace(PLAIN, location=link.location if name == "location" else ())
            assert getattr(form.link(), name) == value, name
            assert form.problems() == {}, name
    form.take(replace(PLAIN, confirm=True, confirm_within=2880))
    form._link = PLAIN
    assert form.link().confirm_within == 2880


def test_every_fold_says_its_value(form: LinkForm) -> None:
    said = {name: fold.value.text() for name, fold in form.folds.items()}
    assert said == {
        "confirm": "Ask me when under 1 day ahead",
        "questions": "Name, e-mail, “What is it about?”",
        "places": "teams",
        "starts": "All alike",
        "limits": "None",
        "hours": "As the schedule says",
        "series": "One meeting",
        "seats": "1 guest a meeting",
        "calendars": "Termine, all busy ones looked at",
        "event": "Details as in the calendar",
        "changes": "Guests may cancel or move",
        "mail": "Mail to me and the guest",
        "page": "…/consultation",
        "after": "Our own page",
        "private": "None",
    }
    form.take(
        replace(
            form.link(), series=SeriesRule(every_weeks=2, count=6), seats=4, prefer=("morning", "not-fri"), private=True,
            totals={"week": 300}, counts={"month": 9}, overrides={date(2026, 12, 24): ()}, mail_host=False, hidden=True,
            busy=(CalendarId("termine"),), changes=ChangeRules(cancel=False, notice=240), reminder=15,
        )
    )  # fmt: skip
    said = {name: fold.value.text() for name, fold in form.folds.items()}
    assert said["starts"] == "mornings, rather not Friday"
    assert said["limits"] == "9 a month, 5 hours a week"
    assert said["hours"] == "1 date"
    assert said["series"] == "6 meetings, every 2 weeks"
    assert said["seats"] == "4 guests a meeting"
    assert said["calendars"] == "Termine, 1 looked at"
    assert said["event"] == "Reminder 15 min before, Details hidden"
    assert said["changes"] == "Guests may move, until 4 hours before"
    assert said["mail"] == "Mail to the guest"
    assert said["page"] == "…/consultation, hidden"


def own(form: LinkForm) -> OwnHours:
    return form.hours


def test_own_hours_begin_as_the_schedules(window: MainWindow, qtbot: QtBot) -> None:
    """So that choosing them changes nothing yet; a day that cannot be read is said beside it and the page does not save."""
    page = opened(qtbot, window)
    before = page.result.result
    section = own(page.form)
    section.whose.setCurrentIndex(1)
    section.whose.activated.emit(1)
    settled(qtbot, window, page)
    assert section.days[4].text() == "09:00–15:00"
    assert before is not None
    assert page.result.result is not None
    assert page.result.result.count == before.count
    section.days[4].setText("9-5-3")
    assert page.form.errors["own-4"].text()
    assert not page.save.isEnabled()
    assert page.dirty
    section.days[4].setText("")
    settled(qtbot, window, page)
    assert page.save.isEnabled()
    assert page.result.result.count < before.count


def test_only_these_calendars_begin_as_all_busy_ones(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(qtbot, window)
    section = page.form.sections["calendars"]
    assert isinstance(section, Calendars)
    section.which.setCurrentIndex(1)
    section.which.activated.emit(1)
    assert page.draft is not None
    assert set(page.draft.busy) == {one.id for one in window.session.calendars() if one.busy}
    for tick in section.ticks.values():
        tick.setChecked(False)
    assert page.reason.text() == "Not saved: Choose at least one calendar to look at."


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"slug": "No Word"}, "slug", "“No Word” cannot be part of an address."),
        ({"seats": 0}, "seats", "A meeting has between 1 and 1000 seats."),
        ({"event_name": "{x}"}, "event", "The title of the event can hold {link}, {guest} and {length}"),
        ({"series": SeriesRule(every_weeks=1, count=1)}, "series", "A series has 2 to 60 meetings"),
        ({"booker": BookerRules(most=0)}, "guest-limit", "One guest may have between 1 and 1000 bookings."),
        ({"page": PageRules(redirect="ftp://x")}, "redirect", "“ftp://x” is no web address that begins with https://."),
        ({"guest_clock": True, "lock_timezone": True}, "clock", "Hours that go by the guest’s clock"),
        ({"totals": {"day": 10}}, "more-limits", "10 minutes as a limit are less than one meeting."),
        ({"horizon": Horizon(business_days=0)}, "horizon", "The horizon lies between 1 day and ten years."),
        ({"horizon": Horizon(range=(date(2026, 12, 2), date(2026, 12, 1)))}, "horizon", "2026-12-01 is before 2026-12-02."),
    ],
)
def test_what_cannot_work_is_said_beside_its_field(
    window: MainWindow, qtbot: QtBot, change: dict[str, Any], field: str, said: str
) -> None:
    page = opened(qtbot, window)
    page.form.take(replace(page.form.link(), **change))
    assert page.form.errors[field].text().startswith(said)
    assert [name for name, label in page.form.errors.items() if label.text()] == [field]
    assert not page.save.isEnabled()


def test_a_question_needs_words_and_a_choice_two(form: LinkForm) -> None:
    section = form.sections["questions"]
    assert isinstance(section, Questions)
    section.list.add.click()
    row = section.list.rows[-1]
    assert isinstance(row, QuestionRow)
    assert form.problems() == {"questions": "A question needs words."}
    row.label.setText("Which?")
    assert form.problems() == {}
    row.kind.setCurrentIndex(row.kind.findData("choice"))
    assert "two choices" in form.problems()["questions"]
    row.choices.setText("a, b")
    assert form.link().questions[-1] == Question(label="Which?", kind="choice", choices=("a", "b"))
    row.drop.click()
    assert [one.label for one in form.link().questions] == ["What is it about?"]


def test_a_cause_unfolds_its_part(window: MainWindow, qtbot: QtBot) -> None:
    """Edit rule in an explanation leads to a field that is folded."""
    page = opened(qtbot, window)
    section = page.form.sections["series"]
    assert isinstance(section, Series)
    assert not section.isVisible()
    page.form.enter("series")
    assert section.isVisible()
    assert window.focusWidget() is section.kind
    qtbot.waitUntil(lambda: bool(section.kind.visibleRegion().boundingRect()))


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("de", "dark")])
def test_what_the_folds_look_like(
    open_window: Open,
    qapp: QApplication,
    qtbot: QtBot,
    snapshot: Callable[[str, QImage], None],
    german: Any,
    language: str,
    theme: str,
) -> None:
    """All open, everything set."""
    texts.choose(language, german)
    window = open_window(size=(1440, 1000))
    texts.choose(language, german)
    style.apply(qapp, theme)
    desk_of(window).box.kept_links = list(sample_links.links(CalendarId("termine")))
    desk_of(window).box.kept_schedules = list(sample_links.schedules())
    page = opened(qtbot, window)
    form = page.form
    form.take(
        replace(
            form.link(), series=SeriesRule(every_weeks=2, count=6), prefer=("morning", "not-fri"), totals={"week": 300},
            hours=((), *[((540, 1020),)] * 4, (), ()), overrides={date(2026, 12, 24): ()}, busy=(CalendarId("termine"),),
            horizon=Horizon(range=(date(2026, 12, 1), date(2026, 12, 31))), event_name="{guest}: {link}", reminder=15,
            booker=BookerRules(most=2, offer_move=True), page=PageRules(redirect="https://hartwig.example/danke"),
            private_addresses=(PrivateAddress(note="Jana Novak", until=date(2026, 12, 24)), PrivateAddress(uses=None)),
        )
    )  # fmt: skip
    for fold in form.folds.values():
        fold.unfold()
    settled(qtbot, window, page)
    form.resize(form.width(), form.sizeHint().height())
    QApplication.processEvents()
    snapshot(f"link-folds-{language}-{theme}", form.grab().toImage())


def test_the_table_in_the_docs_names_every_setting() -> None:
    """`docs/availability.md` says where each is set."""
    page = (Path(__file__).parents[3] / "docs/availability.md").read_text(encoding="utf-8")
    table = page.partition("## Settings of a booking link")[2]
    told = {
        **{name: f"`{name}`" for name in OTHER},
        "counts": "`per_day`",
        "totals": "`minutes_per_day`",
        "horizon": "horizon =",
    }
    told |= {name: f"`{name} =" for name in ("series", "changes", "booker", "page", "private_addresses")}
    assert [name for name, word in told.items() if word not in table] == []
