"""A Gaussian of what feature maps look like in a whole picture, and how far a picture lies from it."""

from dataclasses import dataclass
from typing import ClassVar

from normocyte.core.errors import TrainingError
from normocyte.core.fields import described
from normocyte.core.types import Batch, Maps, Pixels
from normocyte.detectors.backbones.support.finding import backbone_field, find_backbone, layers_field
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.feature_maps.encoder import check_channels, encoder_for
from normocyte.detectors.feature_maps.pooled import Areas, pooled_nodes, pooled_table, shrunk_gaussian
from normocyte.detectors.support.onnx_graph import run_graph

_FEWEST = 3


@dataclass
class FeatureGaussian(Detector):
    """Mahalanobis distance of pooled features (after Rippel, Mertens & Merhof, ICPR 2020).

    A picture is described by mean and standard deviation of each feature of the backbone, in `areas` x
    `areas` parts of the picture; of healthy pictures these are a Gaussian with shrunk covariance. The map is
    what each place adds to the distance: less than 0 where it makes the picture more usual. The mean of the
    map is the distance itself, so its score is `mean`.
    """

    backbone: str = backbone_field("local_descriptors")
    layers: tuple[str, ...] = layers_field()
    areas: int = described(
        1, "parts of the picture, down and right, each pooled alone", at_least=1, at_most=32
    )
    directions: int = described(100, "directions with a variance of their own, at most", at_least=1)

    gives_expected: ClassVar[bool] = False
    needs_to_learn: ClassVar[tuple[str, ...]] = ("onnx",)

    @property
    def fewest(self) -> int:
        return _FEWEST

    def check_can_learn(self) -> None:
        super().check_can_learn()
        find_backbone(self.backbone).check_installed()

    def check_shape(self, shape: tuple[int, int, int]) -> None:
        check_channels(shape)

    def fit(self, healthy: Batch, held_out: Batch, training: Training) -> None:  # noqa: ARG002 - nothing to stop
        if len(healthy) < _FEWEST:
            raise TrainingError(
                f"feature_gaussian got {len(healthy)} healthy images to learn from; give it at least "
                f"{_FEWEST}."
            )
        encoder = encoder_for(find_backbone(self.backbone).features(self.layers), healthy, is_smooth=False)
        areas = Areas.of(encoder, self.areas)
        gaussian = shrunk_gaussian(pooled_table(encoder, healthy, areas, training), self.directions)
        nodes, constants = pooled_nodes(encoder, areas, gaussian)
        learnt = sum(array.size for array in (gaussian.means, gaussian.scales, gaussian.directions))
        self.graph_ = encoder.whole_graph(nodes, constants, learnt + gaussian.weights.size + 1)

    def expected(self, batch: Batch) -> Pixels:
        return batch.pixels

    def maps(self, batch: Batch) -> Maps:
        return run_graph(self.graph_, batch.pixels)[..., 0]
