"""The contract of a backbone: what turns pictures into feature maps."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from normocyte.detectors.support.onnx_graph import INPUT

PLANES = "planes"
"""What a backbone is given: (n, 3, side, side), red, green and blue from 0 to 255."""
OPSET = 17


@dataclass(frozen=True)
class FeatureMap:
    """A tensor (n, channels, height, width) in a graph."""

    tensor: str
    channels: int
    height: int
    width: int


@dataclass(frozen=True)
class Features:
    """The nodes from PLANES to feature maps, the finest first, and the constants that they use."""

    maps: tuple[FeatureMap, ...]
    nodes: list[Any]
    constants: dict[str, Any]
    opset: int = OPSET

    def __post_init__(self) -> None:
        """Names of what detectors add begin otherwise, so that none can be taken twice."""
        taken = {INPUT, *(name for node in self.nodes for name in node.output)}
        if len(taken) <= len(self.nodes):
            raise ValueError("Two nodes of a backbone have an output of the same name.")


class Backbone(ABC):
    """Describes every place of a picture; it is fixed, and never learns from the pictures it describes."""

    side: ClassVar[int] = 224
    """The side of the square picture that it is made for, in pixels."""

    @abstractmethod
    def check_installed(self) -> None:
        """MissingExtraError where a package that it needs is not installed, ConfigError for a bad file."""

    @abstractmethod
    def features(self, side: int) -> Features:
        """What describes pictures of this side; MissingExtraError where its package is not installed."""
