"""A bundle of format 1 is read as it was written; what saves it anew writes the current format."""

import json
from dataclasses import replace

import pytest

from normocyte.core.errors import BundleError
from normocyte.detectors.contract import Curve
from normocyte.detectors.contrast_map import ContrastMap
from normocyte.pipeline.bundle.bundle import load_bundle, save_bundle
from normocyte.pipeline.bundle.history import Origin, Replaced
from normocyte.pipeline.bundle.layout import seal
from normocyte.pipeline.member import Member
from normocyte.scores.mean_square import MeanSquare


@pytest.fixture
def bundle(trained):
    """An ensemble of two whose calibration replaced another one."""
    added = Member(trained.recipe.members[0].steps, ContrastMap(), MeanSquare())
    recipe = replace(trained.recipe, members=(*trained.recipe.members, added))
    added.detector.graph_ = trained.pipeline.shown.detector.graph_
    added.detector.curve_ = Curve((0.5,), (0.25,), 1)
    pipeline = replace(trained.pipeline, members=(*trained.pipeline.members, added))
    past = Replaced(
        3.5, {"name": "mad"}, Origin("site", "01", "unknown"), "0.1.0", "none", pipeline.calibration
    )
    return replace(trained, pipeline=pipeline, recipe=recipe, history=(past,))


@pytest.fixture
def first_format(bundle, tmp_path):
    """The same as format 1 kept it; gives its folder."""
    save_bundle(bundle, tmp_path / "old")
    path = tmp_path / "old" / "bundle.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    first, *others = content.pop("curves")
    content |= {"schema": 1, "cut": content.pop("threshold"), "curve": first, "curves_beside": others}
    content["history"] = [one | {"cut": one["threshold"]} for one in content["history"]]
    for one in content["history"]:
        del one["threshold"]
    path.write_text(json.dumps(content | {"sha256": seal(content)}), encoding="utf-8")
    return tmp_path / "old"


def test_an_ensemble_of_format_1_is_read_with_all_its_members_and_its_history(bundle, first_format):
    loaded = load_bundle(first_format)
    assert loaded.pipeline.members == bundle.pipeline.members
    assert [one.detector.curve_ for one in loaded.pipeline.members][1] == Curve((0.5,), (0.25,), 1)
    assert (loaded.pipeline.threshold.cut, loaded.history[0].cut) == (bundle.pipeline.threshold.cut, 3.5)


def test_it_is_saved_in_the_current_format(bundle, first_format, tmp_path):
    save_bundle(load_bundle(first_format), tmp_path / "new")
    save_bundle(bundle, tmp_path / "same")
    written, expected = ((tmp_path / name / "bundle.json").read_bytes() for name in ("new", "same"))
    assert written == expected


def test_what_was_altered_in_it_is_found(first_format):
    path = first_format / "bundle.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"cut": 9.0}), encoding="utf-8")
    with pytest.raises(BundleError, match=r"was altered: bundle\.json"):
        load_bundle(first_format)


def test_format_1_without_its_keys_is_a_bundle_error(first_format):
    path = first_format / "bundle.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["curve"]
    path.write_text(json.dumps(content | {"sha256": seal(content)}), encoding="utf-8")
    with pytest.raises(BundleError, match="is not that of a bundle"):
        load_bundle(first_format)
