"""Own parts from outside of the package, in Python."""

import os

from normocyte.api.inputs import PathLike
from normocyte.core.errors import ConfigError
from normocyte.core.own.loading import load_own_parts, named_folder
from normocyte.core.progress import tell_user


def use_parts(folder: PathLike) -> tuple[str, ...]:
    """Load own parts from a folder, which runs their code: name only a folder that you trust.

    Nothing else loads any: neither the current folder nor a bundle.

    Args:
        folder: laid out as the package is: `my_parts/detectors/blobs.py` is the detector `blobs`.

    Returns:
        The parts that can be used, such as "detectors/blobs". Others are left out, with a warning.

    Raises:
        ConfigError: for a folder without parts, or a name that is taken.

    Example:
        >>> import normocyte as nc
        >>> nc.use_parts("my_parts/")
        ('scores/loudest',)
    """
    if not isinstance(folder, str | os.PathLike):
        raise ConfigError(f"A {type(folder).__name__} is not taken for a folder of own parts; give its path.")
    loaded = load_own_parts(named_folder(folder))
    for fault in loaded.faults.values():
        tell_user(fault)
    return tuple("/".join(key) for key in loaded.keys)
