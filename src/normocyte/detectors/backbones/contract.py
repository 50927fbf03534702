"""The contract of a backbone: what turns pictures into feature maps."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PLANES = "planes"
"""What a backbone is given: (n, 3, side, side), red, green and blue from 0 to 255."""
OPSET = 17
SIDE = 224


@dataclass(frozen=True)
class FeatureMap:
    """A tensor (n, channels, height, width) in a graph."""

    tensor: str
    channels: int
    height: int
    width: int


@dataclass(frozen=True)
class Features:
    """The nodes from PLANES to feature maps, the finest first, and the constants that they use.

    `side` is that of the square picture that they are made for, in pixels.
    """

    side: int
    maps: tuple[FeatureMap, ...]
    nodes: list[Any]
    constants: dict[str, Any]
    opset: int = OPSET


class Backbone(ABC):
    """Describes every place of a picture; it is fixed, and never learns from the pictures it describes."""

    @abstractmethod
    def check_installed(self) -> None:
        """MissingExtraError where a package that it needs is not installed, ConfigError for a bad file."""

    @abstractmethod
    def features(self, layers: Sequence[str] = ()) -> Features:
        """What describes pictures by these layers, or by its usual ones.

        MissingExtraError where its package is not installed, ConfigError for a layer that it does not have.
        """
