"""Writes pixels as a picture for people."""

import io

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngInfo

QUALITY = 90
_SOFTWARE = "Software"
_LEVEL = 1
"""Level 6 takes twice as long and saves a fifth."""


def png_bytes(pixels: npt.NDArray[np.uint8], software: str = "") -> bytes:
    """Pixels (height, width, 3 or 4) uint8 RGB or RGBA as a PNG, which names the software it is from."""
    told = PngInfo()
    if software:
        told.add_text(_SOFTWARE, software)
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG", compress_level=_LEVEL, pnginfo=told)
    return content.getvalue()


def names_software(head: bytes, software: str) -> bool:
    """True when a PNG that begins with these bytes names this software."""
    return f"tEXt{_SOFTWARE}\0{software}".encode("latin-1") in head


def jpeg_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Pixels (height, width, 3) uint8 RGB as a JPEG of quality 90, the same bytes for the same pixels."""
    settings = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    _, data = cv2.imencode(".jpg", np.ascontiguousarray(pixels[..., ::-1]), settings)
    return data.tobytes()
