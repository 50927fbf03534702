"""How a small Keras network learns: steps, early stopping, checkpoints, export."""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from normocyte.core.cancel import Stopped
from normocyte.core.errors import Interrupted, TrainingError
from normocyte.core.fields import described
from normocyte.core.seeds import generator
from normocyte.core.types import Batch, Pixels
from normocyte.detectors.contract import Curve, Detector, Training
from normocyte.detectors.networks import checkpoint, traced
from normocyte.detectors.networks.keras_model import export_graph, keeping_chance, load_keras, seed_weights
from normocyte.detectors.networks.saved_model import open_model, save_model, without_training
from normocyte.detectors.networks.turning import Turns
from normocyte.detectors.support.onnx_graph import OUTPUT

FEWEST = 16
COSINE, CONSTANT = "cosine", "constant"
SCHEDULES = (COSINE, CONSTANT)
_OF_THE_LOOP = {"epochs", "patience", "least_updates", "schedule"}
"""Fields that no step depends on."""
JUDGED = 256
"""So many held-out cells at once."""
REDRAWN = 3
"""After so many epochs a network that mends sees its cells spoilt in another way."""


@dataclass(frozen=True)
class TrainingPairs:
    """What a network sees, (n, height, width, channels), and what it shall answer."""

    seen: Pixels
    wanted: Pixels


@dataclass
class Network(Detector):
    """A Keras model that learns from healthy cells, in steps that can be stopped and taken up again."""

    answers: ClassVar[tuple[str, ...]] = (OUTPUT,)
    """What the deployed model gives, by name and in its order; only the first is known to everybody."""
    needs_to_learn: ClassVar[tuple[str, ...]] = ("tensorflow", "keras", "onnx", "tf2onnx")
    is_seeded: ClassVar[bool] = True

    learning_rate: float = described(0.002, "first step size of Adam", above=0)
    schedule: str = described(
        COSINE, "step size over the epochs: a cosine to 0, or constant", one_of=SCHEDULES
    )
    epochs: int = described(25, "passes through the cells, at most", at_least=1)
    batch_size: int = described(64, "cells in one step", at_least=1)
    patience: int = described(5, "epochs without a better held-out loss before it stops", at_least=1)
    least_updates: int = described(
        0, "minimum number of steps in all; epochs get more passes to reach it", at_least=0
    )
    augment: bool = described(True, "turn and mirror each cell at random")

    @abstractmethod
    def build(self, shape: tuple[int, int, int]) -> Any:
        """The untrained keras.Model from (height, width, channels) to what it shall answer.

        It depends on the shape and the fields alone, and not on how long is trained: what is built is lent to
        the next training of a network with equal fields.
        """

    @abstractmethod
    def lesson(self, healthy: Batch, rng: np.random.Generator) -> TrainingPairs:
        """What the network sees of these cells and what it shall answer.

        It is asked anew every 3 epochs, with other random numbers.
        """

    @abstractmethod
    def objective(self) -> Any:
        """The loss, by Keras' name or as a function of (wanted, answered)."""

    def deployed(self, model: Any) -> Any:
        """The keras.Model that scoring runs: the trained one, unless it only served to learn."""
        return model

    @property
    def fewest(self) -> int:
        return FEWEST

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:
        if len(healthy) < FEWEST or len(held_out) < 1:
            raise TrainingError(
                f"A network needs at least {FEWEST} healthy cells and 1 of a held-out patient, "
                f"but got {len(healthy)} and {len(held_out)}; add healthy patients."
            )
        cells = (healthy.pixels, healthy.masks, held_out.pixels, held_out.masks)
        key = checkpoint.fingerprint(self, training.seed, *cells)
        store = checkpoint.Store(training.folder, key)
        try:
            with training.cancel.held():  # TensorFlow may lose an interrupt, or die of it
                graph = self._learnt(store, healthy, held_out, training)
        except Stopped as error:
            raise Interrupted(_interrupted(store)) from error
        self.graph_ = graph

    def _learnt(self, store: checkpoint.Store, healthy: Batch, held_out: Batch, training: Training) -> bytes:
        """The deployed graph of the best epoch."""
        with traced.lent(self._traced_as(healthy, held_out), lambda: self._compiled(healthy)) as model:
            seed_weights(model, generator(training.seed, "weights"))
            state = self._train(model, store, healthy, held_out, training)
            model.set_weights(state.best)
            deployed = self.deployed(without_training(model))
            graph = export_graph(deployed, self.answers)
            if training.keras_file:
                save_model(deployed, training.keras_file)
        self.curve_ = Curve(tuple(state.loss), tuple(state.held_out_loss), state.best_epoch)
        return graph

    def _traced_as(self, healthy: Batch, held_out: Batch) -> Hashable:
        """What the traced steps depend on: the fields of the network, and the shapes that they see."""
        names = [field.name for field in fields(self) if field.init and field.name not in _OF_THE_LOOP]
        settings = repr([(name, getattr(self, name)) for name in names])
        return (
            type(self),
            settings,
            healthy.pixels.shape[1:],
            min(self.batch_size, len(healthy)),
            len(held_out),
        )

    def keras_model(self, file: Path) -> Any:
        return open_model(file, self.graph_, self.answers)

    def _compiled(self, healthy: Batch) -> Any:
        keras = load_keras()
        height, width, channels = healthy.pixels.shape[1:]
        with keeping_chance():
            model = self.build((height, width, channels))
        optimizer = keras.optimizers.Adam(self.learning_rate)
        optimizer.build(model.trainable_variables)
        model.compile(optimizer=optimizer, loss=self.objective(), jit_compile=False)
        return model

    def _train(
        self, model: Any, store: checkpoint.Store, healthy: Batch, held_out: Batch, training: Training
    ) -> checkpoint.CheckpointState:
        state = _take_up(model, store)
        self.kept_s_ = state.seconds
        steps = self._passes(len(healthy)) * (len(healthy) // min(self.batch_size, len(healthy)))
        training.progress.begin("Training", self.epochs * steps)
        training.progress.advance(state.epoch * steps)
        judged = self._drawn(held_out, training, "held_out")
        lesson = judged
        for epoch in range(state.epoch, self.epochs):
            if state.epoch - state.best_epoch >= self.patience:
                break
            if lesson is judged or epoch % REDRAWN == 0:
                lesson = self._drawn(healthy, training, epoch // REDRAWN)
            begin = time.perf_counter()
            self._epoch(model, state, lesson, judged, training)
            state.seconds += time.perf_counter() - begin
            store.save(state, _variables(model))
        return state

    def _passes(self, count: int) -> int:
        """How often an epoch passes through so many cells."""
        updates = self.epochs * (count // min(self.batch_size, count))
        return max(1, math.ceil(self.least_updates / updates))

    def _batches(self, count: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.intp]]:
        """The row numbers of each step of an epoch, each pass in a new order; a few may be left out."""
        size = min(self.batch_size, count)
        for _ in range(self._passes(count)):
            order = rng.permutation(count)
            yield from (np.sort(order[start : start + size]) for start in range(0, count - size + 1, size))

    def _rate(self, epoch: int) -> float:
        """The step size of Adam in an epoch, counted from 0."""
        if self.schedule == CONSTANT:
            return self.learning_rate
        return 0.5 * self.learning_rate * (1 + math.cos(math.pi * epoch / self.epochs))

    def _drawn(self, cells: Batch, training: Training, part: str | int) -> TrainingPairs:
        return self.lesson(cells, generator(training.seed, "inputs", part))

    def _epoch(
        self,
        model: Any,
        state: checkpoint.CheckpointState,
        lesson: TrainingPairs,
        judged: TrainingPairs,
        training: Training,
    ) -> None:
        rng = generator(training.seed, "epoch", state.epoch)
        rate = self._rate(state.epoch)
        model.optimizer.learning_rate.assign(rate)
        losses = []
        for rows in self._batches(len(lesson.seen), rng):
            seen, wanted = lesson.seen[rows], lesson.wanted[rows]
            if self.augment:
                turns = Turns.drawn(rng, seen.shape)
                seen, wanted = turns(seen), turns(wanted)
            losses.append(float(model.train_on_batch(seen, wanted)))
            training.cancel.check()
            training.progress.advance(1, f"epoch {state.epoch + 1}, loss {losses[-1]:.5f}")
        held_out_loss = _held_out_loss(model, judged)
        _refuse_nan(float(np.mean(losses)), held_out_loss, state.epoch + 1, rate)
        state.note(float(np.mean(losses)), held_out_loss, model.get_weights())


def _held_out_loss(model: Any, judged: TrainingPairs) -> float:
    """What `evaluate` of Keras gives, without the pipeline that it builds where one batch is enough."""
    if len(judged.seen) <= JUDGED:
        return float(model.test_on_batch(judged.seen, judged.wanted))
    return float(model.evaluate(judged.seen, judged.wanted, batch_size=JUDGED, verbose=0))


def _take_up(model: Any, store: checkpoint.Store) -> checkpoint.CheckpointState:
    """The training that is kept, put back into the model, or a new one."""
    variables = _variables(model)
    state, arrays = store.load() or (checkpoint.CheckpointState(), [])
    if _shapes(arrays) != _shapes(variables) or _shapes(state.best) != _shapes(model.get_weights()):
        return checkpoint.CheckpointState(best=model.get_weights())
    for variable, array in zip((*model.variables, *model.optimizer.variables), arrays, strict=True):
        variable.assign(array)
    return state


def _variables(model: Any) -> checkpoint.Arrays:
    return [np.asarray(variable) for variable in (*model.variables, *model.optimizer.variables)]


def _shapes(arrays: checkpoint.Arrays) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]


def _refuse_nan(loss: float, held_out_loss: float, epoch: int, rate: float) -> None:
    if not (math.isfinite(loss) and math.isfinite(held_out_loss)):
        raise TrainingError(
            f"The loss became {loss} (held out: {held_out_loss}) in epoch {epoch} at learning rate {rate:g}; "
            "lower learning_rate or normalise the pixels."
        )


def _interrupted(store: checkpoint.Store) -> str:
    if store.folder is None:
        return "Training was stopped; give it a folder for checkpoints to be able to go on another time."
    kept = store.load()
    if kept is None:
        return "Training was stopped before its first epoch was kept; nothing is lost but that epoch."
    return (
        f"Training was stopped after epoch {kept[0].epoch}; run the same command again to go on from there."
    )
