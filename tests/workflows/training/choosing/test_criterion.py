"""The choice among candidates, without a label."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from normocyte.core.progress import Silent
from normocyte.core.registry import part_name
from normocyte.core.types import Record, Source
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.training.choosing import choose as choosing
from normocyte.workflows.training.choosing.candidates import (
    BACKBONE,
    WITHOUT,
    Backbone,
    Candidate,
    candidates_for,
)
from normocyte.workflows.training.choosing.choose import (
    Learnt,
    choose,
    fractions_for,
    promise_of,
    rate_for,
    seconds_of,
)
from normocyte.workflows.training.choosing.criterion import Judged, judged, taken
from normocyte.workflows.training.choosing.survey import Looked, Survey

CELLS = Looked(60, 60, "PNG", True, False, 0.7, True, False, red=0.2, blue=0.05)
GRAY = replace(CELLS, is_gray=True, red=np.nan, blue=np.nan)
RNG = np.random.default_rng(0)
ONE, OTHER = "one", "other"
CANDIDATES = [
    Candidate("one", (ONE,)),
    Candidate("other", (OTHER,)),
    Candidate("both", (ONE, OTHER), is_usual=True),
]


def test_stained_red_cells_get_the_recipe_of_default_and_the_whole_image_beside_it():
    cohort = Cohort("cells", (Record(Source(Path("a.png")), 0, "P1"),))
    few = choose(Survey(8, 0, (CELLS,) * 8, ((".png", 8),)), cohort, 3, Silent())
    assert few.recipe.members == find_recipe("default").members
    chosen = choose(Survey(200, 0, (CELLS,) * 8, ((".png", 200),)), cohort, 3, Silent())
    assert chosen.recipe.members[:1] == find_recipe("default").members
    assert part_name(chosen.recipe.members[1].detector) == "feature_gaussian"
    assert chosen.recipe.seed == 3
    assert chosen.choices.tried == ()


@pytest.mark.parametrize(("is_gray", "steps"), [(True, ["grayscale", "resize"]), (False, ["resize"])])
def test_candidates_see_gray_images_in_gray_and_at_their_own_size(is_gray, steps):
    looked = replace(CELLS, is_gray=is_gray, width=100, height=80)
    candidates = candidates_for(Survey(8, 0, (looked,) * 8, ()), WITHOUT)
    own = candidates[0].members[0].steps
    assert [part_name(step) for step in own] == steps
    assert own[-1].size == 80
    assert sum(one.is_usual for one in candidates) == 1


def test_with_the_network_the_whole_image_counts_twice():
    (usual,) = [one for one in candidates_for(Survey(8, 0, (CELLS,) * 8, ()), BACKBONE) if one.is_usual]
    assert [part_name(member.detector) for member in usual.members][:2] == [
        "patch_memory",
        "feature_gaussian",
    ]
    assert usual.weights == (0.5, 1.0, 0.5)


def test_the_weights_of_the_members_stand_in_the_recipe_and_in_the_reasons(monkeypatch):
    candidates = candidates_for(Survey(200, 0, (GRAY,) * 8, ()), BACKBONE)
    (usual,) = [place for place, one in enumerate(candidates) if one.is_usual]
    monkeypatch.setattr(choosing, "backbone_here", lambda: Backbone(BACKBONE))
    monkeypatch.setattr(choosing, "learn_candidates", lambda *_: ())
    monkeypatch.setattr(choosing, "judge", lambda *_: Judged(np.full((len(candidates), 6), 0.8), usual))
    records = tuple(Record(Source(Path(f"{number}.png")), 0, f"P{number}") for number in range(200))
    chosen = choose(Survey(200, 0, (GRAY,) * 8, ((".png", 200),)), Cohort("set", records), 3, Silent())
    assert chosen.recipe.fusion.weights == (0.5, 1.0, 0.5)
    (why,) = [one.reason for one in chosen.choices.choices if one.what == "members and score"]
    assert "the members count 0.5, 1 and 0.5" in why


def test_the_members_that_are_taken_learnt_as_long_as_their_detectors_each_counted_once():
    candidates = candidates_for(Survey(8, 0, (GRAY,) * 8, ()), WITHOUT)
    patches, layout, nearest, throughout = (one.members[0] for one in candidates[:4])
    learnt = tuple(
        Learnt(one.detector, seconds) for one, seconds in ((patches, 2.0), (layout, 3.0), (nearest, 7.0))
    )
    assert throughout.detector is patches.detector
    assert seconds_of((patches, layout, throughout), learnt) == 5.0
    assert seconds_of((), learnt) == 0


def test_candidates_are_judged_with_the_weights_of_their_members():
    members = ("weak", "strong")
    rng = np.random.default_rng(1)
    healthy = rng.normal(size=(60, 2))
    strange = rng.normal((0, 1.2), size=(60, 2))
    alike = Candidate("alike", members, is_usual=True)
    weighted = Candidate("weighted", members, weights=(0.1, 1.0))
    (even,), (uneven,) = judged([alike, weighted], members, [healthy, strange]).aurocs
    assert uneven > even + 0.02


@pytest.mark.parametrize(
    ("healthy", "has_anomalies", "train", "held_out", "tested"),
    [
        (8, True, 0.40, 0.15, 0.25),
        (600, True, 0.50, 0.10, 0.25),
        (8, False, 0.50, 0.20, 0),
        (600, False, 0.65, 0.10, 0),
    ],
)
def test_of_many_images_a_larger_share_is_learnt_from(healthy, has_anomalies, train, held_out, tested):
    shares = fractions_for(healthy, has_anomalies=has_anomalies)
    assert (shares.train, shares.held_out, shares.test) == (train, held_out, tested)


def test_the_usual_ensemble_is_taken_where_another_is_only_a_little_better():
    assert taken(CANDIDATES, np.array([[0.95, 0.7], [0.6, 0.6], [0.8, 0.7]])) == 2


def test_another_candidate_is_taken_where_it_is_clearly_better():
    assert taken(CANDIDATES, np.array([[0.95, 0.9], [0.6, 0.6], [0.8, 0.7]])) == 0


def test_candidates_are_judged_by_how_they_rank_each_kind_above_healthy_images():
    healthy = RNG.normal(size=(60, 2))
    seen_by_one, seen_by_both = healthy + np.array([3, 0]), healthy + np.array([3, 3])
    found = judged(CANDIDATES, [ONE, OTHER], [healthy, seen_by_one, seen_by_both])
    assert found.aurocs.shape == (3, 2)
    assert found.aurocs[0] == pytest.approx([0.98, 0.98], abs=0.03)
    assert found.aurocs[1][0] == 0.5
    assert found.aurocs[2][0] > 0.9
    assert found.chosen == 2


@pytest.mark.parametrize(("images", "rate"), [(999, 0.05), (19, 0.05), (18, 0.1), (9, 0.1), (3, 0.2)])
def test_the_rate_is_one_that_so_many_calibration_images_can_promise(images, rate):
    assert rate_for(images) == rate


def test_what_can_be_promised_is_said_where_it_is_less_than_usual():
    assert promise_of(19) == ""
    assert promise_of(6).startswith("6 calibration images can promise a false-positive rate of 14 % at best")
