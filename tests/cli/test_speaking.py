"""Help, and wrong usage, in the language of the person."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Never

import pytest

from calmerge_desktop import resources
from calmerge_desktop.cli import speaking
from tests.calmerge import Calmerge
from tests.test_translations import commands

COMMANDS = [tuple(ctx.command_path.split()[1:]) for ctx in commands()]

Speaking = Callable[[str], Calmerge]


@pytest.fixture
def in_language(calmerge: Calmerge, german: Path, monkeypatch: pytest.MonkeyPatch) -> Speaking:
    """A program whose system speaks `de` or `en`."""
    path = resources.path
    monkeypatch.setattr(resources, "path", lambda name: german if name == "i18n" else path(name))

    monkeypatch.setenv("COLUMNS", "80")

    def made(language: str) -> Calmerge:
        monkeypatch.setenv("LANG", {"de": "de_DE.UTF-8", "en": "en_GB.UTF-8"}[language])
        return calmerge

    return made


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_help_is_german_where_german_is_spoken(in_language: Speaking, command: tuple[str, ...]) -> None:
    """Nothing of click's own English is left over, and nothing is created for it."""
    answer = in_language("de")(*command, "--help")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(" ".join(("Aufruf: calmerge", *command, "[OPTIONEN]")))
    assert "Diese Hilfe zeigen und enden." in answer.out
    assert [word for word in ("Usage", "Options", "Commands", "[required", "default:", "Show ") if word in answer.out] == []
    assert not in_language("de").home.exists()


def test_the_help_of_a_group_lists_its_commands(in_language: Speaking) -> None:
    """Each with its first sentence, whole; without a command it goes to standard error."""
    german = in_language("de")
    answer = german("account", "--help")
    assert answer.out.splitlines() == [
        "Aufruf: calmerge account [OPTIONEN] BEFEHL [ARGUMENTE]...",
        "",
        "  Konten verknüpfen und trennen.",
        "",
        "Optionen:",
        "  -h, --help  Diese Hilfe zeigen und enden.",
        "",
        "Befehle:",
        "  add     Ein Konto verknüpfen.",
        "  list    Jedes Konto mit seinem Stand und Alter.",
        "  reauth  Neu anmelden: mit neuem Passwort oder in Ihrem Browser.",
        "  remove  Ein Konto trennen.",
        "  set     Name und Mailadresse eines Kontos.",
    ]
    without = german("account")
    assert (without.code, without.out, without.err) == (2, "", answer.out)


def test_the_help_of_a_command_explains_each_option(in_language: Speaking) -> None:
    """What must be there, what is the default, what a value is called, and every paragraph."""
    german = in_language("de")
    assert "  --title TEXT        Wie der Termin heißt.  [erforderlich]" in german("event", "add", "--help").out
    assert "  --limit ZAHL  Wie viele höchstens.  [Voreinstellung: 50; 1<=x<=10000]" in german("journal", "-h").out
    counter = german("proposal", "counter", "--help").out
    assert counter.startswith("Aufruf: calmerge proposal counter [OPTIONEN] ID [NUMMER]\n")
    assert "\n\n  Ohne --send oder --keep wird die Mail nur gezeigt.\n\n" in counter


def test_english_help_stays_what_it_was(in_language: Speaking) -> None:
    """The docstring and the helps as they are written."""
    answer = in_language("en")("proposal", "counter", "--help")
    assert answer.out.splitlines() == [
        "Usage: calmerge proposal counter [OPTIONS] ID [NUMBER]",
        "",
        "  Offer other times in the same thread: the nearest to time NUMBER (1, 2, 3 …)",
        "  that went, or others than before.",
        "",
        "  Without --send or --keep it only shows the mail.",
        "",
        "Options:",
        "  --slot TEXT      A time of your own choice, START or START/END; may be",
        "                   repeated.",
        "  --count INTEGER  How many times to offer.  [default: 3]",
        "  --keep           Let it stand without sending it, to be sent by hand.",
        "  --send           Really send it.",
        "  -h, --help       Show this message and exit.",
    ]


@pytest.mark.parametrize(
    ("arguments", "in_german", "in_english"),
    [
        ("account remove", "Das Argument ID fehlt.", "The argument ID is missing."),
        ("event add --title x", "Die Option --start fehlt.", "The option --start is missing."),
        (
            "conflict resolve x",
            "Eines davon fehlt: mine, theirs, both, move oder drop.",
            "One of these is missing: mine, theirs, both, move or drop.",
        ),
        (
            "account --nix",
            "„calmerge account“ hat keine Option --nix.",
            "“calmerge account” has no option --nix.",
        ),
        (
            "account add local --nam x",
            "„calmerge account add local“ hat keine Option --nam. Meinten Sie: --name?",
            "“calmerge account add local” has no option --nam. Did you mean: --name?",
        ),
        (
            "account sett",
            "„calmerge account“ hat keinen Befehl „sett“. Meinten Sie: set?",
            "“calmerge account” has no command “sett”. Did you mean: set?",
        ),
        ("nonsense", "„calmerge“ hat keinen Befehl „nonsense“.", "“calmerge” has no command “nonsense”."),
        ("account --", "Es fehlt ein Befehl von „calmerge account“.", "A command of “calmerge account” is missing."),
        (
            "account list x y",
            "„x y“ ist zu viel für „calmerge account list“.",
            "“x y” is too much for “calmerge account list”.",
        ),
        ("event add --title", "Die Option --title braucht einen Wert.", "The option --title needs a value."),
        ("sync --full=yes", "Die Option --full nimmt keinen Wert an.", "The option --full takes no value."),
        (
            "week --png x.png --theme blue",
            "--theme kann light oder dark sein, nicht „blue“.",
            "--theme can be light or dark, not “blue”.",
        ),
        (
            "rsvp x perhaps",
            "ANTWORT kann accept, decline, tentative oder counter sein, nicht „perhaps“.",
            "ANSWER can be accept, decline, tentative or counter, not “perhaps”.",
        ),
        (
            "calendar set x --visible perhaps",
            "--visible kann yes oder no sein, nicht „perhaps“.",
            "--visible can be yes or no, not “perhaps”.",
        ),
        (
            "proposal book 1 two",
            "NUMMER ist eine ganze Zahl, nicht „two“.",
            "NUMBER is a whole number, not “two”.",
        ),
        (
            "journal --limit 0",
            "--limit ist eine ganze Zahl von 1 bis 10000, nicht „0“.",
            "--limit is a whole number from 1 to 10000, not “0”.",
        ),
        (
            "agenda --file /does/not/exist.ics",
            "Es gibt keine Datei „/does/not/exist.ics“.",
            "There is no file “/does/not/exist.ics”.",
        ),
        ("restore /", "„/“ ist ein Ordner, keine Datei.", "“/” is a folder, not a file."),
    ],
)
def test_wrong_usage_is_one_sentence_and_the_way_to_the_help(
    in_language: Speaking, arguments: str, in_german: str, in_english: str
) -> None:
    """On standard error alone, with exit code 2; with `--json`, too."""
    for language, sentence, way_on in (("de", in_german, "Hilfe: calmerge"), ("en", in_english, "Help: calmerge")):
        answer = in_language(language)(*arguments.split())
        said, _space, command = answer.err.partition(f" {way_on}")
        assert (answer.code, answer.out, said) == (2, "", sentence)
        assert command.endswith(" --help\n")
        assert in_language(language)("--json", *arguments.split()) == answer


def test_the_value_that_does_not_fit_is_named(in_language: Speaking) -> None:
    """Also when others of the same option fit, and not at any length."""
    answer = in_language("en")("journal", "--limit", "x" * 500)
    assert answer.err.startswith(f"--limit is a whole number from 1 to 10000, not “{'x' * 40}…”.")


def test_the_profile_says_which_language(in_language: Speaking) -> None:
    """Before the system does; settings of no use are left for the command that opens the profile."""
    english = in_language("en")
    english.home.mkdir()
    settings = english.home / "settings.json"
    settings.write_text(json.dumps({"language": "de"}), encoding="utf-8")
    assert english("account", "--help").out.startswith("Aufruf:")
    assert english("account", "sett").err.startswith("„calmerge account“ hat keinen Befehl")
    settings.write_text("{", encoding="utf-8")
    assert english("account", "--help").out.startswith("Usage:")
    assert list(english.home.iterdir()) == [settings]


def test_a_command_that_runs_looks_up_no_help(in_language: Speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would cost every start."""

    def never(_text: str) -> Never:
        raise AssertionError

    monkeypatch.setattr(speaking, "_", never)
    assert in_language("de").ok("agenda")["instances"] == []
