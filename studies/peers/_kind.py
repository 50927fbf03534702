"""anomalib's PaDiM and PatchCore on the images of one kind, each image described once for both.

Runs in the peers' environment, for studies/beside_new.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from _lite import Patches, make

PEERS = ("padim", "patchcore")
SEED = 0


class Shared(torch.nn.Module):
    """A backbone that describes pictures once, however many models ask for the same ones."""

    def __init__(self, extractor: torch.nn.Module) -> None:
        super().__init__()
        self.extractor = extractor
        self.seen, self.found = torch.empty(0), {}

    def forward(self, inputs: torch.Tensor) -> dict[str, torch.Tensor]:
        """The feature maps of the pictures; those that were described last are not described again."""
        if inputs.data_ptr() != self.seen.data_ptr():
            self.seen, self.found = inputs, self.extractor(inputs)
        return self.found


def shown(pixels: np.ndarray, peer: Patches) -> Iterator[torch.Tensor]:
    """The pictures as the models take them, a few at a time."""
    for begin in range(0, len(pixels), peer.chunk):
        yield peer.prepared(pixels[begin : begin + peer.chunk])


def learnt(learn: np.ndarray, weights: Path) -> dict[str, Patches]:
    """Both peers, after they have seen the healthy pictures."""
    peers = {name: make(name, SEED, weights) for name in PEERS}
    first = peers[PEERS[0]]
    shared = Shared(first.model.feature_extractor)
    for peer in peers.values():
        peer.model.feature_extractor = shared
        peer.model.train()
    for pictures in shown(learn, first):
        for peer in peers.values():
            peer.model(pictures)
    for peer in peers.values():
        peer.conclude()
        peer.model.eval()
    return peers


def scores(peers: dict[str, Patches], test: np.ndarray) -> dict[str, np.ndarray]:
    """The scores of each peer for the test pictures, higher = more anomalous."""
    rows = []
    with torch.inference_mode():
        for pictures in shown(test, peers[PEERS[0]]):
            rows.append(torch.stack([peer.model(pictures).pred_score.reshape(-1) for peer in peers.values()]))
    table = torch.cat(rows, dim=1).numpy().astype(np.float64)
    return dict(zip(peers, table, strict=True))


def main() -> None:
    """Learn, score, and leave the scores as a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with np.load(options.pictures) as given:
        found = scores(learnt(given["learn"], options.weights), given["test"])
    np.savez(options.out, **found)


if __name__ == "__main__":
    main()
