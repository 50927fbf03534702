"""What a report says that its detector was trained to do."""

import pytest

from normocyte.core.registry import part_class
from normocyte.core.words import CELLS
from normocyte.workflows.evaluation.words import statement, statement_of_healthy

FILLS = "on healthy cells only, to fill in what is hidden of them"
REMOVES = "on healthy cells only, to find and remove synthetic parasites that are drawn into them."


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("conv_autoencoder", {}, "A detector was trained on healthy cells only, to reproduce them."),
        ("synthetic_parasites", {}, REMOVES),
        ("denoising_autoencoder", {}, REMOVES),
        ("denoising_autoencoder", {"share": 0.0}, "healthy cells only, to reproduce them."),
        ("transformer", {}, f"{FILLS}, without the synthetic parasites that are drawn into the rest."),
        ("transformer", {"share": 0.0}, f"{FILLS}."),
        ("patch_memory", {}, "A detector was trained on healthy cells only. "),
        ("stain_rule", {}, "The detector is a rule that learns nothing from cells."),
    ],
)
def test_each_detector_is_said_to_do_what_it_was_trained_for(name, settings, said):
    detector = part_class("detectors", name)(**settings)
    assert said in statement(CELLS, detector, are_patients_known=True)
    assert said in statement_of_healthy(CELLS, detector)
