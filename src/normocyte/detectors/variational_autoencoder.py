"""A variational autoencoder: what it cannot give back is unusual, and so is a code that costs much."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from normocyte.core.fields import described
from normocyte.core.types import Batch, Maps
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.layers import convolution
from normocyte.detectors.networks.levels import Levels
from normocyte.detectors.support.onnx_graph import OUTPUT, run_output
from normocyte.detectors.support.residual import signed_residual

RESIDUAL, LIKELIHOOD, KL = "residual", "likelihood", "kl"
SHOWN = (RESIDUAL, LIKELIHOOD, KL)
_WIDEST = 8.0
_LEAST_ERROR = 1e-6
_LEAST_VARIANCE = 1e-4


@dataclass
class VariationalAutoencoder(Levels, Autoencoder):
    """A variational autoencoder, whose code is a distribution (Kingma & Welling 2014).

    The code keeps its place: at each place of the small image, `latent` numbers have a mean and a variance.
    Training draws from them and weighs `beta` times their divergence (KL) from chance against the error
    (Higgins et al., 2017), whose size it takes from the error itself (Rybkin et al., 2021), so that beta
    means the same in any units. Scoring takes the mean and draws nothing.

    shows: what the map is: the "residual"; the "likelihood", which is the residual in units of its own spread
    at that pixel in healthy cells; or "kl", how much the code says at that place beyond chance, in nats a
    pixel, which is never negative and does not know darker from paler. One training serves all three.
    """

    answers: ClassVar[tuple[str, ...]] = (OUTPUT, LIKELIHOOD, KL)

    latent: int = described(8, "numbers of the code at each place", at_least=1)
    beta: float = described(8.0, "weight of the divergence of the code against the error", at_least=0)
    shows: str = described(RESIDUAL, "what the map is", one_of=SHOWN)

    def build(self, shape: tuple[int, int, int]) -> Any:
        keras = load_keras()
        layers, ops = keras.layers, keras.ops
        self.check_shape(shape)

        # Encoder: each level looks, then halves
        image = layers.Input(shape)
        x = image
        for filters in self.filters:
            x = convolution(x, filters)
            x = layers.MaxPooling2D()(x)

        # Code: a mean and a variance at each place, and a draw from them, which while scoring is the mean
        mean = layers.Conv2D(self.latent, 1, name="mean")(x)
        log_variance = ops.clip(layers.Conv2D(self.latent, 1, name="log_variance")(x), -_WIDEST, _WIDEST)
        chance = layers.GaussianNoise(1.0, seed=0)(ops.zeros_like(mean))
        code = mean + ops.exp(log_variance / 2) * chance

        # What the code costs, spread over the pixels of each place
        cost = ops.square(mean) + ops.exp(log_variance) - 1 - log_variance
        halved = 2 ** len(self.filters)
        cost = ops.sum(cost, axis=-1, keepdims=True) / (2 * halved**2)
        cost = layers.UpSampling2D(halved, interpolation="bilinear", name=KL)(cost)

        # Decoder, apart because scoring gives it another code; then the residual in units of its spread
        expected = self._decoder(mean.shape[1:], shape[2])(code)
        return keras.Model(image, layers.Concatenate()([expected, _standardised(image, expected), cost]))

    def _decoder(self, code_shape: tuple[int, ...], channels: int) -> Any:
        """Each level draws, then doubles: drawn at full size, parasites are given back with the rest."""
        layers = load_keras().layers
        code = layers.Input(code_shape)
        x = code
        for filters in reversed(self.filters):
            x = convolution(x, filters)
            x = layers.UpSampling2D()(x)
        drawn = layers.Conv2D(channels, 3, padding="same")(x)
        return load_keras().Model(code, drawn, name="decoder")

    def deployed(self, model: Any) -> Any:
        """The same layers from the image over the mean code to all three answers."""
        layer = model.get_layer
        expected = layer("decoder")(layer("mean").output)
        outputs = [expected, _standardised(model.input, expected, layer("spread")), layer(KL).output]
        return load_keras().Model(model.input, outputs)

    def objective(self) -> Callable[[Any, Any], Any]:
        """Minus the evidence lower bound, in nats a pixel, less a constant."""
        keras = load_keras()
        error = keras.losses.get(super().objective())
        exponent = 0.5 if self.loss == "mse" else 1.0

        def bound(wanted: Any, answered: Any) -> Any:
            channels = wanted.shape[-1]
            size = keras.ops.mean(error(wanted, answered[..., :channels]))
            surprise = exponent * channels * keras.ops.log(size + _LEAST_ERROR)
            return surprise + self.beta * keras.ops.mean(answered[..., -1])

        return bound

    def maps(self, batch: Batch) -> Maps:
        if self.shows == RESIDUAL:
            return super().maps(batch)
        answered = run_output(self.graph_, batch.pixels, self.shows)
        if self.shows == KL:
            return np.ascontiguousarray(answered[..., 0])
        return signed_residual(answered, np.zeros_like(answered), self.darker_is, self.reading)


def _standardised(image: Any, expected: Any, spread: Any = None) -> Any:
    """The residual at each pixel, less its mean there, over its spread there, both kept while training."""
    keras = load_keras()
    layers = keras.layers
    if spread is None:
        fields = {"momentum": 0.9, "epsilon": _LEAST_VARIANCE, "center": False, "scale": False}
        spread = layers.BatchNormalization(name="spread", **fields)
    residual = keras.ops.stop_gradient(image - expected)
    return layers.Reshape(image.shape[1:])(spread(layers.Flatten()(residual)))
