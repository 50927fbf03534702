"""Other ways to score a folder of cells, each a process of its own.

    python -m studies.speed.rivals decode|keras|patchcore FOLDER

`keras`: an autoencoder of a textbook in one loop of `predict`, its squared error as the score; what its
weights are costs nothing, so that it has not learnt. `patchcore`: that of anomalib, with what it keeps of the
first cells. Neither looks for the cell, checks a picture, or gives a threshold.
"""

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

SIDE_PX = 64
BATCH = 64
HEALTHY = 256


def decode(folder: Path) -> None:
    """One loop of cv2.imread."""
    for file in sorted(folder.iterdir()):
        if cv2.imread(str(file)) is None:
            raise SystemExit(f"OpenCV cannot read {file}.")


def keras(folder: Path) -> None:
    """One loop of predict."""
    from normocyte.detectors.networks.keras_model import load_keras

    layers = load_keras().layers
    image = x = layers.Input((SIDE_PX, SIDE_PX, 1))
    for filters in (16, 32):
        x = layers.MaxPooling2D()(layers.Conv2D(filters, 3, activation="relu", padding="same")(x))
    for filters in (32, 16):
        x = layers.UpSampling2D()(layers.Conv2D(filters, 3, activation="relu", padding="same")(x))
    model = load_keras().Model(image, layers.Conv2D(1, 3, activation="sigmoid", padding="same")(x))
    for files in _batches(folder):
        gray = [cv2.resize(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), (SIDE_PX, SIDE_PX)) for file in files]
        cells = np.stack(gray)[..., np.newaxis].astype(np.float32) / 255
        np.square(model.predict(cells, verbose=0) - cells).mean(axis=(1, 2, 3))


def patchcore(folder: Path) -> None:
    """The peer of `studies/peers`, on the cells at 64 px."""
    from studies.peers._anomalib import make

    cells = [cv2.resize(cv2.imread(str(file)), (SIDE_PX, SIDE_PX)) for file in sorted(folder.iterdir())]
    model = make("patchcore", 0)
    model.fit(np.stack(cells[:HEALTHY]))
    model.scores(np.stack(cells))


def is_installed(name: str) -> bool:
    """Whether what this way needs is there."""
    return find_spec({"keras": "tensorflow", "patchcore": "anomalib"}.get(name, "cv2")) is not None


def _batches(folder: Path) -> list[list[Path]]:
    files = sorted(folder.iterdir())
    return [files[begin : begin + BATCH] for begin in range(0, len(files), BATCH)]


WAYS: dict[str, Callable[[Path], None]] = {"decode": decode, "keras": keras, "patchcore": patchcore}

if __name__ == "__main__":
    WAYS[sys.argv[1]](Path(sys.argv[2]))
