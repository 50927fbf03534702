"""The kinds of cell that can be drawn, and what all cells of one patient share: smear, stain and camera."""

import enum
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Colour = npt.NDArray[np.float32]

# RGB of empty glass and of a usual red cell, in smears as laboratories really stain and photograph them.
_SMEARS = np.array(
    [
        [[234, 204, 180], [209, 153, 148]],  # salmon
        [[222, 224, 212], [160, 153, 181]],  # lilac blue
        [[222, 200, 172], [176, 158, 149]],  # taupe
        [[234, 212, 205], [184, 112, 152]],  # magenta
        [[214, 219, 220], [172, 171, 186]],  # grey blue
        [[230, 208, 198], [200, 148, 158]],  # rose
    ]
)
_SMEAR_SHARES = (0.36, 0.18, 0.11, 0.08, 0.15, 0.12)


class Kind(enum.StrEnum):
    """A healthy red cell, or one that houses Plasmodium falciparum at a stage of its life."""

    HEALTHY = "healthy"
    RING = "ring"
    TROPHOZOITE = "trophozoite"
    SCHIZONT = "schizont"
    GAMETOCYTE = "gametocyte"


STAGES = (Kind.RING, Kind.TROPHOZOITE, Kind.SCHIZONT, Kind.GAMETOCYTE)

# Peripheral blood shows mostly rings: later stages of P. falciparum hide in the small vessels.
STAGE_SHARES = (0.70, 0.19, 0.05, 0.06)


@dataclass(frozen=True, slots=True)
class PatientLook:
    """Colours as RGB, lengths in pixels of the crop.

    `light` is the count of empty glass; `haemoglobin`, `chromatin` and `cytoplasm` are optical densities of
    one unit of the substance. `stain` scales every parasite, `pallor` is the usual depth of the pale centre,
    `roughness` the unevenness of outlines, `raggedness` the chance of a bad cut-out, `debris` that of specks,
    `platelets` that of a platelet, `pale` that of a parasite which is hardly stained, only to a share
    between those of `paleness`, `crumpled` that of a cell out of shape. `parasite_size` is 1 for the usual
    size. `grain` and `slope` say how unevenly the stain lies on a cell: in grains, and from side to side.
    """

    light: Colour
    haemoglobin: Colour
    chromatin: Colour
    cytoplasm: Colour
    stain: float
    pallor: float
    radius_px: float
    roughness: float
    raggedness: float
    debris: float
    halo: float
    defocus_px: float
    noise: float
    shading: float
    platelets: float = 0.020
    pale: float = 0.11
    paleness: tuple[float, float] = (0.06, 0.3)
    parasite_size: float = 1.0
    crumpled: float = 0.0
    grain: float = 0.0
    slope: float = 0.0


def patient_look(generator: np.random.Generator) -> PatientLook:
    """One patient's smear and microscope."""
    light, haemoglobin = _smear_colours(generator)
    uniform = generator.uniform
    return PatientLook(
        light=light,
        haemoglobin=haemoglobin,
        chromatin=_colour(uniform(0.08, 0.28), 1.0, uniform(0.06, 0.32)),
        cytoplasm=_colour(uniform(0.5, 0.85), 0.9, uniform(0.1, 0.4)),
        stain=float(np.exp(generator.normal(0.0, 0.22))),
        pallor=float(uniform(0.05, 0.6)),
        radius_px=float(np.clip(generator.normal(62, 3), 56, 68)),
        roughness=float(uniform(0.5, 1.4)),
        raggedness=float(generator.beta(1.0, 4.0)),
        debris=float(generator.beta(1.2, 6.0)),
        halo=float(uniform(0.0, 0.09)),
        defocus_px=float(uniform(0.6, 1.5)),
        noise=float(uniform(0.9, 1.8)),
        shading=float(uniform(0.01, 0.05)),
    )


def _smear_colours(generator: np.random.Generator) -> tuple[Colour, Colour]:
    """Light of empty glass and density of haemoglobin: two smears mixed, then the balance of the camera."""
    main, other = generator.choice(len(_SMEARS), size=2, p=_SMEAR_SHARES)
    share = generator.uniform(0, 0.35)
    glass, cell = (1 - share) * _SMEARS[main] + share * _SMEARS[other]
    density = np.log(glass / cell) * np.exp(generator.normal(0, 0.10))
    balance = np.exp(generator.normal(0, 0.02) + generator.normal(0, 0.018, 3))
    return np.minimum(glass * balance, 246).astype(np.float32), density.astype(np.float32)


def _colour(red: float, green: float, blue: float) -> Colour:
    return np.array([red, green, blue], dtype=np.float32)
