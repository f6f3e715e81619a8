"""The page's script without what only a reader of its source needs: comments, indentation, blanks around signs.

No more than that: nothing is renamed or reordered, and lines stay lines, so that the language's rules about them do not
matter. Texts, templates and regular expressions are kept to the letter.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*(?!WORDS)[\s\S]*?\*/)
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<template>`)
    |(?P<slash>/)
    |(?P<blank>[ \t]+)
    |(?P<line>\n)
    |(?P<other>[\w$]+|[\s\S])""",
    re.VERBOSE,
)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_TIGHT = frozenset("{}()[];,:?=<>&|!*")
"""Signs that need no blank beside them. `+`, `-` and `/` may."""


def lean(script: str) -> str:
    """The same script, shorter. A `/` begins a regular expression where a value cannot stand before it."""
    out: list[str] = []
    at = 0
    while at < len(script):
        found = _TOKEN.match(script, at)
        assert found is not None
        kind, piece = found.lastgroup, found[0]
        if kind == "template":
            piece = _template(script, at)
        elif kind == "slash" and _value_may_begin(out) and (regex := _REGEX.match(script, at)):
            piece = regex[0]
        at += len(piece)
        if kind == "comment":
            continue
        if kind == "line":
            _end_line(out)
        elif kind == "blank":
            if out and not out[-1].isspace() and not _is_tight(out[-1]):
                out.append(" ")
        else:
            if len(piece) == 1 and piece in _TIGHT and out and out[-1] == " ":
                out.pop()
            out.append(piece)
    return "".join(out).strip()


def _template(script: str, at: int) -> str:
    """A template literal with everything nested in it."""
    end, depth = at + 1, 0
    while True:
        sign = script[end]
        if sign == "\\":
            end += 1
        elif sign == "`" and depth == 0:
            return script[at : end + 1]
        elif sign == "`":
            end += len(_template(script, end)) - 1
        elif sign in "\"'" and depth:
            end = script.index(sign, end + 1)
        elif script.startswith("${", end):
            depth, end = depth + 1, end + 1
        elif sign == "{" and depth:
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
        end += 1


def _value_may_begin(out: list[str]) -> bool:
    before = next((piece for piece in reversed(out) if not piece.isspace()), "(")
    return before[-1] in "(,=:[!&|?{};+-*%<>~^" or before in ("return", "typeof", "case")


def _is_tight(piece: str) -> bool:
    return len(piece) == 1 and piece in _TIGHT


def _end_line(out: list[str]) -> None:
    while out and out[-1] == " ":
        out.pop()
    if out and out[-1] != "\n":
        out.append("\n")
