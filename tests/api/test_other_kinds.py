"""What is of another kind than an argument takes is refused in a sentence that says what it takes."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

import normocyte as nc
from normocyte.core.errors import BundleError, NormocyteError
from normocyte.thresholds.mad import Mad

plt.switch_backend("agg")
LABELLED = "must be a folder, zip or CSV manifest, or a DataFrame with the columns path, label and patient"
WHOLE = "workers must be a whole number from 0, not"
WRONG = {
    "text as workers": (lambda b: b.score("x", workers="2"), f"{WHOLE} '2'"),
    "no workers": (lambda b: b.score("x", workers=None), f"{WHOLE} None"),
    "half a worker": (lambda b: b.score("x", workers=1.5), f"{WHOLE} 1.5"),
    "nan workers": (lambda b: b.score("x", workers=float("nan")), f"{WHOLE} nan"),
    "true workers": (lambda b: b.score("x", workers=True), f"{WHOLE} True"),
    "a function as listener": (
        lambda b: b.score("x", progress=print),
        "progress must be a listener with begin",
    ),
    "a text as rate": (
        lambda b: b.score("x", false_positive_rate="x"),
        "false_positive_rate must be a number",
    ),
    "no data": (lambda b: nc.evaluate(b, None), f"data {LABELLED}, not None"),
    "a list of data": (lambda b: nc.evaluate(b, ["a"]), f"data {LABELLED}"),
    "an array of data": (lambda b: nc.evaluate(b, np.zeros(3)), f"data {LABELLED}, not a ndarray"),
    "a list to learn": (lambda _: nc.train("pca", data=["a"]), f"data {LABELLED}"),
    "no recipe": (lambda _: nc.train(None), "recipe must be a path, as text or pathlib.Path, not None"),
    "a text as seed": (lambda _: nc.train("pca", seed="x"), "seed must be a whole number from 0, not 'x'"),
    "no healthy cells": (lambda b: nc.calibrate(b, None, "out"), f"healthy {LABELLED}, not None"),
    "no folder": (lambda b: nc.calibrate(b, "x", None), "out must be a path"),
    "anomalous cells of a kind": (
        lambda b: nc.calibrate(b, "x", "y", anomalous=[1]),
        f"anomalous {LABELLED}",
    ),
    "a number as anomalous": (
        lambda _: nc.new("x", "y", anomalous=5),
        "anomalous must be a path, as text or pathlib.Path, not 5",
    ),
    "boxes": (lambda b: b.smear("x", boxes=3), "boxes must be a path, as text or pathlib.Path, not 3"),
    "a text as limit": (lambda b: b.smear("x", limit="x"), "limit must be a number, not 'x'"),
    "no limit": (lambda b: b.smear("x", limit=None), "limit must be a number, not None"),
    "an array of scores": (lambda b: nc.monitor(b, np.zeros(3)), "that is no DataFrame must be a path"),
    "no scores": (lambda b: nc.monitor(b, None), "that is no DataFrame must be a path"),
    "images in a list": (lambda b: nc.batch(["a"], "out", bundle=b), "source must be a path"),
    "an engine of none": (lambda _: nc.batch("x", "out", engine=None), "engine must be a text, not None"),
    "another engine": (
        lambda _: nc.batch("x", "out", engine="spark"),
        "`engine='spark'` is none; choose local",
    ),
    "an address alone": (lambda _: nc.batch("x", "out", address="a:1"), "give `engine='ray'`, too"),
    "groups of a number": (lambda _: nc.summarise("x", by=3), "by must be a text, not 3"),
    "no results": (lambda _: nc.summarise("nowhere"), "There are no results of a batch in nowhere"),
    "nothing to compare": (lambda _: nc.compare([], "x"), "recipes must be names .* not .."),
    "none to compare": (lambda _: nc.compare(None, "x"), "recipes must be names .* not None"),
    "another bundle": (lambda _: nc.evaluate(7, "x"), "bundle must be a path"),
    "a bundle of none": (lambda _: nc.load(None), "bundle must be a path"),
    "a long bundle": (lambda _: nc.load("x" * 5000), "cannot be a path: File name too long"),
    "a number as patients": (
        lambda b: nc.evaluate(b, "x", patients=3),
        r"patients must be file, folder, one, unknown, or a regular expression with one group .*, not 3\.",
    ),
    "no patients to learn": (lambda _: nc.train("pca", patients=None), "patients must be file, .* not None"),
    "patients of another kind": (
        lambda b: nc.calibrate(b, "x", "y", patients=["a"]),
        r"patients must be .* not \['a'\]",
    ),
    "patients of a stream": (
        lambda b: nc.monitor(b, "x", patients=1),
        "patients must be folder, file, or a reg",
    ),
    "a class as rule": (
        lambda b: nc.calibrate(b, "x", "y", rule=Mad),
        "rule must be one of best_f1, .*, not a ABCM",
    ),
    "no rule": (lambda b: nc.calibrate(b, "x", "y", rule=None), "rule must be one of best_f1, .* not None"),
    "a number as by": (lambda b: nc.adapt(b, "x", "y", by=2), r"by must be one of photo, folder, not 2\."),
    "a list as listed_by": (
        lambda b: b.score("x", listed_by=[]),
        r"listed_by must be one of benjamini_hochberg, .*, not \[\]",
    ),
    "a folder as out": (lambda b: nc.evaluate(b, "x", out=3), "out must be a path"),
}


@pytest.mark.parametrize("name", WRONG)
def test_another_kind_is_refused_with_what_is_taken(name, bundle, there):
    wrong, sentence = WRONG[name]
    with pytest.raises(NormocyteError, match=sentence):
        wrong(bundle)


def test_a_plot_of_no_cells_and_axes_that_are_none_are_refused(bundle, cells):
    found = bundle.reconstruct(min(cells.rglob("*.png")))
    with pytest.raises(NormocyteError, match="most must be a whole number from 1, not 0"):
        found.plot(most=0)
    with pytest.raises(NormocyteError, match="ax must be Matplotlib axes, or None for new ones, not 3"):
        nc.evaluate(bundle, cells).plot_roc(3)


def test_a_bundle_may_be_named_where_one_is_taken(bundle, cells):
    named = nc.monitor("shipped", bundle.score(cells), cells=3)
    assert named.finding == nc.monitor(bundle, bundle.score(cells), cells=3).finding


def test_one_recipe_may_be_compared_by_its_name(cells):
    assert nc.compare("stain_rule", cells, seeds=1).table.configuration.tolist() == ["stain_rule"]


def test_anomalous_cells_may_be_rows_of_a_table(bundle, cells, there):
    files = [*sorted(cells.rglob("Uninfected/*.png")), *sorted(cells.rglob("Parasitized/*.png"))]
    labels = [int(file.parent.name == "Parasitized") for file in files]
    table = pd.DataFrame({"path": files, "label": labels, "patient": range(len(files))})
    by_table = nc.calibrate(bundle, table, "table", rule="best_f1", anomalous=table)
    by_folder = nc.calibrate(bundle, table, "folder", rule="best_f1", anomalous=cells)
    assert by_table.threshold == by_folder.threshold != bundle.threshold


def test_the_folder_of_a_run_leads_to_its_bundle(cells, there):
    nc.train("stain_rule", data=cells, out="run")
    with pytest.raises(BundleError, match=r"no bundle in run: .* Give run.bundle, where one is"):
        nc.load("run")
