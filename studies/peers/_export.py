"""Cells of the data set as arrays that the peers can read, and the rows of each split."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from normocyte.core.errors import ImageError
from normocyte.core.files import replacing, write_json
from normocyte.core.types import HEALTHY, Part, Record, Sample
from normocyte.datasets.contract import Dataset
from normocyte.datasets.splits.split import Fractions, split
from normocyte.images.reading import read
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.chromatin_contrast import ChromatinContrast
from normocyte.preprocessing.erode_mask import ErodeMask
from normocyte.preprocessing.fill_background import FillBackground
from normocyte.preprocessing.resize import Resize

SIZE_PX = 64
CROP_PX = 128
SIZES = {"pixels": SIZE_PX, "contrast": SIZE_PX, "stain": SIZE_PX, "crops": CROP_PX}
ARRAYS = tuple(SIZES)
NAMES = "names.npy"
COSTS = "costs.json"
QUANTILES = (0.90, 0.95, 0.99, 1.0)
FEW = 6
TYPES = {"pixels": np.uint8, "contrast": np.float16, "stain": np.float32, "crops": np.uint8}


def prepared(image: np.ndarray, size: int = SIZE_PX) -> Sample:
    """The cell found, its padding gone, at 64 x 64 or another size: the same start for every peer."""
    whole = Sample(image.astype(np.float32), np.ones(image.shape[:2], np.uint8))
    return Resize(size=size).apply(CellMask().apply(whole))


def pixels(sample: Sample) -> np.ndarray:
    """The colours, (size, size, 3) uint8; what is no cell has the cell's own median colour."""
    return np.rint(FillBackground().apply(sample).pixels).clip(0, 255).astype(np.uint8)


def contrast(sample: Sample) -> np.ndarray:
    """The chromatin contrast, (64, 64), 0 where there is no cell."""
    return ChromatinContrast().apply(sample).pixels[..., 0]


def stain(sample: Sample) -> np.ndarray:
    """Twelve features made by hand: how far contrast and green darkness of the cell reach, rim left out.

    Of each: mean of the six largest pixels, their standard deviation over the cell, four quantiles.
    """
    inside = ErodeMask(distance=2.0).apply(sample).mask > 0
    inside = inside if inside.sum() > FEW else sample.mask > 0
    darkness = ChromatinContrast(red=0.0, green=-1.0, blue=0.0).apply(sample).pixels[..., 0]
    return np.concatenate([_reach(values[inside]) for values in (contrast(sample), darkness)])


def _reach(values: np.ndarray) -> np.ndarray:
    largest = np.sort(values)[-FEW:].mean()
    return np.array([largest, values.std(), *np.quantile(values, QUANTILES)])


MAKERS = {"pixels": pixels, "contrast": contrast, "stain": stain, "crops": pixels}


def export_cells(dataset: Dataset, folder: Path) -> None:
    """Write the arrays of all cells that are missing; a cell that cannot be prepared is in no split."""
    records = dataset.records()
    if (folder / COSTS).is_file():
        _check_names({str(record.source) for record in records}, folder)
    missing = [kind for kind in ARRAYS if not (folder / f"{kind}.npy").is_file()]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    spent = dict.fromkeys(missing, 0.0)
    names, rows = zip(*_rows(records, spent), strict=True)
    for kind in missing:
        _save(folder / f"{kind}.npy", np.stack([row[kind] for row in rows]))
    _save(folder / NAMES, np.array(names))
    before = json.loads((folder / COSTS).read_text(encoding="utf-8")) if (folder / COSTS).is_file() else {}
    write_json(folder / COSTS, before | {kind: spent[kind] / len(names) * 1000 for kind in missing})


def _check_names(known: set[str], folder: Path) -> None:
    others = [name for name in np.load(folder / NAMES).tolist() if name not in known]
    if others:
        raise SystemExit(
            f"{folder} holds {len(others)} cells that --data has not, such as {others[0]}: it was made from "
            "other data. Give another --out or remove that folder."
        )


def _rows(records: list[Record], spent: dict[str, float]) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    """Name and arrays of each cell; `spent` sums what each array takes one core, from decoded pixels."""
    for record in records:
        image = read(record.source)
        row, costs = {}, {}
        try:
            for kind in spent:
                begin = time.process_time()
                row[kind] = np.asarray(MAKERS[kind](prepared(image, SIZES[kind])), TYPES[kind])
                costs[kind] = time.process_time() - begin
        except ImageError:
            continue
        for kind, cost in costs.items():
            spent[kind] += cost
        yield str(record.source), row


def _save(place: Path, values: np.ndarray) -> None:
    with replacing(place) as temporary:
        np.save(temporary, values)


def export_split(dataset: Dataset, cells: Path, seed: int, place: Path) -> None:
    """Write which rows teach and which are asked: healthy train and held-out cells, and the test cells."""
    if place.is_file():
        return
    row_of = {name: row for row, name in enumerate(np.load(cells / NAMES))}
    parts = split(dataset.records(), Fractions(), seed)
    taught = [*parts.part(Part.TRAIN), *parts.part(Part.HELD_OUT)]
    train = [
        row_of[str(each.source)] for each in taught if each.label == HEALTHY and str(each.source) in row_of
    ]
    test = [each for each in parts.part(Part.TEST) if str(each.source) in row_of]
    doubted = dataset.doubtful()
    with replacing(place) as temporary:
        np.savez(
            temporary,
            train=np.array(train),
            test=np.array([row_of[str(each.source)] for each in test]),
            names=np.array([each.source.name for each in test]),
            labels=np.array([each.label for each in test], np.int8),
            patients=np.array([each.patient for each in test], np.str_),
            doubtful=np.array([Path(each.source.name).stem in doubted for each in test]),
        )
