"""A drawn field that resembles a real one, and what is none."""

import cv2
import numpy as np
import pytest

GROUND, CELL, PALE = (196, 216, 200), (140, 104, 132), (158, 128, 148)
DIAMETER = 40


def drawn_field(seed: int = 0, height: int = 480, width: int = 640) -> np.ndarray:
    """Round cells with a pale middle, on a grid that is shaken, with the noise of a camera."""
    rng = np.random.default_rng(seed)
    picture = np.full((height, width, 3), GROUND, np.uint8)
    step = 1.5 * DIAMETER
    for row in np.arange(step / 2, height, step):
        for column in np.arange(step / 2, width, step):
            centre = tuple(round(float(place + rng.uniform(-14, 14))) for place in (column, row))
            axes = tuple(round(float(DIAMETER / 2 * rng.uniform(0.9, 1.1))) for _ in range(2))
            cv2.ellipse(picture, centre, axes, float(rng.uniform(0, 180)), 0, 360, CELL, -1, cv2.LINE_AA)
            cv2.circle(picture, centre, DIAMETER // 6, PALE, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(picture, (0, 0), 0.9)
    return np.clip(soft + rng.normal(0, 1, soft.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def field():
    """A drawn field, 480 x 640 pixels, with cells of 40 pixels; nobody changes it."""
    pixels = drawn_field()
    pixels.flags.writeable = False
    return pixels


@pytest.fixture(scope="session")
def fields():
    """Six drawn fields, 720 x 960 pixels, with cells of 40 pixels, more than 610 together."""
    return [drawn_field(seed, 720, 960) for seed in range(6)]


@pytest.fixture(scope="session")
def page():
    """A page of print."""
    pixels = np.full((480, 640, 3), 240, np.uint8)
    for row in range(30, 480, 24):
        cv2.putText(pixels, "a page of the laboratory's manual", (20, row), 0, 0.9, (30, 30, 30), 2)
    return pixels
