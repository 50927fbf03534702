"""A folder that holds only thick films is unusable, and no share is said."""

import json

import cv2
import numpy as np
import pytest

GROUND, STAIN, NUCLEUS, DOT = (238, 226, 228), (212, 168, 180), (160, 62, 88), (190, 90, 180)


def thick_film(seed):
    """Plaques of stained matter, white cells and dots, but not one red cell; (900, 1200, 3), blue first."""
    rng = np.random.default_rng(seed)
    waves = [cv2.GaussianBlur(rng.normal(size=(900, 1200)), (0, 0), width) for width in (20 + 9 * seed, 100)]
    height = waves[0] / waves[0].std() + 0.8 * waves[1] / waves[1].std()
    plaque = 1 / (1 + np.exp(-np.clip((height - 0.5) * 14, -50, 50)))[..., None]
    picture = (np.array(GROUND) * (1 - plaque) + np.array(STAIN) * plaque).astype(np.uint8)
    for radius, count, colour in ((30, 9, NUCLEUS), (4, 150, DOT)):
        for row, column in zip(rng.integers(0, 900, count), rng.integers(0, 1200, count), strict=True):
            cv2.circle(picture, (int(column), int(row)), radius, colour, -1, cv2.LINE_AA)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 1.2) + rng.normal(0, 2.5, picture.shape), 0, 255)


@pytest.fixture(scope="module")
def told(call, tmp_path_factory):
    folder = tmp_path_factory.mktemp("thick")
    for seed in range(3):
        assert cv2.imwrite(str(folder / f"thick_{seed}.png"), thick_film(seed).astype(np.uint8))
    outcome = call("smear", folder, "--workers", 1, "--out", folder.parent / "thick_out")
    assert outcome.exit_code == 0, outcome.stderr
    return json.loads(
        (folder.parent / "thick_out" / "smear.json").read_text(encoding="utf-8")
    ), outcome.stdout


def test_thick_films_alone_are_unusable_and_no_share_is_said(told):
    found, screen = told
    assert found["decision"].startswith("unusable"), found["decision"]
    assert (found["cells"], found["parasitaemia"]["value"]) == (0, None)
    assert "o evidence" not in screen, screen


def test_each_is_told_to_be_no_thin_film(told):
    for photo in told[0]["photos"]:
        assert photo["grade"] == "unusable", photo["name"]
        assert "no thin film" in photo["reasons"][0], photo["reasons"]
