"""Info: what a bundle is, in pairs of a name and a value."""

from __future__ import annotations

from pathlib import Path

from normocyte.core.files import sha256_of
from normocyte.detectors._onnx import count_parameters
from normocyte.pipeline.bundle import FACTS, load_bundle
from normocyte.workflows._words import patients, with_fields


def info(folder: Path) -> list[tuple[str, str]]:
    """What the bundle in this folder says of itself; BundleError when it is not whole."""
    bundle = load_bundle(folder)
    pipeline, recipe, facts = bundle.pipeline, bundle.recipe, bundle.facts
    size = sum(file.stat().st_size for file in folder.iterdir())
    threshold = pipeline.threshold
    return [
        ("folder", str(folder)),
        ("fingerprint", sha256_of(folder / FACTS)),
        ("size", f"{size / 1e6:.2f} MB, {count_parameters(pipeline.detector.graph_):,} learnt numbers"),
        *((f"step {place}", with_fields(step)) for place, step in enumerate(pipeline.steps, start=1)),
        ("detector", with_fields(pipeline.detector)),
        ("score", with_fields(pipeline.score)),
        ("threshold", with_fields(threshold)),
        ("cut", f"{threshold.cut:.6g}, labels used: {'yes' if threshold.uses_labels else 'no'}"),
        ("calibration", f"{len(pipeline.calibration.scores):,} healthy cells"),
        ("seed", str(recipe.seed)),
        ("data", f"{facts.data}, fingerprint {facts.data_fingerprint[:16]}"),
        *(
            (f"part {part.part}", f"{part.cells:,} cells of {patients(len(part.patients))}")
            for part in facts.parts
        ),
        ("epochs", f"{len(pipeline.detector.curve_.loss)}, best {pipeline.detector.curve_.best_epoch}"),
    ]
