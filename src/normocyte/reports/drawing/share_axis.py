"""The axis of a parasitaemia: none at its left end, then powers of ten from 0.01 % to 100 %."""

from __future__ import annotations

import math

from markupsafe import Markup

from normocyte.core.types import Estimate

SMALLEST = 1e-4
TICKS = ((0.0, "0"), (1e-4, "0.01 %"), (1e-3, "0.1 %"), (1e-2, "1 %"), (1e-1, "10 %"), (1.0, "100 %"))
_FROM_NONE = 0.1
GAP = _FROM_NONE / 2
"""Where the axis is broken, between none and the smallest share of its powers."""
_LEFT, _RIGHT, _AXIS_Y = 16, 384, 40
_NARROWEST = 3.0


def place(share: float) -> float:
    """Where a share stands between the left end, 0, and the right end, 1."""
    if share < SMALLEST:
        return _FROM_NONE * max(share, 0.0) / SMALLEST
    return _FROM_NONE + (1 - _FROM_NONE) * (1 - math.log10(min(share, 1.0)) / math.log10(SMALLEST))


def ends(estimate: Estimate) -> tuple[float, float, float]:
    """The places of the estimate and of both ends of its interval."""
    return place(estimate.value), place(estimate.low), place(estimate.high)


def bar_svg(estimate: Estimate, limit: float, asked: str, words: str) -> Markup:
    """The interval as a bar above the axis, as SVG in the colours of the page.

    `limit` is the share that was asked for, with its own words; `words` are for those who cannot see the bar.
    """
    value, low, high = (_x(one) for one in ends(estimate))
    width = max(high - low, _NARROWEST)
    ticks = Markup("").join(_tick(_x(place(share)), text) for share, text in TICKS)
    return Markup(
        '<svg viewBox="0 0 400 66" role="img" aria-label="{words}">'
        '<line class="axis" x1="{left}" x2="{right}" y1="{axis}" y2="{axis}"/>{ticks}'
        '<path class="gap" d="M{gap:.1f} {above} l-4 10 m5 0 l4 -10"/>'
        '<line class="limit" x1="{limit:.1f}" x2="{limit:.1f}" y1="12" y2="{axis}"/>'
        '<text class="asked" x="{limit:.1f}" y="8">{asked}</text>'
        '<rect class="interval" x="{low:.1f}" y="20" width="{width:.1f}" height="12" rx="3"/>'
        '<path class="value" d="M{value:.1f} 16 v20"/></svg>'
    ).format(
        words=words,
        left=_LEFT,
        right=_RIGHT,
        axis=_AXIS_Y,
        above=_AXIS_Y - 5,
        ticks=ticks,
        gap=_x(GAP),
        limit=_x(place(limit)),
        asked=asked,
        low=low,
        width=width,
        value=value,
    )


def _x(place_on_axis: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * place_on_axis


def _tick(x: float, text: str) -> Markup:
    return Markup(
        '<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="{y}" y2="{end}"/>'
        '<text x="{x:.1f}" y="{words}">{text}</text>'
    ).format(x=x, y=_AXIS_Y, end=_AXIS_Y + 5, words=_AXIS_Y + 18, text=text)
