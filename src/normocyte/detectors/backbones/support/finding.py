"""Finds a backbone by its name, or takes an ONNX file for one."""

import inspect
from importlib import import_module
from pathlib import Path

from normocyte.core.errors import ConfigError
from normocyte.core.fields import described
from normocyte.detectors.backbones.contract import Backbone
from normocyte.detectors.backbones.support.onnx_file import OnnxFile

_FOLDER = Path(__file__).parents[1]
_NO_BACKBONE = ("__init__.py", "contract.py")
_ONNX = ".onnx"


def backbone_field(default: str) -> str:
    """The field of a detector that names its backbone."""
    names = ", ".join(backbone_names())
    return described(default, f"what describes a patch: {names}, or the path of an ONNX file")


def layers_field() -> tuple[str, ...]:
    """The field of a detector that names the feature maps it looks at."""
    none: tuple[str, ...] = ()
    return described(none, "feature maps of the backbone, by name; its usual ones where none is named")


def backbone_names() -> list[str]:
    """The names of the backbones, sorted, found without importing them."""
    return sorted(file.stem for file in _FOLDER.glob("*.py") if file.name not in _NO_BACKBONE)


def find_backbone(name: str) -> Backbone:
    """The backbone of this name, or of this ONNX file; ConfigError where there is none."""
    if name.lower().endswith(_ONNX):
        return OnnxFile(Path(name))
    if name not in backbone_names():
        raise ConfigError(
            f"There is no backbone called '{name}'. Choose one of: {', '.join(backbone_names())}; or give "
            "the path of an ONNX file."
        )
    module = import_module(f"normocyte.detectors.backbones.{name}")
    kinds = inspect.getmembers(module, inspect.isclass)
    (found,) = [kind for _, kind in kinds if issubclass(kind, Backbone) and not inspect.isabstract(kind)]
    backbone: Backbone = found()
    return backbone
