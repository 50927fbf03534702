"""A denoising autoencoder trained to remove synthetic parasites from healthy cells."""

from dataclasses import dataclass
from typing import Any, ClassVar

from normocyte.core.fields import described
from normocyte.detectors.networks.autoencoder import Autoencoder
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.levels import Drawings, Levels, levels
from normocyte.detectors.networks.u_net import at_full_size, at_half_size


@dataclass
class DenoisingAutoencoder(Drawings, Levels, Autoencoder):
    """A small U-Net that gets a healthy cell with synthetic parasites and noise, and gives the cell without.

    It has no bottleneck (Vincent et al., JMLR 11, 2010) and learns what to take off (Zhang et al., IEEE TIP
    26, 2017), which is what does not belong to a healthy cell. It never sees a real parasite. Made for
    `chromatin_contrast`, or for the three channels of `optical_density`, each of which a synthetic parasite
    darkens in its own way; there `blends` gives what it takes off the colours of the cell itself.
    """

    draws_anew: ClassVar[bool] = False

    epochs: int = 12
    patience: int = 12
    filters: tuple[int, ...] = levels((16, 24, 32), fewest=2)
    blends: bool = described(False, "give what is taken off the cell's own colours")

    def build(self, shape: tuple[int, int, int]) -> Any:
        layers = load_keras().layers
        image = layers.Input(shape)
        x = at_half_size(image, self.filters)
        taken = self._blended(image, x) if self.blends else at_full_size(x, shape[2])

        # What was drawn is taken off: to leave a cell as it is, the network need only answer nothing
        return load_keras().Model(image, layers.Subtract()([image, taken]))

    def _blended(self, image: Any, x: Any) -> Any:
        """What is taken off: the difference to a healthy cell, where and as far as the network is sure."""
        layers = load_keras().layers
        difference = layers.Subtract()([image, at_full_size(x, image.shape[-1])])
        share = layers.Activation("sigmoid")(at_full_size(x, 1))
        return layers.Multiply()([difference, share])
