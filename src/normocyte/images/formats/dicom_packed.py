"""How the pixels of a DICOM are packed: what is read, through what, and how large a frame is."""

import struct

from pydicom.config import IGNORE
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from normocyte.images.contract import Cut, Fault
from normocyte.images.formats import jpeg

RAW = (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian)
_JPEG_2000 = (JPEG2000, JPEG2000Lossless, HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL)
_OTHER_JPEG = (JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1, JPEGLSLossless, JPEGLSNearLossless)
_BY_PLUG_IN = (*_JPEG_2000, *_OTHER_JPEG)
_READ = (*RAW, RLELossless, JPEGBaseline8Bit, *_BY_PLUG_IN)
_SYNTAX = b"\x02\x00\x10\x00UI"
_LONGEST_UID = 64
_META = slice(132, 132 + 2**16)
_SIZE = struct.Struct(">4sH2xIIII16xH")
_SIZE_BYTES, _BYTES_EACH = 38, 3
"""How long the size in a code stream is without components, and by how much each makes it longer."""
_CODESTREAM = b"\xff\x4f\xff\x51"


def check_syntax(data: bytes) -> None:
    """A Fault for pixels packed as nobody here reads, before anything is unpacked.

    A file that is deflated as a whole could be a bomb.
    """
    meta = data[_META]
    place = meta.find(_SYNTAX)
    if place < 0:
        raise Cut(data, "how its pixels are stored (the transfer syntax)")
    start = place + len(_SYNTAX) + 2
    length = min(_LONGEST_UID, int.from_bytes(meta[start - 2 : start], "little"))
    syntax = meta[start : start + length].rstrip(b"\0 ").decode("ascii", "replace")
    uid = UID(syntax, IGNORE)
    if syntax not in _READ:
        raise Fault(f"is a DICOM packed as {uid.name!r}; export it uncompressed or as JPEG baseline")
    if syntax in _BY_PLUG_IN and not get_decoder(uid).is_available:
        raise Fault(
            f"is a DICOM packed as {uid.name!r}, which takes a plug-in: pip install 'normocyte[dicom]'; or "
            "export it uncompressed"
        )


def packed_size(frame: bytes, syntax: str) -> tuple[int, int] | None:
    """Width and height that a packed frame claims, before it is unpacked; None where it claims none."""
    if syntax in _JPEG_2000:
        return _codestream_size(frame)
    return jpeg.size(frame) if syntax in _OTHER_JPEG else None


def _codestream_size(frame: bytes) -> tuple[int, int]:
    start = frame.find(_CODESTREAM)
    if start < 0 or start + _SIZE.size + 4 > len(frame):
        raise Cut(frame, "the size in the JPEG 2000 of a frame")
    _, length, right, bottom, left, top, components = _SIZE.unpack_from(frame, start)
    if length != _SIZE_BYTES + _BYTES_EACH * components:  # GDCM ends the process where it meets such a one
        raise Fault("is a damaged DICOM: the JPEG 2000 of a frame contradicts itself; export it again")
    return right - left, bottom - top
