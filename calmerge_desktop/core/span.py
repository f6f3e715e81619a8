"""Half-open intervals of time: the only interval type of the program, and plain pairs where thousands are looked at.

A `Span` is `[start, end)` in whole seconds since 1970-01-01T00:00:00Z. The functions take and give sorted,
non-overlapping lists where they say "set".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Range = tuple[int, int]
"""Start and end of a span."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`[start, end)` in UTC seconds; `end == start` is an instant, which overlaps nothing."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span cannot end before it starts: {self.start} > {self.end}")

    @property
    def seconds(self) -> int:
        """Length in seconds."""
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one second."""
        return self.start < other.end and other.start < self.end and self.start != self.end and other.start != other.end

    def clip(self, to: Span) -> Span | None:
        """The part inside `to`, or None when nothing is left."""
        start, end = max(self.start, to.start), min(self.end, to.end)
        return Span(start, end) if start < end else None


def join(ranges: Iterable[Range]) -> list[Range]:
    """Sorted ranges; overlapping and touching ones are made one, empty ones left out: `merge` for plain pairs."""
    out: list[Range] = []
    last: int | None = None
    for start, end in ranges:
        if last is not None and start <= last:
            if end > last:
                out[-1], last = (out[-1][0], end), end
        elif start < end:
            out.append((start, end))
            last = end
    return out


def merge(spans: Iterable[Span]) -> list[Span]:
    """The set that covers the same seconds: sorted, touching and overlapping spans joined, instants dropped."""
    out: list[Span] = []
    for span in sorted(s for s in spans if s.end > s.start):
        if out and span.start <= out[-1].end:
            if span.end > out[-1].end:
                out[-1] = Span(out[-1].start, span.end)
        else:
            out.append(span)
    return out


def subtract(whole: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """The set of seconds that are in `whole` and in no hole."""
    out: list[Span] = []
    cuts = merge(holes)
    for span in merge(whole):
        start = span.start
        for cut in _between(cuts, span):
            if cut.start > start:
                out.append(Span(start, cut.start))
            start = max(start, cut.end)
        if start < span.end:
            out.append(Span(start, span.end))
    return out


def intersect(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """The set of seconds that are in both."""
    a, b = merge(one), merge(other)
    out: list[Span] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start, end = max(a[i].start, b[j].start), min(a[i].end, b[j].end)
        if start < end:
            out.append(Span(start, end))
        if a[i].end <= b[j].end:
            i += 1
        else:
            j += 1
    return out


def _between(cuts: list[Span], span: Span) -> Iterator[Span]:
    for cut in cuts:
        if cut.start >= span.end:
            return
        if cut.end > span.start:
            yield cut
