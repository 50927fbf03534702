"""The bundle that comes with Normocyte, trained on every patient of the shared NIH cells."""

from __future__ import annotations

from pathlib import Path

SHIPPED = "shipped"
"""The name that stands for it where a bundle's folder is asked for."""


def bundle_folder(name: Path) -> Path:
    """The folder of a bundle: the one that comes along when asked for by its name, else the folder itself."""
    is_name = str(name) == SHIPPED and not name.exists()
    return Path(__file__).parents[1] / SHIPPED if is_name else name
