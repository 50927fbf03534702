"""The bundle that comes with Normocyte, trained on every patient of the shared NIH cells."""

from pathlib import Path

from normocyte.core.errors import OutputError

SHIPPED = "shipped"
"""The name that stands for it where a bundle's folder is asked for."""
DEFAULT = Path(SHIPPED)
"""The bundle where nobody asks for another."""
_PACKAGE = Path(__file__).parents[2]


def bundle_folder(name: Path) -> Path:
    """The folder of a bundle: the built-in one when asked for by its name, else the folder itself."""
    is_name = str(name) == SHIPPED and not name.exists()
    return _PACKAGE / SHIPPED if is_name else name


def check_outside(folder: Path) -> None:
    """OutputError for a folder within Normocyte itself: the package is not changed."""
    if folder.resolve().is_relative_to(_PACKAGE.resolve()):
        raise OutputError(
            f"{folder} is inside the package Normocyte, which is not changed. Choose another folder."
        )
