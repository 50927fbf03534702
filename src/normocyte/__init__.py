"""Normocyte learns what healthy cells look like and flags what does not fit.

    import normocyte as nc

    bundle = nc.load()
    table = bundle.score("cells/")

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from normocyte.core.version import __version__

TYPE_CHECKING = False  # type checkers know the name; the command line begins sooner without `typing`
if TYPE_CHECKING:
    from typing import Any

    from normocyte.api.bundle import Bundle as Bundle
    from normocyte.api.bundle import load as load
    from normocyte.api.comparison import Comparison as Comparison
    from normocyte.api.comparison import compare as compare
    from normocyte.api.evaluation import Evaluation as Evaluation
    from normocyte.api.evaluation import evaluate as evaluate
    from normocyte.api.monitoring import Monitoring as Monitoring
    from normocyte.api.monitoring import batch as batch
    from normocyte.api.monitoring import monitor as monitor
    from normocyte.api.monitoring import summarise as summarise
    from normocyte.api.new import new as new
    from normocyte.api.parts import use_parts as use_parts
    from normocyte.api.reconstructions import Reconstructions as Reconstructions
    from normocyte.api.site import adapt as adapt
    from normocyte.api.site import calibrate as calibrate
    from normocyte.api.smear import SmearReport as SmearReport
    from normocyte.api.training import Run as Run
    from normocyte.api.training import train as train


_HOMES = {
    "load": "bundle",
    "Bundle": "bundle",
    "Reconstructions": "reconstructions",
    "SmearReport": "smear",
    "new": "new",
    "train": "training",
    "Run": "training",
    "evaluate": "evaluation",
    "Evaluation": "evaluation",
    "compare": "comparison",
    "Comparison": "comparison",
    "calibrate": "site",
    "adapt": "site",
    "batch": "monitoring",
    "summarise": "monitoring",
    "monitor": "monitoring",
    "Monitoring": "monitoring",
    "use_parts": "parts",
}
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    """A public name, imported from its home when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'normocyte' has no attribute {name!r}; it has: {', '.join(_HOMES)}.")
    from importlib import import_module

    found = getattr(import_module(f"normocyte.api.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, for completion."""
    return sorted({*globals(), *_HOMES})
