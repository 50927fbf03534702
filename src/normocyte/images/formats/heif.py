"""HEIC and AVIF, as phones write them: Pillow reads AVIF by itself, and HEIC with the package pillow-heif."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, features

from normocyte.core.errors import needs
from normocyte.images._guard import quiet
from normocyte.images.contract import Fault, Header

_TAG, _TURNED = 274, range(5, 9)
_ARTICLES = {"HEIC": "a HEIC", "AVIF": "an AVIF"}
_PLUG_INS = {"HEIC": "HEIF", "AVIF": "AVIF"}


def header(data: bytes, kind: str) -> Header:
    """The header of a file with one photo, as it is held upright; no pixel is decoded yet."""
    with quiet(), _opened(data, kind) as image:
        photos = getattr(image, "n_frames", 1)
        if photos > 1:
            raise Fault(
                f"is {_ARTICLES[kind]} of {photos} pictures; save the one you mean as a file of its own"
            )
        width, height = image.size
        if image.getexif().get(_TAG) in _TURNED:
            width, height = height, width
    return Header(kind, width, height, is_plain=False)


def pixels(data: bytes, header: Header) -> npt.NDArray[np.uint8]:
    """RGB or RGBA pixels, upright: what the file says of how the camera was held is obeyed, as in TIFF."""
    with quiet(), _opened(data, header.format) as image:
        upright = ImageOps.exif_transpose(image)
        return np.asarray(upright.convert("RGBA" if "A" in upright.getbands() else "RGB"))


def _opened(data: bytes, kind: str) -> Image.Image:
    if kind == "HEIC":
        needs("pillow_heif", "heif").register_heif_opener()
    elif not features.check("avif"):
        raise Fault("is an AVIF, which this build of Pillow does not read; save it as JPEG")
    return Image.open(io.BytesIO(data), formats=(_PLUG_INS[kind],))
