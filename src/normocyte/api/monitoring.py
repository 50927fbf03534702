"""Watching a stream of scores, from Python."""

from collections.abc import Sequence
from pathlib import Path

from normocyte.api.bundle import Bundle, opened
from normocyte.api.inputs import PathLike
from normocyte.api.labelled import Scored, scored_of
from normocyte.api.support.checks import check_numbers, check_patients, check_place, check_whole
from normocyte.core.files import make_folder
from normocyte.datasets.support.patients import FILE, FOLDER
from normocyte.reports.monitoring.words import sentences
from normocyte.reports.monitoring.write import write_monitored
from normocyte.results.monitoring import Monitored
from normocyte.workflows.monitoring.monitor import Watch
from normocyte.workflows.monitoring.monitor import monitor as run_monitoring


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
        >>> found = nc.monitor(bundle, bundle.score("cells/"), cells=3)
        >>> found.finding  # synthetic cells are not like those of the built-in bundle
        'recalibrate'
    """
    known = opened(bundle)
    check_whole(cells, "cells", 1)
    check_patients(patients, (FOLDER, FILE))
    check_numbers(false_alarm_rate=false_alarm_rate)
    watch = Watch(cells, false_alarm_rate, patients)
    return Monitoring(run_monitoring(known, scored_of(scores), watch))
