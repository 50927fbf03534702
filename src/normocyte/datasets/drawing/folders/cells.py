"""The folder of a synthetic set: ours or refused, and complete or known to be unfinished."""

import contextlib
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from normocyte.core.errors import DatasetError, OutputError
from normocyte.core.files import write_json
from normocyte.datasets.drawing.plan import NAME_PATTERN

IMAGES = "cell_images"
CLASSES = ("Uninfected", "Parasitized")

_LEFTOVER = re.compile(r"(.*/)?(\.DS_Store|Thumbs\.db|\.[^/]+\.part\.(png|json))")
_OURS = re.compile(
    rf"synthetic(\.unfinished)?\.json|{IMAGES}(/({'|'.join(CLASSES)})(/{NAME_PATTERN})?)?|{_LEFTOVER.pattern}"
)
_NOBODY_WRITES_AFTER_S = 60


@dataclass(frozen=True, slots=True)
class SetFolder:
    """A folder for one set; `form` is everything that the images depend on, as JSON can hold it."""

    root: Path
    form: dict[str, Any]

    @property
    def _complete(self) -> Path:
        return self.root / "synthetic.json"

    @property
    def _unfinished(self) -> Path:
        return self.root / "synthetic.unfinished.json"

    def holds(self, images: set[Path]) -> bool:
        """True when the set was finished in this very form and exactly these images lie there."""
        return _read(self._complete) == self.form and set(self._images()) == images

    def begin(self, images: set[Path]) -> None:
        """Mark the set as unfinished and remove images of another form; DatasetError when it is not ours."""
        previous = self._refuse_strangers()
        with _writing(self.root):
            write_json(self._unfinished, previous or self.form)
            self._complete.unlink(missing_ok=True)
            kept = images if previous == self.form else set()
            for image in set(self._images()) - kept:
                image.unlink()
            write_json(self._unfinished, self.form)

    def finish(self) -> None:
        """Say that the set is complete, and tidy up what killed writers have left."""
        with _writing(self.root):
            for path in (self.root / IMAGES).rglob("*.part.png"):
                if time.time() - path.stat().st_mtime > _NOBODY_WRITES_AFTER_S:
                    path.unlink()
            write_json(self._complete, self.form)
            self._unfinished.unlink(missing_ok=True)

    def _images(self) -> Iterator[Path]:
        """Finished images, of whatever form."""
        found = (self.root / IMAGES).glob("*/*.png")
        return (path for path in found if not path.name.startswith("."))

    def _refuse_strangers(self) -> dict[str, Any] | None:
        """The form of the set that lies there, None for an empty folder; DatasetError for anything else."""
        if self.root.exists() and not self.root.is_dir():
            raise DatasetError(f"{self.root} is a file; choose a folder for the synthetic set.")
        previous = _read(self._unfinished) or _read(self._complete)
        allowed = _OURS if previous else _LEFTOVER
        names = (path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file())
        strangers = sorted(name for name in names if not allowed.fullmatch(name))
        if strangers:
            raise DatasetError(
                f"The folder {self.root} holds {len(strangers)} file(s) that are not part of a synthetic "
                f"set, such as {', '.join(strangers[:3])}; choose an empty or a new folder."
            )
        return previous


@contextlib.contextmanager
def _writing(root: Path) -> Iterator[None]:
    """OSError as OutputError."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"Cannot change the folder {root}: {reason}. Choose another place.") from error


def _read(path: Path) -> dict[str, Any] | None:
    """The form that a file tells; None when there is no such file or it holds no form."""
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return form if isinstance(form, dict) and form.get("generator") == "normocyte synthetic" else None
