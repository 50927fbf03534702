"""A network trained to find synthetic parasites on healthy cells; it removes what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.fields import described
from normocyte.core.types import Batch, Pixels
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.levels import Drawings, Levels, levels
from normocyte.detectors.networks.network import TrainingPairs
from normocyte.detectors.networks.u_net import PIXELS, at_half_size, unfolded
from normocyte.detectors.support.onnx_graph import OUTPUT, has_output, run_output
from normocyte.detectors.support.residual import DIRECTIONS

FOCUS = 2
HEALTHY = "healthy"
TAKEN, FOUND = "taken", "found"


@dataclass
class SyntheticParasites(Drawings, Levels, Autoencoder):
    """A small U-Net with two outputs: what to remove from each pixel, and how sure it is of a parasite.

    It learns both from healthy cells with synthetic parasites and noise: the first by the squared error to
    the cell before (as `denoising_autoencoder`), the second, a segmentation of these (Li et al.,
    CutPaste, CVPR 2021; Zavrtanik et al., DRAEM, ICCV 2021), by the focal loss (Lin et al., ICCV 2017).
    Scoring sees one answer, seen - (doubt + (1 - doubt) * sure) * taken: specks and noise that look like
    no parasite are hardly taken off, and so hardly unusual. A person is shown the other, seen - taken. It
    never sees a real parasite. Made for `chromatin_contrast`, or for the three channels of
    `optical_density`. Synthetic parasites fainter than `visible` are only to be removed: half-visible
    parasites would train it to find noise.
    """

    answers: ClassVar[tuple[str, ...]] = (OUTPUT, HEALTHY)
    draws_anew: ClassVar[bool] = False

    epochs: int = 12
    patience: int = 12
    filters: tuple[int, ...] = levels((16, 24, 32), fewest=2)
    light: bool = described(False, "convolve with 1 x 1 at half the size; faster, and needs more epochs")
    visible: float = described(
        1.6, "synthetic darkening above this is to be found", unit="units of the input", above=0
    )
    finding: float = described(0.4, "weight of the second output, in units of visible squared", above=0)
    doubt: float = described(0.3, "share that is removed where no parasite is seen", at_least=0, at_most=1)

    def __post_init__(self) -> None:
        """Refuse an answer that has nothing to find."""
        super().__post_init__()
        if self.visible >= self.strongest:
            raise ConfigError(f"visible must be below strongest, not {self.visible} and {self.strongest}.")

    def build(self, shape: tuple[int, int, int]) -> Any:
        layers, pixels = load_keras().layers, PIXELS * shape[2]
        image = layers.Input(shape)
        x = at_half_size(image, self.filters, self.light)
        x = layers.Conv2D(pixels + 1, 1)(x)  # for both answers: one is faster than two

        # First answer: what to take off
        taken = layers.Identity(name=TAKEN)(unfolded(x[..., :pixels], shape[2]))
        mended = layers.Subtract()([image, taken])

        # Second answer: the log odds of a parasite
        found = layers.UpSampling2D(interpolation="bilinear", name=FOUND)(x[..., pixels:])
        return load_keras().Model(image, layers.Concatenate()([mended, found]))

    def deployed(self, model: Any) -> Any:
        """What is found is taken off, as far as the network is sure of it; then all of it, to look at."""
        layers = load_keras().layers
        sure = layers.Activation("sigmoid")(model.get_layer(FOUND).output)
        sure = layers.Rescaling(1 - self.doubt, self.doubt)(sure)
        taken = model.get_layer(TAKEN).output
        in_part = layers.Multiply()([taken, sure])
        outputs = [layers.Subtract()([model.input, off]) for off in (in_part, taken)]
        return load_keras().Model(model.input, outputs)

    def healthy(self, batch: Batch) -> tuple[Pixels, bool]:
        if not has_output(self.graph_, HEALTHY):  # a bundle from before there was this answer
            return self.expected(batch), False
        return run_output(self.graph_, batch.pixels, HEALTHY), True

    def lesson(self, healthy: Batch, rng: np.random.Generator) -> TrainingPairs:
        drawn = self.drawn_on(healthy, rng)
        darker = DIRECTIONS[self.darker_is] * (drawn - healthy.pixels).max(axis=-1, keepdims=True)
        wanted = np.concatenate([healthy.pixels, (darker > self.visible).astype(np.float32)], axis=-1)
        return TrainingPairs(self.noisy(drawn, healthy, rng), wanted)

    def objective(self) -> Any:
        mending = load_keras().losses.get(super().objective())
        ops = load_keras().ops

        def loss(wanted: Any, answered: Any) -> Any:
            mended = ops.mean(mending(wanted[..., :-1], answered[..., :-1]))
            return mended + self.finding * self.visible**2 * _focal(wanted[..., -1], answered[..., -1])

        return loss


def _focal(is_there: Any, log_odds: Any) -> Any:
    """The cross-entropy, in which what the network is already sure of counts little (focus 2)."""
    ops = load_keras().ops
    cross_entropy = ops.relu(log_odds) - log_odds * is_there + ops.softplus(-ops.abs(log_odds))
    sure = ops.sigmoid(log_odds)
    right = is_there * sure + (1 - is_there) * (1 - sure)
    return ops.mean(cross_entropy * (1 - right) ** FOCUS)
