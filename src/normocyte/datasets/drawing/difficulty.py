"""What makes real cells hard: crumpled outlines, uneven stain, specks, platelets, parasites hardly stained.

How often each is drawn was set beside real cells of the NIH set; see the study `demo_story`.
"""

from dataclasses import replace

import numpy as np

from normocyte.datasets.drawing.cell import Cell, Outline
from normocyte.datasets.drawing.look import PatientLook
from normocyte.datasets.drawing.scene import Field, bell, clouds, happens

_THETA = np.linspace(0, 2 * np.pi, 360, endpoint=False, dtype=np.float32)
_PLATELETS, _PALE = 0.05, 0.035
_PALENESS = (0.0, 0.08)
_STRONGER, _PALER, _LARGER = 2.0, 0.6, 1.4
_MOST_CRUMPLED = 0.5
STAGE_SHARES = (0.86, 0.11, 0.01, 0.02)
"""Of the stages in the order of `look.STAGES`."""


def as_hard_as_real(generator: np.random.Generator, look: PatientLook) -> PatientLook:
    """The same patient with as much as real smears show of what fools a score."""
    return replace(
        look,
        stain=look.stain * _STRONGER,
        cytoplasm=look.cytoplasm * np.float32(_PALER),
        debris=min(1.0, 2.0 * look.debris),
        platelets=_PLATELETS,
        pale=_PALE,
        paleness=_PALENESS,
        parasite_size=_LARGER,
        crumpled=float(_MOST_CRUMPLED * generator.beta(0.5, 1.5)),
        grain=float(generator.uniform(0.01, 0.035)),
        slope=0.02,
    )


def crumple(generator: np.random.Generator, look: PatientLook, outline: Outline) -> Outline:
    """The outline as it is, or, in some cells of a patient, with spikes, a notch, a tail or a flat side."""
    if not (look.crumpled and happens(generator, look.crumpled)):
        return outline
    kinds = (_spikes, _notch, _tail, _flat)
    bumps = kinds[generator.choice(len(kinds), p=(0.4, 0.3, 0.15, 0.15))](generator)
    return Outline((outline.radii * np.clip(1 + bumps, 0.25, 1.3)).astype(np.float32), outline.axis)


def stain_unevenly(generator: np.random.Generator, look: PatientLook, cell: Cell) -> None:
    """Let the haemoglobin rise from one side to the other, and make it grainy, in place."""
    if not (look.grain or look.slope):
        return
    scene = cell.scene
    angle = generator.uniform(0, 2 * np.pi)
    slope = look.slope * float(np.exp(generator.normal(0, 0.9)))
    along = scene.x * np.float32(np.cos(angle)) + scene.y * np.float32(np.sin(angle))
    side = np.clip(along / np.float32(np.median(cell.outline.radii)), -1, 1)
    grain = clouds(generator, scene.x.shape, 30) + clouds(generator, scene.x.shape, 60)
    scene.haemoglobin *= 1 + np.float32(slope) * side + np.float32(look.grain) * grain


def _spikes(generator: np.random.Generator) -> Field:
    """A crenated cell: many short spikes, uneven in height."""
    bumps = np.zeros_like(_THETA)
    for _ in range(generator.integers(6, 15)):
        bumps += np.float32(generator.uniform(-0.22, 0.2)) * _at(generator, (0.08, 0.2))
    return bumps


def _notch(generator: np.random.Generator) -> Field:
    """A piece that is missing, up to half way to the centre."""
    return np.float32(-generator.uniform(0.3, 0.8)) * _at(generator, (0.15, 0.45))


def _tail(generator: np.random.Generator) -> Field:
    """One end pulled out, the rest thinner."""
    return np.float32(generator.uniform(0.5, 0.8)) * _at(generator, (0.15, 0.35)) - np.float32(0.35)


def _flat(generator: np.random.Generator) -> Field:
    """A side that a neighbour presses in."""
    return np.float32(-generator.uniform(0.3, 0.6)) * _at(generator, (0.4, 0.8))


def _at(generator: np.random.Generator, widths: tuple[float, float]) -> Field:
    """A bell somewhere around the cell, of a width in radians between these."""
    away = (_THETA - generator.uniform(0, 2 * np.pi) + np.pi) % (2 * np.pi) - np.pi
    return bell(away.astype(np.float32), generator.uniform(*widths))
