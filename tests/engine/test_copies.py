"""Copies and near-duplicates of a set are found in one pass over its files."""

import cv2
import numpy as np

from normocyte.core.progress import Silent
from normocyte.core.types import HEALTHY, Record, Source
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.engine.copies import with_copies

RNG = np.random.default_rng(5)


def written(folder):
    """Eight pictures, a copy of one, and another one in JPEG; and a file that is none."""
    for number in range(8):
        noise = cv2.GaussianBlur(RNG.normal(size=(64, 64, 3)).astype(np.float32), (0, 0), 3)
        picture = np.clip(128 + 40 * noise / noise.std(), 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"s{number}.png"), picture)
    (folder / "t1.png").write_bytes((folder / "s1.png").read_bytes())
    cv2.imwrite(str(folder / "t2.jpg"), cv2.imread(str(folder / "s2.png")))
    (folder / "z.png").write_bytes(b"dear colleague")
    return tuple(Record(Source(path), HEALTHY, "") for path in sorted(folder.iterdir()))


def test_copies_and_near_duplicates_are_found_together(tmp_path):
    cohort = with_copies(Cohort("scans", written(tmp_path)).told(), Silent())
    assert {source.name for source in cohort.copies.extra} == {"t1.png"}
    assert [[record.source.name for record in group] for group in cohort.near.groups] == [
        ["s2.png", "t2.jpg"]
    ]
    assert cohort.warnings[:2] == (
        "1 of 11 images is a copy of another and counts once.",
        "2 of 11 images are near-duplicates of others, in 1 group; each group is kept on one side of every "
        "split.",
    )
    assert with_copies(cohort, Silent()) is cohort
