"""TIFF: the only format that Pillow decodes, and only after size and layout of every page are known."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from normocyte.core.inputs.floats import NoPicture, in_8_bits
from normocyte.core.types import Image8
from normocyte.images._depths import check_filled, to_8_bits
from normocyte.images._guard import quiet
from normocyte.images.contract import Fault, Header
from normocyte.images.formats.tiff_layout import WHITE_IS_ZERO, Layout, layout_of, size_of
from normocyte.images.formats.tiff_pages import bits_used, photos_of
from normocyte.images.formats.tiff_structure import Directory, directories

_SIXTEEN_BITS = ("I;16", "I;16B", "I;16L")
_FLOATS = "F"
_COLOURS = ("1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr")
_Small = npt.NDArray[np.float32]

LEAST_ALIKE = 0.25
"""Neighbouring heights correlate by at least this, in the median: docs/measurements/z-stacks.md."""
_SIDE = 96
_SMOOTH = 1 / 12


@dataclass(frozen=True)
class _Page:
    """One page: its number in the file, its size and layout, and how many of its bits are used."""

    number: int
    size: tuple[int, int]
    layout: Layout
    used: int


_Plan = list[list[_Page]]
"""For each height of a photo the pages that are its channels."""


def headers(data: bytes) -> list[Header]:
    """The header of every photo, at least one; a Fault when a page cannot be used."""
    numbered = directories(data)
    pages = [_page(number, directory) for number, directory in numbered]
    photos = photos_of([directory for _, directory in numbered])
    return [_header([[pages[place] for place in channels] for channels in photo]) for photo in photos]


def _page(number: int, directory: Directory) -> _Page:
    layout = layout_of(directory)
    used = bits_used(directory) if layout.bits[0] > 8 else layout.bits[0]  # noqa: PLR2004 - a byte
    return _Page(number, size_of(directory), layout, used)


def _header(plan: _Plan) -> Header:
    sizes = {page.size for channels in plan for page in channels}
    if len(sizes) > 1:
        raise Fault(f"is a TIFF stack of {len(sizes)} sizes; save each page as a file")
    return Header("TIFF", *sizes.pop(), is_plain=False, plan=plan)


def pages(data: bytes, headers: Sequence[Header]) -> Iterator[Image8]:
    """The pixels of every photo, gray, RGB or RGBA; a Fault when one is damaged.

    A page that Pillow reads in another size than its header says is refused.
    """
    with io.BytesIO(data) as stream, _opened(stream) as image:
        for header in headers:
            yield _photo(image, header.plan)


def _opened(stream: io.BytesIO) -> Image.Image:
    with quiet():
        return Image.open(stream, formats=("TIFF",))


def _photo(image: Image.Image, plan: _Plan) -> Image8:
    """The photo, at the height at which it is sharpest where there are several."""
    heights = (_coloured([_decoded(image, page) for page in channels]) for channels in plan)
    return next(heights) if len(plan) == 1 else sharpest(heights)


def _coloured(channels: list[Image8]) -> Image8:
    return channels[0] if len(channels) == 1 else np.stack([_one_channel(one) for one in channels], axis=2)


def _one_channel(gray: Image8) -> Image8:
    return gray if gray.ndim == 2 else gray[..., 0]  # noqa: PLR2004 - Pillow's RGB of a gray page


def _decoded(image: Image.Image, page: _Page) -> Image8:
    with quiet():
        image.seek(page.number)
        return _as_array(image, page)


def _as_array(image: Image.Image, page: _Page) -> Image8:
    if image.size != page.size:
        raise Fault(
            f"is a damaged TIFF: its size is {page.size} or {image.size} px; copy or export the file again"
        )
    if image.mode in _SIXTEEN_BITS:
        return _gray(np.asarray(image).astype(np.uint16), page.layout, page.used)
    if image.mode == _FLOATS:
        return _of_floats(np.asarray(image))
    pixels = _in_colours(image, page)
    if page.layout.bits[0] == 16:  # noqa: PLR2004 - Pillow gives the upper 8
        check_filled(pixels[..., :3].astype(np.uint16) * 257)
    return pixels


def _in_colours(image: Image.Image, page: _Page) -> Image8:
    if image.mode in ("LA", "RGBA"):
        return np.asarray(image.convert("RGBA"))
    if image.mode in _COLOURS:
        return np.asarray(image.convert("RGB"))
    raise Fault(f"is a TIFF of {page.layout.words}; save it as RGB or gray with 8 bits")


def _of_floats(stored: npt.NDArray[np.float32]) -> Image8:
    try:
        return in_8_bits(stored)
    except NoPicture as fault:
        raise Fault(str(fault)) from fault


def _gray(stored: npt.NDArray[np.uint16], layout: Layout, used: int) -> Image8:
    """More than 8 bits of gray, of which as many are used as the page or its file say."""
    bits = min(layout.bits[0], used)
    if layout.kind == WHITE_IS_ZERO:
        stored = np.uint16(2 ** layout.bits[0] - 1) - stored
    return to_8_bits(stored, bits)


def sharpest(heights: Iterable[Image8]) -> Image8:
    """The sharpest of the pictures of one field; a Fault where they show several.

    People pile up photos of several fields in one file, too, of which all but one would be lost. At most two
    pictures are held at a time.
    """
    best, most, below = None, -1.0, None
    common: list[float] = []
    for height in heights:
        found, small = sharpness(height), _coarse(height)
        if below is not None:
            common.append(_correlation(below, small))
        if found > most:
            best, most = height, found
        below = small
    if best is None or (common and float(np.median(common)) < LEAST_ALIKE):
        raise Fault(
            f"is a TIFF stack whose {len(common) + 1} slices have little in common (correlation "
            f"{np.median(common or [0]):.2f}), as photos of several fields have; save each page as a file"
        )
    return best


def alike(one: Image8, other: Image8) -> float:
    """How alike two pictures of one size are, 0 to 1, whatever their focus and light."""
    return _correlation(_coarse(one), _coarse(other))


def sharpness(pixels: Image8) -> float:
    """The mean squared difference of pixels two apart, in 8-bit levels (Brenner and others, 1976).

    It is taken after halving the picture, so that the noise of single pixels counts little.
    """
    small = cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    across, down = small[:, 2:] - small[:, :-2], small[2:] - small[:-2]
    return float(np.mean(across**2) + np.mean(down**2))


def _coarse(pixels: Image8) -> _Small:
    """The picture at 96 px, gray, without what is as wide as the light of the lamp."""
    gray = pixels.astype(np.float32) if pixels.ndim == 2 else pixels[..., :3].mean(axis=2, dtype=np.float32)  # noqa: PLR2004
    share = min(1.0, _SIDE / max(gray.shape))
    size = max(4, round(gray.shape[1] * share)), max(4, round(gray.shape[0] * share))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small - cv2.GaussianBlur(small, (0, 0), max(size) * _SMOOTH), np.float32)


def _correlation(one: _Small, other: _Small) -> float:
    """Either way: light and dark may change their places on the other side of the focus."""
    both = np.sqrt(float((one**2).sum()) * float((other**2).sum()))
    return abs(float((one * other).sum())) / both if both > 0 else 0.0
