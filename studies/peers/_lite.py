"""PaDiM and PatchCore of anomalib on EfficientNet-Lite0, trained on ImageNet. In the peers' environment.

The weights are those that Normocyte uses; before anything is learnt, the network's features are compared with
those of Normocyte's own graph.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from _anomalib import PadimModel, PatchcoreModel, Patches
from _catalogue import BANK, DRAWN, SIDE
from torch.nn import functional

BACKBONE = "tf_efficientnet_lite0"
LAYERS = ["blocks.2", "blocks.4"]
"""The last blocks of stride 8 and of stride 16, as Normocyte's backbone has them."""
MEAN, SPREAD = 127.0, 128.0
FEATURES = 152
CHUNK = 8
LIKE = 1e-3


class LitePatches(Patches):
    """A model of anomalib that is shown pictures as this network takes them."""

    chunk = CHUNK

    def prepared(self, pixels: np.ndarray) -> torch.Tensor:
        """The colours at 224 px as the network was trained on them."""
        return planes(pixels)


class LiteMemory(LitePatches):
    """PatchCore whose coreset is chosen among some patches of all pictures, drawn by chance."""

    def conclude(self) -> None:
        """Keep DRAWN patches of all pictures, then let anomalib choose BANK of them."""
        store = self.model.embedding_store
        rows = torch.cat(store)
        store[:] = [rows[torch.randperm(len(rows))[:DRAWN]]]
        self.model.subsample_embedding(min(1.0, BANK / len(store[0])))


def planes(pixels: np.ndarray) -> torch.Tensor:
    """Colours of any size as (n, 3, 224, 224), less their middle and in units of their spread."""
    levels = torch.from_numpy(np.array(pixels, np.float32)).permute(0, 3, 1, 2)
    if levels.shape[-1] != SIDE:
        levels = functional.interpolate(levels, (SIDE, SIDE), mode="bilinear", antialias=True)
    return ((levels - MEAN) / SPREAD).contiguous(memory_format=torch.channels_last)


def load(model: torch.nn.Module, place: Path) -> None:
    """Give the model's backbone the weights; ValueError where its features are not those of our graph."""
    extractor = model.feature_extractor
    network = extractor.feature_extractor
    state = network.state_dict()
    names = [name for name in state if not name.endswith("num_batches_tracked")]
    with np.load(place) as told:
        ours = [one for one in told.files if one.startswith("weights/") and "tracked" not in one]
        given = {name: torch.from_numpy(told[one]) for name, one in zip(names, ours, strict=False)}
        network.load_state_dict(state | given)
        network.to(memory_format=torch.channels_last)
        shown = torch.from_numpy((told["shown"] - MEAN) / SPREAD)
        found = extractor(shown)
        apart = [float((found[one] - torch.from_numpy(told[f"maps/{row}"])).abs().max())
                 for row, one in enumerate(LAYERS)]  # fmt: skip
    if not max(apart) < LIKE:
        raise ValueError(f"the features differ from those of our own graph by up to {max(apart):g}")


def make(name: str, seed: int, shared: Path) -> Patches:
    """PaDiM with all features of both layers, or PatchCore, which takes the same layers."""
    torch.manual_seed(seed)
    if "padim" in name:
        model = PadimModel(BACKBONE, LAYERS, pre_trained=False, n_features=FEATURES)
        made = LitePatches(model, "fit")
    else:
        model = PatchcoreModel(LAYERS, BACKBONE, pre_trained=False)
        made = LiteMemory(model, "")
    load(model, shared)
    return made
