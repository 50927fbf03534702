"""Own parts from outside of the package, in Python."""

import os
from pathlib import Path

from normocyte.api.inputs import PathLike
from normocyte.core.errors import ConfigError
from normocyte.core.own_parts import load_own_parts
from normocyte.core.progress import tell_user


def use_parts(folder: PathLike) -> tuple[str, ...]:
    """Load own parts from a folder, so that recipes can name them and bundles that hold them can be opened.

    This runs the code in the folder: name only one that you trust. Nothing is loaded that you did not name,
    neither from the current folder nor because a bundle asks for it.

    Args:
        folder: it mirrors the package: `my_parts/detectors/blobs.py` is the detector `blobs`. Other kinds are
            datasets, cell_checks, segmentation, photo_checks, preprocessing, scores, thresholds,
            false_discovery and metrics.

    Returns:
        The parts that can be used, such as "detectors/blobs". A file that cannot be used is left out, with a
        warning that says why. What was loaded before stays as it is until Python is started anew.

    Raises:
        ConfigError: for a folder that holds no part or a folder of an unknown kind, or a name that is taken.

    Example:
        >>> import normocyte as nc
        >>> nc.use_parts("my_parts/")
        ('scores/loudest',)
    """
    if not isinstance(folder, str | os.PathLike):
        raise ConfigError(f"A {type(folder).__name__} is not taken for a folder of own parts; give its path.")
    loaded = load_own_parts(Path(folder))
    for fault in loaded.faults.values():
        tell_user(fault)
    return tuple("/".join(key) for key in loaded.keys)
