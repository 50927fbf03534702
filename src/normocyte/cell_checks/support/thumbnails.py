"""Small pictures that all checks share, so that a large one is shrunk once, and what in them is the cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Image8, Mask
from normocyte.foreground.cell import plain_cells

SIDE = 64
SMALL = 32
_RIM = 4
_AROUND = np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)


@dataclass(frozen=True)
class Thumbnails:
    """RGB pictures at one small size, (n, 64, 64, 3) uint8, squeezed where they are not square.

    `sides` is the shorter side that each had, in pixels, (n,), and `images` are they as they were.
    """

    pictures: Image8
    sides: npt.NDArray[np.float64]
    images: Sequence[Image8] = ()

    @classmethod
    def of(cls, images: Sequence[Image8]) -> Thumbnails:
        """The thumbnails of raw images (height, width, 3) uint8 of any sizes from 1 x 1 pixel on."""
        pictures = np.empty((len(images), SIDE, SIDE, 3), np.uint8)
        sides = np.array([min(image.shape[:2]) for image in images], np.float64)
        for image, side, picture in zip(images, sides, pictures, strict=True):
            way = cv2.INTER_AREA if side > SIDE else cv2.INTER_LINEAR
            cv2.resize(image, (SIDE, SIDE), picture, interpolation=way)
        return cls(pictures, sides, images)

    def __len__(self) -> int:
        """How many pictures there are."""
        return len(self.pictures)

    @cached_property
    def grays(self) -> Image8:
        """The luminance, (n, 64, 64)."""
        flat = self.pictures.reshape(-1, SIDE, 3)
        gray = cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY) if len(flat) else flat[..., 0]
        return np.asarray(gray, np.uint8).reshape(-1, SIDE, SIDE)

    @cached_property
    def green(self) -> Image8:
        """The green channel, (n, 64, 64)."""
        return np.ascontiguousarray(self.pictures[..., 1])

    @cached_property
    def planes(self) -> Image8:
        """Red, green and blue at half the size, (3, n, 32, 32): each pixel is the mean of 2 x 2."""
        if not len(self):
            return np.zeros((3, 0, SMALL, SMALL), np.uint8)
        size = (SMALL, len(self) * SMALL)
        halves = cv2.resize(self.pictures.reshape(-1, SIDE, 3), size, interpolation=cv2.INTER_AREA)
        return np.stack([np.asarray(plane, np.uint8) for plane in cv2.split(halves)]).reshape(
            3, -1, SMALL, SMALL
        )

    @cached_property
    def masks(self) -> Mask:
        """What is the cell: 1 there and 0 elsewhere, (n, 32, 32).

        Where the background is nearly black or of one colour, it is what is far from that (`plain_cells`).
        Elsewhere it is the darker side of the threshold of the green channel by Otsu, IEEE Trans. Syst. Man
        Cybern. 9 (1979) 62; none where all is one green.
        """
        green = self.planes[1]
        masks, is_plain = plain_cells(self.planes)
        for row in np.flatnonzero(~is_plain):
            cv2.threshold(green[row], 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU, masks[row])
            masks[row] *= np.ptp(green[row]) > 0
        return masks

    @cached_property
    def inner(self) -> Mask:
        """What is well inside the cell, 4 pixels or more from its rim, (n, 32, 32) of 0 and 1.

        There neither a rim nor padding, blurred with the cell, has a say. All of a picture where that is
        nowhere.
        """
        if not len(self):
            return self.masks
        stack = cv2.erode(self.masks.reshape(-1, SMALL), _AROUND)
        inner = np.asarray(stack, np.uint8).reshape(-1, SMALL, SMALL)
        inner[:, :_RIM], inner[:, -_RIM:] = 0, 0  # in the stack they have neighbours
        inner[..., :_RIM], inner[..., -_RIM:] = 0, 0
        inner[~inner.any(axis=(1, 2))] = 1
        return inner
