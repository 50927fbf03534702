"""The axis of a parasitaemia: none at its left end, then powers of ten from 0.01 % to 100 %."""

import math
from dataclasses import dataclass

from markupsafe import Markup

from normocyte.core.types import Estimate
from normocyte.wording.language import figure

SMALLEST = 1e-4
TICKS = ((0.0, "0"), (1e-4, "0.01 %"), (1e-3, "0.1 %"), (1e-2, "1 %"), (1e-1, "10 %"), (1.0, "100 %"))
_FROM_NONE = 0.1
GAP = _FROM_NONE / 2
"""Where the axis is broken, between none and the smallest share of its powers."""
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
    gap = Markup('<path class="gap" d="M{x:.1f} 35 l-4 10 m5 0 l4 -10"/>').format(x=_PAGE.x(GAP))
    head = _PAGE.axis(40) + _PAGE.ticks("axis", 40, 45) + _PAGE.labels(58) + gap
    return _PAGE.svg(
        66, head + _PAGE.limit(limit, 12, 40, asked, 8) + _PAGE.interval(estimate, 20, 12), words
    )


def axis_svg(limit: float, asked: str) -> Markup:
    """The axis alone, as a head over rows, with the share that was asked for."""
    return _ROW.svg(
        40,
        _ROW.limit(limit, 14, 20, asked, 10) + _ROW.labels(30) + _ROW.axis(39.5) + _ROW.ticks("axis", 36, 40),
    )


def row_svg(estimate: Estimate, limit: float, words: str) -> Markup:
    """The interval of one smear as a narrow bar in its row; `words` are for those who cannot see it."""
    dashed = Markup('<line class="grid" stroke-dasharray="1.5 2" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="26"/>')
    grid = _ROW.ticks("grid", 0, 26) + dashed.format(x=_ROW.x(GAP))
    return _ROW.svg(26, grid + _ROW.limit(limit, 0, 26) + _ROW.interval(estimate, 8, 10), words)


@dataclass(frozen=True, slots=True)
class _Axis:
    """An axis across, as wide as its SVG but for a margin on both sides."""

    width: int
    margin: int

    def x(self, place_on_axis: float) -> float:
        return self.margin + (self.width - 2 * self.margin) * place_on_axis

    def svg(self, height: int, inside: Markup, words: str = "") -> Markup:
        told = Markup('role="img" aria-label="{}"').format(words) if words else Markup('aria-hidden="true"')
        return Markup('<svg viewBox="0 0 {} {}" {}>{}</svg>').format(self.width, height, told, inside)

    def axis(self, y: float) -> Markup:
        line = Markup('<line class="axis" x1="{}" x2="{}" y1="{y}" y2="{y}"/>')
        return line.format(self.margin, self.width - self.margin, y=y)

    def ticks(self, kind: str, top: float, bottom: float) -> Markup:
        return Markup("").join(self._upright(kind, share, top, bottom) for share, _ in TICKS)

    def labels(self, y: float) -> Markup:
        label = Markup('<text x="{:.1f}" y="{}">{}</text>')
        return Markup("").join(label.format(self.x(place(share)), y, figure(text)) for share, text in TICKS)

    def limit(self, share: float, top: float, bottom: float, asked: str = "", y: float = 0) -> Markup:
        """The share that was asked for as a line, with its words where there are any."""
        words = Markup('<text class="asked" x="{:.1f}" y="{}">{}</text>').format(
            self.x(place(share)), y, asked
        )
        return self._upright("limit", share, top, bottom) + (words if asked else "")

    def interval(self, estimate: Estimate, top: int, height: int) -> Markup:
        """The interval as a bar, and the estimate as a line that is a little longer."""
        value, low, high = (self.x(one) for one in ends(estimate))
        return Markup(
            '<rect class="interval" x="{low:.1f}" y="{top}" width="{width:.1f}" height="{height}" rx="{rx}"/>'
            '<path class="value" d="M{value:.1f} {above} v{long}"/>'
        ).format(
            low=low,
            top=top,
            width=max(high - low, _NARROWEST),
            height=height,
            rx=height / 4,
            value=value,
            above=top - height // 3,
            long=height + 2 * (height // 3),
        )

    def _upright(self, kind: str, share: float, top: float, bottom: float) -> Markup:
        line = Markup('<line class="{}" x1="{x:.1f}" x2="{x:.1f}" y1="{}" y2="{}"/>')
        return line.format(kind, top, bottom, x=self.x(place(share)))


_PAGE, _ROW = _Axis(400, 16), _Axis(300, 14)
