"""Very many images, and a stream of scores, from Python."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from normocyte.api.bundle import Bundle, opened
from normocyte.api.inputs import PathLike
from normocyte.api.labelled import Scored, scored_of
from normocyte.api.running import running
from normocyte.api.support.checks import check_numbers, check_patients, check_place, check_texts, check_whole
from normocyte.core.errors import DatasetError, needs
from normocyte.core.files import make_folder
from normocyte.core.progress import Progress
from normocyte.core.words import numbered
from normocyte.datasets.support.patients import FILE, FOLDER
from normocyte.pipeline.bundle.folder import SHIPPED
from normocyte.records.manifest import contents_of
from normocyte.reports.monitoring.words import sentences
from normocyte.reports.monitoring.write import write_monitored
from normocyte.results.batch import Summary
from normocyte.results.monitoring import Monitored
from normocyte.workflows.batch.batch import BatchRequest
from normocyte.workflows.batch.batch import batch as run_batch
from normocyte.workflows.batch.cluster import LOCAL
from normocyte.workflows.batch.summary import SummaryRequest
from normocyte.workflows.batch.summary import summarise as run_summarise
from normocyte.workflows.monitoring.monitor import Watch
from normocyte.workflows.monitoring.monitor import monitor as run_monitoring


class Batch:
    """The results of a batch in their folder.

    Attributes:
        folder: where they are.
        counts: how many images have a row, and how many of them are scored, flagged, refused or failed.
        decoded: how many images this call decoded; the others were known.
        changed: files that were changed while they were scored and have no rows yet.
    """

    def __init__(self, folder: Path, decoded: int, changed: tuple[str, ...]) -> None:
        self.folder = folder
        self.decoded = decoded
        self.changed = changed
        self.counts = asdict(contents_of(folder).counts)

    def __repr__(self) -> str:
        """Folder and number of images."""
        return f"<normocyte.Batch {str(self.folder)!r}, {numbered(self.counts['images'], 'image')}>"

    def rows(self) -> pd.DataFrame:
        """All rows in memory, in the order of the source."""
        arrow, parquet = needs("pyarrow", "batch"), needs("pyarrow.parquet", "batch")
        parts = [parquet.read_table(part) for part in contents_of(self.folder).parts]
        table: pd.DataFrame = arrow.concat_tables(parts).to_pandas()
        return table

    def summary(self, by: str = "") -> Summary:
        """Counts, causes, scores, and groups of `by`: day, site or a regular expression for the path."""
        return run_summarise(SummaryRequest(self.folder, by))


def batch(
    source: PathLike,
    to: PathLike,
    *,
    bundle: Bundle | PathLike = SHIPPED,
    workers: int = 1,
    engine: str = LOCAL,
    address: str = "",
    progress: Progress | None = None,
) -> Batch:
    """Score very many images; the same call goes on after a stop.

    Args:
        source: folder, zip, tar or Parquet file, or address such as `s3://cells`.
        to: folder of the results.
        bundle: the one that scores, or its folder.
        workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
        engine: "local", or "ray" for tasks of Ray, with the extra "cluster".
        address: head of a Ray cluster, such as `10.0.0.1:6379`; empty for Ray here.
        progress: a listener; None shows sentences as warnings.

    Returns:
        The results: `counts`, `rows()`, `summary(by)`.

    Example:
        >>> import normocyte as nc
        >>> nc.batch("cells/", "results").counts["images"]
        160
    """
    check_place(source, "source", DatasetError)
    check_place(to, "to")
    check_texts(engine=engine, address=address)
    with running(progress, workers) as listener:
        request = BatchRequest(str(source), Path(to), opened(bundle).folder, workers, engine, address)
        found = run_batch(request, listener)
    return Batch(Path(to), found.decoded, found.changed)


def summarise(results: PathLike, *, by: str = "") -> Summary:
    """Count the rows of a batch, as `normocyte summarise` does, also while it runs.

    Args:
        results: folder of a batch.
        by: compare day, site, or the group of a regular expression for the path.

    Returns:
        Counts, `causes`, `quantiles` of the scores, and `groups`.

    Raises:
        DatasetError: for a folder without rows.

    Example:
        >>> import normocyte as nc
        >>> nc.summarise("results").images
        160
    """
    check_place(results, "results")
    check_texts(by=by)
    return run_summarise(SummaryRequest(Path(results), by))


class Monitoring:
    """Whether new patients are still like the calibration patients.

    Attributes:
        finding: 'no evidence of drift', 'watch' or 'recalibrate', as the command line says it.
        result: everything that was found, as frozen dataclasses.

    Example:
        >>> len(found.result.patients) > 1
        True
    """

    def __init__(self, found: Monitored) -> None:
        self.result = found

    def __repr__(self) -> str:
        """The finding."""
        return f"<normocyte.Monitoring {self.finding!r}>"

    @property
    def finding(self) -> str:
        """What is to be done, in a word."""
        return str(self.result.finding)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, in sentences."""
        return tuple(sentences(self.result))

    def write(self, folder: PathLike) -> Path:
        """Write numbers and figure into a folder; gives the figure.

        Example:
            >>> found.write("drift").name
            'monitor.png'
        """
        check_place(folder, "folder")
        return write_monitored(self.result, make_folder(Path(folder)))


def monitor(
    bundle: Bundle | PathLike,
    scores: Scored | Sequence[Scored],
    *,
    patients: str = "",
    cells: int = 20,
    false_alarm_rate: float = 0.05,
) -> Monitoring:
    """Compare scored cells with the calibration cells, as `normocyte monitor` does.

    Args:
        bundle: the one that scored the cells, or its folder.
        scores: DataFrames that `score` gave, or files that `normocyte score` wrote, in the order of time.
        patients: where they are found: folder, file (one table each), or a regular expression with one
            group, searched in the path. Arrays count as the folder "table 1", "table 2" and so on.
        cells: compared of each patient.
        false_alarm_rate: share of streams without drift that may come to 'recalibrate'.

    Returns:
        The finding, and what was found in sentences.

    Raises:
        DatasetError: when rows, scores or patients are missing or too few.

    Example:
        >>> import normocyte as nc
        >>> bundle = nc.load()
        >>> found = nc.monitor(bundle, bundle.score("cells/"), cells=10)
        >>> found.finding  # synthetic cells are not like those of the built-in bundle
        'recalibrate'
    """
    known = opened(bundle)
    check_whole(cells, "cells", 1)
    check_patients(patients, (FOLDER, FILE))
    check_numbers(false_alarm_rate=false_alarm_rate)
    watch = Watch(cells, false_alarm_rate, patients)
    return Monitoring(run_monitoring(known, scored_of(scores), watch))
