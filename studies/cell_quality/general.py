"""What gates of general checks refuse among images of any kind, learnt from few and from many of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.cell_checks.gate import Gate, Measures
from normocyte.core.registry import part_class
from normocyte.core.seeds import generator
from normocyte.core.types import Image8, Source
from normocyte.images.reading import read
from studies.kit.tables import Table

CHECKS = ("image_size", "brightness", "colour", "focus", "texture", "layout")
DRAWS = 10
FEWEST, SOME = 20, 100
_DAMAGED = 50


def general_tables(sets: dict[str, tuple[list[Image8], list[Image8]]]) -> dict[str, Table]:
    """For each name its healthy and its anomalous images: two tables, `general` and `general_damaged`."""
    rows, damaged = [], []
    for name, (healthy, anomalous) in sets.items():
        asked = gate()
        measured = [asked.measures(images) for images in (healthy, anomalous)]
        for count in (FEWEST, SOME, len(healthy) // 2):
            rows.append([name, f"{count:,}", *_shares(len(healthy), measured, count)])
        damaged.append([name, *_damage(healthy)])
    refused = ("healthy refused", "most in one draw", "anomalous refused", "most in one draw of these")
    columns = ("images", "learnt from", *refused)
    return {
        "general": Table.of(columns, rows),
        "general_damaged": Table.of(("images", *DAMAGED), damaged),
    }


def gate() -> Gate:
    """A gate of all general checks that has learnt nothing yet."""
    return Gate(tuple(part_class("cell_checks", name)() for name in CHECKS))


def images_in(folder: Path, most: int) -> list[Image8]:
    """At most so many images of a folder, chosen by chance."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in {".jpg", ".png", ".webp"})
    chosen = generator(0, "general checks").permutation(len(paths))[:most]
    return [read(Source(paths[row])) for row in sorted(chosen)]


def _shares(images: int, measured: Sequence[Measures], count: int) -> list[str]:
    drawn = [_refused(measured, order, count) for order in _orders(images)]
    shares = np.array(drawn).T
    return [text for own in shares for text in (_percent(own.mean()), _percent(own.max()))]


def _orders(images: int) -> list[npt.NDArray[np.int64]]:
    return [generator(draw, "general checks").permutation(images) for draw in range(DRAWS)]


def _refused(measured: Sequence[Measures], order: npt.NDArray[np.int64], count: int) -> tuple[float, float]:
    """Shares of the second half of the healthy images and of the anomalous ones that a gate refuses."""
    healthy, anomalous = measured
    learnt = gate()
    learnt.learn(_rows(healthy, order[:count]), 0)
    asked = (_rows(healthy, order[len(order) // 2 :]), anomalous)
    first, second = (float(np.mean([bool(cause) for cause in learnt.causes_of(own)])) for own in asked)
    return first, second


def _rows(measured: Measures, rows: npt.NDArray[np.int64]) -> Measures:
    return {name: column[rows] for name, column in measured.items()}


def _damage(healthy: list[Image8]) -> list[str]:
    """Per cent refused of damaged images, by a gate of half of the healthy ones."""
    order = _orders(len(healthy))[0]
    half = len(healthy) // 2
    learnt = gate()
    learnt.fit([healthy[row] for row in order[:half]], 0)
    others = [healthy[row] for row in order[half : half + _DAMAGED]]
    causes = [learnt.causes([damage(image) for image in others]) for damage in DAMAGED.values()]
    return [_percent(np.mean([bool(cause) for cause in own])) for own in causes]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share else "0"


def _blurred(image: Image8) -> Image8:
    return cv2.GaussianBlur(image, (0, 0), 0.05 * min(image.shape[:2]))


def _enlarged(image: Image8) -> Image8:
    height, width = image.shape[:2]
    small = cv2.resize(image, (max(width // 8, 1), max(height // 8, 1)), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def _strip(image: Image8) -> Image8:
    height = image.shape[0]
    return np.ascontiguousarray(image[height // 3 : height // 3 + height // 4])


def _noisy(image: Image8) -> Image8:
    noise = generator(int(image.sum()), "general checks").normal(0, 50, (*image.shape[:2], 1))
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def _tinted(image: Image8) -> Image8:
    return np.clip(image * np.array([1.0, 0.75, 0.6]), 0, 255).astype(np.uint8)


DAMAGED: dict[str, Callable[[Image8], Image8]] = {
    "black": np.zeros_like,
    "white": lambda image: np.full_like(image, 255),
    "blurred by 5 %": _blurred,
    "enlarged 8 times": _enlarged,
    "a strip": _strip,
    "noise of 50": _noisy,
    "tinted": _tinted,
    "negative": lambda image: 255 - image,
}
