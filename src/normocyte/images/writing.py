"""Writes pixels as a picture for people."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

QUALITY = 90


def jpeg_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Pixels (height, width, 3) uint8 RGB as a JPEG of quality 90, the same bytes for the same pixels."""
    _, data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes()
