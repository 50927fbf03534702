"""Damages small files in thousands of ways and counts what is not a picture or one sentence.

    python -m studies.mutations [--mutations 20000] [--seed 0] [--data DIR] [--page FILE]

Images of each format, a zip, tables and files of boxes are drawn; with --data, up to --most of the files in
that folder are damaged, too. The page is written with --page.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from normocyte.core.errors import NormocyteError
from normocyte.core.files import write_text
from normocyte.core.seeds import generator
from normocyte.datasets.opening.detect import open_dataset
from normocyte.images.listing import listed
from normocyte.images.photos import decode_pages, read_pages
from normocyte.segmentation.boxes.boxed import read_boxes
from studies.kit.common import machine, markdown
from studies.mutations.mutate import archive, images, mutated

TEMPLATE = Path(__file__).with_name("page.md.in")
COLUMNS = ("file", "mutations", "read", "refused", "tracebacks", "hangs", "slowest, s")
HANG_S = 5.0
_MOST_BYTES = 2**20
_MOST_MEMORY = 6 * 2**30
TABLE = "path,label,patient,group\n" + "".join(f"C{row}.png,{row % 2},P{row % 4},ring\n" for row in range(12))
BOXES = {
    ".csv": "photo,x,y,width,height\n" + "".join(f"a.png,{row},{row},20,20\n" for row in range(12)),
    ".json": json.dumps(
        [{"image_name": "a.png", "objects": [{"type": "ring", "bbox": {"x": 1, "y": 2, "w": 30, "h": 30}}]}]
    ),
    ".xml": "<annotation><filename>a.png</filename><object><name>RBC</name><bndbox><xmin>1</xmin>"
    "<ymin>2</ymin><xmax>30</xmax><ymax>40</ymax></bndbox></object></annotation>",
}

Reads = Callable[[bytes, Path], object]


class HangError(BaseException):
    """A file took too long; no reader may swallow it."""


@dataclass
class Tally:
    """What came of the mutations of one file."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)


def _image(data: bytes, _: Path) -> object:
    return [page.shape for page in decode_pages(data, "file")]


def _zip(data: bytes, folder: Path) -> object:
    (folder / "file.zip").write_bytes(data)
    return [len(list(read_pages(source))) for source in listed([folder / "file.zip"]).images]


def _table(data: bytes, folder: Path) -> object:
    (folder / "table.csv").write_bytes(data)
    return open_dataset(folder / "table.csv").records()


def _boxes(ending: str) -> Reads:
    def reads(data: bytes, folder: Path) -> object:
        place = folder / f"boxes{ending}"
        place.write_bytes(data)
        return read_boxes(place)

    return reads


def seeds(data: Path | None, most: int) -> dict[str, tuple[bytes, Reads]]:
    """Each file that is damaged, and how it is read."""
    found: dict[str, tuple[bytes, Reads]] = {name: (content, _image) for name, content in images().items()}
    found["zip"] = (archive(), _zip)
    found["table of cells"] = (TABLE.encode(), _table)
    found |= {f"boxes, {ending}": (text.encode(), _boxes(ending)) for ending, text in BOXES.items()}
    files = sorted(path for path in data.rglob("*") if path.is_file()) if data else []
    for path in [path for path in files if path.stat().st_size <= _MOST_BYTES][:most]:
        found[path.name] = (path.read_bytes(), _image)
    return found


def tally(content: bytes, reads: Reads, count: int, seed: int, name: str) -> Tally:
    """Damage one file so often and read it each time."""
    found = Tally()
    with tempfile.TemporaryDirectory() as place:
        for row in range(12):
            (Path(place) / f"C{row}.png").write_bytes(b"")
        for number in range(count):
            damaged = mutated(content, generator(seed, "mutation", name, number))
            began = time.monotonic()
            found.outcomes[_outcome(damaged, reads, Path(place), found)] += 1
            found.slowest_s = max(found.slowest_s, time.monotonic() - began)
    return found


def _outcome(data: bytes, reads: Reads, folder: Path, found: Tally) -> str:
    try:
        with _limited():
            reads(data, folder)
    except NormocyteError:
        return "refused"
    except HangError:
        return "hangs"
    except Exception as error:  # noqa: BLE001 - this is what is counted
        last = traceback.extract_tb(error.__traceback__)[-1]
        found.faults[f"{type(error).__name__} in {Path(last.filename).name}, {last.name}: {error}"[:200]] += 1
        return "tracebacks"
    return "read"


@contextmanager
def _limited() -> Iterator[None]:
    """Stop after so many seconds, where the system can."""

    def stop(*_: object) -> None:
        raise HangError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, HANG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> None:
    """Damage, read and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--mutations", type=int, default=20_000, help="how many in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, help="folder of more files to damage")
    parser.add_argument("--most", type=int, default=50, help="at most so many of its files")
    parser.add_argument("--page", type=Path, help="write the page here")
    options = parser.parse_args()
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    files = seeds(options.data, options.most)
    each = -(-options.mutations // len(files))
    tallies = {}
    for name, (content, reads) in files.items():
        sys.stderr.write(f"  {name}\n")
        tallies[name] = tally(content, reads, each, options.seed, name)
    text = _page(tallies)
    if options.page:
        write_text(options.page, text)
    else:
        sys.stdout.write(text)


def _page(tallies: dict[str, Tally]) -> str:
    rows = [
        (
            name,
            str(one.outcomes.total()),
            *(str(one.outcomes[word]) for word in COLUMNS[2:6]),
            f"{one.slowest_s:.2f}",
        )
        for name, one in tallies.items()
    ]
    outcomes = sum((one.outcomes for one in tallies.values()), Counter())
    faults = [
        f"- {name}: {fault} ({count})" for name, one in tallies.items() for fault, count in one.faults.items()
    ]
    return TEMPLATE.read_text(encoding="utf-8").format(
        total=f"{outcomes.total():,}",
        tracebacks=outcomes["tracebacks"],
        hangs=outcomes["hangs"],
        table=markdown(COLUMNS, rows),
        faults="\n".join(faults) or "None.",
        machine=machine(),
    )


if __name__ == "__main__":
    main()
