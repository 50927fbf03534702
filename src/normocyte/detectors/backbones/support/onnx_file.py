"""An ONNX file as a backbone: its feature maps become part of the detector's own graph."""

from dataclasses import dataclass
from pathlib import Path

from normocyte.core.errors import ConfigError
from normocyte.detectors.backbones.contract import Backbone, Features


@dataclass
class OnnxFile(Backbone):
    """The feature maps of a network for colour images."""

    path: Path

    def check_installed(self) -> None:
        """ConfigError where there is no such file."""
        if not self.path.is_file():
            raise ConfigError(f"There is no ONNX file {self.path}; check the path.")

    def features(self, side: int) -> Features:
        self.check_installed()
        raise ConfigError(f"{self.path.name}: ONNX files of {side} pixels are not read yet.")
