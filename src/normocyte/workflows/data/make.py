"""Get data: draw cells or the fields of a smear with what lies where, or download the NIH malaria cells."""

from pathlib import Path

from normocyte.core.errors import DatasetError, DownloadError
from normocyte.core.inputs import zips
from normocyte.core.progress import Progress
from normocyte.core.types import Record
from normocyte.datasets.drawing.field_plan import WantedFields
from normocyte.datasets.drawing.folders.smears import DrawnSmear, Picturing, write_smear
from normocyte.datasets.nih_malaria import NihMalaria
from normocyte.datasets.support.download import Expected, Patience, fetch
from normocyte.datasets.synthetic import PLAIN, Synthetic, write_synthetic

NIH_URL = "https://data.lhncbc.nlm.nih.gov/public/Malaria/cell_images.zip"
# Size and SHA-256 as TensorFlow Datasets publishes them for this address (datasets/malaria/checksums.tsv).
NIH_EXPECTED = Expected(353_452_851, "0a949556b2414159b5100192609805376654c4266d8d187be9b1922fad43c668")
_NAME = "cell_images.zip"
_PATIENCE = Patience()


def make_synthetic(
    to: Path, cells: int, patients: int, seed: int, progress: Progress, difficulty: str = PLAIN
) -> list[Record]:
    """Draw a synthetic set into a folder; what is there already and belongs to it is kept."""
    dataset = Synthetic(folder=str(to), cells=cells, patients=patients, seed=seed, difficulty=difficulty)
    write_synthetic(dataset, progress)
    return dataset.records()


def draw_smear(
    wanted: WantedFields, to: Path, progress: Progress, picturing: str = "png", has_scale_bar: bool = False
) -> DrawnSmear:
    """Draw the fields of a smear into a folder, as `png` or `jpg`, with their boxes as JSON."""
    return write_smear(wanted, to, progress, Picturing(picturing), has_scale_bar)


def download_nih(to: Path, url: str, progress: Progress, patience: Patience = _PATIENCE) -> Path:
    """Fetch `cell_images.zip` into a folder, and give its path; a right one that is there is kept.

    Size and SHA-256 are compared for the official address; what another address gives only has to be a zip
    with the cells in it. DownloadError when it cannot be had or is something else.
    """
    expected = NIH_EXPECTED if url == NIH_URL else Expected()
    path = fetch(url, to / _NAME, expected, progress, patience)
    try:
        NihMalaria(str(path)).records()
    except DatasetError as error:
        zips.close_all()
        wrong = path.replace(path.with_name(_NAME + ".wrong"))
        raise DownloadError(
            f"What came from {url} is not the NIH malaria set; it was moved to {wrong}. {error}"
        ) from error
    return path
