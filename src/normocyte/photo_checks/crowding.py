"""Are there enough cells, and do they lie apart?"""

from dataclasses import dataclass

from normocyte.core.messages import to_translate
from normocyte.photo_checks.contract import Check, Limits, Measure, Photo, limits


@dataclass
class Crowding(Check):
    """Checks how many cells there are and how much of the photo they cover.

    `cells`: how many there are; `coverage`: the share of the lit photo that they cover, 0 to 1."""

    cells_good: Limits = limits((11.0, 300.0), "good", "cells")
    cells_usable: Limits = limits((5.4, 610.0), "usable", "cells")
    coverage_good: Limits = limits((0.22, 0.79), "good", "coverage")
    coverage_usable: Limits = limits((0.17, 0.9), "usable", "coverage")

    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        view = photo.view
        return (
            Measure(
                to_translate("cells"),
                float(view.count),
                self.cells_good,
                self.cells_usable,
                to_translate("there are too few cells; choose a denser field or a lower magnification"),
                to_translate("there are too many objects for a blood field; choose a higher magnification"),
            ),
            Measure(
                to_translate("coverage"),
                float(view.seen(view.cells).mean()),
                self.coverage_good,
                self.coverage_usable,
                to_translate("there are too few cells; choose a denser field"),
                to_translate("the cells are too crowded; choose a thinner part of the smear"),
            ),
        )
