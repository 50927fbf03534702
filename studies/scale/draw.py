"""Draws an archive to try batches on: tar files of distinct synthetic cells.

python -m studies.scale.draw DIR [--images 100000] [--seed 0]
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from studies.scale.shards import CELLS, Shards

FILES = 10
_FEWEST = 60
"""So many cells are drawn at least, of which the images are made."""


def draw(folder: Path, images: int, seed: int) -> None:
    """Make the folder with so many images in ten files."""
    draft = folder.with_name(f".{folder.name}-draft")
    cells = min(max(images // FILES, _FEWEST), CELLS)
    Shards(draft, seed, cells, -(-images // FILES)).of(images).rename(folder)
    shutil.rmtree(draft)


def main() -> None:
    """Draw, and say what is there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the tar files go")
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.folder.exists():
        raise SystemExit(f"{options.folder} is there already. Remove it, or choose another folder.")
    draw(options.folder, options.images, options.seed)
    print(f"{options.folder}: {options.images:,} cells in {FILES} tar files, no two the same.")


if __name__ == "__main__":
    main()
