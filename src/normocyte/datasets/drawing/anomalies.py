"""Synthetic anomalies of several kinds in healthy images of anything."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.seeds import generator
from normocyte.core.types import Flags, Image8

Plane = npt.NDArray[np.float32]
Picture = npt.NDArray[np.float32]
Rng = np.random.Generator

_SURROUND = 0.1
_WHITE = 255.0


@dataclass(frozen=True)
class Canvas:
    """A healthy image in numbers, another of the same size, and where there is something in it.

    `pixels` and `other` are (height, width, 3) float32 from 0 to 255, `inside` is (height, width).
    """

    pixels: Picture
    other: Picture
    inside: Flags

    @property
    def side(self) -> int:
        """The shorter side in pixels."""
        return int(min(self.pixels.shape[:2]))

    @property
    def spread(self) -> float:
        """The standard deviation of the gray levels of what is in it."""
        return max(float(self.pixels.mean(axis=2)[self.inside].std()), 4.0)


def anomalous(kind: str, image: Image8, other: Image8, seed: int) -> Image8:
    """The image with a synthetic anomaly of one of `KINDS`; `other` is another healthy image of any size.

    Example:
        >>> import numpy as np
        >>> plain = np.full((64, 64, 3), 120, np.uint8)
        >>> bool((anomalous("blob", plain, plain, 0) != plain).any())
        True
    """
    height, width = image.shape[:2]
    resized = cv2.resize(other, (width, height), interpolation=cv2.INTER_AREA)
    canvas = Canvas(image.astype(np.float32), resized.astype(np.float32), _inside(image))
    made = KINDS[kind](canvas, generator(seed, "anomaly", kind))
    return np.asarray(np.clip(np.rint(made), 0, _WHITE), np.uint8)


def _inside(image: Image8) -> Flags:
    """What is not a nearly black surround; everything where that is little or all."""
    bright = image.max(axis=2)
    inside = bright > _SURROUND * float(bright.max(initial=0))
    return inside if inside.mean() >= _SURROUND else np.ones(bright.shape, np.bool_)


def _place(canvas: Canvas, rng: Rng) -> tuple[float, float]:
    """The column and the row of a pixel with something in it."""
    rows, columns = np.nonzero(canvas.inside)
    chosen = int(rng.integers(len(rows)))
    return float(columns[chosen]), float(rows[chosen])


def _soft_ellipse(canvas: Canvas, rng: Rng, smallest: float, largest: float) -> Plane:
    """0 to 1: a turned ellipse with a soft rim, radii as shares of the shorter side."""
    height, width = canvas.pixels.shape[:2]
    column, row = _place(canvas, rng)
    radii = rng.uniform(smallest, largest, 2) * canvas.side
    angle = rng.uniform(0, np.pi)
    down, right = np.mgrid[:height, :width].astype(np.float32)
    along = (right - column) * np.cos(angle) + (down - row) * np.sin(angle)
    across = (down - row) * np.cos(angle) - (right - column) * np.sin(angle)
    away = np.hypot(along / radii[0], across / radii[1]) + 0.35 * _clouds(
        canvas, rng, 0.5 * float(radii.min())
    )
    return np.asarray(np.clip((1.25 - away) / 0.5, 0, 1), np.float32)


def _clouds(canvas: Canvas, rng: Rng, width: float) -> Plane:
    """Smooth noise of standard deviation 1, its lumps about so many pixels wide."""
    noise = rng.normal(size=canvas.pixels.shape[:2]).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), max(width, 0.8))
    return np.asarray(smooth / max(float(smooth.std()), 1e-6), np.float32)


def _mixed(canvas: Canvas, others: Picture, weight: Plane) -> Picture:
    """The others where the weight is 1, the image where it is 0; the surround stays."""
    weight = weight * canvas.inside
    return np.asarray(canvas.pixels + weight[..., np.newaxis] * (others - canvas.pixels), np.float32)


def _sign(rng: Rng) -> float:
    return float(rng.choice((-1.0, 1.0)))


def _patch(canvas: Canvas, rng: Rng) -> Picture:
    """A piece of the other image, turned, at another place (after CutPaste, Li et al., CVPR 2021)."""
    turned = np.rot90(canvas.other, int(rng.integers(1, 4)))
    turned = np.asarray(cv2.resize(np.ascontiguousarray(turned), canvas.pixels.shape[1::-1]), np.float32)
    moved = np.roll(turned, rng.integers(canvas.side // 4, canvas.side // 2 + 1, 2), (0, 1))
    return _mixed(canvas, moved, _soft_ellipse(canvas, rng, 0.08, 0.2))


def _blob(canvas: Canvas, rng: Rng) -> Picture:
    """A soft spot that is brighter or darker, and a little coloured where the image has colours."""
    strength = _sign(rng) * rng.uniform(0.8, 2.0) * canvas.spread
    tint = rng.uniform(0.7, 1.3, 3) if _is_coloured(canvas) else np.ones(3)
    return _mixed(
        canvas,
        canvas.pixels + np.float32(strength) * tint.astype(np.float32),
        _soft_ellipse(canvas, rng, 0.04, 0.12),
    )


def _is_coloured(canvas: Canvas) -> bool:
    return bool(np.ptp(canvas.pixels, axis=2).mean() > 3)  # noqa: PLR2004 - what lossy formats make of gray


def _intensity(canvas: Canvas, rng: Rng) -> Picture:
    """A wide region that is evenly brighter or darker: a shadow, a dense or a pale region."""
    strength = _sign(rng) * rng.uniform(0.5, 1.2) * canvas.spread
    return _mixed(canvas, canvas.pixels + np.float32(strength), _soft_ellipse(canvas, rng, 0.2, 0.4))


def _texture(canvas: Canvas, rng: Rng) -> Picture:
    """A region that is smoother, or grainier, than it was."""
    weight = _soft_ellipse(canvas, rng, 0.12, 0.3)
    smooth = np.asarray(cv2.GaussianBlur(canvas.pixels, (0, 0), 0.02 * canvas.side + 1), np.float32)
    if rng.random() < 0.5:  # noqa: PLR2004 - an even chance
        return _mixed(canvas, smooth, weight)
    grain = _clouds(canvas, rng, rng.uniform(0.005, 0.02) * canvas.side)
    strength = np.float32(rng.uniform(0.35, 0.8) * canvas.spread)
    return _mixed(canvas, canvas.pixels + strength * grain[..., np.newaxis], weight)


def _deformation(canvas: Canvas, rng: Rng) -> Picture:
    """Pixels moved smoothly by up to a tenth of the side: what is there has another shape."""
    right, down = (
        rng.uniform(0.02, 0.04) * canvas.side * _clouds(canvas, rng, rng.uniform(0.08, 0.2) * canvas.side)
        for _ in range(2)
    )
    return _moved(canvas, right, down)


def _stretch(canvas: Canvas, rng: Rng) -> Picture:
    """The whole picture longer in one direction and shorter in the other."""
    height, width = canvas.pixels.shape[:2]
    by, angle = rng.uniform(1.12, 1.35), rng.uniform(0, np.pi)
    down, right = np.mgrid[:height, :width].astype(np.float32)
    down, right = down - (height - 1) / 2, right - (width - 1) / 2
    along = right * np.cos(angle) + down * np.sin(angle)
    across = down * np.cos(angle) - right * np.sin(angle)
    new_along, new_across = along / by, across * by
    to_right = new_along * np.cos(angle) - new_across * np.sin(angle) - right
    to_down = new_along * np.sin(angle) + new_across * np.cos(angle) - down
    return _moved(canvas, to_right.astype(np.float32), to_down.astype(np.float32))


def _moved(canvas: Canvas, right: Plane, down: Plane) -> Picture:
    """The picture with each pixel taken from so far to the right and so far down."""
    rows, columns = np.mgrid[: canvas.pixels.shape[0], : canvas.pixels.shape[1]].astype(np.float32)
    return np.asarray(
        cv2.remap(
            canvas.pixels, columns + right, rows + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        np.float32,
    )


KINDS: dict[str, Callable[[Canvas, Rng], Picture]] = {
    "pasted patch": _patch,
    "blob": _blob,
    "intensity": _intensity,
    "texture": _texture,
    "deformation": _deformation,
    "stretch": _stretch,
}
"""What is drawn, by what a report calls it."""
