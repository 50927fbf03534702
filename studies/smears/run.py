"""What `normocyte smear` finds in real fields of other laboratories: photos, cells, verdicts, smears.

    python -m studies.smears --data IML --bccd BCCD [--adapted BUNDLE]

Judges every field of the IML malaria fields and of BCCD (no malaria) as the command does, with the bundle
that comes along, and names each cell by the annotated box that it shares most with; and once more with the
boxes given, as `--boxes` does. With --adapted, a bundle that `normocyte adapt` made of every second field by
name, the other half is judged by it too. What was judged is kept in --out, apart for each bundle; the page is
written with --page.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from normocyte.core.files import write_text
from normocyte.pipeline.bundle.folder import bundle_folder
from studies.kit.common import machine
from studies.smears import cells, drawn, fields, recut, site
from studies.smears.boxes import bccd_boxes, iml_boxes
from studies.smears.field_figure import write_figure
from studies.smears.judged import Judged

ALL, HALF, BOXED, ADAPTED = (
    "as it comes, all fields",
    "as it comes, every second field",
    "as it comes, cut by the boxes",
    "adapted, every second field",
)
BCCD = "BCCD"
ANNOTATIONS = "annotations.json"


def all_judged(options: argparse.Namespace) -> dict[str, Judged]:
    """Every set of fields by the name that it has on the page."""
    boxes, out = iml_boxes(options.data), options.out
    found = {ALL: Judged.by(options.bundle, boxes, out / "iml")}
    found[BOXED] = Judged.by(options.bundle, boxes, out / "iml-boxed", options.data / ANNOTATIONS)
    found[HALF] = found[ALL].every_second()
    if options.adapted:
        later = dict(list(boxes.items())[1::2])
        found[ADAPTED] = Judged.by(options.adapted, later, out / "adapted")
    found[BCCD] = Judged.by(options.bundle, bccd_boxes(options.bccd), out / "bccd")
    return found


def cell_tables(found: dict[str, Judged]) -> dict[str, str]:
    """The tables of photos and of cells."""
    own, cut = sets_of(found), {name: found[name] for name in (ALL, BOXED)}
    return {
        "photos": cells.photo_table({"IML": found[ALL], BCCD: found[BCCD]}),
        "cells": cells.cell_table(own),
        "boxes": cells.cell_table(cut),
        "same": cells.same_table(cut),
        "stages": cells.stage_table({name: one for name, one in own.items() if name != HALF}),
        "blood": cells.blood_table(found[BCCD]),
    }


def site_tables(found: dict[str, Judged]) -> dict[str, str]:
    """The tables of cuts that are put on the site's own cells."""
    own = {name: one for name, one in sets_of(found).items() if name != HALF}
    calibrated = {name: site.calibrated(one) for name, one in own.items()}
    alone = {name: site.on_itself(one) for name, one in own.items()}
    return {
        "calibrated": site.sections(calibrated, "healthy cells of fields"),
        "alone": site.sections(alone, "fields"),
        "site_draws": f"{site.DRAWS}",
    }


def smear_tables(found: dict[str, Judged], bundles: dict[str, Path]) -> dict[str, str]:
    """The tables of fields and of smears."""
    own, most = sets_of(found), {name: found[name] for name in (ALL, ADAPTED, BCCD) if name in found}
    return {
        "by_number": fields.by_number_table(own),
        "total": fields.total_table(own),
        "answers": fields.answer_table({**own, BCCD: found[BCCD]}, bundles),
        "sequence": fields.sequence_table(most, bundles),
        "recut_draws": f"{recut.DRAWS}",
        "recut_smears": f"{recut.SMEARS}",
        "recut": recut.recut_table({short(name): one for name, one in most.items() if name != BCCD}),
        "drawn": drawn.drawn_table(pools_of(most, bundles)),
    }


def pools_of(found: dict[str, Judged], bundles: dict[str, Path]) -> dict[str, drawn.Pool]:
    """Which fields are drawn into smears."""
    pools = {"BCCD, no malaria": drawn.Pool(found[BCCD], bundles[BCCD])}
    for name, own in sets_of(found).items():
        pools |= drawn.pools(own, short(name), bundles[name])
    return pools


def short(name: str) -> str:
    """Which bundle, without which fields."""
    return name.partition(",")[0]


def sets_of(found: dict[str, Judged]) -> dict[str, Judged]:
    """The IML fields as each bundle judges them, cells cut by the segmentation."""
    return {name: found[name] for name in (ALL, HALF, ADAPTED) if name in found}


def parsed() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="the IML malaria fields")
    parser.add_argument("--bccd", type=Path, required=True, help="the BCCD fields")
    parser.add_argument("--bundle", type=Path, default=bundle_folder(Path("shipped")))
    parser.add_argument("--adapted", type=Path, help="a bundle adapted to every second IML field by name")
    parser.add_argument("--out", type=Path, default=Path("runs/smear-fields"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/smears.md"))
    return parser.parse_args()


def main() -> None:
    """Judge what is missing, print the tables, write the page."""
    options = parsed()
    cv2.setNumThreads(1)
    found = all_judged(options)
    bundles = {name: options.adapted if name == ADAPTED else options.bundle for name in found}
    said = {**cell_tables(found), **site_tables(found), **smear_tables(found, bundles)}
    write_figure(sets_of(found), options.page.parent / "figures" / f"{options.page.stem}.png")
    template = Path(__file__).with_name("page.md.in").read_text(encoding="utf-8")
    write_text(options.page, template.format(**said, machine=machine()))
    print(*said.values(), sep="\n\n")


if __name__ == "__main__":
    main()
