"""The calibrations that a bundle had before come back with it, or it says what is wrong."""

import json
from dataclasses import replace

import numpy as np
import pytest

from normocyte.core.errors import BundleError
from normocyte.pipeline.bundle.bundle import load_bundle, save_bundle
from normocyte.pipeline.bundle.history import Origin, Replaced
from normocyte.pipeline.bundle.layout import seal
from normocyte.thresholds.support.calibration import Calibration

PAST = Replaced(
    0.25,
    {"name": "quantile", "false_positive_rate": 0.1},
    Origin("site", "ab" * 32, "each subfolder is one"),
    "0.0.9",
    "On average.",
    Calibration(np.array([0.1, 0.3]), np.array(["", ""])),
)


@pytest.fixture
def saved(trained, tmp_path):
    second = replace(PAST, calibration=Calibration(np.array([0.5]), np.array(["anna"])))
    facts = replace(trained.facts, calibrated_on=Origin("other", "cd" * 32, "named by the manifest"))
    save_bundle(replace(trained, history=(PAST, second), facts=facts), tmp_path / "bundle")
    return tmp_path / "bundle"


def said(folder, **changes):
    """Change what a bundle says of itself, sealed anew."""
    content = json.loads((folder / "bundle.json").read_text("utf-8")) | changes
    (folder / "bundle.json").write_text(json.dumps(content | {"sha256": seal(content)}), encoding="utf-8")


def test_history_and_origin_come_back(saved):
    loaded = load_bundle(saved)
    first, second = loaded.history
    assert first.content() == PAST.content()
    assert first.calibration.scores.tobytes() == PAST.calibration.scores.tobytes()
    assert (first.patients, second.patients) == (frozenset(), {"anna"})
    assert loaded.facts.calibrated_on == Origin("other", "cd" * 32, "named by the manifest")


def test_a_loaded_history_saves_as_the_same_bytes(saved, tmp_path):
    save_bundle(load_bundle(saved), tmp_path / "again")
    assert [
        (tmp_path / "again" / file.name).read_bytes() == file.read_bytes() for file in saved.iterdir()
    ] == [True] * 4


def test_a_bundle_that_was_never_calibrated_anew_tells_of_no_history(trained, tmp_path):
    save_bundle(trained, tmp_path / "bundle")
    content = json.loads((tmp_path / "bundle" / "bundle.json").read_text("utf-8"))
    assert "history" not in content
    assert "calibrated_on" not in content["facts"]
    assert load_bundle(tmp_path / "bundle").history == ()


@pytest.mark.parametrize("change", [{"cells": 3}, {"threshold": "high"}, {"rule": 3}])
def test_a_history_that_says_nonsense_is_a_bundle_error(saved, change):
    said(saved, history=[PAST.content() | change])
    with pytest.raises(BundleError, match="is not that of a bundle"):
        load_bundle(saved)


def test_a_history_without_its_arrays_is_a_bundle_error(saved):
    history = json.loads((saved / "bundle.json").read_text("utf-8"))["history"]
    said(saved, history=[*history, PAST.content()])
    with pytest.raises(BundleError, match="history2_scores"):
        load_bundle(saved)
