"""What a user waits for, whole processes with their start, against decoding the same files.

    python -m studies.speed --data DIR [--photos DIR] [--before SRC] [--cells 5000] [--rounds 3]
                            [--peers-python PYTHON] [--quick] [--alone]

`DIR` holds images of cells, `--photos` photos of fields. Processes run in turns, after one round that does
not count; ratios are medians over rounds. Judge by the processor's time (with all child processes): the clock
also shows what else the machine does. `--before` names the folder `src` of another state of the code, which
is measured beside. A smear is read with one photo and with several in one process: the difference is the cost
of a photo, the rest is fixed. Beside stand two rivals, where they are installed: see
`rivals.py`. `--peers-python` is the Python of the environment that `studies/peers` makes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from normocyte.core.types import Source
from normocyte.images.listing import listed
from normocyte.images.reading import read_bytes
from studies.kit.common import machine, markdown
from studies.speed.processes import Jobs, Python, Taken, in_turns
from studies.speed.rivals import is_installed

DECODE, ONE_LOOP = "decode", "cv2.imread, one loop"
QUICK_CELLS, QUICK_PHOTOS, PHOTOS = 300, 2, 8
PATCHCORE = "patchcore"
RIVALS = {"keras": "Keras, one loop of predict", PATCHCORE: "PatchCore of anomalib"}
Run = Callable[..., Taken]


def cell_jobs(runs: dict[str, Run], cells: Path, out: Path, rivals: dict[str, Run]) -> Jobs:
    """A folder of cells, scored."""
    jobs: Jobs = {ONE_LOOP: partial(runs[""], "-m", "studies.speed.rivals", DECODE, cells)}
    for ending, run in runs.items():
        for workers in (2, 1):
            words = ("-m", "normocyte", "score", cells, "--output", out / "rows.csv", "--workers", workers)
            jobs[f"normocyte score, {workers} at a time{ending}"] = partial(run, *words)
    for rival, run in rivals.items():
        jobs[RIVALS[rival]] = partial(run, "-m", "studies.speed.rivals", rival, cells)
    return jobs


def start_jobs(runs: dict[str, Run], cell: Path) -> Jobs:
    """One picture, and a page of help."""
    jobs: Jobs = {"cv2.imread of one": partial(runs[""], "-c", f"import cv2; cv2.imread({str(cell)!r})")}
    for ending, run in runs.items():
        jobs[f"normocyte score one{ending}"] = partial(run, "-m", "normocyte", "score", cell)
        jobs[f"normocyte --help{ending}"] = partial(run, "-m", "normocyte", "--help")
    return jobs


def smear_jobs(runs: dict[str, Run], photos: Path, out: Path) -> Jobs:
    """One photo and all of them, read as a smear and decoded."""
    files = sorted(photos.iterdir())
    jobs: Jobs = {}
    for count in (1, len(files)):
        loop = f"import cv2\nfor file in {[str(file) for file in files[:count]]!r}: cv2.imread(file)"
        jobs[f"{ONE_LOOP}/{count}"] = partial(runs[""], "-c", loop)
        for ending, run in runs.items():
            words = ("-m", "normocyte", "smear", *files[:count], "--out", out / "smear", "--workers", 1)
            jobs[f"normocyte smear{ending}/{count}"] = partial(run, *words)
    return jobs


def ratios(turns: dict[str, list[Taken]], jobs: int) -> str:
    """The table of jobs against the first of them, whose ratio is 1."""
    base = next(iter(turns.values()))
    rows = []
    for name, several in turns.items():
        ratio = Taken.median([one.over(first) for one, first in zip(several, base, strict=True)])
        each = Taken.median(several)
        rows.append((name, f"{each.core / jobs * 1e3:.2f}", f"{ratio.core:.2f}", f"{ratio.clock:.2f}"))
    return markdown(("", "processor, ms each", "ratio, processor", "ratio, clock"), rows)


def smear_table(turns: dict[str, list[Taken]], photos: int) -> str:
    """What a photo costs and what is fixed, by the processor, against decoding a photo."""
    parts = {}
    for title in dict.fromkeys(name.rpartition("/")[0] for name in turns):
        one, all_of_them = (Taken.median(turns[f"{title}/{count}"]).core for count in (1, photos))
        each = (all_of_them - one) / (photos - 1)
        parts[title] = each, one - each
    unit = parts[ONE_LOOP][0]
    rows = [(t, f"{a:.3f}", f"{a / unit:.0f}", f"{b:.2f}", f"{b / unit:.0f}") for t, (a, b) in parts.items()]
    return markdown(("", "s a photo", "decoding a photo = 1", "s fixed", "the same unit"), rows)


def _copied(images: Sequence[Source], folder: Path) -> Path:
    """A folder with these images, so that all read the same files."""
    folder.mkdir()
    for number, image in enumerate(images):
        (folder / f"{number:05d}{Path(image.name).suffix}").write_bytes(read_bytes(image))
    return folder


def _some(place: Path, count: int) -> list[Source]:
    """So many of the images there, evenly spread."""
    images = list(listed([place]).images)
    return images[:: max(1, len(images) // count)][:count]


def _rivals(options: argparse.Namespace, here: Run, folder: Path) -> dict[str, Run]:
    """Those that are installed, each with the Python that has it."""
    found = {rival: here for rival in RIVALS if is_installed(rival)}
    if options.peers_python:
        found[PATCHCORE] = Python(folder / "cache-peers", Path.cwd(), options.peers_python)
    return found


def report(options: argparse.Namespace, folder: Path) -> None:
    """Measure and print."""
    runs: dict[str, Run] = {"": Python(folder / "cache")}
    if options.before:
        runs[", before"] = Python(folder / "cache-before", options.before)
    count = QUICK_CELLS if options.quick else options.cells
    rounds = 1 if options.quick else options.rounds
    cells = _copied(_some(options.data, count), folder / "cells")
    files = sorted(cells.iterdir())
    rivals = {} if options.alone else _rivals(options, runs[""], folder)
    scored = in_turns(cell_jobs(runs, cells, folder, rivals), rounds)
    print(f"{len(files)} cells\n\n{ratios(scored, len(files))}\n")
    for rival in RIVALS.keys() - rivals.keys() if not options.alone else ():
        print(f"{RIVALS[rival]} is not measured: it is not installed here.\n")
    print(f"Start\n\n{ratios(in_turns(start_jobs(runs, files[0]), rounds), 1)}\n")
    if options.photos:
        photos = _copied(_some(options.photos, QUICK_PHOTOS if options.quick else PHOTOS), folder / "photos")
        taken = in_turns(smear_jobs(runs, photos, folder), rounds)
        number = len(list(photos.iterdir()))
        print(f"A smear of {number} photos in one process\n\n{smear_table(taken, number)}\n")
    print(machine())


def main() -> None:
    """Read the options, measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder or zip of images of cells")
    parser.add_argument("--photos", type=Path, help="folder of two or more photos of fields")
    parser.add_argument("--before", type=Path, help="folder `src` of another state of the code")
    parser.add_argument("--peers-python", help="a Python that has anomalib, for PatchCore")
    parser.add_argument("--cells", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="without the rivals, which take long to start")
    parser.add_argument("--quick", action="store_true", help="few cells, one round: only to see that it runs")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        report(options, Path(folder))


if __name__ == "__main__":
    main()
