"""Compares what is read of every layout and of public test files with what other libraries read.

    python -m studies.formats --data DIR [--page docs/measurements/formats.md]

`DIR` holds source packages with test images, as archives or unpacked; they are fetched once by

    pip download --no-deps --no-binary pillow -d DIR pillow

Needs tifffile and imagecodecs beside Normocyte; pydicom's own test files come with it. The page is written
with --page.
"""

from __future__ import annotations

import argparse
import enum
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pydicom.data

from normocyte.core.errors import ImageError
from normocyte.core.files import write_text
from normocyte.core.inputs.signatures import HEAD_BYTES, format_of
from normocyte.core.names.hidden import shown
from normocyte.images.photos import decode_pages
from studies.formats.drawn import Case, cases
from studies.formats.references import Image8, expected
from studies.kit.common import machine, markdown

TEMPLATE = Path(__file__).with_name("page.md.in")
COLUMNS = ("layout", "files", "equal", "within 1", "lossy, alike", "refused by name", "wrong")
_ALIKE_MEAN = 1.5
_MOST_MEMORY = 6 * 2**30
_PICTURES = ("Tests/images/", "tests/", "data/")
_DAMAGE = ("is a damaged", "is cut off")


class Outcome(enum.StrEnum):
    """What came of one file, in the order of the table."""

    EQUAL = "equal"
    WITHIN_ONE = "within 1"
    ALIKE = "lossy, alike"
    NAMED = "refused by name"
    WRONG = "wrong"
    NO_ONE = "read by no one"


@dataclass(frozen=True)
class Compared:
    """One file and what came of it."""

    case: Case
    outcome: Outcome
    words: str = ""


def compared(case: Case) -> Compared:
    """What is read of a file beside what another library reads."""
    kind = format_of(case.data[:HEAD_BYTES])
    try:
        pages = list(decode_pages(case.data, "file"))
    except ImageError as error:
        return _refused(case, kind, str(error))
    other = expected(case.data, kind)
    if other is None:
        return Compared(case, Outcome.NO_ONE, "read here alone")
    of_first = other if kind in {"TIFF", "DICOM"} else other[:1]  # the others of a JPEG are previews
    return Compared(case, *_verdict(case, pages, of_first))


def _refused(case: Case, kind: str, words: str) -> Compared:
    if not any(word in words for word in _DAMAGE):
        return Compared(case, Outcome.NAMED, words)
    is_read_elsewhere = expected(case.data, kind) is not None
    return Compared(case, Outcome.WRONG if is_read_elsewhere else Outcome.NO_ONE, words)


def _verdict(case: Case, pages: Sequence[Image8], other: Sequence[Image8]) -> tuple[Outcome, str]:
    if [page.shape for page in pages] != [page.shape for page in other]:
        return Outcome.WRONG, f"{len(pages)} pages of {pages[0].shape}, not {len(other)} of {other[0].shape}"
    apart = [np.abs(one.astype(int) - two) for one, two in zip(pages, other, strict=True)]
    most, mean = max(int(one.max()) for one in apart), max(float(one.mean()) for one in apart)
    if most <= 1:
        return (Outcome.WITHIN_ONE if most else Outcome.EQUAL), ""
    if case.is_lossy and mean <= _ALIKE_MEAN:
        return Outcome.ALIKE, ""
    return Outcome.WRONG, f"differs by up to {most}, by {mean:.1f} in the mean"


def _of_packages(folder: Path) -> Iterator[Case]:
    """The test images in source packages, archives or unpacked, and those of pydicom."""
    for path in sorted(folder.rglob("*")):
        if path.name.endswith((".tar.gz", ".tgz")):
            yield from _archived(path)
        elif path.is_file() and any(part in path.as_posix() for part in _PICTURES):
            yield from _case(folder.name, path.relative_to(folder).as_posix(), path.read_bytes())
    for path in sorted(Path(pydicom.data.__file__).parent.rglob("*")):
        if path.is_file():
            yield from _case("pydicom", path.name, path.read_bytes())


def _archived(path: Path) -> Iterator[Case]:
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and any(part in member.name for part in _PICTURES):
                stream = archive.extractfile(member)
                package = path.name.split("-")[0]
                yield from _case(package, member.name.split("/", 1)[1], stream.read() if stream else b"")


def _case(package: str, name: str, data: bytes) -> Iterator[Case]:
    kind = format_of(data[:HEAD_BYTES])
    if kind:
        is_lossy = kind in {"JPEG", "WebP", "AVIF", "HEIC", "TIFF", "DICOM"}
        yield Case(f"{package}: {kind}", name, data, is_lossy)


def _table(results: Iterable[Compared]) -> str:
    counts: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for one in results:
        counts[one.case.row][one.outcome] += 1
    rows = [
        (
            row,
            str(found.total() - found[Outcome.NO_ONE]),
            *(str(found[Outcome(name)]) for name in COLUMNS[2:]),
        )
        for row, found in counts.items()
    ]
    return markdown(COLUMNS, rows)


def _listed(results: Iterable[Compared], outcome: Outcome) -> str:
    rows = [(one.case.row, shown(one.case.name), one.words) for one in results if one.outcome is outcome]
    return markdown(("where", "file", "what"), rows) if rows else "None."


def _refusals(results: Iterable[Compared]) -> str:
    words = Counter((one.case.row, one.words) for one in results if one.outcome is Outcome.NAMED)
    rows = [(row, str(count), said.removeprefix("file ")) for (row, said), count in sorted(words.items())]
    return markdown(("where", "files", "refusal"), rows)


def main() -> None:
    """Compare and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of source packages")
    parser.add_argument("--page", type=Path, help="write the page here")
    options = parser.parse_args()
    with suppress(ImportError):  # some files claim gigabytes, and not every library refuses them
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    drawn = [compared(case) for case in cases()]
    files = [compared(case) for case in _of_packages(options.data)]
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("pillow", "tifffile", "imagecodecs", "pydicom")
    )
    text = TEMPLATE.read_text(encoding="utf-8").format(
        drawn=_table(drawn),
        files=_table(files),
        wrong=_listed([*drawn, *files], Outcome.WRONG),
        refusals=_refusals(files),
        machine=f"{machine()}; {packages}",
    )
    if options.page:
        write_text(options.page, text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
