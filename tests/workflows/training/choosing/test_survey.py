"""What images are, found out by looking at them."""

import numpy as np
import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.progress import Silent
from normocyte.core.types import Record, Source
from normocyte.images.writing import png_bytes
from normocyte.workflows.training.choosing.survey import described, survey_of

PINK, ORANGE = (196, 140, 158), (190, 110, 60)


def disc(colour, background=0, side=64, wide=0.4):
    down, right = np.mgrid[:side, :side] - (side - 1) / 2
    inside = np.hypot(down, right) < wide * side
    noise = np.random.default_rng(0).normal(0, 3, (side, side, 1))
    return np.where(inside[..., None], np.clip(np.array(colour) + noise, 0, 255), background).astype(np.uint8)


def surveyed(images, tmp_path):
    records = []
    for number, image in enumerate(images):
        file = tmp_path / f"{number}.png"
        file.write_bytes(png_bytes(image))
        records.append(Record(Source(file), 0, ""))
    return survey_of(records, 0, Silent())


@pytest.mark.parametrize("background", [0, 245])
def test_pink_discs_before_a_black_or_a_plain_surround_are_red_cells(background, tmp_path):
    survey = surveyed([disc(PINK, background)] * 4, tmp_path)
    assert survey.are_red_cells
    assert not survey.is_gray


@pytest.mark.parametrize(
    "image",
    [
        disc(ORANGE),
        disc((150, 150, 150)),
        disc((110, 110, 190)),
        disc(PINK, side=512),
        np.full((64, 64, 3), PINK, np.uint8),
        np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8),
    ],
    ids=["orange as a retina", "gray", "blue", "very large", "no surround", "noise"],
)
def test_other_images_are_no_red_cells(image, tmp_path):
    assert not surveyed([image] * 4, tmp_path).are_red_cells


def test_the_surround_and_what_stands_before_it_are_measured():
    looked = described(disc(PINK))
    assert looked.has_dark_surround
    assert looked.foreground == pytest.approx(np.pi * 0.4**2, abs=0.03)
    assert not described(disc(PINK, 245)).has_dark_surround


def test_gray_images_sizes_formats_and_endings_are_counted(tmp_path):
    survey = surveyed([disc((99, 99, 99)), disc((99, 99, 99), side=40)], tmp_path)
    assert survey.is_gray
    assert sorted(survey.sizes) == [(40, 40), (64, 64)]
    assert survey.endings == ((".png", 2),)
    assert {one.format for one in survey.looked} == {"PNG"}


def test_constant_images_are_said_to_be_so(tmp_path):
    assert surveyed([np.full((32, 32, 3), 90, np.uint8)] * 3, tmp_path).is_constant


def test_images_that_cannot_be_read_are_refused_with_the_first_reason(tmp_path):
    file = tmp_path / "a.png"
    file.write_bytes(b"no image")
    with pytest.raises(DatasetError, match=r"None of the healthy images can be read, the first: a\.png"):
        survey_of([Record(Source(file), 0, "")], 0, Silent())
