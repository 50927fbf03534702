"""Reads images together with what their files say of how they were stored, each file once."""

from collections.abc import Sequence

from normocyte.core.errors import ImageError
from normocyte.core.inputs.signatures import format_of
from normocyte.core.inputs.stored import StoredFile, StoredImage
from normocyte.core.types import Source
from normocyte.images._guard import muted
from normocyte.images.formats import jpeg
from normocyte.images.reading import decode, read, read_bytes


def read_stored(source: Source) -> StoredImage:
    """The image and its file; ImageError says why it cannot be read."""
    if type(source) is not Source:  # in memory
        return StoredImage(read(source))
    return stored_in(read_bytes(source), source.name)


def stored_in(data: bytes, name: str) -> StoredImage:
    """The image in the bytes of a file; `name` is what errors call it."""
    pixels, found = decode(data, name), format_of(data)
    table = jpeg.luminance_table(data) if found == "JPEG" else ()
    return StoredImage(pixels, StoredFile(len(data), found, table))


def read_each_stored(sources: Sequence[Source]) -> list[StoredImage | ImageError]:
    """For each of several images what `read_stored` gives, or the ImageError that it raises."""
    with muted():  # once for all of them
        return [_read_or_not(source) for source in sources]


def _read_or_not(source: Source) -> StoredImage | ImageError:
    try:
        return read_stored(source)
    except ImageError as error:
        return error
