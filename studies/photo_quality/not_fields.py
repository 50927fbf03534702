"""Draws what is no blood field, and damages what is one."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

Image8 = npt.NDArray[np.uint8]
Chance = np.random.Generator

HEIGHT, WIDTH = 960, 1280
_WORDS = ("Patient", "blood", "film", "report", "of the", "laboratory", "0.25 %", "malaria", "see page")


def one_colour(chance: Chance) -> Image8:
    """Blank: one colour with the noise of a camera."""
    return _noisy(np.full((HEIGHT, WIDTH, 3), chance.integers(20, 240, 3), np.float32), chance, 2)


def black(chance: Chance) -> Image8:
    """The lens cap was on."""
    return _noisy(np.zeros((HEIGHT, WIDTH, 3), np.float32), chance, 2)


def white(chance: Chance) -> Image8:
    """An empty field, or far too much light."""
    return _noisy(np.full((HEIGHT, WIDTH, 3), 255, np.float32), chance, 2)


def noise(chance: Chance) -> Image8:
    """No structure at all."""
    return chance.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def gradient(chance: Chance) -> Image8:
    """A wall in side light."""
    ends = chance.integers(20, 240, (2, 3))
    ramp = np.linspace(0, 1, WIDTH)[None, :, None] * np.ones((HEIGHT, 1, 1))
    return _noisy(ends[0] + ramp * (ends[1] - ends[0]), chance, 2)


def text_page(chance: Chance) -> Image8:
    """A page of print."""
    page = np.full((HEIGHT, WIDTH, 3), chance.integers(215, 250), np.uint8)
    size = float(chance.uniform(0.6, 1.6))
    ink = tuple(int(channel) for channel in chance.integers(0, 90, 3))
    for row in range(int(40 * size), HEIGHT, int(34 * size)):
        line = " ".join(chance.choice(_WORDS, 14))
        cv2.putText(page, line, (30, row), cv2.FONT_HERSHEY_SIMPLEX, size, ink, 2, cv2.LINE_AA)
    return _noisy(page, chance, 3)


def portrait(chance: Chance) -> Image8:
    """A face before a wall: skin, hair, eyes, mouth and a shirt."""
    picture = np.full((HEIGHT, WIDTH, 3), chance.integers(90, 220, 3), np.uint8)
    skin = np.array([224, 172, 140]) * chance.uniform(0.5, 1.05)
    centre, radius = (WIDTH // 2 + int(chance.integers(-80, 80)), 420), int(chance.integers(190, 280))
    shirt = tuple(int(channel) for channel in chance.integers(0, 255, 3))
    cv2.ellipse(picture, (centre[0], HEIGHT), (2 * radius, 330), 0, 0, 360, shirt, -1)
    cv2.ellipse(picture, (centre[0], centre[1] - 60), (radius + 40, radius + 60), 0, 0, 360, (50, 35, 25), -1)
    cv2.ellipse(picture, centre, (radius, int(1.3 * radius)), 0, 0, 360, skin.tolist(), -1)
    for side in (-1, 1):
        eye = centre[0] + side * radius // 2, centre[1] - 40
        cv2.ellipse(picture, eye, (40, 20), 0, 0, 360, (245, 245, 245), -1)
        cv2.circle(picture, eye, 17, (60, 40, 20), -1)
    cv2.ellipse(picture, (centre[0], centre[1] + radius // 2), (80, 25), 0, 0, 360, (170, 70, 80), -1)
    return _noisy(cv2.GaussianBlur(picture, (0, 0), 2), chance, 4)


def histology(chance: Chance) -> Image8:
    """Tissue as haematoxylin and eosin show it: purple nuclei, close together, in pink fibres."""
    fibres = cv2.GaussianBlur(chance.normal(size=(HEIGHT, WIDTH)), (0, 0), sigmaX=14, sigmaY=3)
    fibres = fibres / fibres.std()
    picture = np.array([226, 160, 196]) + fibres[..., None] * np.array([10, 24, 14])
    picture = np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8))
    for _ in range(int(chance.integers(300, 900))):
        centre = int(chance.integers(0, WIDTH)), int(chance.integers(0, HEIGHT))
        axes = int(chance.integers(9, 26)), int(chance.integers(6, 15))
        colour = (np.array([96, 60, 140]) + chance.integers(-25, 25, 3)).tolist()
        cv2.ellipse(picture, centre, axes, float(chance.uniform(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    return _noisy(cv2.GaussianBlur(picture, (0, 0), 1.2), chance, 4)


DRAWN: dict[str, Callable[[Chance], Image8]] = {
    "blank, one colour": one_colour,
    "black": black,
    "white": white,
    "noise": noise,
    "gradient": gradient,
    "page of text": text_page,
    "portrait": portrait,
    "tissue": histology,
}


def screen(field: Image8, chance: Chance) -> Image8:
    """The field on a screen, photographed slightly turned: its coloured stripes beat with the pixels."""
    height, width = field.shape[:2]
    large = cv2.resize(field, (3 * width, 3 * height), interpolation=cv2.INTER_NEAREST)
    stripes = np.full((3, 3, 3), 0.35, np.float32)
    stripes[:2, [0, 1, 2], [0, 1, 2]] = 1.6
    grid = np.tile(stripes, (height, width, 1))
    shown = np.clip(large * grid, 0, 255).astype(np.uint8)
    turn = cv2.getRotationMatrix2D((1.5 * width, 1.5 * height), float(chance.uniform(1, 6)), 1.1)
    turned = cv2.warpAffine(shown, turn, (3 * width, 3 * height), borderMode=cv2.BORDER_REFLECT)
    kept = cv2.GaussianBlur(turned, (0, 0), 0.9)
    return np.ascontiguousarray(kept[::3, ::3])


def blurred(share: float) -> Callable[[Image8], Image8]:
    """Out of focus: a Gaussian of this share of 1/20 of the height."""
    return lambda field: np.asarray(cv2.GaussianBlur(field, (0, 0), share * len(field) / 20), np.uint8)


def exposed(factor: float) -> Callable[[Image8], Image8]:
    """So many times as much light, clipped at white."""
    return lambda field: np.clip(field * factor, 0, 255).astype(np.uint8)


def vignetted(depth: float) -> Callable[[Image8], Image8]:
    """Darker towards the corners, where this share of the light is missing."""

    def apply(field: Image8) -> Image8:
        down, right = (np.linspace(-1, 1, side) ** 2 for side in field.shape[:2])
        fall = 1 - depth * (down[:, None] + right[None]) / 2
        return np.clip(field * fall[..., None], 0, 255).astype(np.uint8)

    return apply


def grainy(spread: float) -> Callable[[Image8], Image8]:
    """With the noise of too little light."""
    return lambda field: _noisy(field, np.random.default_rng(0), spread)


def _noisy(picture: npt.NDArray[np.generic], chance: Chance, spread: float) -> Image8:
    return np.clip(picture + chance.normal(0, spread, picture.shape), 0, 255).astype(np.uint8)
