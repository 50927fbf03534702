"""Pictures that are no healthy cell: drawn ones, damaged cells, and pieces of fields, plain or cut round."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Source
from normocyte.images.reading import read

Image8 = npt.NDArray[np.uint8]
Chance = np.random.Generator
SIDE = 128
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_SKIN = (224, 172, 140)


def blank(chance: Chance) -> Image8:
    """One colour."""
    return np.full((SIDE, SIDE, 3), chance.integers(0, 256, 3), np.uint8)


def noise(chance: Chance) -> Image8:
    """Every pixel by chance."""
    return chance.integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8)


def text(chance: Chance) -> Image8:
    """Lines of letters on white paper."""
    page = np.full((SIDE, SIDE, 3), 245, np.uint8)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz     "))
    for line in range(14, SIDE, 16):
        cv2.putText(page, "".join(chance.choice(letters, 18)), (4, line), _FONT, 0.4, (30, 30, 30), 1)
    return page


def slope(chance: Chance) -> Image8:
    """One colour passing into another."""
    ends = chance.integers(0, 256, (2, 3))
    share = np.linspace(0, 1, SIDE)[:, np.newaxis, np.newaxis]
    return np.broadcast_to(ends[0] * share + ends[1] * (1 - share), (SIDE, SIDE, 3)).astype(np.uint8)


def stripes(chance: Chance) -> Image8:
    """Two gratings across each other, as on the photo of a screen."""
    down, right = np.mgrid[:SIDE, :SIDE]
    waves = sum(
        np.sin(chance.uniform(0.3, 1.5) * (right * np.cos(a) + down * np.sin(a)))
        for a in chance.uniform(0, np.pi, 2)
    )
    colour = chance.integers(90, 220, 3)
    return np.clip(colour + 30 * waves[..., np.newaxis], 0, 255).astype(np.uint8)


def skin(chance: Chance) -> Image8:
    """The colour of a hand, unevenly lit, with creases."""
    light = cv2.resize(chance.uniform(0.7, 1.1, (4, 4)), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    picture = np.clip(np.array(_SKIN) * light[..., np.newaxis], 0, 255).astype(np.uint8)
    for _ in range(4):
        ends = [tuple(int(x) for x in place) for place in chance.integers(0, SIDE, (2, 2))]
        cv2.line(picture, *ends, (180, 120, 100), 2, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 1.5))


DRAWN: dict[str, Callable[[Chance], Image8]] = {
    "one colour": blank,
    "noise": noise,
    "a page of text": text,
    "two colours": slope,
    "a striped screen": stripes,
    "skin": skin,
}


def blurred(image: Image8, share: float) -> Image8:
    """Out of focus by this share of the picture's side."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), share * min(image.shape[:2])), np.uint8)


def lit(image: Image8, factor: float) -> Image8:
    """With this many times the light."""
    return np.clip(image * factor, 0, 255).astype(np.uint8)


def gray(image: Image8) -> Image8:
    """Without colour."""
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., np.newaxis], 3, axis=2)


def tiny(image: Image8) -> Image8:
    """Shrunk to 16 pixels."""
    return np.asarray(cv2.resize(image, (16, 16), interpolation=cv2.INTER_AREA), np.uint8)


DAMAGED: dict[str, Callable[[Image8], Image8]] = {
    "blurred by 2 % of its side": lambda image: blurred(image, 0.02),
    "blurred by 5 %": lambda image: blurred(image, 0.05),
    "half the light": lambda image: lit(image, 0.5),
    "1.5 times the light": lambda image: lit(image, 1.5),
    "without colour": gray,
    "red and blue exchanged": lambda image: np.ascontiguousarray(image[..., ::-1]),
    "shrunk to 16 pixels": tiny,
}


def round_cut(image: Image8) -> Image8:
    """The ellipse that fills the picture, on black, as a segmented cell comes."""
    height, width = image.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(mask, (width // 2, height // 2), (width // 2 - 1, height // 2 - 1), 0, 0, 360, 1, -1)
    return image * mask[..., np.newaxis]


def windows(folder: Path, count: int, chance: Chance) -> list[Image8]:
    """Random square pieces of random fields, as large as a twelfth of the field's width: a cell or so."""
    paths = sorted(folder.glob("*.jp*g")) + sorted(folder.glob("*.JPG"))
    found = []
    for path in chance.choice(np.array(paths, object), count):
        field = read(Source(path))
        side = field.shape[1] // 12
        top, left = (int(chance.integers(0, length - side)) for length in field.shape[:2])
        found.append(np.ascontiguousarray(field[top : top + side, left : left + side]))
    return found


def bccd(folder: Path) -> dict[str, list[Image8]]:
    """What the boxes of the BCCD fields hold, by name of kind; boxes with no inside are left out."""
    found: dict[str, list[Image8]] = {}
    for path in sorted((folder / "Annotations").glob("*.xml")):
        field = read(Source(folder / "JPEGImages" / f"{path.stem}.jpg"))
        for kind, (left, top, right, bottom) in _boxes(path):
            if right - left > 1 and bottom - top > 1:
                crop = np.ascontiguousarray(field[top:bottom, left:right])
                if crop.size:
                    found.setdefault(kind, []).append(crop)
    return found


def _boxes(path: Path) -> Iterator[tuple[str, list[int]]]:
    for item in ET.parse(path).iter("object"):
        ends = [int(item.findtext(f"bndbox/{name}", "0")) for name in ("xmin", "ymin", "xmax", "ymax")]
        yield item.findtext("name", ""), ends
