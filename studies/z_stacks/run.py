"""How alike the heights of one field are, and photos of several fields; and which height is found sharpest.

    python -m studies.z_stacks --data DIR [--page docs/measurements/z-stacks.md]

`DIR` is the folder of the IML malaria fields. The limit was chosen on every second photo by sorted name; both
halves are shown.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from normocyte.core.files import write_text
from normocyte.core.seeds import generator
from normocyte.core.types import Image8, Source
from normocyte.images.formats.tiff import LEAST_ALIKE, alike, sharpest
from normocyte.images.photos import read_pages
from studies.kit.common import machine, markdown

TEMPLATE = Path(__file__).with_name("page.md.in")
COLUMNS = (
    "photos",
    "several fields, highest",
    "one field, blur 10 px, lowest",
    "30 px, lowest",
    "sharpest found",
)
HEIGHTS_PX = (0.0, 3.0, 6.0, 12.0, 20.0)
_NOISE = 6.0


def blurred(pixels: Image8, width_px: float) -> Image8:
    """A photo out of focus, as a Gaussian blur."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), width_px)) if width_px else pixels


def noisy_stack(pixels: Image8, number: int) -> list[Image8]:
    """The heights of one field in random order, each with noise of its own."""
    rng = generator(0, "z-stack", number)
    heights = [blurred(pixels, HEIGHTS_PX[place]) for place in rng.permutation(len(HEIGHTS_PX))]
    noise = [rng.normal(0, _NOISE, pixels.shape) for _ in heights]
    return [np.clip(one + other, 0, 255).astype(np.uint8) for one, other in zip(heights, noise, strict=True)]


def row(name: str, photos: Sequence[Image8]) -> tuple[str, ...]:
    """One row of the table."""
    apart = [alike(one, other) for one, other in pairwise(photos) if one.shape == other.shape]
    behind = [[alike(one, blurred(one, width)) for one in photos] for width in (10, 30)]
    found = [_is_found(one, number) for number, one in enumerate(photos)]
    return (
        f"{name}, {len(photos)}",
        f"{max(apart):.3f}",
        *(f"{min(values):.3f}" for values in behind),
        f"{sum(found)} of {len(found)}",
    )


def _is_found(pixels: Image8, number: int) -> bool:
    """True when the height without blur is taken: it is nearest to the photo."""
    heights = noisy_stack(pixels, number)
    away = [np.abs(one.astype(int) - pixels).mean() for one in heights]
    return sharpest(heights) is heights[int(np.argmin(away))]


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the IML malaria fields")
    parser.add_argument("--most", type=int, default=20, help="at most so many photos of each half")
    parser.add_argument("--page", type=Path, help="write the page here")
    options = parser.parse_args()
    files = sorted((options.data / "images").iterdir())
    rows = []
    for name, half in (("chosen on", files[::2]), ("reported", files[1::2])):
        photos = [next(read_pages(Source(file))) for file in half[: options.most]]
        rows.append(row(name, photos))
    text = TEMPLATE.read_text(encoding="utf-8").format(
        table=markdown(COLUMNS, rows), limit=LEAST_ALIKE, machine=machine()
    )
    if options.page:
        write_text(options.page, text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
