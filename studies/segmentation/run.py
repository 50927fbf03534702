"""How many annotated cells a segmenter finds in fields of two laboratories, and in what time.

    python -m studies.segmentation --data DIR --bccd DIR

`DIR` holds images/ and annotations.json of the IML malaria fields; `--bccd` the JPEGImages/ and Annotations/
of the BCCD fields. Every second IML field by name served to choose parameters, the other half did not.
Annotated boxes carry a margin around the cell; found boxes are grown by the share --margin of their sides,
the same for all. Prints the tables, writes the page and its figure.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from normocyte.core.files import write_bytes, write_text
from normocyte.core.registry import part_class
from normocyte.core.types import CellKind, Source
from normocyte.images.reading import read
from normocyte.reports.drawing import theme
from normocyte.segmentation.boxes.boxed import Box, read_boxes
from normocyte.segmentation.contract import Field, Segmenter
from studies.kit.common import Lines, machine, markdown
from studies.kit.fields import HEALTHY, SCALE_BAR, STAGES
from studies.segmentation.matches import edges_of, of_kind, overlaps, partners, without_doubles

WHOLE = (CellKind.RED_CELL, CellKind.OVERLAPPING)
LIVE = (*WHOLE, CellKind.BORDER)
BCCD_KINDS = {"RBC": LIVE, "WBC": (CellKind.LEUCOCYTE,), "Platelets": (CellKind.PLATELET,)}
HALF, LOOSE = 0.5, 0.3
"""The overlaps that are asked for."""
TUNED, HELD_BACK = "chosen on", "held back"


@dataclass(frozen=True)
class Seen:
    """One field: what was found in it, what is annotated in it, the seconds it took, and its half."""

    field: Field
    boxes: list[Box]
    seconds: float
    half: str


def look(segmenter: Segmenter, folder: Path, photos: dict[str, list[Box]]) -> list[Seen]:
    """All fields of a folder; every second one by name is of the half that parameters were chosen on."""
    seen = []
    Lines().begin(f"Fields of {folder}", len(photos))
    for number, name in enumerate(sorted(photos)):
        pixels = read(Source(folder / name))
        start = time.process_time()
        field = segmenter.segment(pixels)
        seconds = time.process_time() - start
        seen.append(Seen(field, without_doubles(photos[name]), seconds, (TUNED, HELD_BACK)[number % 2]))
    return seen


def iml(segmenter: Segmenter, data: Path) -> list[Seen]:
    """The IML fields, without undecided boxes and those that reach under the scale bar."""
    found = read_boxes(data / "annotations.json").photos
    usable = {name: [box for box in boxes if _is_usable(box)] for name, boxes in found.items()}
    return look(segmenter, data / "images", usable)


def _is_usable(box: Box) -> bool:
    left, top, right, bottom = SCALE_BAR
    is_apart = box.x > right or box.x + box.width < left or box.y > bottom or box.y + box.height < top
    return is_apart and (box.kind == HEALTHY or box.kind in STAGES)


def matched(seen: Sequence[Seen], kinds: Sequence[str], found: Sequence[str], margin: float) -> np.ndarray:
    """The overlap of each annotated box of these kinds with its partner among the cells of kinds `found`."""
    values = []
    for one in seen:
        cells = [cell for cell in one.field.cells if cell.kind in found]
        shared = overlaps(edges_of(one.boxes), edges_of(cells, margin))
        is_asked = np.array([box.kind in kinds for box in one.boxes], bool)
        values.append(partners(shared)[1][is_asked])
    return np.concatenate(values)


def percent(share: float) -> str:
    """A share as 12.3 %."""
    return f"{100 * share:.1f} %"


def recall_table(seen: Sequence[Seen], margin: float) -> str:
    """Recall by half and kind, with and without the margin."""
    every = [kind for kind in CellKind if kind is not CellKind.ANNOTATION]
    rows = []
    for half in (TUNED, HELD_BACK):
        fields = [one for one in seen if one.half == half]
        for name, kinds in (("red cells", [HEALTHY]), ("infected cells", list(STAGES))):
            grown = matched(fields, kinds, every, margin)
            bare = matched(fields, kinds, every, 0.0)
            kept = matched(fields, kinds, WHOLE, margin)
            shares = [
                np.mean(grown >= HALF),
                np.mean(grown >= LOOSE),
                np.mean(bare >= HALF),
                np.mean(kept >= HALF),
            ]
            rows.append([f"{half}: {name}", f"{len(grown):,}", *map(percent, shares)])
    columns = ("half", "boxes", "IoU 0.5", "IoU 0.3", "IoU 0.5, no margin", "IoU 0.5, as a whole red cell")
    return markdown(columns, rows)


def precision_table(seen: Sequence[Seen], margin: float) -> str:
    """Which share of the whole red cells found has an annotated partner."""
    rows = []
    for half in (TUNED, HELD_BACK):
        shares: dict[float, list[bool]] = {HALF: [], LOOSE: []}
        for one in (one for one in seen if one.half == half):
            cells = [cell for cell in one.field.cells if cell.kind in WHOLE and not cell.is_covered]
            partner, overlap = partners(overlaps(edges_of(one.boxes), edges_of(cells, margin)))
            for least, hits in shares.items():
                hits.extend(np.isin(np.arange(len(cells)), partner[overlap >= least]))
        found = [percent(float(np.mean(hits))) for hits in shares.values()]
        rows.append([half, f"{len(shares[HALF]):,}", *found])
    return markdown(("half", "whole red cells found", "annotated, IoU 0.5", "IoU 0.3"), rows)


def infected_kinds(seen: Sequence[Seen], margin: float) -> str:
    """What the annotated infected cells were taken for."""
    counts: Counter[str] = Counter()
    for one in seen:
        cells = [cell for cell in one.field.cells if cell.kind is not CellKind.ANNOTATION]
        partner, overlap = partners(overlaps(edges_of(one.boxes), edges_of(cells, margin)))
        for box, place, shared in zip(one.boxes, partner, overlap, strict=True):
            if box.kind in STAGES:
                counts[cells[place].kind if shared >= HALF else "not found"] += 1
    return markdown(
        ("taken for", "infected cells"), [[name, str(count)] for name, count in counts.most_common()]
    )


def bccd_table(seen: Sequence[Seen], margin: float) -> str:
    """Recall by kind, and how many of that kind were found; a partner must be of the right kind."""
    rows = []
    for name, kinds in BCCD_KINDS.items():
        overlap = matched(seen, [name], kinds, margin)
        anything = matched(seen, [name], list(CellKind), margin)
        found = sum(int(of_kind(one.field.cells, kinds).sum()) for one in seen)
        shares = [np.mean(overlap >= HALF), np.mean(overlap >= LOOSE), np.mean(anything >= LOOSE)]
        rows.append([name, f"{len(overlap):,}", f"{found:,}", *map(percent, shares)])
    columns = ("kind", "boxes", "found", "as such, IoU 0.5", "IoU 0.3", "as anything, IoU 0.3")
    return markdown(columns, rows)


def burnt_in(seen: Sequence[Seen]) -> dict[str, str]:
    """How often the bar was found, how long, and what else was taken for something burnt in."""
    lengths = [one.field.bar_px for one in seen]
    left, top, right, bottom = SCALE_BAR
    burnt = [c for one in seen for c in one.field.cells if c.kind is CellKind.ANNOTATION]
    beside = [c for c in burnt if c.x > right or c.x + c.width < left or c.y > bottom or c.y + c.height < top]
    diameters = [one.field.diameter_px for one in seen]
    return {
        "bars": f"{np.isfinite(lengths).sum()} of {len(seen)}",
        "bar": ", ".join(f"{length:.0f}" for length in sorted(set(lengths))),
        "beside": str(len(beside)),
        "diameter": f"{np.nanmedian(diameters):.0f}",
        "microns": f"{np.nanmedian(lengths) / np.nanmedian(diameters) * 7.5:.0f}",
    }


def write_figure(seen: Sequence[Seen], margin: float, place: Path) -> None:
    """Recall over the overlap that is asked for, on the half held back."""
    fields = [one for one in seen if one.half == HELD_BACK]
    asked = np.linspace(0.05, 0.95, 91)
    every = [kind for kind in CellKind if kind is not CellKind.ANNOTATION]
    with theme.styled():
        figure = theme.new_figure(width=7.0, height=4.0)
        axes = figure.subplots()
        for name, kinds, colour in (
            ("red cells", [HEALTHY], theme.HEALTHY),
            ("infected", list(STAGES), theme.ANOMALOUS),
        ):
            for share, line in ((margin, "-"), (0.0, ":")):
                overlap = matched(fields, kinds, every, share)
                recall = [np.mean(overlap >= least) for least in asked]
                axes.plot(asked, recall, line, color=colour, label=f"{name}, margin {share:.0%}")
        axes.axvline(0.5, color=theme.MUTED, lw=1)
        axes.set_xlabel("overlap asked for (IoU)")
        axes.set_ylabel("annotated cells found")
        axes.set_ylim(0, 1.02)
        theme.legend_below(figure)
        write_bytes(place, theme.png_of(figure))


def main() -> None:
    """Segment all fields, print the tables, write the page and the figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bccd", type=Path, required=True)
    parser.add_argument("--segmenter", default="watershed")
    parser.add_argument("--margin", type=float, default=0.12)
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/segmentation.md"))
    parser.add_argument("--figure", type=Path, default=Path("docs/measurements/figures/segmentation.png"))
    options = parser.parse_args()
    cv2.setNumThreads(1)
    segmenter = part_class("segmentation", options.segmenter)()
    fields = iml(segmenter, options.data)
    annotated = read_boxes(options.bccd / "Annotations").photos
    others = look(segmenter, options.bccd / "JPEGImages", dict(annotated))
    tables = {
        "recall": recall_table(fields, options.margin),
        "precision": precision_table(fields, options.margin),
        "infected": infected_kinds(fields, options.margin),
        "bccd": bccd_table(others, 0.0),
    }
    said = {
        **burnt_in(fields),
        "margin": f"{options.margin:.0%}".replace("%", " %"),
        "seconds": f"{np.median([one.seconds for one in fields]):.2f}",
        "seconds_bccd": f"{np.median([one.seconds for one in others]):.2f}",
        "fields": len(fields),
        "others": len(others),
        "machine": machine(),
    }
    template = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    write_text(options.page, template.format(**tables, **said))
    write_figure(fields, options.margin, options.figure)
    print(*tables.values(), said, sep="\n\n")


if __name__ == "__main__":
    main()
