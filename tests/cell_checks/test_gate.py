"""The gate lets cells pass and refuses, with a reason, what is none or cannot be seen."""

import io

import cv2
import numpy as np
import pytest

from normocyte.cell_checks.cell_shape import CellShape
from normocyte.cell_checks.exposure import Exposure
from normocyte.cell_checks.gate import Gate
from normocyte.cell_checks.sharpness import Sharpness
from normocyte.cell_checks.stain_colour import StainColour
from normocyte.cell_checks.support.thumbnails import Thumbnails
from normocyte.core.errors import ConfigError, TrainingError
from normocyte.results.verdict import CauseCode
from normocyte.wording.causes import sentences

GRAY = np.full((100, 100, 3), 180, np.uint8)


def page_of_text() -> np.ndarray:
    page = np.full((160, 160, 3), 255, np.uint8)
    for line in range(8):
        cv2.putText(page, "not a cell", (5, 18 + 19 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (20, 20, 20), 1)
    return page


def hand() -> np.ndarray:
    picture = np.full((200, 200, 3), (60, 80, 100), np.uint8)
    cv2.ellipse(picture, (100, 140), (45, 55), 0, 0, 360, (224, 172, 140), -1)
    for finger in range(5):
        cv2.line(picture, (100, 130), (40 + 30 * finger, 40), (224, 172, 140), 18)
    return picture


def noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (90, 110, 3), np.uint8)


STRANGE = {
    "one pixel": GRAY[:1, :1],
    "a line": GRAY[:1],
    "black": np.zeros_like(GRAY),
    "white": np.full_like(GRAY, 255),
    "blank": GRAY,
    "text": page_of_text(),
    "a hand": hand(),
    "noise": noise(),
}


def test_cells_that_are_all_0_by_a_measure_pass_by_it():
    own = Gate((StainColour(),))
    pictures = [np.full((60, 60, 3), 90 + shade, np.uint8) for shade in range(20)]
    for picture in pictures:
        cv2.circle(picture, (30, 30), 20, (180, 180, 180), cv2.FILLED)
    own.fit(pictures, patients=5)
    assert own.causes(pictures) == [None] * 20


def test_at_most_one_healthy_cell_of_a_hundred_of_other_patients_is_refused(gate, healthy):
    refused = [reason for reason in sentences(gate.causes(healthy)) if reason]
    assert len(refused) <= 0.01 * len(healthy), refused


def test_at_most_one_infected_cell_of_a_hundred_is_refused(gate, infected):
    refused = [reason for reason in sentences(gate.causes(infected)) if reason]
    assert len(refused) <= 0.01 * len(infected), refused


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_cell_is_refused(gate, kind):
    (cause,) = gate.causes([STRANGE[kind]])
    assert cause.is_refusal


@pytest.mark.parametrize("sigma", [2, 4])
def test_a_blurred_cell_is_refused_for_that(gate, healthy, sigma):
    reasons = sentences(gate.causes([cv2.GaussianBlur(image, (0, 0), sigma) for image in healthy]))
    blurred = [reason for reason in reasons if "too blurred" in reason]
    assert len(blurred) >= 0.95 * len(healthy)


def test_a_cell_without_colour_is_refused_for_that(gate, healthy):
    gray = [np.repeat(cell.max(axis=2, keepdims=True), 3, axis=2) for cell in healthy]
    reasons = sentences(gate.causes(gray))
    assert all("without colour (colour 0, healthy cells " in reason for reason in reasons)


def test_a_tiny_picture_of_a_cell_is_refused(gate, healthy):
    assert all(gate.causes([cv2.resize(image, (12, 12), interpolation=cv2.INTER_AREA) for image in healthy]))


def test_a_reason_gives_the_number_and_the_healthy_range(gate, healthy):
    dark = (healthy[0] * 0.3).astype(np.uint8)
    alone = Gate((Exposure(),))
    alone.fit(healthy, patients=10)
    brightness = alone.measures([dark])["brightness"][0]
    low, _, high = alone.limits_[:, 0]
    assert sentences(alone.causes([dark])) == [
        "unlike the healthy cells of the training: too dark "
        f"(brightness {brightness:.3g}, healthy cells {low:.3g} to {high:.3g})"
    ]


def test_an_image_has_the_same_reason_in_any_company(gate, healthy):
    images = [healthy[0], *STRANGE.values(), healthy[1]]
    assert gate.causes(images) == [gate.causes([image])[0] for image in images]


def test_without_checks_everything_passes():
    gate = Gate()
    gate.fit([], patients=0)
    assert gate.causes([GRAY, GRAY]) == [None, None]
    assert gate.measures([GRAY]) == {}
    assert gate.learnt() == {}


def test_a_number_that_is_none_does_not_pass(gate, healthy):
    measured = gate.measures(healthy[:1])
    assert gate.causes_of(measured) == [None]
    (cause,) = gate.causes_of({**measured, "detail": np.array([np.nan], np.float32)})
    assert (cause.code, cause.measure) == (CauseCode.UNLIKE_HEALTHY, "detail")


def test_healthy_cells_that_are_all_alike_give_a_finite_range_in_which_they_are(healthy):
    gate = Gate((Exposure(), CellShape(), Sharpness()))
    gate.fit([healthy[0]] * 20, patients=10)
    assert gate.causes([healthy[0]]) == [None]
    assert np.isfinite(gate.limits_[:2]).all()


def test_fewer_cells_give_a_wider_range(healthy):
    few, many = Gate((Exposure(),)), Gate((Exposure(),))
    many.learn(many.measures(healthy * 5), patients=10)
    few.learn(many.measures(healthy), patients=10)
    assert few.limits_[0, 0] < many.limits_[0, 0] < many.limits_[2, 0] < few.limits_[2, 0]


def test_fewer_patients_give_a_wider_range(healthy):
    few, many = Gate((Exposure(),)), Gate((Exposure(),))
    many.fit(healthy, patients=100)
    few.fit(healthy, patients=2)
    assert few.limits_[0, 0] < many.limits_[0, 0] < many.limits_[2, 0] < few.limits_[2, 0]


def test_too_few_healthy_cells_are_refused(healthy):
    with pytest.raises(TrainingError, match="have 9 healthy cells to learn from, but need at least 10"):
        Gate((Exposure(),)).fit(healthy[:9], patients=9)


def test_a_gate_that_has_learnt_nothing_decides_nothing():
    with pytest.raises(TrainingError, match="have 0 of 1 ranges"):
        Gate((Exposure(),)).causes([GRAY])


def test_a_check_may_stand_in_a_gate_once():
    with pytest.raises(ConfigError, match="Exposure is given 2 times"):
        Gate((Exposure(), Exposure()))


def test_a_second_fit_forgets_the_first(healthy):
    gate, fresh = Gate((Exposure(),)), Gate((Exposure(),))
    gate.fit(healthy[:20], patients=10)
    gate.fit(healthy, patients=10)
    fresh.fit(healthy, patients=10)
    np.testing.assert_array_equal(gate.limits_, fresh.limits_)


def test_a_restored_gate_gives_the_same_answers(gate, healthy):
    file = io.BytesIO()
    np.savez(file, **gate.learnt())
    file.seek(0)
    restored = Gate(gate.checks)
    with np.load(file, allow_pickle=False) as learnt:
        restored.restore(dict(learnt))
    images = [*healthy[:20], *STRANGE.values()]
    assert restored.causes(images) == gate.causes(images)


def test_one_measure_alone_is_what_it_is_among_all(gate, healthy):
    np.testing.assert_array_equal(
        gate.measure("detail", Thumbnails.of(healthy)), gate.measures(healthy)["detail"]
    )
