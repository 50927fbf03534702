"""A field gives the same counts in whatever file and at whatever size it comes."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from normocyte.core.progress import Silent
from normocyte.core.types import Source
from normocyte.datasets.drawing.field_plan import WantedFields
from normocyte.datasets.drawing.folders.smears import Picturing, write_smear
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.segmentation.boxes.box import Box
from normocyte.wording.causes import sentence
from normocyte.workflows.smear.judge import JudgePhotos, PhotoJudge, judge_photo


def save_rotated(picture, path):
    exif = Image.Exif()
    exif[0x112] = 6
    picture.rotate(90, expand=True).save(path, exif=exif, quality=97, subsampling=0)


def save_16_bit(picture, path):
    assert cv2.imwrite(str(path), np.asarray(picture)[..., ::-1].astype(np.uint16) * 257)


def enlarged(picture, path):
    picture.resize((2 * picture.width, 2 * picture.height), Image.Resampling.BICUBIC).save(path, quality=95)


SAME = {
    "field.bmp": Image.Image.save,
    "eight.tif": Image.Image.save,
    "sixteen.tif": save_16_bit,
    "sixteen.png": save_16_bit,
    "field.webp": lambda picture, path: picture.save(path, lossless=True),
    "alpha.png": lambda picture, path: picture.convert("RGBA").save(path),
}
ALIKE = {
    "turned.jpg": save_rotated,
    "cmyk.jpg": lambda picture, path: picture.convert("CMYK").save(path, quality=97),
    "large.jpg": enlarged,
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """A drawn field as a PNG."""
    folder = tmp_path_factory.mktemp("drawn") / "smear"
    write_smear(
        WantedFields(fields=1, parasitaemia=0.1, width=1280, height=480), folder, Silent(), Picturing.PNG
    )
    return folder / "field_001.png"


@pytest.fixture(scope="module")
def judge():
    """Judges the pages of one photo by the bundle that comes along."""
    pipeline = load_bundle(bundle_folder(Path("shipped"))).pipeline

    def judged(path):
        pages = JudgePhotos(PhotoJudge(pipeline, 0), is_drawn=False)([Source(path)])
        return [page.photo for page in pages]

    return judged


@pytest.fixture(scope="module")
def known(judge, drawn):
    """What is found in the PNG."""
    (photo,) = judge(drawn)
    assert photo.cells > 40
    return photo


@pytest.mark.parametrize("name", SAME)
def test_a_lossless_file_gives_the_very_same_verdicts(judge, drawn, known, tmp_path, name):
    SAME[name](Image.open(drawn).convert("RGB"), tmp_path / name)
    (photo,) = judge(tmp_path / name)
    assert [str(detection.verdict) for detection in photo.detections] == [
        str(detection.verdict) for detection in known.detections
    ]


@pytest.mark.parametrize("name", ALIKE)
def test_a_turned_compressed_or_enlarged_one_gives_about_as_many_cells(judge, drawn, known, tmp_path, name):
    ALIKE[name](Image.open(drawn).convert("RGB"), tmp_path / name)
    (photo,) = judge(tmp_path / name)
    assert photo.cells == pytest.approx(known.cells, rel=0.1)
    assert photo.flagged == pytest.approx(known.flagged, abs=2)


def test_every_page_of_a_tiff_is_a_photo_of_its_own(judge, drawn, known, tmp_path):
    picture = Image.open(drawn).convert("RGB")
    blank = Image.new("RGB", picture.size, (200, 210, 200))
    picture.save(tmp_path / "pages.tif", save_all=True, append_images=[blank])
    first, second = judge(tmp_path / "pages.tif")
    assert (first.name, first.cells) == ("pages.tif-page-1", known.cells)
    assert (second.name, second.grade, second.cells) == ("pages.tif-page-2", "unusable", 0)


@pytest.mark.parametrize("border", [0, 16, 60])
def test_through_an_eyepiece_cells_have_the_places_and_verdicts_of_the_field(
    judge, drawn, known, tmp_path, border
):
    pixels = np.asarray(Image.open(drawn))
    disc = cv2.circle(np.zeros(pixels.shape[:2], np.uint8), (500, 240), 232, 1, -1)
    seen = np.where(disc[..., np.newaxis] > 0, pixels, border).astype(np.uint8)
    Image.fromarray(seen).save(tmp_path / "seen.png")
    (photo,) = judge(tmp_path / "seen.png")
    counted = {(t.cell.x + t.cell.width // 2, t.cell.y + t.cell.height // 2): t for t in known.detections}
    pairs = [
        (other, detection)
        for detection in photo.detections
        if detection.is_counted
        for (x, y), other in counted.items()
        if np.hypot(
            x - detection.cell.x - detection.cell.width // 2,
            y - detection.cell.y - detection.cell.height // 2,
        )
        < 4
    ]
    assert photo.grade != "unusable"
    assert len(pairs) == photo.cells > 10
    assert sum(one.verdict.outcome is two.verdict.outcome for one, two in pairs) >= 0.9 * len(pairs)


def test_a_photo_in_memory_is_judged_as_its_file_is(drawn, known):
    pipeline = load_bundle(bundle_folder(Path("shipped"))).pipeline
    judged = judge_photo(np.asarray(Image.open(drawn)), known.name, PhotoJudge(pipeline, most=5))
    assert [str(one.verdict) for one in judged.photo.detections] == [
        str(one.verdict) for one in known.detections
    ]
    assert len(judged.suspects) == 5
    assert judged.picture == b""


def test_boxes_in_memory_take_the_place_of_the_segmentation(drawn):
    pipeline = load_bundle(bundle_folder(Path("shipped"))).pipeline
    boxes = [Box(10, 10, 40, 40), Box(1279, 10, 40, 40)]
    photo = judge_photo(np.asarray(Image.open(drawn)), "photo", PhotoJudge(pipeline), boxes).photo
    assert len(photo.detections) == 1
    assert "1 of 2 boxes has fewer than 3 x 3 pixels" in sentence(photo.causes[-1])
