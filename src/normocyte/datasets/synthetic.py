"""Synthetic red cells of thin smears: the data set that needs no download.

A recipe names it, so that every command knows it: what draws is imported where it draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.fields import described
from normocyte.core.files import replacing
from normocyte.core.progress import Progress, Silent
from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, HEALTHY, Record, Source
from normocyte.core.words import CELLS, Words
from normocyte.datasets.contract import Dataset

if TYPE_CHECKING:
    from normocyte.datasets.drawing.folders.cells import SetFolder
    from normocyte.datasets.drawing.plan import PlannedCell

PLAIN, REAL = "plain", "real"
DIFFICULTIES = (PLAIN, REAL)
GENERATOR_VERSION = 1
"""Grows whenever the same fields give other images, so that old folders are made again."""

_PNG_OPTIONS = (cv2.IMWRITE_PNG_COMPRESSION, 1)
_PNG_END = b"IEND\xaeB`\x82"


@dataclass
class Synthetic(Dataset):
    """Synthetic cells in the layout of the NIH set, written into `folder` when they are first needed.

    The same fields give the same images.
    """

    folder: str = described("", "where the images are written")
    cells: int = described(2400, "how many cells", at_least=1)
    patients: int = described(24, "how many patients", at_least=1)
    infected_fraction: float = described(0.5, "share of infected cells among all", at_least=0, at_most=1)
    clean_patients: float = described(0.25, "share of patients without any parasite", at_least=0, at_most=1)
    seed: int = described(0, "seed of the random numbers", at_least=0)
    difficulty: str = described(
        PLAIN, "real: specks, pale parasites, crumpled cells as often as in real smears", one_of=DIFFICULTIES
    )

    def records(self) -> list[Record]:
        cells = _planned(self)
        if not _set_folder(self).holds({_place(self, cell) for cell in cells}):
            write_synthetic(self, Silent())
        return sorted((_record(self, cell) for cell in cells), key=lambda record: record.source)

    def words(self, records: Sequence[Record]) -> Words:  # noqa: ARG002 - all of them show the same
        return CELLS


def write_synthetic(dataset: Synthetic, progress: Progress) -> None:
    """Write the set into its folder; an interrupted one goes on, one of other fields is replaced.

    Raises DatasetError for impossible fields and for a folder that holds anything else.
    """
    cells = _planned(dataset)
    folder = _set_folder(dataset)
    folder.begin({_place(dataset, cell) for cell in cells})
    progress.begin("Making synthetic cells", len(cells))
    for cell in cells:
        if not _is_whole(_place(dataset, cell)):
            _draw(dataset, cell)
        progress.advance()
    folder.finish()


def _planned(dataset: Synthetic) -> list[PlannedCell]:
    """The cells of the set; DatasetError that lists every fault of the fields."""
    from normocyte.datasets.drawing.plan import Wanted, plan

    wanted = Wanted(dataset.cells, dataset.patients, dataset.infected_fraction, dataset.clean_patients)
    faults = wanted.faults()
    if not dataset.folder:
        faults.append("folder is empty; name the folder that the images shall be written into")
    if faults:
        raise DatasetError("The synthetic set cannot be made: " + "; ".join(faults) + ".")
    return plan(dataset.seed, wanted)


def _set_folder(dataset: Synthetic) -> SetFolder:
    from normocyte.datasets.drawing.folders.cells import SetFolder

    fields = {name: value for name, value in asdict(dataset).items() if name != "folder"}
    form = {"generator": "normocyte synthetic", "version": GENERATOR_VERSION, **fields}
    return SetFolder(Path(dataset.folder), form)


def _place(dataset: Synthetic, cell: PlannedCell) -> Path:
    from normocyte.datasets.drawing.folders.cells import CLASSES, IMAGES

    return Path(dataset.folder) / IMAGES / CLASSES[cell.is_infected] / cell.file_name


def _record(dataset: Synthetic, cell: PlannedCell) -> Record:
    label = ANOMALY if cell.is_infected else HEALTHY
    return Record(Source(_place(dataset, cell)), label, f"C{cell.patient}")


def _is_whole(path: Path) -> bool:
    """True when the file is there and its PNG ends where it should."""
    return path.is_file() and path.read_bytes().endswith(_PNG_END)


def _draw(dataset: Synthetic, cell: PlannedCell) -> None:
    """Draw one cell from its own random numbers, so that neither order nor neighbours matter."""
    from normocyte.datasets.drawing.cutout import draw_cell
    from normocyte.datasets.drawing.difficulty import STAGE_SHARES as REAL_SHARES
    from normocyte.datasets.drawing.difficulty import as_hard_as_real
    from normocyte.datasets.drawing.look import STAGE_SHARES, STAGES, Kind, patient_look

    look = patient_look(generator(dataset.seed, "patient", cell.patient))
    if dataset.difficulty == REAL:
        look = as_hard_as_real(generator(dataset.seed, "difficulty", cell.patient), look)
    rng = generator(dataset.seed, "cell", cell.patient, cell.number)
    stage = STAGES[rng.choice(len(STAGES), p=REAL_SHARES if dataset.difficulty == REAL else STAGE_SHARES)]
    picture = draw_cell(rng, look, stage if cell.is_infected else Kind.HEALTHY)
    _, encoded = cv2.imencode(".png", np.ascontiguousarray(picture[..., ::-1]), _PNG_OPTIONS)
    with replacing(_place(dataset, cell)) as temporary:
        temporary.write_bytes(encoded.tobytes())
