"""Writes pixels as a picture for people."""

import struct
import zlib

import cv2
import numpy as np
import numpy.typing as npt

QUALITY, FINE = 90, 95
_COLOURS = 3
_PNG = [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP, cv2.IMWRITE_PNG_COMPRESSION, 1]
"""Of all filters the one that makes enlarged pictures smallest, and soonest."""
_SOFTWARE = "Software"
_HEAD = 33
"""So many bytes of a PNG are its signature and its header; after these other chunks may stand."""


def png_bytes(pixels: npt.NDArray[np.uint8], software: str = "") -> bytes:
    """Pixels (height, width, 3 or 4) uint8 RGB or RGBA as a PNG, which names the software it is from."""
    order = cv2.COLOR_RGB2BGR if pixels.shape[2] == _COLOURS else cv2.COLOR_RGBA2BGRA
    content = cv2.imencode(".png", cv2.cvtColor(pixels, order), _PNG)[1].tobytes()
    told = _text_chunk(_SOFTWARE, software) if software else b""
    return content[:_HEAD] + told + content[_HEAD:]


def _text_chunk(keyword: str, text: str) -> bytes:
    """A chunk of a PNG with a text in Latin-1."""
    said = b"tEXt" + f"{keyword}\0{text}".encode("latin-1")
    return struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))


def names_software(head: bytes, software: str) -> bool:
    """True when a PNG that begins with these bytes names this software."""
    return f"tEXt{_SOFTWARE}\0{software}".encode("latin-1") in head


def jpeg_bytes(pixels: npt.NDArray[np.uint8], is_fine: bool = False) -> bytes:
    """Pixels (height, width, 3) uint8 RGB as a JPEG, the same bytes for the same pixels.

    Of quality 90, and with half of the resolution in colours; a fine one of 95, and with all of it.
    """
    settings = [cv2.IMWRITE_JPEG_QUALITY, FINE if is_fine else QUALITY]
    if is_fine:
        settings += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), settings)
    return data.tobytes()
