"""PNG, JPEG, WebP and BMP, decoded by OpenCV after their header was read."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.images.contract import Fault, Header

_PLAIN = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
_AS_STORED = cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION


def pixels(data: bytes, header: Header) -> npt.NDArray[np.integer]:
    """Gray, RGB or RGBA pixels in 8 or 16 bits, RGB in 8 of a plain image; a Fault when it is damaged."""
    if header.is_plain:
        return _decoded(data, _PLAIN, header)
    stored = _decoded(data, _AS_STORED, header)
    return stored if stored.ndim == 2 else _as_rgb(stored)  # noqa: PLR2004 - gray


def _decoded(data: bytes, flags: int, header: Header) -> npt.NDArray[np.integer]:
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if decoded is None:
        raise Fault(f"is a damaged {header.format}: it cannot be decoded; copy or export the file again")
    return decoded  # type: ignore[return-value]  # OpenCV's stubs do not tell which integer it is


def _as_rgb(stored: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """OpenCV's blue-green-red order, turned; alpha stays last."""
    return stored[..., [2, 1, 0, 3][: stored.shape[2]]]
