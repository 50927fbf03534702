"""Are there enough cells, and do they lie apart?"""

from __future__ import annotations

from dataclasses import dataclass

from normocyte.photo_checks.contract import Check, Limits, Measure, Photo


@dataclass
class Crowding(Check):
    """`cells`: how many there are; `coverage`: the share of the lit photo that they cover, 0 to 1."""

    cells_good: Limits = (11.0, 300.0)
    cells_usable: Limits = (5.4, 610.0)
    coverage_good: Limits = (0.22, 0.79)
    coverage_usable: Limits = (0.17, 0.9)

    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        view = photo.view
        return (
            Measure(
                "cells",
                float(view.count),
                self.cells_good,
                self.cells_usable,
                "there are too few cells; choose a denser field or a lower magnification",
                "there are too many things for a blood field; choose a higher magnification",
            ),
            Measure(
                "coverage",
                float(view.seen(view.cells).mean()),
                self.coverage_good,
                self.coverage_usable,
                "there are too few cells; choose a denser field",
                "the cells are too crowded; choose a thinner part of the smear",
            ),
        )
