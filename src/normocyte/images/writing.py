"""Writes pixels as a picture for people."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

QUALITY = 90


def png_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Pixels (height, width, 3) uint8 RGB as a PNG."""
    return _encoded(".png", pixels, [])


def jpeg_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Pixels (height, width, 3) uint8 RGB as a JPEG of quality 90, the same bytes for the same pixels."""
    return _encoded(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


def _encoded(ending: str, pixels: npt.NDArray[np.uint8], settings: list[int]) -> bytes:
    _, data = cv2.imencode(ending, np.ascontiguousarray(pixels[..., ::-1]), settings)
    return data.tobytes()
