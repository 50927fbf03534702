"""PaDiM and PatchCore of anomalib without downloaded weights. Runs in the peers' environment."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import torch
from _catalogue import CORESET

# PyPI's torchvision for Linux is compiled for CUDA. Beside a torch without CUDA its operators do not load,
# and its import fails because it finds these two undeclared. Nothing here calls them.
_DECLARED = torch.library.Library("torchvision", "FRAGMENT")
for _operator in ("nms", "qnms"):
    try:
        _DECLARED.define(f"{_operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    except RuntimeError:
        continue

from anomalib.models.image.padim.torch_model import PadimModel  # noqa: E402
from anomalib.models.image.patchcore.torch_model import PatchcoreModel  # noqa: E402

BACKBONE = "resnet18"
CHUNK = 128
COLOUR_MEAN, COLOUR_SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # as anomalib prepares pictures
CONTRAST_AXES = ("cell", "height", "width")
CONTRAST_SPREAD = 0.1


class Patches:
    """A model of anomalib that keeps what the patches of healthy pictures look like."""

    chunk = CHUNK

    def __init__(self, model: torch.nn.Module, close: str, *given: float) -> None:
        self.model, self.close, self.given = model, close, given

    def prepared(self, cells: np.ndarray) -> torch.Tensor:
        """What the model is shown of these cells."""
        return pictures(cells)

    def conclude(self) -> None:
        """Let the model draw its conclusions."""
        getattr(self.model, self.close)(*self.given)

    def fit(self, cells: np.ndarray) -> None:
        """Show all healthy cells, then conclude."""
        self.model.train()
        for begin in range(0, len(cells), self.chunk):
            self.model(self.prepared(cells[begin : begin + self.chunk]))
        self.conclude()

    def scores(self, cells: np.ndarray) -> np.ndarray:
        """One score a cell, higher = more anomalous."""
        self.model.eval()
        with torch.inference_mode():
            found = [
                self.model(self.prepared(cells[begin : begin + self.chunk])).pred_score.reshape(-1)
                for begin in range(0, len(cells), self.chunk)
            ]
        return torch.cat(found).numpy()

    def size(self) -> int:
        """The bytes of what must be kept."""
        file = io.BytesIO()
        torch.save(self.model.state_dict(), file)
        return file.tell()


def pictures(cells: np.ndarray) -> torch.Tensor:
    """Colours as ImageNet has them, or the contrast three times, (n, 3, height, width)."""
    pixels = torch.from_numpy(np.array(cells, np.float32))
    if pixels.ndim == len(CONTRAST_AXES):
        return (pixels / CONTRAST_SPREAD)[:, None].expand(-1, 3, -1, -1).contiguous()
    spread = (pixels / 255 - torch.tensor(COLOUR_MEAN)) / torch.tensor(COLOUR_SPREAD)
    return spread.permute(0, 3, 1, 2).contiguous()


def make(name: str, seed: int, shared: Path) -> Patches:  # noqa: ARG001 - these share no file
    """PaDiM or PatchCore with the layers that anomalib gives them."""
    torch.manual_seed(seed)
    if "padim" in name:
        return Patches(PadimModel(BACKBONE, ["layer1", "layer2", "layer3"], pre_trained=False), "fit")
    model = PatchcoreModel(["layer2", "layer3"], BACKBONE, pre_trained=False)
    return Patches(model, "subsample_embedding", CORESET)
