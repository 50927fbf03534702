"""Keeps a training on disk after each epoch, so that it can go on after a kill."""

import hashlib
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.files import replacing
from normocyte.core.inputs.zips import DAMAGE

Arrays = list[npt.NDArray[Any]]
FILE = "checkpoint.npz"


@dataclass
class CheckpointState:
    """A training under way: epochs done, their losses, the best weights so far, how long the epochs took."""

    epoch: int = 0
    loss: list[float] = field(default_factory=list)
    held_out_loss: list[float] = field(default_factory=list)
    best_epoch: int = 0
    best: Arrays = field(default_factory=list)
    seconds: float = 0.0

    def note(self, loss: float, held_out_loss: float, weights: Arrays) -> None:
        """Add an epoch; its weights are kept if no earlier epoch was better."""
        self.epoch += 1
        self.loss.append(loss)
        self.held_out_loss.append(held_out_loss)
        if held_out_loss <= min(self.held_out_loss):
            self.best_epoch = self.epoch
            self.best = [np.array(array) for array in weights]


def fingerprint(*things: object) -> str:
    """A short name for what is trained and on what; a checkpoint of anything else is not taken up."""
    digest = hashlib.sha256()
    for thing in things:
        if isinstance(thing, np.ndarray):
            digest.update(f"{thing.dtype}{thing.shape}".encode())
            digest.update(np.ascontiguousarray(thing).data)
        else:
            digest.update(repr(thing).encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Store:
    """Where one training is kept, under its fingerprint; without a folder nothing is kept."""

    folder: Path | None
    key: str

    def save(self, state: CheckpointState, variables: Arrays) -> None:
        """Write the state and all variables of model and optimizer atomically."""
        if self.folder is not None:
            _write(self.folder / FILE, self.key, state, variables)

    def load(self) -> tuple[CheckpointState, Arrays] | None:
        """The state and the variables that `save` wrote, or None when there are none of this training.

        A damaged file is as good as none.
        """
        try:
            return None if self.folder is None else _read(self.folder / FILE, self.key)
        except (*DAMAGE, KeyError):
            return None


def _write(path: Path, key: str, state: CheckpointState, variables: Arrays) -> None:
    arrays = {f"variable_{index}": array for index, array in enumerate(variables)}
    arrays |= {f"best_{index}": array for index, array in enumerate(state.best)}
    facts = {"loss": state.loss, "held_out_loss": state.held_out_loss, "best_epoch": state.best_epoch}
    facts["seconds"] = state.seconds
    arrays |= {name: np.array(value) for name, value in facts.items()} | {"key": np.array(key)}
    with replacing(path) as temporary:
        np.savez(temporary, allow_pickle=False, **arrays)


def _read(path: Path, key: str) -> tuple[CheckpointState, Arrays] | None:
    with zipfile.ZipFile(path) as archive:
        if archive.testzip():
            return None
    with np.load(path, allow_pickle=False) as file:
        return _unpack(dict(file)) if str(file["key"]) == key else None


def _unpack(content: dict[str, npt.NDArray[Any]]) -> tuple[CheckpointState, Arrays]:
    losses = [float(value) for value in content["loss"]]
    state = CheckpointState(
        epoch=len(losses),
        loss=losses,
        held_out_loss=[float(value) for value in content["held_out_loss"]],
        best_epoch=int(content["best_epoch"]),
        seconds=float(content.get("seconds", 0)),
    )
    return replace(state, best=_numbered(content, "best")), _numbered(content, "variable")


def _numbered(content: dict[str, npt.NDArray[Any]], name: str) -> Arrays:
    count = sum(key.startswith(f"{name}_") and key != "best_epoch" for key in content)
    return [content[f"{name}_{index}"] for index in range(count)]
