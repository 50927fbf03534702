"""The bundle as a Python object: score cells, read smears, see what was expected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from normocyte.api.inputs import Images, PathLike, given, photos_of, title_of
from normocyte.api.running import running
from normocyte.api.support.channels import channels_said
from normocyte.api.support.checks import check_name, check_number, check_numbers, check_place, check_places
from normocyte.api.support.copying import Copied
from normocyte.api.support.folders import Folder
from normocyte.api.support.given import rows_given
from normocyte.api.tables import scores_table
from normocyte.core.errors import BundleError, ConfigError
from normocyte.core.progress import Progress
from normocyte.core.registry import part_names
from normocyte.detectors.contract import GRAPH
from normocyte.pipeline.bundle import bundle as stored
from normocyte.pipeline.bundle.folder import DEFAULT, SHIPPED, bundle_folder
from normocyte.pipeline.bundle.layout import keras_file
from normocyte.pipeline.rows import only_rows
from normocyte.workflows.scoring.together import (
    DecisionOptions,
    WithQuality,
    quality_columns,
)

if TYPE_CHECKING:
    from normocyte.api.reconstructions import Reconstructions
    from normocyte.api.smear import SmearReport


class Bundle(Copied):
    """A trained pipeline with threshold, of `load`, `train`, `calibrate` or `adapt`.

    Attributes:
        name: what it is called.
        digest: the SHA-256 of what the bundle says of itself; the same for the same bundle.
        folder: where it is kept.
        threshold: scores above it are flagged.
        guarantee: what the threshold promises and on what condition, in a sentence.

    Example:
        >>> import normocyte as nc
        >>> nc.load()
        <normocyte.Bundle 'shipped', threshold ...>
    """

    def __repr__(self) -> str:
        """Name and threshold."""
        return f"<normocyte.Bundle {self.name!r}, threshold {self.threshold:.6g}>"

    @property
    def name(self) -> str:
        """What it is called."""
        return self._bundle.name

    @property
    def digest(self) -> str:
        """The SHA-256 of what the bundle says of itself."""
        return self._bundle.digest

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return Path(self._bundle.folder)

    @property
    def onnx_path(self) -> Path:
        """The network of its first member as an ONNX file; the second's is `member-2/network.onnx`.

        Example:
            >>> import normocyte as nc
            >>> import onnxruntime
            >>> cells = nc.load().reconstruct("cells/").seen
            >>> session = onnxruntime.InferenceSession(nc.load().onnx_path)
            >>> session.run(["expected"], {"pixels": cells})[0].shape == cells.shape
            True
        """
        return self.folder / GRAPH

    @property
    def threshold(self) -> float:
        """Scores above it are flagged."""
        return float(self._bundle.pipeline.threshold.cut)

    @property
    def guarantee(self) -> str:
        """What the threshold promises, and on what condition."""
        return self._bundle.guarantee

    def score(
        self,
        images: Images,
        *,
        false_positive_rate: float | None = None,
        false_discovery_rate: float | None = None,
        listed_by: str = "benjamini_hochberg",
        own_null: bool = False,
        quality: bool = False,
        workers: int = 1,
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """Score cells: one row an image, the same numbers as `normocyte score`.

        Args:
            images: RGB uint8 arrays (n, height, width, 3), a folder, zip, file or CSV manifest, a list of
                paths, or a DataFrame with a column `path`.
            false_positive_rate: share of healthy cells flagged, 0 to 1; None for the bundle's threshold.
            false_discovery_rate: take the images for one smear; flag a list with this share of healthy cells.
            listed_by: the rule that makes this list.
            own_null: take the images for one smear, judged by its own cells.
            quality: add a column for each measure of the checks of quality.
            workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
            progress: a listener; None shows sentences as warnings.

        Returns:
            A DataFrame with the columns path, score, flagged, p_value, verdict, error, picture and cause. An
            image that cannot be assessed has a cause, and neither score nor flag. Arrays are called by place.

        Raises:
            DatasetError: for what is no image.
            ConfigError: for impossible options.

        Example:
            >>> import numpy as np, normocyte as nc
            >>> cells = np.full((2, 64, 64, 3), 190, np.uint8)
            >>> nc.load().score(cells).verdict.tolist()
            ['not assessable', 'not assessable']
        """
        check_numbers(false_positive_rate=false_positive_rate, false_discovery_rate=false_discovery_rate)
        check_name(listed_by, "listed_by", part_names("false_discovery"))
        decision = DecisionOptions(false_positive_rate, false_discovery_rate, listed_by, own_null)
        together = decision.together(has_maps=False)
        pipeline = decision.at_rate(self._bundle.pipeline)
        with running(progress, workers) as listener:
            taken = given(images, listener)
            listener.tell(channels_said(pipeline.gate, taken.arrays))
            make = WithQuality(only_rows, pipeline.gate) if quality else only_rows
            found = rows_given(pipeline, taken, make, workers, listener)
        decided = together(found) if together else found
        return scores_table(decided, quality_columns(pipeline.gate) if quality else ())

    def smear(
        self,
        photos: Images,
        *,
        out: PathLike | None = None,
        false_positive_rate: float | None = None,
        limit: float = 0.02,
        sensitivity: float | None = None,
        boxes: PathLike | None = None,
        review: PathLike | None = None,
        language: str = "en",
        workers: int = 1,
        progress: Progress | None = None,
    ) -> SmearReport:
        """Read the photos of one thin film, as `normocyte smear` does.

        Args:
            photos: files, folders, zips, a DataFrame with a column `path`, or RGB uint8 arrays, which the
                report calls photo_000.png, photo_001.png and so on.
            out: folder of the report; None for one that is deleted with the result.
            false_positive_rate: share of healthy cells flagged; None for the bundle's.
            limit: the parasitaemia that must not be missed, a share.
            sensitivity: share of infected cells that is flagged, where it is known.
            boxes: a file that says where the cells are; None to find them.
            review: a `review.csv` in which a person wrote what was seen.
            language: of page, PDF and pictures: `en` or `fr`.
            workers: processes; 0 takes one a core, and needs `if __name__ == "__main__"` in a script.
            progress: a listener; None shows sentences as warnings.

        Returns:
            The decision, the parasitaemia with its interval, tables of cells and photos, and the report.

        Raises:
            DatasetError: for what is no photo.

        Example:
            >>> import normocyte as nc
            >>> smear = nc.load().smear("photos/")
            >>> smear.decision
            'cells to look at'
        """
        from normocyte.api.smear import read_smear  # needs SciPy and Matplotlib, which scoring does not
        from normocyte.workflows.smear.request import SmearRequest

        check_places(boxes=boxes, review=review)
        check_number(limit, "limit")
        check_numbers(sensitivity=sensitivity, false_positive_rate=false_positive_rate)
        drawn = Folder(None)
        files = photos_of(photos, drawn.path)
        folder = Folder(out, title_of(files, drawn.path))
        request = SmearRequest(
            files,
            folder.path,
            self._bundle,
            false_positive_rate,
            limit,
            sensitivity,
            boxes=Path(boxes) if boxes is not None else None,
            review=Path(review) if review is not None else None,
            workers=workers,
            language=language,
        )
        return read_smear(request, folder, progress)

    def reconstruct(self, images: Images, *, progress: Progress | None = None) -> Reconstructions:
        """What the detector expected in place of each cell, and how far the cell is from it.

        Args:
            images: as for `score`.
            progress: a listener; None shows sentences as warnings.

        Returns:
            The cells as they came and as the detector sees them, what it expected, and the maps.

        Raises:
            DatasetError: for what is no image. ImageError: for a file that cannot be read.

        Example:
            >>> import normocyte as nc
            >>> found = nc.load().reconstruct("cells/")
            >>> len(found.maps)
            160
        """
        from normocyte.api.reconstructions import reconstructed

        with running(progress) as listener:
            return reconstructed(self._bundle.pipeline, given(images, listener))

    def keras_model(self, member: int = 1) -> Any:
        """The trained network as a keras.Model, as `Run.keras_model` gives it.

        Example:
            >>> import normocyte as nc
            >>> nc.load().keras_model()  # the built-in bundle comes without
            Traceback (most recent call last):
            ...
            normocyte.core.errors.BundleError: The built-in bundle comes without a Keras model; train ...
        """
        members = self._bundle.pipeline.members
        if not (isinstance(member, int) and 1 <= member <= len(members)):
            raise ConfigError(f"member must be a whole number from 1 to {len(members)}, not {member!r}.")
        file = keras_file(self.folder, member - 1)
        if self.folder == bundle_folder(DEFAULT) and not file.is_file():
            raise BundleError(
                "The built-in bundle comes without a Keras model; train a bundle of "
                f"your own with nc.train to have one, or take the network from {self.onnx_path}."
            )
        return members[member - 1].detector.keras_model(file)


def load(bundle: PathLike = SHIPPED) -> Bundle:
    """Open a bundle.

    Args:
        bundle: its folder; without one, the built-in bundle for Giemsa-stained red blood cells.

    Returns:
        The bundle, ready to score.

    Raises:
        BundleError: when it is missing, altered or of a newer version.

    Example:
        >>> import normocyte as nc
        >>> nc.load().name
        'shipped'
    """
    check_place(bundle, "bundle", BundleError)
    return Bundle(stored.open_bundle(str(bundle)))


def opened(bundle: Bundle | PathLike) -> stored.Bundle:
    """The bundle within, opened where a folder is given."""
    return (bundle if isinstance(bundle, Bundle) else load(bundle))._bundle
