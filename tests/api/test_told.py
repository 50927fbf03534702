"""What a call from Python tells beside its result, and what its plots show."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt

import normocyte as nc
from normocyte.api.plots import plot_history, plot_scores
from normocyte.api.smear import SmearReport
from normocyte.api.support.folders import Written
from normocyte.core.errors import BundleError
from normocyte.core.types import Estimate
from normocyte.results.training import TrainingCurve

plt.switch_backend("agg")


@pytest.fixture(autouse=True)
def _no_figures_left():
    yield
    plt.close("all")


@pytest.fixture
def some_broken(cells, there):
    """Drawn cells of which every tenth healthy one is empty."""
    shutil.copytree(cells, "cells")
    for file in sorted(Path("cells").rglob("Uninfected/*.png"))[::10]:
        file.write_bytes(b"")
    return Path("cells")


def test_cells_that_are_lost_are_told(bundle, some_broken, monkeypatch):
    for module in ("workflows.training.prepare", "engine.unreadable"):
        monkeypatch.setattr(f"normocyte.{module}.MOST_UNREADABLE", 0.5)
    with pytest.warns(UserWarning, match=r"\d of \d+ cells could not be judged, the first: .*is empty"):
        nc.evaluate(bundle, some_broken)
    healthy = some_broken / "cell_images" / "Uninfected"
    with pytest.warns(UserWarning, match=r"\d of \d+ healthy cells could not be used, the first: "):
        nc.calibrate(bundle, healthy, "site", patients="file", false_positive_rate=0.2)
    with (
        pytest.warns(UserWarning, match=r"\d of \d+ images could not be used, the first: "),
        pytest.warns(
            UserWarning, match=r"8 of 160 images cannot be read and are left out: C10.* and 3 more\. "
        ),
    ):
        nc.train("stain_rule", data=some_broken)


def test_another_run_in_the_same_folder_is_replaced_with_a_warning(cells, there):
    nc.train("pca", data=cells, out="run", components=8)
    nc.train("pca", data=cells, out="run", components=8)  # a warning is an error in this suite
    with pytest.warns(
        UserWarning, match="The earlier run in .*run was another one, and this one replaced it"
    ):
        nc.train("pca", data=cells, out="run", components=4)


def test_why_no_share_is_stated_is_said_after_a_review(bundle, photos):
    smear = bundle.smear(photos)
    answer = replace(smear.result.answer, decision="parasites seen", parasitaemia=Estimate(np.nan, 0.0, 1.0))
    few = SmearReport(replace(smear.result, answer=answer), Written(None, Path("smear.html"), ()))
    assert few.meaning.endswith("red cells counted, and fewer than 500 are too few.")


def test_the_built_in_bundle_says_that_it_has_no_keras_model(bundle):
    with pytest.raises(BundleError, match="The built-in bundle comes without a Keras model; train"):
        bundle.keras_model()


def test_losses_that_fall_far_are_drawn_in_powers_without_further_lines():
    axes = plot_history(TrainingCurve((1.0, 0.1, 0.01), (1.0, 0.2, 0.02), 3))
    assert axes.get_yscale() == "log"
    assert [line.get_label() for line in axes.lines] == ["training cells", "held-out cells", "kept"]


def test_a_detector_without_epochs_says_so_in_its_plot():
    assert "does not learn in epochs" in plot_history(TrainingCurve()).texts[0].get_text()


def test_scores_are_drawn_as_shares_of_each_class_with_the_legend_outside(bundle, cells):
    contents = nc.evaluate(bundle, cells).result
    axes = plot_scores(contents)
    shares = {patch.get_label(): patch.get_data().values.sum() for patch in axes.patches}
    assert shares["healthy"] == pytest.approx(1)
    assert axes.get_ylabel() == "share of cells of each kind"
    assert axes.get_legend().get_bbox_to_anchor().y0 == pytest.approx(axes.bbox.y1)
