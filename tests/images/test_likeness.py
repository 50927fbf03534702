"""Pictures that are nearly the same are found, and pictures of one kind of thing are not."""

import cv2
import numpy as np
import pytest

from normocyte.images.likeness import look, near_duplicates

RNG = np.random.default_rng(3)


def texture(height=96, width=96):
    """A picture of its own: soft blobs of gray."""
    noise = cv2.GaussianBlur(RNG.normal(size=(height, width)).astype(np.float32), (0, 0), 4)
    gray = np.clip(128 + 40 * noise / noise.std(), 0, 255).astype(np.uint8)
    return np.repeat(gray[..., None], 3, axis=2)


def discs(count):
    """Pictures of one outline on black, each with a texture of its own."""
    rows, columns = np.mgrid[:96, :96]
    inside = ((rows - 48) ** 2 + (columns - 48) ** 2 < 44**2)[..., None]
    return [(inside * (150.0 + 0.4 * (texture() - 128.0))).astype(np.uint8) for _ in range(count)]


def groups(pictures):
    return [rows.tolist() for rows in near_duplicates(np.stack([look(one) for one in pictures]))]


CHANGES = {
    "smaller": lambda image: cv2.resize(image, (60, 70), interpolation=cv2.INTER_AREA),
    "brighter": lambda image: cv2.convertScaleAbs(image, alpha=0.7, beta=50),
    "in JPEG": lambda image: cv2.imdecode(
        cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_COLOR
    ),
    "moved a little": lambda image: np.roll(image, 1, axis=1),
    "with a bar": lambda image: cv2.rectangle(image.copy(), (70, 88), (90, 90), (255, 255, 255), -1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_another_export_of_a_picture_is_its_near_duplicate(change):
    pictures = [texture() for _ in range(8)]
    assert groups([*pictures, change(pictures[5])]) == [[5, 8]]


def test_two_pictures_alone_are_told_apart_or_together():
    one, other = texture(), texture()
    assert groups([one, CHANGES["in JPEG"](one)]) == [[0, 1]]
    assert groups([one, other]) == []


def test_pictures_of_one_outline_are_no_near_duplicates():
    pictures = discs(40)
    assert groups(pictures) == []
    assert groups([*pictures, CHANGES["brighter"](pictures[7])]) == [[7, 40]]


def test_a_chain_of_neighbouring_slices_is_one_group():
    first, last = texture().astype(np.float32), texture().astype(np.float32)
    slices = [(first * (1 - share) + last * share).astype(np.uint8) for share in np.linspace(0, 1, 13)]
    others = [texture() for _ in range(20)]
    assert groups([*slices, *others]) == [list(range(13))]
    assert groups([slices[0], slices[-1], *others]) == []


def test_even_pictures_and_no_pictures_make_no_group():
    even = [np.full((20, 16, 3), shade, np.uint8) for shade in (10, 10, 200)]
    assert groups([*even, texture()]) == []
    assert near_duplicates(np.zeros((0, 576), np.float32)) == []


def test_near_duplicates_far_apart_in_a_large_set_are_found():
    looks = RNG.normal(size=(4_000, 576)).astype(np.float32)
    looks[3_500:] = looks[:500] + 0.1 * RNG.normal(size=(500, 576)).astype(np.float32)
    assert [rows.tolist() for rows in near_duplicates(looks)] == [[row, row + 3_500] for row in range(500)]
