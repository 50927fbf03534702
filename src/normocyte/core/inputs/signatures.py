"""Says by first bytes and ending what a file is: an image that is read, another kind of picture, or neither.

The listing of a folder and the reading of an image ask here, so that both say the same.
"""

import enum
import functools
import os
from collections.abc import Callable
from importlib.util import find_spec

from normocyte.core.messages import to_translate

HEAD_BYTES = 132
"""So many first bytes tell every format."""


_DICOM = slice(128, 132)
_PLAIN = {
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"II+\0": "TIFF",
    b"MM\0+": "TIFF",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"BM": "BMP",
}
_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})

_BARE_DICOM = "DICOM without its first 132 bytes"
_FOREIGN = {
    b"GIF8": "GIF",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\xff\x0a": "JPEG XL",
    b"II\xbc": "JPEG XR",
    b"8BPS": "Photoshop file",
    b"\x02\0\0\0UL": _BARE_DICOM,
    b"\x08\0\x05\0": _BARE_DICOM,
    b"\x08\0\x08\0": _BARE_DICOM,
    b"\0\x08\0\x05": _BARE_DICOM,
    b"ZISRAWFILE": "Zeiss CZI",
}
_HEIC = "HEIC"
_BRANDS = {b"avi": "AVIF", b"hei": _HEIC, b"hev": _HEIC, b"mif": _HEIC, b"msf": _HEIC, b"crx": "CR3"}
_BRANDS_AT = slice(8, 32)


class Kind(enum.Enum):
    """What a file among images is; the value says what to do with one that is not read."""

    IMAGE = ""
    PICTURE = to_translate("Save such files as PNG or JPEG.")
    PHONE = to_translate(
        "Save HEIC photos as JPEG, or install what reads them: pip install 'normocyte[heif]'."
    )
    SLIDE = to_translate("Export fields of the slides as PNG or TIFF.")
    RAW = to_translate("Save the camera's raw pictures as PNG or TIFF.")
    VIDEO = to_translate("Save single frames of the videos as PNG.")
    ARCHIVE = to_translate("Unpack the archives, or give each zip as a path of its own.")
    UNKNOWN = to_translate("Files of unknown endings are not read as images.")
    COMPANION = "no picture"
    VOLUME = "many pictures"

    @property
    def may_be_photo(self) -> bool:
        """True for what a person takes for a photo, though it is not read."""
        return self in {Kind.PICTURE, Kind.PHONE, Kind.SLIDE, Kind.RAW}


def _endings(kind: Kind, words: str) -> dict[str, Kind]:
    return {f".{word}": kind for word in words.split()}


ENDINGS = frozenset(_endings(Kind.IMAGE, "png jpg jpeg jfif jpe jif webp bmp dib tif tiff btf tf8 dcm avif"))
"""What bears one of these is an image, whatever its bytes are: broken ones are told when they are read."""

VOLUMES = (".nii", ".nii.gz")
"""What bears one of these is a NIfTI volume, whose slices are images."""

_BY_ENDING = (
    _endings(Kind.PHONE, "heic heif hif")
    | _endings(Kind.PICTURE, "gif jp2 j2k jpf jpx jpm j2c jpc jxl jxr wdp hdp psd xcf tga")
    | _endings(Kind.PICTURE, "pbm pgm ppm pnm exr hdr pcx")
    | _endings(Kind.SLIDE, "svs svslide ndpi ndpis mrxs scn czi vms vmu bif vsi lif nd2 oib oif zvi isyntax")
    | _endings(Kind.SLIDE, "qptiff afi")
    | _endings(
        Kind.RAW, "cr2 cr3 crw nef nrw arw srf sr2 dng raf orf rw2 pef srw x3f 3fr iiq erf mrw kdc dcr"
    )
    | _endings(Kind.VIDEO, "mp4 m4v mov avi mkv wmv mpg mpeg webm")
    | _endings(Kind.ARCHIVE, "zip 7z rar tar gz tgz bz2 xz")
    | _endings(Kind.COMPANION, "csv tsv json jsonl ndjson geojson txt md rst log xml toml yaml yml ini cfg")
    | _endings(Kind.COMPANION, "html htm css js py pyc ipynb r m sh bat ps1 exe dll so pdf doc docx odt rtf")
    | _endings(Kind.COMPANION, "xls xlsx ods ppt pptx odp parquet feather arrow db sqlite lnk url onnx h5")
    | _endings(Kind.COMPANION, "hdf5 npy npz mat pt pth keras pkl svg ico eps ai sha256 md5 bib tex lock")
)


def ending_of(name: str) -> str:
    """The ending of a file name in small letters, with its dot; empty where there is none."""
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - ten times as fast as Path on 27,000 names


def format_of(head: bytes) -> str:
    """The format of an image that is read, by its first 132 bytes; empty for anything else.

    The first 128 bytes of a DICOM are free: some programs put the header of a TIFF there.
    """
    if head[_DICOM] == b"DICM":
        return "DICOM"
    for signature, name in _PLAIN.items():
        if head.startswith(signature):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    branded = _branded(head)
    return branded if branded == "AVIF" or (branded == _HEIC and is_heic_read()) else ""


def _branded(head: bytes) -> str:
    """What a file of boxes says it is, as those of phones do; empty for anything else."""
    brands = head[_BRANDS_AT] if head[4:8] == b"ftyp" else b""
    return next((known for brand, known in _BRANDS.items() if brand in brands), "")


@functools.cache
def is_heic_read() -> bool:
    """True where the package that reads HEIC is installed."""
    return find_spec("pillow_heif") is not None


def foreign_format(head: bytes, name: str) -> str:
    """The format of a picture that is not read, by first bytes and ending; empty for anything else.

    Slides and raw pictures of cameras begin like a TIFF, whose first page is not the photo.
    """
    if head[_DICOM] == b"DICM":
        return ""
    for signature, known in _FOREIGN.items():
        if head.startswith(signature):
            return known
    if head[4:8] == b"ftyp":
        return "" if format_of(head) else _branded(head)
    ending = ending_of(name)
    is_slide_or_raw = _BY_ENDING.get(ending) in {Kind.SLIDE, Kind.RAW}
    return ending[1:].upper() if is_slide_or_raw and format_of(head) in {"", "TIFF"} else ""


def advice(name: str, foreign: str) -> str:
    """What to do with a picture of this name and format that is not read."""
    if foreign == _HEIC:
        return Kind.PHONE.value
    kind = _BY_ENDING.get(ending_of(name), Kind.PICTURE)
    return kind.value if kind.may_be_photo else Kind.PICTURE.value


def kind_of(name: str, head: Callable[[], bytes]) -> Kind:
    """What a file among images is; `head` gives its first bytes, and is asked only where the name is unclear.

    A usual ending makes an image, the ending of a table or a text a companion. Of all others the bytes decide
    whether it is an image that is read. What has an unknown ending and is text is a companion, too.
    """
    ending = ending_of(name)
    if ending in ENDINGS:
        return Kind.IMAGE
    known = Kind.VOLUME if name.lower().endswith(VOLUMES) else _BY_ENDING.get(ending)
    if known in {Kind.COMPANION, Kind.VIDEO, Kind.ARCHIVE, Kind.VOLUME}:
        return known
    first = head()
    if _is_surely_read(first, name):
        return Kind.IMAGE
    if known is not None:
        return known
    if foreign_format(first, name):
        return Kind.PHONE if _branded(first) == _HEIC else Kind.PICTURE
    return Kind.UNKNOWN if b"\0" in first else Kind.COMPANION


def _is_surely_read(head: bytes, name: str) -> bool:
    """True for an image by its bytes alone; two letters are too little to make a BMP of a text."""
    found = format_of(head)
    if not found or foreign_format(head, name):
        return False
    return found != "BMP" or int.from_bytes(head[14:18], "little") in _BMP_HEADERS
