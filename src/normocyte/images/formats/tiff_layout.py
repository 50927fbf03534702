"""How the pixels of a TIFF page are laid out, and which layouts are read; the others are refused by name.

Sources of the tags: TIFF 6.0 (1992) and the notes of libtiff on later compressions.
"""

import functools
from dataclasses import dataclass

from normocyte.images.contract import Fault
from normocyte.images.formats.tiff_structure import HEIGHT, WIDTH, Directory, Form

_BITS, _PACKING, _KIND, _SAMPLES, _PLANAR, _PREDICTOR = 258, 259, 262, 277, 284, 317
_TILE_WIDTH, _TILE_HEIGHT, _FORMAT, ORIENTATION = 322, 323, 339, 274
_TURNED = range(5, 9)
_DEPTH = 32997
_FLOAT = 3
_MOST_CHANNELS = 64
_LARGEST_TILE = 2**24

WHITE_IS_ZERO, GRAY, RGB, PALETTE, CMYK, YBR = 0, 1, 2, 3, 5, 6
_KINDS = {
    WHITE_IS_ZERO: "gray, white is zero",
    GRAY: "gray",
    RGB: "RGB",
    PALETTE: "a palette",
    4: "a mask",
    CMYK: "CMYK",
    YBR: "YCbCr",
    8: "CIELab",
    9: "ICCLab",
    10: "ITULab",
    32803: "the raw pattern of a camera",
    32844: "LogL",
    32845: "LogLuv",
    34892: "linear raw",
}
_RAW, _JPEG, _PACKBITS = 1, 7, 32773
_BILEVEL = {2: "CCITT", 3: "CCITT group 3", 4: "CCITT group 4"}
_WITH_PREDICTOR = {5: "LZW", 8: "deflate", 32946: "deflate", 34925: "LZMA", 50000: "Zstandard"}
_PACKINGS = {_RAW: "no compression", _JPEG: "JPEG", _PACKBITS: "PackBits"} | _BILEVEL | _WITH_PREDICTOR
_OTHERS = {
    6: "old JPEG",
    33003: "JPEG 2000",
    33005: "JPEG 2000",
    34712: "JPEG 2000",
    34887: "LERC",
    34892: "lossy JPEG",
    34933: "PNG",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
_FORMATS = {1: "", 2: "signed integers", 3: "floating-point numbers", 5: "complex", 6: "complex numbers"}
_DEPTHS = {
    WHITE_IS_ZERO: (1, 2, 4, 8, 12, 16),
    GRAY: (1, 2, 4, 8, 12, 16, 32),
    PALETTE: (1, 2, 4, 8),
    RGB: (8, 16),
    CMYK: (8, 16),
    YBR: (8,),
}


@dataclass(frozen=True)
class Layout:
    """How the pixels of a page are stored; `bits` are those of each channel."""

    bits: tuple[int, ...]
    kind: int
    packing: int
    formats: frozenset[int]
    is_separate: bool
    has_predictor: bool
    form: Form

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return len(self.bits)

    @property
    def words(self) -> str:
        """What a person may call it."""
        depths = sorted(set(self.bits))
        bits = " and ".join(map(str, depths)) + f" bits a channel, {self.channels} channel"
        packings = _PACKINGS | _OTHERS
        said = [
            bits + "s" * (self.channels > 1),
            *(_FORMATS.get(one, f"samples of format {one}") for one in sorted(self.formats - {1})),
            _KINDS.get(self.kind, f"photometric interpretation {self.kind}"),
            "separate planes" if self.is_separate and self.channels > 1 else "",
            packings.get(self.packing, f"compression {self.packing}"),
            "a predictor" if self.has_predictor else "",
            "the highest byte first" if self.form.order == ">" else "",
            "BigTIFF" if self.form.is_big else "",
        ]
        return ", ".join(filter(None, said))


def size_of(directory: Directory) -> tuple[int, int]:
    """Width and height of a page as it is shown; a Fault when it does not say how large it is."""
    sides = directory.first(WIDTH), directory.first(HEIGHT)
    if 0 in sides:
        raise Fault("is a damaged TIFF that does not say how large it is; save it as PNG")
    if directory.first(ORIENTATION) in _TURNED:
        sides = sides[::-1]
    return sides


def layout_of(directory: Directory) -> Layout:
    """The layout of a page; a Fault that names it when it is not read."""
    samples = directory.first(_SAMPLES, 1)
    bits = directory.numbers(_BITS) or (1,)
    layout = Layout(
        bits=bits * min(samples, _MOST_CHANNELS) if len(bits) == 1 else bits[:samples],
        kind=directory.first(_KIND, GRAY),
        packing=directory.first(_PACKING, _RAW),
        formats=frozenset(directory.numbers(_FORMAT) or (1,)) - {4},
        is_separate=directory.first(_PLANAR, 1) == 2,  # noqa: PLR2004 - the standard's number
        has_predictor=directory.first(_PREDICTOR, 1) != 1,
        form=directory.form,
    )
    tile = directory.first(_TILE_WIDTH) * directory.first(_TILE_HEIGHT)
    page = directory.first(WIDTH) * directory.first(HEIGHT)
    if tile > max(_LARGEST_TILE, 4 * page):
        raise Fault(f"is a damaged TIFF: its tiles have {tile:,} px; copy or export the file again")
    depth = directory.first(_DEPTH, 1)
    if depth != 1:
        raise Fault(f"is a TIFF of {depth} slices behind one another on one page; save each as a page")
    if not _is_read(layout, samples):
        raise Fault(f"is a TIFF of {layout.words}; save it as RGB or gray with 8 bits, with LZW or unpacked")
    return layout


@functools.lru_cache(maxsize=64)
def _is_read(layout: Layout, samples: int) -> bool:
    """True for what is decoded as it should be: see the matrix of layouts in docs/measurements/formats.md."""
    depth = layout.bits[0] if len(set(layout.bits)) == 1 else 0
    return (
        layout.channels == samples
        and _is_format_read(layout, depth)
        and _is_order_read(layout, depth)
        and depth in _DEPTHS.get(layout.kind, ())
        and layout.packing in _PACKINGS
        and _are_channels_read(layout, depth)
        and _is_packing_read(layout, depth)
    )


def _is_format_read(layout: Layout, depth: int) -> bool:
    """Whole numbers without a sign, or gray floating-point numbers of 32 bits."""
    is_float = layout.formats == {_FLOAT} and layout.channels == 1
    return is_float if depth == 32 else not layout.formats - {1}  # noqa: PLR2004


def _is_order_read(layout: Layout, depth: int) -> bool:
    """With the highest byte first, Pillow knows no BigTIFF, no 12 bits, and no 16 where white is zero."""
    is_odd = depth == 12 or (layout.kind == WHITE_IS_ZERO and depth > 8)  # noqa: PLR2004
    return layout.form.order == "<" or not (layout.form.is_big or is_odd)


def _are_channels_read(layout: Layout, depth: int) -> bool:
    if layout.kind in {RGB, CMYK, YBR}:
        base = 4 if layout.kind == CMYK else 3
        allowed = {base, base + 1} if layout.kind == RGB else {base}
        return layout.channels in allowed
    return layout.channels == 1 or (layout.channels == 2 and layout.kind == GRAY and depth == 8)  # noqa: PLR2004


def _is_packing_read(layout: Layout, depth: int) -> bool:
    if layout.packing in _BILEVEL:
        return depth == 1 and layout.kind in {GRAY, WHITE_IS_ZERO}
    if layout.packing == _JPEG and depth != 8:  # noqa: PLR2004
        return False
    if layout.is_separate and layout.channels > 1:
        is_whole = depth == 8 or layout.packing in _WITH_PREDICTOR  # noqa: PLR2004
        return layout.kind == RGB and is_whole and layout.packing != _JPEG
    return not layout.has_predictor or layout.packing in _WITH_PREDICTOR
