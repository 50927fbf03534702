"""Real-looking fields pass, and every fault has its own sentence."""

import cv2
import numpy as np
import pytest

from normocyte.photo_checks.contract import Measure, Photo
from normocyte.photo_checks.focus import Focus
from normocyte.photo_checks.gate import FieldGate, cause_of, finding_of, grade_of
from normocyte.photo_checks.support.grid import grid
from normocyte.photo_checks.support.view import View
from normocyte.results.verdict import Grade
from normocyte.segmentation.watershed import Watershed
from normocyte.wording.causes import sentence, sentences
from normocyte.workflows.smear.detections import photo_of


def dark(field):
    return (field * 0.3).astype(np.uint8)


def bright(field):
    return np.clip(field * 1.6, 0, 255).astype(np.uint8)


def blurred(field):
    return cv2.GaussianBlur(field, (0, 0), 4)


def grainy(field):
    return np.clip(field + np.random.default_rng(0).normal(0, 30, field.shape), 0, 255).astype(np.uint8)


def vignetted(field):
    light = np.linspace(1, 0.4, field.shape[1])
    return (field * light[None, :, None]).astype(np.uint8)


def striped(field):
    return np.clip(field * (1 + 0.15 * np.sin(np.arange(640) * 2.1))[None, :, None], 0, 255).astype(np.uint8)


def with_black_bars(field):
    barred = field.copy()
    barred[:, :90] = barred[:, 550:] = 0
    return barred


def through_an_eyepiece(field, border):
    mask = cv2.circle(np.zeros(field.shape[:2], np.uint8), (320, 240), 236, 1, -1)
    return np.where(mask[..., None] > 0, field, border).astype(np.uint8)


def on_a_screen(field):
    down, right = np.mgrid[:480, :640]
    return np.clip(field * (1 + 0.1 * np.sin(2.2 * right + 0.3 * down))[..., None], 0, 255).astype(np.uint8)


def gray(field):
    return np.repeat(field[..., 1:2], 3, axis=2)


def nearly_empty(field):
    empty = np.full_like(field, field[0, 0])
    empty[200:320, 200:340] = field[200:320, 200:340]
    return empty


FAULTS = {
    dark: "It is too dark; expose longer (brightness",
    bright: "Too much of it is burnt white; expose shorter (burnt",
    blurred: "It is blurred; focus again (sharpness",
    grainy: "The background is not smooth; use more light and clean the slide (grain",
    striped: "It has a regular pattern; photograph the smear, not a screen or a print (pattern",
    on_a_screen: "It has the grid of a screen; photograph the smear itself (grid",
    with_black_bars: "Too much of it is black; expose longer, or crop it to the lit field (black",
    gray: "The cells are too gray or blue for stained red cells (red_share",
    nearly_empty: "There are too few cells; choose a denser field (coverage",
}


def assessed(pixels):
    return FieldGate().assess(Photo(np.ascontiguousarray(pixels)))


def test_a_field_is_good_and_nothing_needs_to_be_said(field):
    finding = assessed(field)
    assert (finding.grade, finding.causes) == (Grade.GOOD, ())
    assert len(finding.measures) >= 12


@pytest.mark.parametrize("border", [0, 16, 60, np.random.default_rng(0).integers(10, 60, (480, 640, 1))])
def test_a_field_through_an_eyepiece_is_measured_inside_of_the_lit_disc(field, border):
    whole, seen = assessed(field), assessed(through_an_eyepiece(field, border))
    assert (seen.grade, seen.causes) == (Grade.GOOD, ())
    pairs = {m.name: (m.value, n.value) for m, n in zip(whole.measures, seen.measures, strict=True)}
    for name in ("brightness", "burnt", "black", "coverage", "density", "grain", "sharpness"):
        assert pairs[name][1] == pytest.approx(pairs[name][0], rel=0.1, abs=0.01), name


def test_light_that_is_uneven_in_the_lit_disc_is_said(field):
    finding = assessed(through_an_eyepiece(vignetted(field), 16))
    assert any(reason.startswith("The light is uneven") for reason in sentences(finding.causes))


def test_uneven_light_is_borne_and_said(field):
    finding = assessed(vignetted(field))
    assert finding.grade is Grade.USABLE
    assert any(
        reason.startswith("The light is uneven; centre the lamp") for reason in sentences(finding.causes)
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_makes_a_field_unusable_and_is_named_with_value_and_range(field, fault):
    finding = assessed(fault(field))
    assert finding.grade is Grade.UNUSABLE
    said = [reason for reason in sentences(finding.causes) if reason.startswith(FAULTS[fault])]
    assert len(said) == 1
    assert ", usable " in said[0]
    assert said[0].endswith(").")


@pytest.mark.parametrize("value", [0, 90, 255])
def test_a_photo_of_one_colour_is_unusable(value):
    assert assessed(np.full((60, 80, 3), value, np.uint8)).grade is Grade.UNUSABLE


def test_noise_is_unusable():
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    assert assessed(noise).grade is Grade.UNUSABLE


def test_a_page_of_text_is_unusable(page):
    assert assessed(page).grade is Grade.UNUSABLE


def test_a_photo_of_one_pixel_is_unusable():
    assert assessed(np.zeros((1, 1, 3), np.uint8)).grade is Grade.UNUSABLE


def test_a_field_in_which_somebody_found_no_cell_is_unusable(field):
    finding = FieldGate().assess(Photo(field, np.zeros(field.shape[:2], np.bool_), 0.0, 0))
    assert finding.grade is Grade.UNUSABLE
    assert any(reason.startswith("There are too few cells") for reason in sentences(finding.causes))


def test_cells_that_a_segmenter_leaves_out_do_not_spoil_the_background(field):
    cells = field[..., 1] < 170
    cells[:, 480:] = False
    assert FieldGate().assess(Photo(field, cells, 40.0, 44)).causes == ()


def test_a_little_blur_leaves_a_field_usable_with_a_reason(field):
    finding = FieldGate([Focus()]).assess(Photo(cv2.GaussianBlur(field, (0, 0), 1)))
    assert finding.grade is Grade.USABLE
    assert sentences(finding.causes)[0].startswith("It is blurred; focus again (sharpness 0.0")
    assert sentences(finding.causes)[0].endswith(", good 0.086 to 0.27).")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "It is too dark"), (255, "Too much of it is burnt white"), (200, "It does not look like a field")],
)
def test_a_photo_of_one_colour_is_told_what_is_wrong_with_it(value, said):
    assert sentence(assessed(np.full((480, 640, 3), value, np.uint8)).causes[0]).startswith(said)


def test_too_much_light_is_named_before_what_it_makes_of_the_cells(field):
    assert sentence(assessed(bright(field)).causes[0]).startswith("Too much of it is burnt white")


def test_a_strong_blur_is_named_before_what_it_makes_of_the_cells(field):
    blur = cv2.GaussianBlur(field, (0, 0), 14)
    assert sentence(assessed(blur).causes[0]).startswith("It is blurred; focus again")


def test_a_page_is_first_said_to_be_no_blood(page):
    reasons = sentences(assessed(page).causes)
    assert reasons[0].startswith("It does not look like a field of blood, by ")
    assert len(reasons) > 3


def test_what_a_camera_and_jpeg_make_is_no_grid(field):
    rows = field * (1 + 0.01 * np.sin(2.2 * np.arange(480)))[:, None, None]
    jpeg = cv2.imencode(".jpg", np.clip(rows, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 75])[1]
    assert grid(np.ascontiguousarray(cv2.imdecode(jpeg, 1)[..., 1])) < 80


def test_a_picture_too_small_for_a_grid_has_none():
    assert grid(np.zeros((63, 900), np.uint8)) == 0


def test_large_numbers_are_written_out():
    assert "(x 2,180, usable 0.5 to 610)." in sentence(
        cause_of(Measure("x", 2178.4, (1, 9), (0.5, 610), "", "many"))
    )


def ring(width):
    """Touching cells, of which blocks of nine are missing, in a picture of (width, width)."""
    place = np.arange(width) % 38 - 19
    cells = np.hypot(place[:, None], place[None]) < 20
    gone = np.arange(width) // 38 % 6 > 2
    return cells & ~(gone[:, None] & gone[None])


def test_gaps_between_touching_cells_are_ground_however_large_the_picture():
    cells = ring(2400)
    pixels = np.where(cells[..., None], np.uint8([140, 104, 132]), np.uint8([196, 216, 200]))
    gap = View.of(pixels, cells, 40.0, 2400).things[:-100, :-100]
    assert gap.mean() == pytest.approx(cells.mean(), abs=0.1)


def test_without_checks_every_photo_is_good():
    assert FieldGate(()).assess(Photo(np.zeros((9, 9, 3), np.uint8))).grade is Grade.GOOD


def test_a_limit_can_be_set(field):
    finding = FieldGate([Focus(sharpness_good=(1.0, 2.0), sharpness_usable=(0.5, 3.0))]).assess(Photo(field))
    assert finding.grade is Grade.UNUSABLE
    assert sentences(finding.causes)[0].endswith("usable 0.5 to 3).")


@pytest.mark.parametrize(
    ("value", "grade"),
    [(0.5, "unusable"), (1, "usable"), (2, "good"), (3, "good"), (4, "usable"), (4.1, "unusable")],
)
def test_the_ends_of_a_range_belong_to_it(value, grade):
    assert grade_of(Measure("x", value, (2, 3), (1, 4), "low", "high")) == grade


def test_what_makes_a_photo_unusable_is_said_first():
    odd, bad = Measure("a", 0.5, (1, 2), (0.2, 3), "odd"), Measure("b", 0.1, (1, 2), (0.2, 3), "bad")
    assert [text[:3] for text in sentences(finding_of([odd, bad]).causes)] == ["Bad", "Odd"]


@pytest.mark.parametrize(
    ("limits", "said"),
    [((0.0, 3.0), "up to 3"), ((0.5, np.inf), "from 0.5"), ((0.5, 3.0), "0.5 to 3")],
)
def test_a_range_is_said_by_its_limited_ends(limits, said):
    value = 9.0 if np.isfinite(limits[1]) else 0.1
    assert sentence(cause_of(Measure("x", value, limits, limits, "low", "high"))).endswith(f"usable {said}).")


@pytest.mark.parametrize("pallor", [0.6, 0.7, 0.8])
def test_large_cells_with_a_wide_pale_middle_are_no_rougher_than_others(pallor):
    pixels = np.full((960, 1280, 3), (222, 226, 218), np.uint8)
    shifts = iter(np.random.default_rng(1).integers(-12, 13, (70, 2)).tolist())
    for row, column in np.ndindex(7, 10):
        right, down = next(shifts)
        centre = 70 + 130 * column + right, 75 + 135 * row + down
        cv2.circle(pixels, centre, 50, (205, 165, 180), -1, cv2.LINE_AA)
        cv2.circle(pixels, centre, round(50 * pallor), (219, 215, 212), -1, cv2.LINE_AA)
    grain = np.random.default_rng(0).normal(0, 1.5, pixels.shape)
    photo = np.clip(cv2.GaussianBlur(pixels, (0, 0), 2.5) + grain, 0, 255).astype(np.uint8)
    finding = FieldGate().assess(photo_of(photo, Watershed().segment(photo)))
    assert not any(
        "rougher" in reason or "hardly stand out" in reason for reason in sentences(finding.causes)
    )
    assert finding.grade is not Grade.UNUSABLE
