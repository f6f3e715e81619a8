"""A month with twelve accounts; `python -m tests.soak.run --days N --seed S` lives longer ones."""

from __future__ import annotations

from pathlib import Path

from tests.soak.month import Month
from tests.soak.run import leaks


def test_a_month_of_faults_and_edits(tmp_path: Path) -> None:
    """Both sides are equal at the end, nothing waits, nothing the person did is lost, and nothing leaks."""
    month = Month(tmp_path, seed=7, rounds_a_day=1)
    try:
        month.run(30)
        month.calm()
        month.verify()
        assert leaks(month.usage) == []
        assert month.counts["failed visits"] > 50
        assert any(each.startswith("conflict") for each in month.counts)
    finally:
        month.close()


def test_the_same_seed_is_the_same_month(tmp_path: Path) -> None:
    """A failing month can be lived again."""
    lived = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        month = Month(tmp_path / name, seed=3, rounds_a_day=2)
        try:
            month.run(3)
            lived.append((month.counts, sorted(month.servers["a03"].calls)))
        finally:
            month.close()
    assert lived[0] == lived[1]
