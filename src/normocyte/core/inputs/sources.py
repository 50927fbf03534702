"""Finds the images below a folder or in a zip, and what stands among them that is not looked at."""

import functools
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from normocyte.core.errors import DatasetError
from normocyte.core.inputs import zips
from normocyte.core.inputs.signatures import ENDINGS, HEAD_BYTES, Kind, ending_of, kind_of
from normocyte.core.inputs.stacks.stacks import is_stack, items
from normocyte.core.messages import deferred, joined, ndeferred
from normocyte.core.types import Source

_ENDINGS_SAID = "PNG, JPEG, WebP, BMP, TIFF, DICOM or NIfTI"


@dataclass(frozen=True)
class PassedOver:
    """The files among `looked_at` images that are not looked at, each with its kind, sorted.

    Tables, texts and hidden files that lie beside images are none of them.
    """

    files: tuple[tuple[Source, Kind], ...] = ()
    looked_at: int = 0

    @property
    def photos(self) -> tuple[Source, ...]:
        """Those that a person takes for photos."""
        return tuple(source for source, kind in self.files if kind.may_be_photo)

    @property
    def sentence(self) -> str:
        """How many files were not looked at, by ending, and what to do; empty when there is none."""
        if not self.files:
            return ""
        endings = Counter(ending_of(source.name) for source, _ in self.files)
        bare = deferred("without an ending")
        listed = [
            deferred("{count} {ending}", count=count, ending=ending or bare)
            for ending, count in endings.most_common()
        ]
        said = ndeferred(
            "{part} of {files} files was not looked at: {list}.",
            "{part} of {files} files were not looked at: {list}.",
            len(self.files),
            part=len(self.files),
            files=len(self.files) + self.looked_at,
            list=joined(listed, ", "),
        )
        present = {kind for _, kind in self.files}
        return joined([said, *(deferred(kind.value) for kind in Kind if kind in present)])


@dataclass(frozen=True)
class Found:
    """The images of some folders, zips and files, and what else was there."""

    images: tuple[Source, ...]
    passed_over: PassedOver = PassedOver()

    @property
    def photos(self) -> list[Source]:
        """The images, and after them what a person takes for photos: reading these says why it cannot be."""
        return list(dict.fromkeys((*self.images, *self.passed_over.photos)))


def files_below(root: Path, may_lack_images: bool = False) -> Found:
    """Every image below a folder or in a zip, sorted, and what else is there; hidden files are ignored.

    An image has one of the usual endings, or the first bytes of an image. Each slice of a NIfTI volume is an
    image; `root` may be one, or a `.npz` of images. With `may_lack_images`, other
    pictures alone are no fault. DatasetError when the folder or zip is missing, cannot be read, is unsafe, or
    holds no image.
    """
    if is_stack(root) and not root.is_dir():
        return Found(items(root))
    kinds = list(dict(_members(root)).items() if zips.is_zip(root) else _sliced(_files(root)))
    images = tuple(sorted((s for s, kind in kinds if kind is Kind.IMAGE), key=_order))
    others = sorted((s, k) for s, k in kinds if k is not Kind.IMAGE and k is not Kind.COMPANION)
    passed_over = PassedOver(tuple(others), len(images))
    if not images and not (may_lack_images and passed_over.photos):
        raise no_images(str(root), passed_over)
    return Found(images, passed_over)


def _order(source: Source) -> tuple[list[str], str]:
    """The order of sources, told once for each: paths compare themselves several times more slowly."""
    return os.path.normcase(source.path).split(os.sep), source.member  # noqa: PTH206 - as a Path compares


def no_images(where: str, passed_over: PassedOver) -> DatasetError:
    """What to say where nothing can be looked at."""
    others = f" {passed_over.sentence}" if passed_over.files else ""
    return DatasetError(
        f"There are no images in {where}. Give a folder or zip with {_ENDINGS_SAID} files.{others}"
    )


def place_below(root: Path, source: Source) -> PurePosixPath:
    """Where an image of `files_below(root)` stands, relative to the folder or zip."""
    if source.path == root or is_stack(root):
        return PurePosixPath(source.member)
    return PurePosixPath(source.path.relative_to(root).as_posix(), source.member)


def _sliced(files: Iterable[tuple[Source, Kind]]) -> Iterator[tuple[Source, Kind]]:
    """The files, in place of each volume its slices."""
    for source, kind in files:
        if kind is Kind.VOLUME:
            yield from ((one, Kind.IMAGE) for one in items(source.path))
        else:
            yield source, kind


def _members(archive: Path) -> Iterator[tuple[Source, Kind]]:
    for member in zips.members(archive):
        parts = member.split("/")
        if not any(is_hidden(part) for part in parts):
            kind = kind_of(parts[-1], _head_of_member(archive, member))
            yield Source(archive, member), Kind.ARCHIVE if kind is Kind.VOLUME else kind


def _files(root: Path) -> Iterator[tuple[Source, Kind]]:
    if not root.is_dir():
        is_called_a_file = root.suffix.lower() not in {"", ".zip"} and not root.exists()
        wanted = "file or folder" if is_called_a_file else "folder or zip file"
        raise DatasetError(f"There is no {wanted} at {root}. Check the path.")
    seen: set[str] = set()
    for folder, below, names in os.walk(root, followlinks=True, onerror=_cannot_list):
        seen.add(os.path.realpath(folder))
        below[:] = [
            name
            for name in below
            if not is_hidden(name) and os.path.realpath(Path(folder, name)) not in seen  # a link in a circle
        ]
        place = Path(folder)
        for name in names:
            if not is_hidden(name):
                path = place / name
                is_image = ending_of(name) in ENDINGS  # as nearly all are
                yield (
                    Source(path),
                    Kind.IMAGE if is_image else kind_of(name, functools.partial(_head_of_file, path)),
                )


def _head_of_file(path: Path) -> bytes:
    """The first bytes; none of what cannot be opened or is no file, such as a pipe."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


def _head_of_member(archive: Path, member: str) -> Callable[[], bytes]:
    return functools.partial(zips.head_of_member, archive, member, HEAD_BYTES)


def _cannot_list(error: OSError) -> None:
    raise DatasetError(
        f"Cannot look into {error.filename}: {error.strerror}. Check the permissions."
    ) from error


def is_hidden(name: str) -> bool:
    """True for the name of a file or folder that is not looked at."""
    return name.startswith(".") or name == "__MACOSX"
