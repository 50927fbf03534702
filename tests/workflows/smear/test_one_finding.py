"""Flagged cells under one blot are one finding; infected neighbours are two."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from normocyte.core.types import CellKind, SegmentedCell
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.reports.smear.kinds import DisplayClass, ways_of
from normocyte.results.smear import Detection
from normocyte.results.verdict import CauseCode, Outcome, Verdict
from normocyte.workflows.smear.judge import PhotoJudge, judge_photo
from normocyte.workflows.smear.one_finding import one_finding_each

GLASS, CELL, STAIN = (222, 226, 218), (196, 140, 158), (95, 55, 140)
CENTRES = [(60 + 62 * column, 60 + 100 * row) for row in range(5) for column in range(8)]
FLAGGED = {19: 9.0, 20: 12.0}


def photo():
    """Forty cells of 60 pixels, in rows in which they nearly touch."""
    pixels = np.full((520, 560, 3), GLASS, np.uint8)
    for centre in CENTRES:
        cv2.circle(pixels, centre, 30, CELL, cv2.FILLED, cv2.LINE_AA)
    return pixels


def detections(flagged=FLAGGED):
    """The cells of the photo, of which these are flagged with these scores."""
    mask = cv2.circle(np.zeros((61, 61), np.uint8), (30, 30), 30, 1, cv2.FILLED) > 0
    cells = [SegmentedCell(x - 30, y - 30, mask, CellKind.RED_CELL) for x, y in CENTRES]
    verdicts = [
        Verdict(Outcome.SUSPICIOUS if at in flagged else Outcome.HEALTHY, flagged.get(at, 1.0), 0.5)
        for at in range(len(cells))
    ]
    return tuple(
        Detection(cell, verdict, is_counted=True) for cell, verdict in zip(cells, verdicts, strict=True)
    )


def blurred(pixels):
    """As sharp as a photo is."""
    return cv2.GaussianBlur(pixels, (0, 0), 1.2)


def flagged_in(found):
    """The places that are still flagged."""
    return [index for index, detection in enumerate(found) if detection.is_flagged]


def test_of_two_cells_under_one_stroke_only_that_with_the_higher_score_counts():
    pixels = photo()
    cv2.line(pixels, CENTRES[19], CENTRES[20], STAIN, 14)
    found = one_finding_each(blurred(pixels), detections(), 60)
    assert flagged_in(found) == [20]
    assert (found[19].verdict.cause.code, found[19].is_counted) == (CauseCode.UNDER_BLOT, False)
    assert ways_of(found)[DisplayClass.SUSPICIOUS] == 1


def test_two_neighbours_with_a_parasite_each_are_two_findings():
    pixels = photo()
    for place in FLAGGED:
        cv2.circle(pixels, CENTRES[place], 12, STAIN, cv2.FILLED)
    assert flagged_in(one_finding_each(blurred(pixels), detections(), 60)) == [19, 20]


def test_two_neighbours_that_parasites_fill_are_two_findings():
    pixels = photo()
    for place in FLAGGED:
        cv2.circle(pixels, CENTRES[place], 30, STAIN, cv2.FILLED, cv2.LINE_AA)
    assert flagged_in(one_finding_each(blurred(pixels), detections(), 60)) == [19, 20]


def test_a_heap_of_grains_over_cells_and_glass_is_one_finding():
    pixels = photo()
    (left, y), (right, _) = CENTRES[19], CENTRES[20]
    for x in range(left, right + 1, 12):
        cv2.circle(pixels, (x, y + (x // 12) % 2 * 8), 4, STAIN, cv2.FILLED)
    assert len(flagged_in(one_finding_each(blurred(pixels), detections(), 60))) == 1


def test_a_cell_with_a_parasite_beside_a_blot_is_a_finding_of_its_own():
    pixels = photo()
    cv2.line(pixels, (CENTRES[19][0] - 10, 260), (CENTRES[20][0], 260), STAIN, 14)
    cv2.circle(pixels, (CENTRES[28][0], CENTRES[28][1]), 12, STAIN, cv2.FILLED)
    found = one_finding_each(blurred(pixels), detections({**FLAGGED, 28: 8.0}), 60)
    assert flagged_in(found) == [20, 28]


@pytest.mark.parametrize("diameter", [60, float("nan")])
def test_one_flagged_cell_stays_as_it_is(diameter):
    assert flagged_in(one_finding_each(photo(), detections({20: 9.0}), diameter)) == [20]


@pytest.mark.parametrize("shape", ["stroke", "heap", "disc", "rag"])
def test_a_blot_adds_at_most_one_flagged_finding_to_each_of_twenty_fields(judge, shape):
    added = [judge(blot(shape, seed)) - judge(cells_of(seed)) for seed in range(5)]
    assert max(added) <= 1, added


@pytest.fixture(scope="module")
def judge():
    """How many cells of a picture the bundle that comes along flags."""
    pipeline = load_bundle(bundle_folder(Path("shipped"))).pipeline

    def judged(pixels):
        return judge_photo(pixels, "photo", PhotoJudge(pipeline, 0)).photo.flagged

    return judged


def cells_of(seed):
    """A field of cells that differ a little."""
    rng = np.random.default_rng(seed)
    pixels = np.full((520, 820, 3), GLASS, np.uint8)
    for x, y in [(50 + 80 * column, 60 + 80 * row) for row in range(6) for column in range(10)]:
        at = (int(x + rng.integers(-8, 9)), int(y + rng.integers(-8, 9)))
        colour = tuple(int(part) for part in CELL + rng.integers(-5, 6))
        cv2.circle(pixels, at, int(rng.integers(27, 32)), colour, cv2.FILLED, cv2.LINE_AA)
    noisy = cv2.GaussianBlur(pixels, (0, 0), 1.5) + rng.normal(0, 2, pixels.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def blot(shape, seed):
    """The same field with a blot over its middle."""
    rng, pixels = np.random.default_rng(seed), cells_of(seed)
    layer = np.zeros(pixels.shape[:2])
    ends = [tuple(int(at) for at in np.array((410, 260)) + rng.normal(0, 70, 2)) for _ in range(9)]
    if shape == "stroke":
        cv2.line(layer, ends[0], ends[1], 1, 14)
    elif shape == "disc":
        cv2.circle(layer, ends[0], 65, 1, cv2.FILLED)
    for end in ends if shape == "rag" else ():
        cv2.line(layer, (410, 260), end, 1, 22)
    for at in rng.normal((410, 260), 35, (60, 2)) if shape == "heap" else ():
        cv2.circle(layer, tuple(int(part) for part in at), 5, 1, cv2.FILLED)
    share = 0.85 * cv2.GaussianBlur(layer, (0, 0), 1.5)[..., np.newaxis]
    return (pixels * (1 - share) + np.array(STAIN) * share).astype(np.uint8)
