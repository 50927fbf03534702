"""Which peers there are, what each sees and learns from; read on both sides, so it needs nothing."""

from __future__ import annotations

from dataclasses import dataclass

SEEDS = (0, 1, 2)
EVERY = 6000
AT_ONCE = 250
"""How many cells a detector is asked about at once, where its scores depend on the others."""
ROW_PX = 32
"""PyOD takes rows of numbers, so it gets colours at this size."""
CORESET = 0.01
"""The share of patches that PatchCore keeps; each one more costs a pass over all of them."""
SIDE = 224
"""What EfficientNet-Lite0 was trained with."""
DRAWN, BANK = 20_000, 2_000
"""Of so many patches, drawn by chance, PatchCore on EfficientNet-Lite0 chooses so many."""
LITE = "lite0.npz"
"""The file of its weights beside the cells."""


@dataclass(frozen=True)
class Peer:
    """One peer: the file of its family, which array it sees, how many healthy cells it may learn from.

    `unable` says why it cannot run; it is then a row without figures.
    """

    family: str
    sees: str
    what: str
    cells: int = EVERY
    unable: str = ""


_RANDOM = "ResNet-18 with random weights: those learnt on ImageNet would be a download"
_LITE = "EfficientNet-Lite0 trained on ImageNet, strides 8 and 16"
_SVM = "one-class SVM (RBF, nu .05)"
_AS_GIVEN = "as PyOD sets it"

PEERS = {
    "pyod_autoencoder_pixels": Peer("pyod", "pixels", f"AutoEncoder of PyOD, 64-32-64, {_AS_GIVEN}"),
    "pyod_autoencoder_stain": Peer("pyod", "stain", f"AutoEncoder of PyOD, 8-4-8, else {_AS_GIVEN}"),
    "pyod_ecod_pixels": Peer("pyod", "pixels", f"ECOD of PyOD, {_AS_GIVEN}; all cells in one call"),
    "pyod_ecod_stain": Peer("pyod", "stain", f"ECOD of PyOD, {_AS_GIVEN}; {AT_ONCE} cells a call"),
    "pyod_iforest_pixels": Peer("pyod", "pixels", f"IForest of PyOD, {_AS_GIVEN}"),
    "pyod_iforest_stain": Peer("pyod", "stain", f"IForest of PyOD, {_AS_GIVEN}"),
    "pyod_knn_pixels": Peer("pyod", "pixels", f"KNN of PyOD, {_AS_GIVEN}"),
    "pyod_knn_stain": Peer("pyod", "stain", f"KNN of PyOD, {_AS_GIVEN}"),
    "pyod_lof_pixels": Peer("pyod", "pixels", f"LOF of PyOD, {_AS_GIVEN}"),
    "pyod_lof_stain": Peer("pyod", "stain", f"LOF of PyOD, {_AS_GIVEN}"),
    "ocsvm_pca_pixels": Peer("sklearn", "pixels", f"{_SVM} on 32 whitened components"),
    "ocsvm_pca_contrast": Peer("sklearn", "contrast", f"{_SVM} on 32 whitened components"),
    "anomalib_padim_pixels": Peer("anomalib", "pixels", f"PaDiM, {_RANDOM}; 100 features", 3000),
    "anomalib_padim_contrast": Peer("anomalib", "contrast", f"PaDiM, {_RANDOM}; 100 features", 3000),
    "anomalib_patchcore_pixels": Peer(
        "anomalib", "pixels", f"PatchCore, {_RANDOM}; coreset {100 * CORESET:g} %", 1000
    ),
    "anomalib_patchcore_contrast": Peer(
        "anomalib", "contrast", f"PatchCore, {_RANDOM}; coreset {100 * CORESET:g} %", 1000
    ),
    "anomalib_padim_lite": Peer("lite", "crops", f"PaDiM, {_LITE}; all 152 features", 1000),
    "anomalib_patchcore_lite": Peer(
        "lite", "crops", f"PatchCore, {_LITE}; {BANK:,} of {DRAWN:,} patches drawn by chance", 1000
    ),
    "anomalib_efficientad": Peer(
        "anomalib",
        "pixels",
        "EfficientAD",
        unable="its teacher's weights and the ImageNette pictures of its training are downloads, and without "
        "them it is another method; its autoencoder also takes no less than 256 x 256 pixels",
    ),
}
