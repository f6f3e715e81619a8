"""The page's script gets shorter and stays the same program."""

from __future__ import annotations

import pytest

from calmerge_desktop import resources
from calmerge_desktop.core.proposal.lean import lean


@pytest.mark.parametrize(
    ("script", "short"),
    [
        ("const a = 1;  // one\n\n  let b = a ? 2 : 3;\n", "const a=1;\nlet b=a?2:3;"),
        ("t(\"a , b  // c\", 'x = { y }')", "t(\"a , b  // c\",'x = { y }')"),
        ("x = `a  ${ f({ b: 1 }, `c  ${ d }`) }  // e`", "x=`a  ${ f({ b: 1 }, `c  ${ d }`) }  // e`"),
        ("a = /[/ ]  {2} = \\//.test(b) / 2", "a=/[/ ]  {2} = \\//.test(b)/ 2"),
        ("a + +b - -c", "a + +b - -c"),
        ("return /x  y/", "return /x  y/"),
        ("a\n++b", "a\n++b"),
        ("const W = /*WORDS*/{}; /* gone */ f()", "const W=/*WORDS*/{};f()"),
        (r'"a\" , b" , c', r'"a\" , b",c'),
    ],
)
def test_what_goes_and_what_stays(script: str, short: str) -> None:
    """Blanks and comments, but none inside texts, templates and expressions."""
    assert lean(script) == short


def test_twice_is_the_same_as_once() -> None:
    """For the whole script of the page."""
    script = (resources.path("booking") / "page.js").read_text(encoding="utf-8")
    once = lean(script)
    assert lean(once) == once
    assert len(once) < 0.92 * len(script)
