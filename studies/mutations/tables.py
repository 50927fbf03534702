"""Changes bytes of tables and boxes by a seed: whatever comes of it is read or refused in a sentence.

    python -m studies.mutations --count 20000

prints a row for each form: how many changed files were read and refused, how many ended in any other
exception, and the slowest. Needs no data.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from normocyte.core.errors import DatasetError, ImageError
from normocyte.datasets.support.manifest import read_manifest
from normocyte.segmentation.boxes.boxed import read_boxes, slivers_said
from normocyte.tables.reading import read_scored
from studies.kit.common import Row

Read = Callable[[Path], object]
PICTURE = (100, 80)
VOC = (
    b"<annotation><filename>a.jpg</filename><object><name>RBC</name><bndbox><xmin>4</xmin><ymin>6</ymin>"
    b"<xmax>33</xmax><ymax>25</ymax></bndbox></object></annotation>"
)
COCO = (
    b'{"images": [{"id": 7, "file_name": "a.jpg"}], "categories": [{"id": 2, "name": "RBC"}], '
    b'"annotations": [{"image_id": 7, "category_id": 2, "bbox": [3, 5, 30, 20]}]}'
)
BBBC041 = (
    b'[{"image": {"pathname": "/a.jpg"}, "objects": [{"category": "RBC", "bounding_box": '
    b'{"minimum": {"r": 5, "c": 3}, "maximum": {"r": 25, "c": 33}}}]}]'
)
IML = b'[{"image_name": "a.jpg", "objects": [{"type": "RBC", "bbox": {"x": 3, "y": 5, "w": 3, "h": 2}}]}]'
ROWS = b"path,score,p_value,picture\na/1.png,1.5,0.2,\nb/2.png,,,\n"
LINES = b'{"path": "a/1.png", "score": 1.5, "p_value": 0.2}\n{"path": "b/2.png", "score": null}\n'
TOKENS = [b"1e999", b"nan", b"-1", b"\\ud800", b"null", b"true", b"[]", b"{}", b'"', b",", b";", b"\t", b"\n"]
TOKENS += [
    b"\r",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"9" * 400,
    b"<a>",
    b"&b;",
    b"..",
    b"\\",
    b"1_0",
    b"sep=;\n",
]
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


def boxes(path: Path) -> str:
    """What is read of a file of boxes, for one picture."""
    return slivers_said(read_boxes(path).of("a.jpg"), *PICTURE)


FORMS: dict[str, tuple[str, bytes, Read]] = {
    "manifest": (
        "cells.csv",
        b"path,label,patient,group\nC1_a.png,0,anna,\nC2_a.png,1,bea,ring\n",
        lambda path: read_manifest(path, path.parent),
    ),
    "rows, CSV": ("rows.csv", ROWS, lambda path: read_scored([path])),
    "rows, JSON lines": ("rows.jsonl", LINES, lambda path: read_scored([path])),
    "boxes, table": ("a.csv", b"photo,x,y,width,height,kind\na.jpg,3,5,30,20,RBC\n", boxes),
    "boxes, COCO": ("coco.json", COCO, boxes),
    "boxes, BBBC041": ("bbbc041.json", BBBC041, boxes),
    "boxes, IML": ("iml.json", IML, boxes),
    "boxes, Pascal VOC": ("a.xml", VOC, boxes),
    "boxes, YOLO": ("a.txt", b"0 0.5 0.5 0.1 0.2\n0 0.1 0.1 0.1 0.1 0.9\n", boxes),
}


def changed(data: bytes, rng: np.random.Generator) -> bytes:
    """The bytes, perhaps in another encoding, with up to four places changed, left out, repeated or cut."""
    made = bytearray(data)
    if rng.random() < 0.15:  # noqa: PLR2004 - a few of them
        made = bytearray(data.decode().encode(str(rng.choice(ENCODINGS))))
    for _ in range(rng.integers(1, 5)):
        place, way = int(rng.integers(len(made) + 1)), int(rng.integers(5))
        token = TOKENS[int(rng.integers(len(TOKENS)))]
        tail = bytes(made[place:])
        made[place:] = [
            tail[int(rng.integers(1, 10)) :],
            token + tail,
            token + tail[int(rng.integers(7)) :],
            bytes([tail[0] ^ (1 << int(rng.integers(8)))]) + tail[1:] if tail else b"",
            tail * int(rng.integers(3)),
        ][way]
    return bytes(made)


def fuzzed(form: str, count: int, folder: Path, seed: int = 0) -> Row:
    """What became of so many changed files of a form."""
    name, good, read = FORMS[form]
    rng = np.random.default_rng([seed, list(FORMS).index(form)])
    found: Row = {"form": form, "files": count, "read": 0, "refused": 0, "other": 0, "slowest_s": 0.0}
    for _ in range(count):
        data = changed(good, rng)
        (folder / name).write_bytes(data)
        begin = time.perf_counter()
        try:
            read(folder / name)
            outcome = "read"
        except (DatasetError, ImageError) as error:
            str(error).encode()
            outcome = "refused"
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            print(f"{form}: {error!r} for {data!r}")
            outcome = "other"
        found[outcome] += 1
        found["slowest_s"] = max(found["slowest_s"], time.perf_counter() - begin)
    return found


def all_fuzzed(count: int, seed: int = 0) -> list[Row]:
    """A row for each form, the count shared out among them."""
    with tempfile.TemporaryDirectory() as place:
        for name in ("C1_a.png", "C2_a.png"):
            (Path(place) / name).touch()
        return [fuzzed(form, -(-count // len(FORMS)), Path(place), seed) for form in FORMS]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print("| form | files | read | refused | other exceptions | slowest, s |\n|:--|--:|--:|--:|--:|--:|")
    for row in all_fuzzed(options.count, options.seed):
        print(
            f"| {row['form']} | {row['files']:,} | {row['read']:,} | {row['refused']:,} | {row['other']} | "
            f"{row['slowest_s']:.3f} |"
        )
