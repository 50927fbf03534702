"""The intervals of many smears below one axis, each a narrow bar in its row."""

from __future__ import annotations

from markupsafe import Markup

from normocyte.core.types import Estimate
from normocyte.reports.drawing.share_axis import GAP, TICKS, ends, place

WIDTH, _LEFT, _RIGHT = 300, 14, 286
_HEIGHT, _MIDDLE = 26, 13
_NARROWEST = 3.0


def axis_svg(limit: float, asked: str) -> Markup:
    """The axis alone, as a head over the bars, with the share that was asked for."""
    ticks = Markup("").join(
        Markup('<text x="{x:.1f}" y="30">{text}</text>').format(x=_x(place(share)), text=text)
        for share, text in TICKS
    )
    lines = Markup("").join(
        Markup('<line class="axis" x1="{x:.1f}" x2="{x:.1f}" y1="36" y2="40"/>').format(x=_x(place(share)))
        for share, _ in TICKS
    )
    return Markup(
        '<svg viewBox="0 0 {width} 40" aria-hidden="true"><text class="asked" x="{limit:.1f}" y="10">{asked}'
        '</text><line class="limit" x1="{limit:.1f}" x2="{limit:.1f}" y1="14" y2="20"/>{ticks}'
        '<line class="axis" x1="{left}" x2="{right}" y1="39.5" y2="39.5"/>{lines}</svg>'
    ).format(
        width=WIDTH, limit=_x(place(limit)), asked=asked, ticks=ticks, lines=lines, left=_LEFT, right=_RIGHT
    )


def row_svg(estimate: Estimate, limit: float, words: str) -> Markup:
    """The interval of one smear as a bar; `words` are for those who cannot see it."""
    value, low, high = (_x(one) for one in ends(estimate))
    grid = Markup("").join(
        Markup('<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{y}"/>').format(
            x=_x(place(share)), y=_HEIGHT
        )
        for share, _ in TICKS
    )
    return Markup(
        '<svg viewBox="0 0 {width} {height}" role="img" aria-label="{words}">{grid}'
        '<line class="grid" stroke-dasharray="1.5 2" x1="{gap:.1f}" x2="{gap:.1f}" y1="0" y2="{height}"/>'
        '<line class="limit" x1="{limit:.1f}" x2="{limit:.1f}" y1="0" y2="{height}"/>'
        '<rect class="interval" x="{low:.1f}" y="{top}" width="{long:.1f}" height="10" rx="2.5"/>'
        '<path class="value" d="M{value:.1f} {above} v16"/></svg>'
    ).format(
        width=WIDTH,
        height=_HEIGHT,
        words=words,
        grid=grid,
        gap=_x(GAP),
        limit=_x(place(limit)),
        low=low,
        top=_MIDDLE - 5,
        long=max(high - low, _NARROWEST),
        value=value,
        above=_MIDDLE - 8,
    )


def _x(place_on_axis: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * place_on_axis
