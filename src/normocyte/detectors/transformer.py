"""A small vision transformer that fills in what is hidden of a cell from what lies around it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from normocyte.core.errors import ConfigError
from normocyte.core.fields import described
from normocyte.core.types import Batch
from normocyte.detectors.networks.attention import AXES, block, places
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.levels import Drawings
from normocyte.detectors.networks.masking import STEP, TURNS, filled_in, on_hidden, turns
from normocyte.detectors.networks.network import TrainingPairs

_FAINT = 0.1


@dataclass
class Transformer(Drawings):
    """A masked autoencoder: a quarter of the cell is hidden and predicted from the rest.

    It is a vision transformer that sees marked holes (He et al., CVPR 2022; for anomalies Pirnay & Chai,
    ICIAP 2022). To score, four complementary masks hide every patch once, so that no pixel is expected
    because it was seen. What it sees while it learns also carries synthetic parasites, as that of
    `denoising_autoencoder` does, which it must not carry on into the holes; it never sees a real one.
    With a `share` of 0 it is a plain masked autoencoder, which carries real parasites on and finds far fewer.
    """

    learning_rate: float = 0.004
    patch: int = described(8, "side of the squares", unit="pixels", at_least=1)
    width: int = described(64, "length of the embedding of a patch; a multiple of heads and of 4", at_least=1)
    heads: int = described(4, "heads of the attention", at_least=1)
    blocks: int = described(3, "blocks of the attention", at_least=1)
    noise: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a width that the heads cannot share."""
        super().__post_init__()
        if self.width % self.heads or self.width % AXES:
            raise ConfigError(
                f"width must be a multiple of heads and of {AXES}, not {self.width} with {self.heads} heads."
            )

    @property
    def trained_to(self) -> str:
        drawn = ", without the synthetic parasites that are drawn into the rest" if self.share else ""
        return f"fill in what is hidden of them{drawn}"

    def build(self, shape: tuple[int, int, int]) -> Any:
        keras = load_keras()
        layers, ops = keras.layers, keras.ops
        height, width, channels = shape
        self.check_shape(shape)
        down, right = height // self.patch, width // self.patch

        # Patches, each with half a patch around it: to tell what is hidden from its neighbours is then nearly
        # linear. The further channel marks what is hidden. Then where each patch lies
        image = layers.Input((height, width, channels + 1))
        x = layers.Conv2D(self.width, 2 * self.patch, strides=self.patch, padding="same")(image)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = ops.reshape(x, (-1, down * right, self.width)) + places(down, right, self.width)

        # Attention: every patch hears from all others
        for _ in range(self.blocks):
            x = block(x, self.heads)

        # Back to pixels; at first the answer is faint, for a loud one takes long to unlearn
        x = _FAINT * layers.Dense(self.patch * self.patch * channels)(x)
        x = layers.Reshape((down, right, self.patch, self.patch, channels))(x)
        x = layers.Permute((1, 3, 2, 4, 5))(x)
        return keras.Model(image, layers.Reshape(shape)(x))

    def deployed(self, model: Any) -> Any:
        return filled_in(model, self.patch)

    def lesson(self, healthy: Batch, rng: np.random.Generator) -> TrainingPairs:
        shown = self.inputs(healthy, rng)
        masks = turns(shown.shape[1], shown.shape[2], self.patch)
        hidden = masks[rng.integers(TURNS, size=len(healthy))]
        return TrainingPairs(
            np.concatenate([shown * (1 - hidden), hidden], axis=-1),
            np.concatenate([healthy.pixels, hidden], axis=-1),
        )

    def objective(self) -> Any:
        return on_hidden(load_keras().losses.get(super().objective()))

    def check_shape(self, shape: tuple[int, int, int]) -> None:
        height, width, _ = shape
        multiple = STEP * self.patch
        if height % multiple or width % multiple:
            raise ConfigError(
                f"Patches of {self.patch} pixels, hidden every second one, need sides that are multiples of "
                f"{multiple}, not {height} x {width}; resize it or choose another patch."
            )
