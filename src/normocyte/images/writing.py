"""Writes pixels as a picture for people."""

import struct
import zlib

import cv2
import numpy as np
import numpy.typing as npt

QUALITY = 90
_SOFTWARE = "Software"
_HEAD = 33
"""So many bytes of a PNG are its signature and its header; after these other chunks may stand."""


def png_bytes(pixels: npt.NDArray[np.uint8], software: str = "") -> bytes:
    """Pixels (height, width, 3 or 4) uint8 RGB or RGBA as a PNG, which names the software it is from."""
    order = [2, 1, 0, 3][: pixels.shape[2]]
    content = cv2.imencode(".png", np.ascontiguousarray(pixels[..., order]))[1].tobytes()
    told = _text_chunk(_SOFTWARE, software) if software else b""
    return content[:_HEAD] + told + content[_HEAD:]


def _text_chunk(keyword: str, text: str) -> bytes:
    """A chunk of a PNG with a text in Latin-1."""
    said = b"tEXt" + f"{keyword}\0{text}".encode("latin-1")
    return struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))


def names_software(head: bytes, software: str) -> bool:
    """True when a PNG that begins with these bytes names this software."""
    return f"tEXt{_SOFTWARE}\0{software}".encode("latin-1") in head


def jpeg_bytes(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Pixels (height, width, 3) uint8 RGB as a JPEG of quality 90, the same bytes for the same pixels."""
    settings = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    _, data = cv2.imencode(".jpg", np.ascontiguousarray(pixels[..., ::-1]), settings)
    return data.tobytes()
