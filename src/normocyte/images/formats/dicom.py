"""DICOM, as microscopes and archives of hospitals store it: gray and colour, one frame or several.

Sources of what fields mean: the standard, part 3, C.7.6.3 (pixels), C.11.1.1.2 (rescaling) and C.11.2.1.2
(window).
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.processing import apply_color_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import JPEG2000, JPEG2000Lossless, JPEGBaseline8Bit

from normocyte.images._depths import check_filled, to_8_bits
from normocyte.images._guard import quiet
from normocyte.images.contract import MOST_PAGES, Fault, Header
from normocyte.images.formats import jpeg, opencv
from normocyte.images.formats.dicom_packed import RAW, check_syntax, packed_size

_GRAY = ("MONOCHROME1", "MONOCHROME2")
_PALETTE = "PALETTE COLOR"
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422")
_COLOUR_2000 = ("YBR_RCT", "YBR_ICT")
_NEEDED = (
    "Rows",
    "Columns",
    "SamplesPerPixel",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PhotometricInterpretation",
)
_FEWEST_GRAYS = 64
_TABLES = ("ModalityLUTSequence", "VOILUTSequence")


@dataclass(frozen=True)
class _Layout:
    """How the pixels are stored."""

    syntax: str
    frames: int
    rows: int
    columns: int
    samples: int
    allocated: int
    stored: int
    high: int
    is_signed: bool
    kind: str

    @property
    def needed_bytes(self) -> int:
        """How many bytes of pixels there must be when they are not packed."""
        samples = 2 if self.kind == "YBR_FULL_422" else self.samples
        return self.frames * self.rows * self.columns * samples * self.allocated // 8


def headers(data: bytes) -> list[Header]:
    """The header of every frame, at least one; a Fault when it has no pixels or is packed as nobody reads."""
    layout = _layout(_dataset(data))
    return [Header("DICOM", layout.columns, layout.rows, is_plain=False)] * layout.frames


def frames(data: bytes) -> Iterator[npt.NDArray[np.uint8]]:
    """The pixels of every frame, gray or RGB in 8 bits; a Fault when one is damaged."""
    dataset = _dataset(data)
    layout = _layout(dataset)
    if layout.syntax == JPEGBaseline8Bit:
        yield from _jpeg_frames(dataset, layout)
        return
    _check_packed(dataset, layout)
    for number in range(layout.frames):
        stored = _frame(dataset, number)
        if layout.kind == _PALETTE:
            yield _coloured(stored, dataset)
        else:
            yield stored.astype(np.uint8) if layout.samples > 1 else _shown(stored, dataset, layout)


def _dataset(data: bytes) -> Dataset:
    """The whole file, its pixels not yet decoded; a Fault when its packing is not read here."""
    check_syntax(data)
    with quiet():
        return dcmread(io.BytesIO(data))


def _layout(dataset: Dataset) -> _Layout:
    if "PixelData" not in dataset:
        raise Fault(f"is a DICOM without pixels ({len(dataset)} other properties); export the image itself")
    _check_tags(dataset)
    with quiet():
        layout = _layout_of(dataset)
    _check(layout)
    _check_pixels(dataset, layout)
    return layout


def _check_tags(dataset: Dataset) -> None:
    lacking = [tag for tag in _NEEDED if dataset.get(tag) in (None, "")]
    if lacking:
        raise Fault(f"is a damaged DICOM: it lacks the tag {', '.join(lacking)}; export it again")


def _layout_of(dataset: Dataset) -> _Layout:
    return _Layout(
        syntax=str(dataset.file_meta.TransferSyntaxUID),
        frames=int(dataset.get("NumberOfFrames") or 1),
        rows=int(dataset.Rows),
        columns=int(dataset.Columns),
        samples=int(dataset.SamplesPerPixel),
        allocated=int(dataset.BitsAllocated),
        stored=int(dataset.BitsStored),
        high=int(dataset.HighBit),
        is_signed=bool(int(dataset.PixelRepresentation)),
        kind=str(dataset.PhotometricInterpretation),
    )


def _check(layout: _Layout) -> None:
    if layout.kind not in _kinds(layout):
        raise Fault(f"is a DICOM of kind {layout.kind!r} with {layout.samples} channels; export it as RGB")
    if layout.allocated not in ((8, 16) if layout.samples == 1 else (8,)):
        raise Fault(f"is a DICOM of {layout.allocated} bits a channel; export it with 8 bits")
    if not 0 < layout.stored <= layout.allocated:
        raise Fault(f"is a DICOM with {layout.stored} of {layout.allocated} bits; export it again")
    if layout.high != layout.stored - 1:
        raise Fault(f"is a DICOM with bit {layout.high} as the highest of {layout.stored}; export it again")
    if not 0 < layout.frames <= MOST_PAGES:
        raise Fault(f"is a DICOM of {layout.frames:,} frames; split it into files of at most {MOST_PAGES:,}")


def _kinds(layout: _Layout) -> tuple[str, ...]:
    """What pixels of so many channels, packed in this way, may be."""
    if layout.samples == 1:
        return (*_GRAY, _PALETTE)
    is_2000 = layout.syntax in {JPEG2000, JPEG2000Lossless}
    return (*_COLOUR, *_COLOUR_2000) if is_2000 else _COLOUR


def _check_pixels(dataset: Dataset, layout: _Layout) -> None:
    tables = [table for table in _TABLES if table in dataset]
    if tables and layout.samples == 1:
        raise Fault(f"is a DICOM with a table of grays ({tables[0]}); export it as it is shown")
    pixels = dataset.PixelData
    if not isinstance(pixels, bytes) or not pixels:
        raise Fault("is a DICOM without pixels (0 bytes of them); export the image itself")
    if layout.syntax in RAW and len(pixels) < layout.needed_bytes:
        raise Fault(
            f"is cut off: {layout.needed_bytes:,} bytes of pixels are needed, but there are {len(pixels):,}; "
            "copy or export the file again"
        )


def _frame(dataset: Dataset, number: int) -> npt.NDArray[np.integer]:
    with quiet():
        return np.asarray(pixel_array(dataset, index=number))


def _check_packed(dataset: Dataset, layout: _Layout) -> None:
    """A Fault where a packed frame claims another size than the header, before it takes memory."""
    if layout.syntax in RAW:
        return
    with quiet():
        for frame in generate_frames(dataset.PixelData, number_of_frames=layout.frames):
            size = packed_size(frame, layout.syntax)
            if size and size != (layout.columns, layout.rows):
                raise Fault(
                    f"says {layout.columns} x {layout.rows} px but a frame of it has {size[0]} x {size[1]}; "
                    "export it again"
                )


def _coloured(stored: npt.NDArray[np.integer], dataset: Dataset) -> npt.NDArray[np.uint8]:
    """The colours of a palette."""
    with quiet():
        colours = np.asarray(apply_color_lut(stored, dataset))
    if colours.dtype != np.uint16:
        return colours.astype(np.uint8, copy=False)
    check_filled(colours)
    return to_8_bits(colours)


def _jpeg_frames(dataset: Dataset, layout: _Layout) -> Iterator[npt.NDArray[np.uint8]]:
    """Each frame is a whole JPEG, which is read like any other."""
    packed = generate_frames(dataset.PixelData, number_of_frames=layout.frames)
    for _ in range(layout.frames):
        with quiet():
            frame = next(packed)
        header = jpeg.header(frame)
        if layout.kind == "RGB" and not jpeg.is_rgb(frame):
            raise Fault("is a DICOM of RGB whose JPEG does not say that it is RGB; export it uncompressed")
        if (header.width, header.height) != (layout.columns, layout.rows):
            raise Fault(f"says {layout.rows} rows but its JPEG has {header.height}; export it again")
        pixels = opencv.pixels(frame, header).astype(np.uint8, copy=False)
        yield 255 - pixels if layout.kind == "MONOCHROME1" else pixels


def _shown(stored: npt.NDArray[np.integer], dataset: Dataset, layout: _Layout) -> npt.NDArray[np.uint8]:
    """Gray as it is to be shown: rescaled, through its first window or else its full range, 0 to 255.

    Where no window is given and fewer than 64 grays would be left, as in 12 of 16 bits, the range is its own.
    """
    if not layout.is_signed:
        stored = stored & (2**layout.stored - 1)  # older files keep graphics in the bits above
    with quiet():
        slope = float(dataset.get("RescaleSlope") or 1)
        offset = float(dataset.get("RescaleIntercept") or 0)
        values = stored * slope + offset
        low, high = _window(dataset) or _range(values, _full_range(layout, slope, offset))
        grays = (values - low) / (high - low)
        shown = np.asarray(np.rint(np.clip(grays, 0, 1) * 255), np.uint8)
    return 255 - shown if layout.kind == "MONOCHROME1" else shown


def _window(dataset: Dataset) -> tuple[float, float] | None:
    """What becomes black and what white, if the file says so."""
    centre, width = (_first(dataset.get(name)) for name in ("WindowCenter", "WindowWidth"))
    if centre is None or width is None or not width > 1:
        return None
    kind = str(dataset.get("VOILUTFunction") or "LINEAR")
    if kind == "LINEAR_EXACT":
        return centre - width / 2, centre + width / 2
    if kind != "LINEAR":
        raise Fault(f"is a DICOM whose window is {kind}, not LINEAR; export it as it is shown")
    return centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2


def _first(value: object) -> float | None:
    """The first of several numbers, or the only one."""
    values = [value] if isinstance(value, str | int | float) else list(value or ())  # type: ignore[call-overload]
    return float(values[0]) if values else None


def _range(values: npt.NDArray[np.floating], full: tuple[float, float]) -> tuple[float, float]:
    """The full range, or that of the values where they fill too little of it."""
    low, high = float(values.min()), float(values.max())
    is_filled = (high - low) * 256 >= _FEWEST_GRAYS * (full[1] - full[0])
    return full if is_filled or high == low else (low, high)


def _full_range(layout: _Layout, slope: float, offset: float) -> tuple[float, float]:
    lowest = -(2 ** (layout.stored - 1)) if layout.is_signed else 0
    low, high = (value * slope + offset for value in (lowest, lowest + 2**layout.stored - 1))
    return min(low, high), max(low, high)
