"""Makes the pictures of the README from synthetic images, with the built-in bundle.

    python docs/pictures/make.py [--to docs/pictures]

`cells.png` shows what the network expected in place of two cells. `smear.jpg` is the page of a synthetic
smear, as chromium shows it. Nothing in them is of a patient.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import normocyte as nc
from normocyte.core.seeds import generator
from normocyte.datasets.drawing.cutout import draw_cell
from normocyte.datasets.drawing.look import Kind, patient_look

SEED = 5
KINDS = {"infected": Kind.TROPHOZOITE, "healthy": Kind.HEALTHY}
TITLES = ("synthetic cell", "what the network sees", "expected if healthy", "difference")
TILE, GAP, HEAD = 200, 14, 34
PAGE = (1200, 1130)
SHOWN_WIDTH = 900
INK, PAPER, FRAME = "#1d2333", "#ffffff", "#c9ced9"


def cells_picture() -> Image.Image:
    """A row each for an infected and a healthy cell: the cell, as it is seen, as expected, the difference."""
    look = patient_look(generator(SEED, "patient", 1))
    cells = [draw_cell(generator(SEED, "cell", 1), look, kind) for kind in KINDS.values()]
    found = nc.load().reconstruct(cells)
    values = np.concatenate([found.seen.ravel(), found.expected.ravel()])
    low, high = np.quantile(values, [0.01, 0.999])
    most = float(np.abs(found.maps).max())
    size = (4 * TILE + 5 * GAP, HEAD + len(cells) * (TILE + GAP))
    picture = Image.new("RGB", size, PAPER)
    letters = ImageFont.load_default(size=17)
    for column, title in enumerate(TITLES):
        place = (GAP + column * (TILE + GAP) + TILE / 2, HEAD / 2)
        ImageDraw.Draw(picture).text(place, title, fill=INK, font=letters, anchor="mm")
    for row, cell in enumerate(cells):
        grays = [(one[row, ..., 0] - low) / (high - low) for one in (found.seen, found.expected)]
        tiles = [cell, *map(_gray, grays), _red(np.maximum(found.maps[row], 0) / most)]
        for column, tile in enumerate(tiles):
            scaled = Image.fromarray(tile).resize((TILE, TILE), Image.Resampling.BICUBIC)
            left, top = GAP + column * (TILE + GAP), HEAD + row * (TILE + GAP)
            picture.paste(scaled, (left, top))
            frame = (left, top, left + TILE - 1, top + TILE - 1)
            ImageDraw.Draw(picture).rectangle(frame, outline=FRAME)
    return picture


def _gray(share: np.ndarray) -> np.ndarray:
    gray = np.rint(255 * share.clip(0, 1)).astype(np.uint8)
    return np.repeat(gray[..., np.newaxis], 3, axis=2)


def _red(share: np.ndarray) -> np.ndarray:
    """White for no difference, red for the largest."""
    fade = np.rint(255 * (1 - share.clip(0, 1))).astype(np.uint8)
    return np.dstack([np.full_like(fade, 255), fade, fade])


def smear_picture(folder: Path) -> Image.Image:
    """The top of the page of a synthetic smear."""
    photos, out, shot = folder / "photos", folder / "smear", folder / "page.png"
    normocyte = [sys.executable, "-m", "normocyte"]
    drawn = ["draw", "smear", "--parasitaemia", "0.05", "--fields", "4", "--to", str(photos)]
    subprocess.run([*normocyte, *drawn], check=True)
    subprocess.run([*normocyte, "smear", str(photos), "--out", str(out)], check=True)
    chromium = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars"]
    wanted = [f"--window-size={PAGE[0]},{PAGE[1]}", f"--screenshot={shot}"]
    subprocess.run([*chromium, *wanted, (out / "smear.html").as_uri()], check=True, capture_output=True)
    page = Image.open(shot).convert("RGB")
    return page.resize((SHOWN_WIDTH, round(page.height * SHOWN_WIDTH / page.width)), Image.Resampling.LANCZOS)


def main() -> None:
    """Write both pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--to", type=Path, default=Path(__file__).parent)
    options = parser.parse_args()
    cells_picture().save(options.to / "cells.png", optimize=True)
    with tempfile.TemporaryDirectory() as folder:
        smear_picture(Path(folder)).save(options.to / "smear.jpg", quality=82, optimize=True)


if __name__ == "__main__":
    main()
