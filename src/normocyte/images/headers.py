"""Decides by signature what bytes are, and refuses what is broken or too large before a decoder sees it."""

from normocyte.core.errors import ImageError
from normocyte.core.inputs.signatures import advice, foreign_format, format_of
from normocyte.images._guard import guarded
from normocyte.images.contract import CELLS, LEAST_SIDE_PX, Fault, Header, Limits
from normocyte.images.formats import bmp, jpeg, png, webp

_SHOWN = 16
_ONE_PAGE = {"WebP": webp.header, "PNG": png.header, "JPEG": jpeg.header, "BMP": bmp.header}


def header_of(data: bytes, name: str, limits: Limits = CELLS) -> Header:
    """Format, width and height of a whole image of one page; ImageError says what is wrong with it."""
    headers = headers_of(data, name, limits)
    if len(headers) > 1:
        raise ImageError(
            f"{name} is a {headers[0].format} of more than one page, {len(headers)}; save the page you mean "
            "as a file of its own."
        )
    return headers[0]


def headers_of(data: bytes, name: str, limits: Limits = CELLS) -> list[Header]:
    """The same of every photo, at least one; a reduced copy of a page in a TIFF is none."""
    return guarded(name, data, _checked, data, name, limits)


def _checked(data: bytes, name: str, limits: Limits) -> list[Header]:
    headers = _by_signature(data, name)
    for header in headers:
        _check_size(header, limits)
    return headers


def _by_signature(data: bytes, name: str) -> list[Header]:
    found = format_of(data)
    if found in _ONE_PAGE:  # then it is no other picture
        return [_ONE_PAGE[found](data)]
    foreign = foreign_format(data, name)
    if foreign:
        raise Fault(f"is a {foreign}, which is not read. {advice(name, foreign)[:-1]}")
    if found == "TIFF":
        from normocyte.images.formats import tiff

        return tiff.headers(data)
    if found in {"HEIC", "AVIF"}:
        from normocyte.images.formats import heif

        return [heif.header(data, found)]
    if found == "DICOM":
        from normocyte.images.formats import dicom

        return dicom.headers(data)
    raise _unknown(data)


def _unknown(data: bytes) -> Fault:
    if not data:
        return Fault("is empty (0 bytes); copy or export the file again")
    shown = data[:_SHOWN]
    return Fault(f"is not an image: it begins with {shown!r}; give PNG, JPEG, TIFF, WebP, BMP or DICOM")


def _check_size(header: Header, limits: Limits) -> None:
    size = f"{header.width:,} x {header.height:,} px"
    if min(header.width, header.height) < LEAST_SIDE_PX:
        raise Fault(f"is {size}, too small to be judged; give images of at least {LEAST_SIDE_PX} px a side")
    if max(header.width, header.height) > limits.most_side_px:
        raise Fault(f"is {size}; cut it into pieces of at most {limits.most_side_px:,} px a side")
    if header.width * header.height > limits.most_pixels:
        raise Fault(f"is {size}; cut it into pieces of at most {limits.most_pixels // 1_000_000} megapixels")
