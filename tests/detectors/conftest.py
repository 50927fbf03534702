"""What the tests of detectors share: the smallest network that trains, and small noisy cells."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from normocyte.core.cancel import Stopped
from normocyte.core.types import Batch
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.detectors.networks.keras_model import load_keras


@dataclass
class TwoConvolutions(Autoencoder):
    """Two layers of a few numbers: enough to learn, and compiled in a moment."""

    learning_rate: float = 0.02
    epochs: int = 6
    batch_size: int = 8

    def build(self, shape):
        layers = load_keras().layers
        image = layers.Input(shape)
        x = layers.Conv2D(2, 3, padding="same")(image)
        x = layers.BatchNormalization()(x)
        return load_keras().Model(image, layers.Conv2D(shape[2], 3, padding="same")(x))


@dataclass
class Mending(TwoConvolutions):
    """Sees noisier cells than it shall give back."""

    def inputs(self, healthy, rng):
        return healthy.pixels + rng.normal(0, 0.1, healthy.pixels.shape).astype(np.float32)


@dataclass
class Listener:
    """Writes down what it hears, and stops the training when a note begins with `stop_at`."""

    stop_at: str = "never"
    notes: list[str] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)

    def begin(self, task, total):
        self.notes.append(f"{task} {total}")

    def advance(self, steps=1, note=""):
        self.notes.append(note)
        self.steps.append(steps)
        if note.startswith(self.stop_at):
            raise Stopped


def noisy(number: int, seed: int, height: int = 8, width: int = 8, channels: int = 1) -> Batch:
    pixels = np.random.default_rng(seed).normal(0.5, 0.2, (number, height, width, channels))
    return Batch(pixels.astype(np.float32), np.ones((number, height, width), np.uint8))


@pytest.fixture(scope="session")
def cells():
    """Make `number` small cells of noise, from a seed."""
    return noisy


@pytest.fixture(scope="session")
def healthy():
    return noisy(32, seed=1)


@pytest.fixture(scope="session")
def held_out():
    return noisy(8, seed=2)


@pytest.fixture(scope="session")
def network():
    """Make the smallest autoencoder, with these fields."""
    return TwoConvolutions


@pytest.fixture(scope="session")
def mending_network():
    """Make the smallest autoencoder that takes noise off, with these fields."""
    return Mending


@pytest.fixture(scope="session")
def listener():
    """Make a listener to a training."""
    return Listener
