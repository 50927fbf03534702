"""What becomes of verdicts on crops in other formats, late stages, blots, eyepieces and other odd films.

    python -m studies.robustness --data NIH --photos DIR [--bundle BUNDLE]

The same healthy and infected cells of the NIH set, undoubted ones, spread over all patients, are changed in
memory, encoded and read again as files are. `--photos` is the folder that holds `iml-malaria-fields` and
`bccd-fields`. The page is written with --page.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from normocyte.core.files import write_text
from normocyte.core.registry import part_class
from normocyte.core.seeds import generator
from normocyte.core.types import ANOMALY, HEALTHY, Image8, Record
from normocyte.datasets.opening.detect import open_dataset
from normocyte.images.reading import decode, read
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.verdict import Outcome, Verdict
from normocyte.wording.causes import sentence
from studies.cell_quality.pictures import blurred
from studies.kit.common import machine, markdown
from studies.robustness import eyepiece, films, smudges, stages

COLUMNS = (
    "crops",
    "AUROC",
    "of the unchanged",
    "healthy flagged",
    "infected flagged",
    "refused",
    "for lossy compression",
)
SECTIONS = {"stages": stages, "films": films, "smudges": smudges, "eyepiece": eyepiece}
Change = Callable[[Image8], Image8]


def padded(value: int) -> Change:
    """Puts this value in the place of black padding."""
    return lambda pixels: np.where(_is_black(pixels), np.uint8(value), pixels)


def noisy(pixels: Image8) -> Image8:
    """Puts noise of 0 to 3 in the place of black padding."""
    noise = generator(0, "robustness").integers(0, 4, pixels.shape, dtype=np.uint8)
    return np.where(_is_black(pixels), noise, pixels)


def _is_black(pixels: Image8) -> np.ndarray:
    return pixels.max(axis=2, keepdims=True) == 0


def encoded(form: str, mode: str = "RGB", **options: int) -> Change:
    """Encodes and decodes a crop."""

    def change(pixels: Image8) -> Image8:
        content = io.BytesIO()
        Image.fromarray(pixels).convert(mode).save(content, form, **options)
        return decode(content.getvalue(), f"crop.{form.lower()}")

    return change


JPEG_75 = encoded("JPEG", quality=75, subsampling=2)
CHANGES: dict[str, Change] = {
    "unchanged": np.ascontiguousarray,
    **{f"padding of {value} instead of 0": padded(value) for value in (1, 2, 4, 8)},
    "padding of noise from 0 to 3": noisy,
    **{f"JPEG, quality {q}": encoded("JPEG", quality=q, subsampling=2) for q in (95, 90, 75)},
    "JPEG in CMYK, quality 98": encoded("JPEG", "CMYK", quality=98),
    "lossy WebP, quality 80": encoded("WEBP", quality=80),
    "blurred by 2 % of its side": lambda pixels: blurred(pixels, 0.02),
    "blurred by 2 %, then JPEG, quality 75": lambda pixels: JPEG_75(blurred(pixels, 0.02)),
}


def chosen(records: Sequence[Record], doubtful: frozenset[str], label: int, most: int) -> list[Image8]:
    """At most so many undoubted cells, spread over the patients."""
    own = [r for r in records if r.label == label and r.source.path.stem not in doubtful]
    step = max(1, len(own) // most)
    return [read(record.source) for record in own[::step][:most]]


def row(
    name: str, verdicts: tuple[list[Verdict], list[Verdict]], unchanged: float
) -> tuple[list[str], float]:
    """A row of the table, and its AUROC."""
    healthy, infected = verdicts
    scores = np.array([verdict.score for verdict in (*healthy, *infected)])
    labels = np.repeat([HEALTHY, ANOMALY], [len(healthy), len(infected)]).astype(np.int8)
    known = np.isfinite(scores)
    auroc = part_class("metrics", "auroc")()
    is_mixed = len(set(labels[known].tolist())) > 1
    weights = np.ones((1, int(known.sum())))
    area = float(auroc.points(scores[known], labels[known], weights)[0]) if is_mixed else float("nan")
    flagged = [np.mean([verdict.is_flagged for verdict in own]) for own in verdicts]
    refused = np.mean([v.outcome is Outcome.NOT_ASSESSABLE for v in (*healthy, *infected)])
    lossy = np.mean(["lossy compression" in sentence(v.cause) for v in (*healthy, *infected)])
    shares = [f"{100 * share:.1f} %" for share in (*flagged, refused, lossy)]
    return [name, f"{area:.4f}", f"{area / (unchanged or area):.3f}", *shares], area


def table(pipeline: Pipeline, healthy: list[Image8], infected: list[Image8]) -> str:
    """A row a change."""
    rows, unchanged = [], 0.0
    for name, change in CHANGES.items():
        verdicts = tuple(pipeline.verdicts([change(image) for image in own]) for own in (healthy, infected))
        told, area = row(name, verdicts, unchanged)
        unchanged = unchanged or area
        rows.append(told)
    return markdown(COLUMNS, rows)


def main() -> None:
    """Measure, print the table and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the NIH malaria cells")
    parser.add_argument("--photos", type=Path, required=True, help="the folder of the IML and BCCD fields")
    parser.add_argument("--bundle", type=Path, default=bundle_folder(Path("shipped")))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/robustness.md"))
    options = parser.parse_args()
    dataset = open_dataset(options.data)
    records, doubtful = dataset.records(), dataset.doubtful()
    healthy, infected = (chosen(records, doubtful, *asked) for asked in ((HEALTHY, 1000), (ANOMALY, 500)))
    bundle = load_bundle(options.bundle)
    found = table(bundle.pipeline, healthy, infected)
    template = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    photos = {name: one.section(options.photos, bundle.pipeline) for name, one in SECTIONS.items()}
    counts = photos | {"healthy": f"{len(healthy):,}", "infected": f"{len(infected):,}"}
    page = template.format(
        table=found,
        guarantee=bundle.pipeline.threshold.guarantee(bundle.pipeline.calibration).sentence,
        machine=machine(),
        **counts,
    )
    write_text(options.page, page)
    print(found, *photos.values(), sep="\n\n")


if __name__ == "__main__":
    main()
