"""What a guest is asked, may do, and receives."""

from __future__ import annotations

from typing import Literal, get_args

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from calmerge_desktop.core.availability.link import Link, check_link
from calmerge_desktop.core.availability.rules import ChangeRules, Question
from calmerge_desktop.core.records import replace
from calmerge_desktop.core.texts import _
from calmerge_desktop.ui.links.fields import Choice, length_words, line
from calmerge_desktop.ui.links.sections.section import Section
from calmerge_desktop.ui.parts.rows import Row, Rows

_ALWAYS = -1
_ASKS = (None, _ALWAYS, 24 * 60, 48 * 60)
_Kind = Literal["text", "long", "number", "choice", "phone", "yes-no", "address", "url"]


class Confirmation(Section):
    """Whether a booking waits for the person."""

    def __init__(self) -> None:
        super().__init__()
        self.asks = Choice(_("Confirmation"), _ASKS, _asks, _("Booked at once"))
        self.blocks = QCheckBox(_("A request takes its time until it is answered"))
        self.free_mail = QCheckBox(_("Only for addresses of free mail services"))
        self.verify = QCheckBox(_("Guests confirm their address by a mailed code"))
        self.errors["confirmation"] = self.row(_("Ask me"), self.asks)
        self.row("", self.free_mail)
        self.row("", self.blocks)
        self.row(_("Guests"), self.verify)
        self.hear(self.asks, self.blocks, self.free_mail, self.verify)

    def title(self) -> str:
        """Its name in the form."""
        return _("Confirmation")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.asks.take((link.confirm_within or _ALWAYS) if link.confirm else None)
        self.blocks.setChecked(link.pending_blocks)
        self.free_mail.setChecked(link.booker.free_mail)
        self.verify.setChecked(link.booker.verify_mail)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        asks = self.asks.chosen()
        within = link.confirm_within if asks is None and not link.confirm else None if asks in (None, _ALWAYS) else asks
        return replace(
            link,
            confirm=asks is not None,
            confirm_within=within,
            pending_blocks=self.blocks.isChecked(),
            booker=replace(link.booker, free_mail=self.free_mail.isChecked(), verify_mail=self.verify.isChecked()),
        )

    def say(self, link: Link) -> str:
        """The value in one line."""
        said = [self.asks.currentText()]
        said += [_("only free mail services")] if link.confirm and link.booker.free_mail else []
        said += [_("requests take no time")] if link.confirm and not link.pending_blocks else []
        said += [_("code by mail")] if link.booker.verify_mail else []
        return ", ".join(said)


class QuestionRow(Row):
    """One question: words, kind, whether it must be answered, and what one may choose from."""

    def __init__(self, one: Question) -> None:
        super().__init__(_("question"))
        self._one = one
        self.label = line(_("Question"))
        self.label.setText(one.label)
        self.label.setPlaceholderText(_("Such as “What is it about?”"))
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Kind of answer"))
        words = kind_words()
        for kind in get_args(_Kind):
            self.kind.addItem(words[kind], kind)
        self.kind.setCurrentIndex(self.kind.findData(one.kind))
        self.required = QCheckBox(_("has to be answered"))
        self.required.setChecked(one.required)
        self._between = "; " if any("," in choice for choice in one.choices) else ", "
        self.choices = line(_("Choices, with commas"))
        self.choices.setText(self._between.join(one.choices))
        self.choices.setPlaceholderText(_("Choices, with commas"))
        self.lay_out((self.label,), (self.kind, self.required), (self.choices,))
        for field in (self.label, self.choices):
            field.textChanged.connect(self.changed)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.required.toggled.connect(self.changed)
        self.choices.setVisible(one.kind == "choice")

    def value(self) -> Question:
        """The question as it stands there."""
        kind = self.kind.currentData()
        parts = self.choices.text().split(";" if ";" in self.choices.text() else ",")
        choices = tuple(part.strip() for part in parts if part.strip()) if kind == "choice" else self._one.choices
        return Question(label=self.label.text().strip(), kind=kind, required=self.required.isChecked(), choices=choices)

    def try_out(self) -> None:
        """Raises `BadInput` for a question without words, or without two choices."""
        check_link(Link(title="x", slug="x", minutes=(30,), questions=(self.value(),)))

    def _kind_chosen(self, *_index: object) -> None:
        self.choices.setVisible(self.kind.currentData() == "choice")
        self.changed.emit()


class Questions(Section):
    """Name and e-mail are always asked."""

    def __init__(self) -> None:
        super().__init__()
        self.list = Rows(_("Add a question"), lambda: QuestionRow(Question(label="")), inset=False)
        self.guests = QCheckBox(_("Guests may bring others"))
        self.add(self.list)
        self.row("", self.guests)
        self.list.changed.connect(self.changed)
        self.hear(self.guests)

    def title(self) -> str:
        """Its name in the form."""
        return _("Questions")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.list.take([QuestionRow(one) for one in link.questions])
        self.guests.setChecked(link.guests)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        self.problems = {}
        if said := self.list.problems():
            self.problems["questions"] = said[0]
        asked = tuple(row.value() for row in self.list.rows if isinstance(row, QuestionRow))
        return replace(link, questions=asked, guests=self.guests.isChecked())

    def say(self, link: Link) -> str:
        """The value in one line."""
        asked = [_("Name, e-mail"), *(_("“{words}”").format(words=one.label) for one in link.questions)]
        return ", ".join([*asked, *([] if link.guests else [_("no other guests")])])


class Changes(Section):
    """What a guest may do after booking."""

    def __init__(self) -> None:
        super().__init__()
        self.cancel = QCheckBox(_("cancel"))
        self.move_ = QCheckBox(_("move"))
        self.past = QCheckBox(_("also what is over"))
        self.notice = Choice(_("Until"), (0, 60, 240, 1440, 2880), _until)
        self.reason = QComboBox()
        self.reason.setAccessibleName(_("A reason is given by"))
        for who, words in _reasons().items():
            self.reason.addItem(words, who)
        self.rebook = QCheckBox(_("book again what was cancelled"))
        self.series = QComboBox()
        self.series.setAccessibleName(_("Of a series they cancel"))
        for much, words in _much().items():
            self.series.addItem(words, much)
        self.row(_("Guests may"), self.cancel, self.move_, self.past)
        self.row("", self.rebook)
        self.errors["changes"] = self.row(_("Until"), self.notice)
        self.row(_("Reason"), self.reason)
        self.row(_("Of a series"), self.series)
        self.hear(self.cancel, self.move_, self.past, self.rebook, self.notice, self.reason, self.series)

    def title(self) -> str:
        """Its name in the form."""
        return _("Changes")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        rules = link.changes
        self.cancel.setChecked(rules.cancel)
        self.move_.setChecked(rules.reschedule)
        self.past.setChecked(rules.past)
        self.notice.take(rules.notice)
        self.reason.setCurrentIndex(self.reason.findData(rules.reason))
        self.rebook.setChecked(rules.rebook)
        self.series.setCurrentIndex(self.series.findData(rules.series))

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        return replace(
            link,
            changes=ChangeRules(
                cancel=self.cancel.isChecked(),
                reschedule=self.move_.isChecked(),
                notice=self.notice.chosen() or 0,
                reason=self.reason.currentData(),
                past=self.past.isChecked(),
                rebook=self.rebook.isChecked(),
                series=self.series.currentData(),
            ),
        )

    def say(self, link: Link) -> str:
        """The value in one line."""
        rules = link.changes
        may = [word for on, word in ((rules.cancel, _("cancel")), (rules.reschedule, _("move"))) if on]
        if not may:
            return _("Guests change nothing")
        said = _("Guests may {what}").format(what=_(" or ").join(may))
        return said + (_(", until {time} before").format(time=length_words(rules.notice)) if rules.notice else "")


class Mail(Section):
    """Who is written to when somebody books."""

    def __init__(self) -> None:
        super().__init__()
        self.host, self.guest = QCheckBox(_("me")), QCheckBox(_("the guest"))
        self.reply_to: QLineEdit = line(_("Answers go to"))
        self.reply_to.setPlaceholderText(_("The address of the calendar"))
        self.row(_("Mail to"), self.host, self.guest)
        self.row(_("Answers go to"), self.reply_to, stretch=True)
        self.hear(self.host, self.guest, self.reply_to)

    def title(self) -> str:
        """Its name in the form."""
        return _("Mail")

    def take(self, link: Link) -> None:
        """Show what a link says."""
        self.host.setChecked(link.mail_host)
        self.guest.setChecked(link.mail_guest)
        self.reply_to.setText(link.reply_to)

    def read(self, link: Link) -> Link:
        """The link with what the fields say."""
        return replace(
            link,
            mail_host=self.host.isChecked(),
            mail_guest=self.guest.isChecked(),
            reply_to=self.reply_to.text().strip(),
        )

    def say(self, link: Link) -> str:
        """The value in one line."""
        to = [word for on, word in ((link.mail_host, _("me")), (link.mail_guest, _("the guest"))) if on]
        said = _("Mail to {who}").format(who=_(" and ").join(to)) if to else _("No mail")
        return f"{said}, {link.reply_to}" if link.reply_to else said


def kind_words() -> dict[str, str]:
    """Kinds of answers in words."""
    return {
        "text": _("A line"),
        "long": _("Several lines"),
        "number": _("A number"),
        "choice": _("One of several"),
        "phone": _("A phone number"),
        "yes-no": _("Yes or no"),
        "address": _("An address"),
        "url": _("A web address"),
    }


def _reasons() -> dict[str, str]:
    return {
        "nobody": _("None is needed"),
        "host": _("I give one"),
        "guest": _("The guest gives one"),
        "both": _("Both give one"),
    }


def _much() -> dict[str, str]:
    return {
        "all": _("they cancel one, the rest or all"),
        "rest": _("they cancel one or the rest"),
        "one": _("they cancel one meeting at a time"),
    }


def _until(minutes: int) -> str:
    return _("{time} before the start").format(time=length_words(minutes)) if minutes else _("the start")


def _asks(minutes: int) -> str:
    if minutes == _ALWAYS:
        return _("Ask me each time")
    return _("Ask me when under {time} ahead").format(time=length_words(minutes))
