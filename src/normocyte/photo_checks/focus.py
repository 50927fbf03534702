"""Is the photo sharp, and free of noise?"""

from dataclasses import dataclass

import cv2
import numpy as np

from normocyte.core.messages import to_translate
from normocyte.photo_checks.contract import Check, Limits, Measure, Photo, limits


@dataclass
class Focus(Check):
    """Checks that the photo is in focus.

    `sharpness` and `grain`: the root mean square of the Laplacian, on cells and well outside of them.

    Of green, at 32 pixels a cell, in units of the contrast of a cell with the background: neither the camera
    nor the lamp changes it. A blurred photo has little of it where cells end; noise, letters and tissue have
    it where nothing should be.
    """

    sharpness_good: Limits = limits((0.086, 0.27), "good", "sharpness")
    sharpness_usable: Limits = limits((0.065, 0.35), "usable", "sharpness")
    grain_good: Limits = limits((0.0, 0.11), "good", "grain")
    grain_usable: Limits = limits((0.0, 0.17), "usable", "grain")

    def measures(self, photo: Photo) -> tuple[Measure, ...]:
        view = photo.view
        energy = np.square(cv2.Laplacian(view.green, cv2.CV_32F) / view.contrast)
        sharpness = float(np.sqrt(energy[view.around].mean()))
        grain = float(np.sqrt(energy[view.outside].mean()))
        return (
            Measure(
                to_translate("sharpness"),
                sharpness,
                self.sharpness_good,
                self.sharpness_usable,
                to_translate("it is blurred; focus again"),
                to_translate("it is rougher than cells are; photograph the smear itself"),
            ),
            Measure(
                to_translate("grain"),
                grain,
                self.grain_good,
                self.grain_usable,
                too_high=to_translate("the background is not smooth; use more light and clean the slide"),
            ),
        )
