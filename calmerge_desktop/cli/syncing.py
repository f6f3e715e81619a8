"""`sync` and `agent`: one round, or the whole background work without a window."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from calmerge_desktop.cli.face import Face, pass_face, progress_on_terminal
from calmerge_desktop.cli.program import AccountResult
from calmerge_desktop.cli.speaking import command
from calmerge_desktop.core.errors import LATER_KINDS, Busy
from calmerge_desktop.core.model import AccountId, Progress, SourceState
from calmerge_desktop.core.ports import Listener, MailNews
from calmerge_desktop.core.proposal.published import Published
from calmerge_desktop.core.texts import _
from calmerge_desktop.core.when import now

_MAIL_PATIENCE = 180.0
"""Seconds mail may take longer than the calendars."""

_SELDOM = 50_000
"""New objects between two looks for garbage while calendars are read, which leave hardly any."""


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Python looks for garbage less often, and not among what is there already."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@command()
@click.option("--account", "account", help="Only this account.")
@click.option("--full", is_flag=True, help="Read everything again, and accept large removals.")
@pass_face
@_seldom_tidied()
def sync(face: Face, account: str | None, full: bool) -> None:
    """One complete synchronisation, mail included unless --account names one source.

    Ends with 0 when every calendar is fresh and no letter was refused or became unsure this time. Letters that wait for a
    server, and those refused before, change nothing: see them with `calmerge mail outbox`.
    """
    profile = face.profile
    stop = threading.Event()
    previous = signal.signal(signal.SIGINT, lambda *_args: stop.set())
    started = now()
    listener = Listener(changed=lambda _changed: None, progress=_progress(face), idle=lambda: None)
    mailed: list[MailNews] = []
    try:
        wanted = [AccountId(profile.account(account).id)] if account else None
        if wanted is None:
            profile.mail.start_round(mailed.append)
        results = profile.engine().run_once(wanted, full=full, stop=stop, listener=listener)
        if wanted is None:
            profile.mail.finish(0 if stop.is_set() else _MAIL_PATIENCE)
    finally:
        signal.signal(signal.SIGINT, previous)
    pages: Sequence[Published] = [] if stop.is_set() else _pages(face)
    news = mailed[0] if mailed else MailNews()
    document: dict[str, Any] = {
        "accounts": [
            {
                "id": one.id,
                "state": one.state.value,
                "reason": one.status.reason,
                "calendars": [
                    {
                        "id": each.id,
                        "added": each.added,
                        "updated": each.updated,
                        "removed": each.removed,
                        "pushed": each.pushed,
                        "set_aside": each.set_aside,
                        "errors": list(each.errors),
                    }
                    for each in one.calendars
                ],
            }
            for one in results
        ],
        "mail": _mail(face, news),
        "pages": {"kept": len(pages), "troubles": [one.trouble for one in pages if one.trouble]},
        "seconds": now() - started,
    }
    lines = []
    for one in results:
        counts = {
            key: sum(getattr(each, key) for each in one.calendars) for key in ("added", "updated", "removed", "pushed")
        }
        words = _("{added} new, {updated} changed, {removed} gone, {pushed} sent").format(**counts)
        lines.append(f"{one.name}: {_state(one.state)} · {words}" + (f" · {one.status.reason}" if one.status.reason else ""))
        lines += [f"    {error}" for each in one.calendars for error in each.errors]
    lines = lines or [_("No account is linked yet.")]
    face.emit(document, [*lines, *_mail_lines(document["mail"], news), *_page_lines(pages)])
    if code := _exit_code(results) or (3 if news.refused or news.unsure else 0):
        raise click.exceptions.Exit(code)


def _pages(face: Face) -> Sequence[Published]:
    """Pages of open times follow what was read, whatever came of it."""
    try:
        return face.profile.pages.once()
    except Busy:
        return ()  # the other one writes them


def _page_lines(pages: Sequence[Published]) -> list[str]:
    return [
        _("Page {name}: {trouble}").format(name=one.slug or "index", trouble=one.trouble) for one in pages if one.trouble
    ]


def _mail(face: Face, news: MailNews) -> dict[str, int]:
    """What went out and came in this time, and what waits in the outbox now."""
    states = [one.state for one in face.profile.desk.mail.outbox()]
    return {
        "sent": news.sent,
        "waiting": sum(state in ("waiting", "sending") for state in states),
        "refused": states.count("refused"),
        "unsure": states.count("unsure"),
        "received": news.received,
    }


def _mail_lines(counts: dict[str, int], news: MailNews) -> list[str]:
    if not any(counts.values()) and not news.troubles:
        return []
    words = _("Mail: {sent} sent, {waiting} waiting, {refused} refused, {unsure} unsure, {received} received")
    return [words.format(**counts), *(f"    {trouble}" for trouble in news.troubles)]


@command()
@pass_face
def agent(face: Face) -> None:
    """The whole background work without a window, until stopped."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    click.echo(_("Keeping your calendars in step. Stop with Ctrl+C."), err=True)
    face.profile.loop().run(stop, Listener(changed=lambda _c: None, progress=_progress(face), idle=lambda: None))


def _progress(face: Face) -> Callable[[Progress], None]:
    shown = progress_on_terminal() and not face.as_json

    def show(progress: Progress) -> None:
        if shown:
            total = f"/{progress.total}" if progress.total else ""
            click.echo(f"\r{progress.name}: {progress.done}{total}\x1b[K", nl=False, err=True)

    return show


def _state(state: SourceState) -> str:
    return {"fresh": _("fresh"), "stale": _("stale"), "broken": _("broken")}[state.value]


def _exit_code(results: Sequence[AccountResult]) -> int:
    """0 when every account is fresh; 3 when the person must act for one, else 4."""
    codes = set()
    for one in results:
        parts = [each.status for each in one.calendars if each.status.state is not SourceState.FRESH]
        if one.error is not None:
            codes.add(one.error.exit_code)
        elif parts or one.state is not SourceState.FRESH:
            later = all(status.kind in LATER_KINDS for status in parts or [one.status])
            codes.add(4 if later else 3)
    return 3 if 3 in codes else max(codes, default=0)
