"""The one way to speak to the person: an error in words, a toast with Undo, a question with named deeds.

Everything else in the window hands its errors to a `Speaker` or shows `words(error)` beside the field they belong to.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from calmerge_desktop.core.errors import CalmergeError, Conflict, SignInNeeded, TryLater
from calmerge_desktop.core.records import dataclass
from calmerge_desktop.core.texts import _

if TYPE_CHECKING:
    from calmerge_desktop.ui.parts.notes import Toast
    from calmerge_desktop.ui.parts.question import Question


class Deed(StrEnum):
    """The one button an error may have."""

    NONE = ""
    SIGN_IN = "sign-in"
    TRY_AGAIN = "try-again"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class Said:
    """An error for the person: a sentence, what to do, and which button helps."""

    sentence: str
    hint: str
    deed: Deed

    @property
    def text(self) -> str:
        """Sentence and hint."""
        return f"{self.sentence} {self.hint}".strip()


def words(error: CalmergeError) -> Said:
    """What to say about an error, by who must act."""
    if isinstance(error, SignInNeeded):
        return Said(error.message, error.hint, Deed.SIGN_IN)
    if isinstance(error, TryLater):
        return Said(error.message, error.hint, Deed.TRY_AGAIN)
    if isinstance(error, Conflict):
        return Said(error.message, error.hint, Deed.COMPARE)
    return Said(error.message, error.hint, Deed.NONE)


def button_words(deed: Deed) -> str:
    """The label of a deed's button; empty for none."""
    return {
        Deed.NONE: "",
        Deed.SIGN_IN: _("Sign in again"),
        Deed.TRY_AGAIN: _("Try again"),
        Deed.COMPARE: _("Compare"),
    }[deed]


class Speaker(QObject):
    """Toasts and questions of one window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._toast: Toast | None = None
        self.question: Question | None = None
        """The question on screen, if any."""
        self.place: Callable[[], QWidget | None] = lambda: None
        """The part of the window a toast stands over; None: the middle."""

    @property
    def current_toast(self) -> Toast | None:
        """The toast on screen, if any."""
        return self._toast

    def toast(self, text: str, undo: Callable[[], None] | None = None) -> None:
        """Say what was done; a newer toast takes the place of an older one."""
        from calmerge_desktop.ui.parts.notes import Toast

        if self._toast is not None:
            self._toast.dismiss()
        toast = Toast(self._window, text, undo)
        self._toast = toast

        def gone() -> None:
            if self._toast is toast:
                self._toast = None

        toast.gone.connect(gone)
        toast.stand_over(self.place())
        toast.open()

    def take_back(self) -> bool:
        """Do what the Undo of the toast on screen does; False when there is none."""
        toast = self._toast
        if toast is None or not toast.undoable:
            return False
        toast.take_back()
        return True

    def problem(self, error: CalmergeError) -> None:
        """Say what went wrong, where nothing nearer can."""
        said = words(error)
        if error.hint:
            self.ask(said.sentence, said.hint, keep=_("Close"))
        else:
            self.toast(said.sentence)

    def bug(self) -> None:
        """Say that something unexpected happened; the log knows where."""
        if self.question is None:
            self.ask(
                _("Something went wrong inside CalMerge."),
                _("Your calendars are safe. The log file says where it happened; it holds no titles, places or names."),
                keep=_("Close"),
            )

    def ask(
        self,
        title: str,
        text: str,
        *,
        keep: str,
        deed: str = "",
        then: Callable[[], None] | None = None,
        danger: bool = False,
    ) -> None:
        """A question whose buttons are deeds. `keep` leaves everything as it is and has the focus."""
        from calmerge_desktop.ui.parts.question import Question

        question = Question(self._window, title, text, keep=keep, deed=deed, danger=danger)
        if then is not None:
            question.accepted.append(then)
        self.question = question
        question.closed.connect(self._answered)
        question.open()
        question.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answered(self) -> None:
        self.question = None
