"""What every Keras autoencoder shares: training with early stopping, checkpoints, export."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from normocyte.core.errors import ConfigError, Interrupted, TrainingError
from normocyte.core.seeds import generator
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors import _checkpoint
from normocyte.detectors._base import Curve, Detector, Training
from normocyte.detectors._keras import export_graph, keeping_chance, load_keras, seed_weights
from normocyte.detectors._onnx import run_graph
from normocyte.detectors._residual import check_direction, signed_residual

LOSSES = ("mse", "mae")
FEWEST = 16


@dataclass
class Autoencoder(Detector):
    """Learns to give back healthy cells; what it cannot give back is unusual.

    loss: "mse" or "mae"; learning_rate: Adam's first step size, falling to zero along a cosine; patience:
    epochs without a better held-out loss before it stops; augment: turn and mirror the cells; darker_is:
    "higher" where a larger pixel value means darker (contrast), "lower" for brightness.
    """

    loss: str = "mse"
    learning_rate: float = 0.002
    epochs: int = 25
    batch_size: int = 64
    patience: int = 5
    augment: bool = True
    darker_is: str = "higher"

    def __post_init__(self) -> None:
        """Refuse impossible fields."""
        check_direction(self.darker_is)
        if self.loss not in LOSSES:
            raise ConfigError(f"loss must be one of {', '.join(LOSSES)}, not '{self.loss}'.")
        is_rate = math.isfinite(self.learning_rate) and self.learning_rate > 0
        if min(self.epochs, self.batch_size, self.patience) < 1 or not is_rate:
            raise ConfigError(
                "epochs, batch_size, patience and learning_rate must be numbers above zero, not "
                f"{self.epochs}, {self.batch_size}, {self.patience} and {self.learning_rate}."
            )

    @abstractmethod
    def build(self, shape: tuple[int, int, int]) -> Any:
        """The untrained keras.Model from (height, width, channels) to the same shape."""

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:
        if len(healthy) < FEWEST or len(held_out) < 1:
            raise TrainingError(
                f"An autoencoder needs at least {FEWEST} healthy cells and 1 of a held-out patient, "
                f"but got {len(healthy)} and {len(held_out)}; add healthy patients."
            )
        key = _checkpoint.fingerprint(self, training.seed, healthy.pixels, held_out.pixels)
        store = _checkpoint.Store(training.folder, key)
        try:
            model = self._compiled(healthy, training.seed)
            state = self._train(model, store, healthy, held_out, training)
            model.set_weights(state.best)
            graph = export_graph(model)
        except KeyboardInterrupt as error:
            raise Interrupted(_interrupted(store)) from error
        self.curve_ = Curve(tuple(state.loss), tuple(state.held_out_loss), state.best_epoch)
        self.graph_ = graph

    def expected(self, batch: Batch) -> Pixels:
        return run_graph(self.graph_, batch.pixels)

    def maps(self, batch: Batch) -> Maps:
        return signed_residual(batch.pixels, self.expected(batch), self.darker_is)

    def _compiled(self, healthy: Batch, seed: int) -> Any:
        keras = load_keras()
        height, width, channels = healthy.pixels.shape[1:]
        with keeping_chance():
            model = self.build((height, width, channels))
        seed_weights(model, generator(seed, "weights"))
        optimizer = keras.optimizers.Adam(self.learning_rate)
        optimizer.build(model.trainable_variables)
        model.compile(optimizer=optimizer, loss=self.loss, jit_compile=False)
        return model

    def _train(
        self, model: Any, store: _checkpoint.Store, healthy: Batch, held_out: Batch, training: Training
    ) -> _checkpoint.Progressing:
        state = _take_up(model, store)
        steps = len(healthy) // min(self.batch_size, len(healthy))
        training.progress.begin("Training", self.epochs * steps)
        training.progress.advance(state.epoch * steps)
        while state.epoch < self.epochs and state.epoch - state.best_epoch < self.patience:
            self._epoch(model, state, healthy, held_out, training)
            store.save(state, _variables(model))
        return state

    def _epoch(
        self, model: Any, state: _checkpoint.Progressing, healthy: Batch, held_out: Batch, training: Training
    ) -> None:
        shuffler = generator(training.seed, "epoch", state.epoch)
        rate = 0.5 * self.learning_rate * (1 + math.cos(math.pi * state.epoch / self.epochs))
        model.optimizer.learning_rate.assign(rate)
        size = min(self.batch_size, len(healthy))
        order = shuffler.permutation(len(healthy))
        losses = []
        for start in range(0, len(order) - size + 1, size):
            cells = self._turned(healthy.pixels[np.sort(order[start : start + size])], shuffler)
            losses.append(float(model.train_on_batch(cells, cells)))
            training.progress.advance(1, f"epoch {state.epoch + 1}, loss {losses[-1]:.5f}")
        held_out_loss = float(model.evaluate(held_out.pixels, held_out.pixels, batch_size=256, verbose=0))
        _refuse_nan(float(np.mean(losses)), held_out_loss, state.epoch + 1, rate)
        state.note(float(np.mean(losses)), held_out_loss, model.get_weights())

    def _turned(self, cells: Pixels, shuffler: np.random.Generator) -> Pixels:
        turns, mirror = int(shuffler.integers(4)), bool(shuffler.integers(2))
        if not self.augment:
            return cells
        if cells.shape[1] != cells.shape[2]:
            turns = turns // 2 * 2  # a quarter turn would swap height and width
        cells = np.rot90(cells, turns, axes=(1, 2))
        return np.ascontiguousarray(cells[:, :, ::-1] if mirror else cells)


def _take_up(model: Any, store: _checkpoint.Store) -> _checkpoint.Progressing:
    """The training that is kept, put back into the model, or a new one."""
    variables = _variables(model)
    state, arrays = store.load() or (_checkpoint.Progressing(), [])
    if _shapes(arrays) != _shapes(variables) or _shapes(state.best) != _shapes(model.get_weights()):
        return _checkpoint.Progressing(best=model.get_weights())
    for variable, array in zip((*model.variables, *model.optimizer.variables), arrays, strict=True):
        variable.assign(array)
    return state


def _variables(model: Any) -> _checkpoint.Arrays:
    return [np.asarray(variable) for variable in (*model.variables, *model.optimizer.variables)]


def _shapes(arrays: _checkpoint.Arrays) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]


def _refuse_nan(loss: float, held_out_loss: float, epoch: int, rate: float) -> None:
    if not (math.isfinite(loss) and math.isfinite(held_out_loss)):
        raise TrainingError(
            f"The loss became {loss} (held out: {held_out_loss}) in epoch {epoch} at learning rate {rate:g}; "
            "lower learning_rate or normalise the pixels."
        )


def _interrupted(store: _checkpoint.Store) -> str:
    if store.folder is None:
        return "Training was stopped; give it a folder for checkpoints to be able to go on another time."
    kept = store.load()
    if kept is None:
        return "Training was stopped before its first epoch was kept; nothing is lost but that epoch."
    return (
        f"Training was stopped after epoch {kept[0].epoch}; run the same command again to go on from there."
    )
