"""What the header of a DICOM says beside its pixels: how many frames it has, and whose they are."""

import hashlib
import io
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from normocyte.core.errors import ImageError
from normocyte.core.inputs import zips
from normocyte.core.inputs.signatures import ENDINGS, HEAD_BYTES, ending_of, format_of
from normocyte.core.inputs.stacks.stacks import is_stack
from normocyte.core.types import Source

PATIENT = "PatientID"
_ENDINGS = frozenset({".dcm", ".dicom"})
_DAMAGE = (OSError, EOFError, ValueError, LookupError, AttributeError, TypeError, NotImplementedError)
_ROUNDS = 20_000
_SALT = b"normocyte"
_MOST_BYTES = 256 * 2**20
_SHOWN = 12
_MOST_FRAMES = 1_000


def is_dicom(source: Source) -> bool:
    """True for a DICOM, by its ending, or by its first bytes where it has no ending of an image."""
    ending = ending_of(source.name)
    if not source.member and ending in ENDINGS:  # as nearly all are
        return ending in _ENDINGS
    if is_frame(source):
        return True
    if is_stack(source.path):
        return False
    return ending in _ENDINGS or (ending not in ENDINGS and format_of(_head(source)) == "DICOM")


def _head(source: Source) -> bytes:
    if source.member:
        return zips.head_of_member(source.path, source.member, HEAD_BYTES)
    try:
        with source.path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


def is_frame(source: Source) -> bool:
    """True for one frame of a file of several."""
    return source.member.startswith("frame_") and not zips.is_zip(source.path)


def frames_of(source: Source) -> tuple[Source, ...]:
    """The frames of a DICOM as images of their own; the file itself where it has one, or is in a zip.

    The file itself, too, where the header tells a number that no file has; reading it says what is wrong.
    """
    count = 1 if source.member else _told_frames(source)
    if not 1 < count <= _MOST_FRAMES:
        return (source,)
    return tuple(Source(source.path, f"frame_{number:04}") for number in range(count))


def _told_frames(source: Source) -> int:
    """What the header tells; 1 where it tells no number."""
    try:
        return int(_header(source, "NumberOfFrames").get("NumberOfFrames") or 1)
    except _DAMAGE:
        return 1


def with_frames(sources: Sequence[Source]) -> Iterator[Source]:
    """The images, in place of each DICOM of several frames its frames."""
    for source in sources:
        yield from frames_of(source) if is_dicom(source) else (source,)


def pseudonyms(sources: Sequence[Source], tag: str = PATIENT) -> list[str]:
    """For each image what stands in a tag of its header, as a pseudonym; empty where there is nothing.

    A pseudonym is the beginning of a slow hash: outputs hold no identity, and two sets can be compared.
    """
    return [pseudonym(str(_header(Source(*_file(one)), tag).get(tag) or "").strip()) for one in sources]


@lru_cache(maxsize=100_000)
def pseudonym(name: str) -> str:
    """The pseudonym of a name; empty for an empty one."""
    if not name:
        return ""
    return hashlib.pbkdf2_hmac("sha256", name.encode(), _SALT, _ROUNDS).hex()[:_SHOWN]


def _file(source: Source) -> tuple[Any, str]:
    return source.path, "" if is_frame(source) else source.member


@lru_cache(maxsize=4096)
def _header(source: Source, tag: str) -> Any:
    """The header with this tag alone; empty where it cannot be read, which reading the image says."""
    from pydicom import dcmread
    from pydicom.dataset import Dataset
    from pydicom.errors import InvalidDicomError

    try:
        data = (
            io.BytesIO(zips.read_member(source.path, source.member, _MOST_BYTES))
            if source.member
            else source.path
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dcmread(data, stop_before_pixels=True, specific_tags=[tag])
    except (*_DAMAGE, InvalidDicomError, ImageError):
        return Dataset()
