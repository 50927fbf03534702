"""Draws of patients as files that other environments can read: scores to be fitted on, and smears."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from _catalogue import PREVALENCES

from normocyte.core.files import write_bytes
from normocyte.core.seeds import generator
from studies.error_rates.cells import Cells, Draw, draws


def export_draws(cells: Cells, count: int, calibrating: int, folder: Path) -> None:
    """One file for each draw, unless they are there."""
    for number, draw in enumerate(draws(count, cells.patients, calibrating)):
        place = folder / f"{number:03d}.npz"
        if place.is_file():
            continue
        content = io.BytesIO()
        np.savez(content, **_calibration(cells, draw), **_smears(cells, draw, number))
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(place, content.getvalue())


def _calibration(cells: Cells, draw: Draw) -> dict[str, np.ndarray]:
    (healthy, places), (infected, others) = (
        own.of(draw.calibration) for own in (cells.healthy, cells.infected)
    )
    return {
        "scores": np.concatenate([healthy, infected]),
        "labels": np.repeat([0, 1], [len(healthy), len(infected)]),
        "patients": np.concatenate([places, others]),
    }


def _smears(cells: Cells, draw: Draw, number: int) -> dict[str, np.ndarray]:
    """All healthy cells of the test patients, with so many random infected ones among them."""
    healthy, places = cells.healthy.of(draw.test)
    infected, others = cells.infected.of(draw.test)
    order = generator(number, "infected").permutation(len(infected))
    found: dict[str, np.ndarray] = {}
    for prevalence in PREVALENCES:
        rows = order[: round(prevalence / (100 - prevalence) * len(healthy))]
        found[f"test {prevalence}"] = np.concatenate([healthy, infected[rows]])
        found[f"labels {prevalence}"] = np.repeat([0, 1], [len(healthy), len(rows)])
        found[f"patients {prevalence}"] = np.concatenate([places, others[rows]])
    return found
