"""The ratios as an SVG: one bar a goal on a logarithmic scale, its range as a line, its goal as a mark."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import ceil, floor, log10
from typing import NamedTuple

_LEFT, _WIDTH, _ROW, _TOP = 350, 940, 30, 64
_RIGHT = 70


class Bar(NamedTuple):
    """How many times faster than a peer."""

    label: str
    median: float
    low: float
    high: float
    goal: float


def svg(bars: list[Bar]) -> str:
    """The whole picture, readable on light and dark pages."""
    height = _TOP + _ROW * len(bars) + 40
    values = [value for bar in bars for value in (bar.low, bar.high, bar.goal)] or [1.0]
    low, high = min(0.1, *values), max(1000.0, *values)
    return "\n".join(_parts(bars, height, floor(log10(low)), ceil(log10(high)))) + "\n"


def _parts(bars: list[Bar], height: int, first: int, last: int) -> Iterator[str]:
    def x(value: float) -> float:
        return _LEFT + (log10(max(value, 10**first)) - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        'font-family="Inter, system-ui, sans-serif" font-size="12" role="img" aria-label="Times faster than each peer">'
    )
    yield f'<rect width="{_WIDTH}" height="{height}" rx="8" fill="#ffffff"/>'
    yield '<text x="16" y="26" fill="#1d2433" font-size="14" font-weight="600">Times faster than each peer</text>'
    yield (
        '<text x="16" y="46" fill="#5b6577">Medians of per-round ratios; thin line: range; dashed: goal; '
        "left of 1x CalMerge is slower; green: goal met</text>"
    )
    for power in range(first, last + 1):
        at = x(10**power)
        yield f'<line x1="{at:.1f}" y1="{_TOP}" x2="{at:.1f}" y2="{height - 34}" stroke="#e3e7ee"/>'
        yield f'<text x="{at:.1f}" y="{height - 16}" fill="#5b6577" text-anchor="middle">{10.0**power:g}x</text>'
    yield f'<line x1="{x(1):.1f}" y1="{_TOP}" x2="{x(1):.1f}" y2="{height - 34}" stroke="#8b95a7"/>'
    for n, bar in enumerate(bars):
        yield from _row(bar, _TOP + n * _ROW, x)
    yield "</svg>"


def _row(bar: Bar, top: int, x: object) -> Iterator[str]:
    assert callable(x)
    met = bar.median >= bar.goal
    begin, end = sorted((x(1), x(bar.median)))
    middle = top + 13
    yield f'<text x="{_LEFT - 12}" y="{middle + 4}" fill="#1d2433" text-anchor="end">{escape(bar.label)}</text>'
    color = "#2f9e6e" if met else "#d0763a"
    yield f'<rect x="{begin:.1f}" y="{top + 5}" width="{max(end - begin, 1):.1f}" height="16" rx="3" fill="{color}"/>'
    yield f'<line x1="{x(bar.low):.1f}" y1="{middle}" x2="{x(bar.high):.1f}" y2="{middle}" stroke="#1d2433"/>'
    goal = x(bar.goal)
    yield f'<line x1="{goal:.1f}" y1="{top + 1}" x2="{goal:.1f}" y2="{top + 25}" stroke="#1d2433" stroke-dasharray="3 2"/>'
    shown = f"{bar.median:,.0f}x" if bar.median >= 100 else f"{bar.median:.2g}x"
    yield f'<text x="{max(end, goal, x(bar.high)) + 6:.1f}" y="{middle + 4}" fill="#1d2433">{shown}</text>'
