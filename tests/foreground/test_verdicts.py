"""Other padding and lossy compression change no verdict without a word."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from normocyte.core.types import Source
from normocyte.images.reading import decode, read
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.wording.causes import sentences

CELLS = Path(__file__).parents[3] / "shared" / "data" / "nih-malaria" / "cell_images"
pytestmark = pytest.mark.skipif(
    not CELLS.is_dir(), reason="the NIH cells are not in ../shared/data/nih-malaria"
)


@pytest.fixture(scope="module")
def shipped():
    return load_bundle(bundle_folder(Path("shipped"))).pipeline


@pytest.fixture(scope="module")
def cells():
    """Every 200th healthy and infected cell, which are of many patients."""
    folders = (CELLS / "Uninfected", CELLS / "Parasitized")
    return [read(Source(file)) for folder in folders for file in sorted(folder.iterdir())[::200]]


def flags(pipeline, images):
    return np.array([verdict.is_flagged for verdict in pipeline.verdicts(images)])


def saved(pixels, form, **options):
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, form, **options)
    return decode(content.getvalue(), "crop")


@pytest.mark.parametrize("value", [1, 2, 4, 8])
def test_padding_that_is_nearly_black_is_no_cell(shipped, cells, value):
    changed = [np.where(cell.max(axis=2, keepdims=True) == 0, np.uint8(value), cell) for cell in cells]
    assert np.mean(flags(shipped, changed) == flags(shipped, cells)) >= 0.98


@pytest.mark.parametrize("quality", [95, 90, 75])
def test_a_jpeg_is_judged_as_its_original(shipped, cells, quality):
    changed = [saved(cell, "JPEG", quality=quality, subsampling=2) for cell in cells]
    assert np.mean(flags(shipped, changed) == flags(shipped, cells)) >= 0.93


def test_a_jpeg_is_hardly_ever_refused(shipped, cells):
    causes = shipped.gate.causes([saved(cell, "JPEG", quality=75, subsampling=2) for cell in cells])
    assert np.mean([bool(cause) for cause in causes]) <= 0.02


def test_a_lossy_webp_that_is_refused_is_told_that_it_was_compressed(shipped, cells):
    whole = {cell.tobytes() for cell in cells if not shipped.gate.causes([cell])[0]}
    copies = [saved(cell, "WEBP", quality=80) for cell in cells if cell.tobytes() in whole]
    refused = [reason for reason in sentences(shipped.gate.causes(copies)) if reason]
    assert refused
    assert np.mean(["lossy compression" in reason for reason in refused]) >= 0.95


@pytest.mark.parametrize(("share", "least"), [(0.02, 0.7), (0.05, 0.8)])
def test_a_blurred_healthy_cell_is_refused_with_and_without_compression(shipped, cells, share, least):
    healthy = cells[: len(list((CELLS / "Uninfected").iterdir())[::200])]
    blurred = [cv2.GaussianBlur(cell, (0, 0), share * min(cell.shape[:2])) for cell in healthy]
    lossy = [saved(cell, "JPEG", quality=75, subsampling=2) for cell in blurred]
    assert np.mean([bool(cause) for cause in shipped.gate.causes(blurred)]) >= 0.95
    assert np.mean([bool(cause) for cause in shipped.gate.causes(lossy)]) >= least
