"""Are the cells stained so that they stand out?"""

from dataclasses import dataclass

import numpy as np

from normocyte.core.messages import to_translate
from normocyte.photo_checks.contract import Check, Limits, Measure, Photo, limits


@dataclass
class Stain(Check):
    """Checks that the stain is strong enough and has the usual colours.

    `density`: how much green light a cell takes away; `red_share` and `blue_share`: what of the others.

    Density is the optical density of the cells against the background, the natural logarithm of the ratio of
    the medians, plus 1 in each to allow 0 (Lambert and Beer). A share is the density in red or blue over that
    in green, 0 where it is brighter than the background: the lamp has no say in it, the stain has.
    """

    density_good: Limits = limits((0.18, 2.0), "good", "density")
    density_usable: Limits = limits((0.11, 3.1), "usable", "density")
    red_share_good: Limits = limits((0.0, 0.75), "good", "red_share")
    red_share_usable: Limits = limits((0.0, 0.94), "usable", "red_share")
    blue_share_good: Limits = limits((0.29, 1.1), "good", "blue_share")
    blue_share_usable: Limits = limits((0.19, 1.6), "usable", "blue_share")

    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        view = photo.view
        densities = np.log((view.background_colour + 1) / (view.cell_colour + 1))
        red, green, blue = np.maximum(densities, 0.0)
        some = max(green, 0.01)
        return (
            Measure(
                to_translate("density"),
                float(green),
                self.density_good,
                self.density_usable,
                to_translate("the cells hardly stand out; stain again"),
                to_translate("the cells are too dark; stain shorter or expose longer"),
            ),
            Measure(
                to_translate("red_share"),
                float(red / some),
                self.red_share_good,
                self.red_share_usable,
                too_high=to_translate("the cells are too gray or blue for stained red cells"),
            ),
            Measure(
                to_translate("blue_share"),
                float(blue / some),
                self.blue_share_good,
                self.blue_share_usable,
                to_translate("the cells are too purple for stained red cells"),
                to_translate("the cells are too yellow for stained red cells"),
            ),
        )
