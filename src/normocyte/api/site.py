"""Making a bundle a site's own, from Python."""

from pathlib import Path

from normocyte.api.bundle import Bundle, opened
from normocyte.api.inputs import Images, PathLike, photos_of
from normocyte.api.labelled import Labelled, anomalous_of, healthy_of
from normocyte.api.running import lost, running
from normocyte.api.support.checks import check_name, check_numbers, check_patients, check_place, check_whole
from normocyte.api.support.folders import Folder
from normocyte.core.progress import Progress
from normocyte.core.registry import part_names
from normocyte.datasets.support.patients import FOLDER
from normocyte.images.listing import listed
from normocyte.workflows.site.adapt import PHOTO, AdaptOptions
from normocyte.workflows.site.adapt import adapt as run_adapting
from normocyte.workflows.site.calibrate import CalibrateOptions
from normocyte.workflows.site.calibrate import calibrate as run_calibration


def calibrate(
    bundle: Bundle | PathLike,
    healthy: Labelled,
    out: PathLike,
    *,
    false_positive_rate: float | None = None,
    rule: str = "",
    anomalous: Labelled | None = None,
    patients: str = "",
    new_stain: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
) -> Bundle:
    """Give a bundle the threshold of a site's own healthy cells, as `normocyte calibrate` does.

    Args:
        bundle: what `load` or `train` gave, or its folder.
        healthy: folder, zip, CSV manifest or DataFrame of healthy cells.
        out: folder of the new bundle.
        false_positive_rate: share of healthy cells flagged; None for the bundle's.
        rule: a rule for the threshold, such as "best_f1"; empty for the bundle's.
        anomalous: the same of anomalous cells, to tune a rule that uses labels.
        patients: whose the cells are: folder, file, one, unknown, or a regular expression with one group.
        new_stain: another stain or camera: cell checks are set from the cells.
        workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
        progress: a listener; None shows sentences as warnings.

    Returns:
        The new bundle.

    Raises:
        DatasetError: for cells that cannot be used, or are too few for the rate.
        ConfigError: for a rule that needs labels without anomalous cells.

    Example:
        >>> import normocyte as nc
        >>> site = nc.calibrate(nc.load(), "healthy/", "site", patients="file", false_positive_rate=0.2)
        >>> site.threshold != nc.load().threshold
        True
    """
    known = opened(bundle)
    check_place(out, "out")
    check_numbers(false_positive_rate=false_positive_rate)
    check_name(rule, "rule", part_names("thresholds"))
    check_patients(patients)
    others = None if anomalous is None else anomalous_of(anomalous)
    options = CalibrateOptions(rule, false_positive_rate, patients, new_stain, others)
    with running(progress, workers) as listener:
        done = run_calibration(known, healthy_of(healthy), Path(out), options, listener)
        for sentence in done.cells.left_out:
            listener.tell(sentence)
        listener.tell(lost(done.faults, len(done.cells.records), "healthy cells could not be used"))
    return Bundle(done.bundle.at(Path(out)))


def adapt(
    bundle: Bundle | PathLike,
    photos: Images,
    out: PathLike,
    *,
    recipe: str = "",
    cells: int = 4000,
    by: str = "photo",
    seed: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Bundle:
    """Learn a site's own cells from photos of its healthy smears, as `normocyte adapt` does.

    Args:
        bundle: what is known already, or its folder.
        photos: files, folders or zips of photos of smears presumed healthy, or arrays, as for `smear`.
        out: folder of the new bundle.
        recipe: train this recipe alone instead.
        cells: learn from at most so many cells.
        by: what stands for a patient: "photo" or "folder".
        seed: instead of the recipe's.
        workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
        progress: a listener; None shows sentences as warnings.

    Returns:
        The new bundle.

    Raises:
        DatasetError: when no photo can be used, or too few are there.

    Example:
        >>> import normocyte as nc
        >>> nc.adapt(nc.load(), "healthy photos/", "adapted", recipe="pca", cells=300).name
        'adapted'
    """
    known = opened(bundle)
    check_place(out, "out")
    check_whole(cells, "cells", 1)
    check_name(by, "by", (PHOTO, FOLDER))
    options, drawn = AdaptOptions(recipe, cells, by, seed), Folder(None)
    with running(progress, workers) as listener:
        images = listed(photos_of(photos, drawn.path)).images
        done = run_adapting(known, images, Path(out), options, listener)
    return Bundle(done.trained.bundle)
