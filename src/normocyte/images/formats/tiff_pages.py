"""Which pages of a TIFF make one photo: what ImageJ and OME write beside the pixels says so.

Three gray pages may be the red, the green and the blue of one photo, and several pages may show one field at
several heights (a z-stack), of which the sharpest is the photo. Pages of which nothing says so are photos of
their own. Sources: the file info of ImageJ, and the OME model (SizeC, SizeZ, SizeT, DimensionOrder).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from normocyte.images.contract import Fault
from normocyte.images.formats.tiff_layout import CMYK, RGB, YBR
from normocyte.images.formats.tiff_structure import Directory

_DESCRIPTION, _SAMPLES, _LARGEST, _MICRO_MANAGER, _KIND = 270, 277, 281, 51123, 262
_COLOURS = 3
_PIXELS = re.compile(r"<(?:\w+:)?Pixels\b([^>]*)>")
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*[\"']([^\"']*)[\"']")
_BIT_DEPTH = re.compile(r'"BitDepth"\s*:\s*"?(\d+)')
_CAMERA_BITS = range(9, 16)

Photo = list[list[int]]
"""For each height the places of the pages that are its channels."""


@dataclass(frozen=True)
class _Sizes:
    """How many channels, heights and times there are, and in which order they follow, quickest first."""

    sizes: dict[str, int]
    order: str = "CZT"

    @property
    def pages(self) -> int:
        return prod(self.sizes.values())

    def photos(self, start: int) -> list[Photo]:
        """The photos of these pages, which begin at a place."""
        steps, step = {}, 1
        for axis in self.order:
            steps[axis] = step
            step *= self.sizes[axis]
        times, heights, channels = (
            [number * steps[axis] for number in range(self.sizes[axis])] for axis in "TZC"
        )
        return [[[start + t + z + c for c in channels] for z in heights] for t in times]


def photos_of(pages: Sequence[Directory]) -> list[Photo]:
    """The photos of a file; a Fault for channels that make no colour, and for pages that are not there."""
    alone = [[[place]] for place in range(len(pages))]
    if _DESCRIPTION not in pages[0].entries:
        return alone
    said = _said(pages[0])
    if len(pages) == 1 or sum(one.pages for one in said) != len(pages):
        _check_images(pages)
        return alone
    photos: list[Photo] = []
    for one in said:
        photos += one.photos(sum(len(height) for photo in photos for height in photo))
    _check_channels(pages, photos)
    return photos


def _check_images(pages: Sequence[Directory]) -> None:
    """ImageJ can write many images behind one page."""
    images = _number(_imagej(pages[0]).get("images"))
    if images > 1 and len(pages) == 1:
        raise Fault(f"is an ImageJ file of {images:,} images behind 1 page; save each as a file")


def _check_channels(pages: Sequence[Directory], photos: Sequence[Photo]) -> None:
    channels = len(photos[0][0])
    is_colour = any(page.first(_KIND) in {RGB, CMYK, YBR} for page in pages)
    if channels not in {1, _COLOURS} or (channels > 1 and is_colour):
        kind = "colour" if is_colour else "gray"
        raise Fault(f"is a TIFF with {channels} {kind} channels on pages of their own; save it as RGB")


def _said(first: Directory) -> list[_Sizes]:
    """What is written of the pages; nothing where nobody wrote it."""
    lines = _imagej(first)
    if lines:
        channels, slices, frames = (_number(lines.get(name)) for name in ("channels", "slices", "frames"))
        return [_Sizes({"C": channels, "Z": slices, "T": frames})]
    samples = first.first(_SAMPLES, 1)
    return [_by_ome(found[1], samples) for found in _PIXELS.finditer(first.text(_DESCRIPTION))]


def _imagej(first: Directory) -> dict[str, str]:
    """What ImageJ wrote, by its names; nothing where it wrote nothing."""
    description = first.text(_DESCRIPTION)
    if not description.startswith("ImageJ="):
        return {}
    return dict(line.split("=", 1) for line in description.splitlines() if "=" in line)


def _by_ome(attributes: str, samples: int) -> _Sizes:
    said = dict(_ATTRIBUTE.findall(attributes))
    channels, heights, times = (_number(said.get(f"Size{axis}")) for axis in "CZT")
    order = said.get("DimensionOrder", "XYCZT")[2:]
    if sorted(order) != sorted("CZT"):
        order = "CZT"
    return _Sizes({"C": max(1, channels // samples), "Z": heights, "T": times}, order)


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 9 else 1  # noqa: PLR2004 - digits


def bits_used(directory: Directory) -> int:
    """How many of 16 bits are used, where the file says so; 16 where it does not."""
    tags = (dict(_ATTRIBUTE.findall(found[1])) for found in _PIXELS.finditer(directory.text(_DESCRIPTION)))
    said = [
        _bits_below(directory.first(_LARGEST)),
        *(_number(attributes.get("SignificantBits")) for attributes in tags),
        *(_number(found[1]) for found in _BIT_DEPTH.finditer(directory.text(_MICRO_MANAGER))),
        _bits_below(_number(_imagej(directory).get("max", "").removesuffix(".0"))),
    ]
    return next((bits for bits in said if bits in _CAMERA_BITS), 16)


def _bits_below(largest: int) -> int:
    """So many bits have this number as their largest; 0 for another number."""
    return largest.bit_length() if largest & (largest + 1) == 0 else 0
