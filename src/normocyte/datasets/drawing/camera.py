"""From layers on the glass to counts of a sensor: absorption, uneven lamp, lens out of focus, noise."""

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.datasets.drawing.look import PatientLook
from normocyte.datasets.drawing.scene import Field, Scene

_PIGMENT = np.array([0.45, 0.75, 0.95], dtype=np.float32)
_GLARE = np.array([-0.9, -1.0, -0.8], dtype=np.float32)


def photograph(
    generator: np.random.Generator, look: PatientLook, scene: Scene, dimmed: float = 0.0
) -> npt.NDArray[np.uint8]:
    """The picture that the patient's microscope and camera take of a scene: (height, width, 3) RGB.

    `dimmed` is the share of light that the corners lose to the edge of the eyepiece.
    """
    light = look.light * np.exp(-_density(generator, look, scene)) * _lamp(generator, look, scene)[..., None]
    light *= 1 - np.float32(dimmed) * _towards_corners(scene)[..., None]
    sigma = max(0.35, look.defocus_px * float(np.exp(generator.normal(0, 0.2))))
    blurred = cv2.GaussianBlur(light, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    counts = np.rint(blurred + _noise(generator, look, light.shape))
    return np.asarray(np.clip(counts, 1, 255), dtype=np.uint8)


def _density(generator: np.random.Generator, look: PatientLook, scene: Scene) -> Field:
    """Optical density by channel (Beer and Lambert): what each substance takes adds up."""
    tint = np.exp(generator.normal(0, 0.03, 3)).astype(np.float32)
    substances = np.stack(
        [scene.haemoglobin, scene.chromatin, scene.cytoplasm, scene.pigment, scene.glare], axis=-1
    )
    colours = np.stack([look.haemoglobin * tint, look.chromatin, look.cytoplasm, _PIGMENT, _GLARE])
    return np.asarray(substances @ colours, dtype=np.float32)


def _lamp(generator: np.random.Generator, look: PatientLook, scene: Scene) -> Field:
    """Brightness of the lamp over the field: a slope in some direction around 1."""
    angle = generator.uniform(0, 2 * np.pi)
    slope = look.shading * generator.uniform(0, 1.5) / scene.x.shape[0]
    rise = np.float32(slope * np.cos(angle)) * scene.x + np.float32(slope * np.sin(angle)) * scene.y
    return rise + np.float32(np.exp(generator.normal(0, 0.012)))


def _towards_corners(scene: Scene) -> Field:
    """0 in the middle, 1 in the corners."""
    square = scene.x**2 + scene.y**2
    return np.asarray((square / square.max()) ** np.float32(1.5), dtype=np.float32)


def _noise(generator: np.random.Generator, look: PatientLook, shape: tuple[int, ...]) -> Field:
    """Sensor noise, slightly smeared by the interpolation of the colour filter."""
    grain = generator.standard_normal(shape, dtype=np.float32)
    smeared = cv2.GaussianBlur(grain, (3, 3), 0.6)
    return np.asarray(np.float32(look.noise * 1.6) * smeared, dtype=np.float32)
