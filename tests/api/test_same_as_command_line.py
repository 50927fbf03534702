"""Python and the command line give the same numbers, verb by verb."""

import csv
import json

import numpy as np
import pandas as pd
import pytest

import normocyte as nc


@pytest.fixture(scope="module")
def run(cells, tmp_path_factory):
    return nc.train("pca", data=cells, out=tmp_path_factory.mktemp("run"), components=8)


@pytest.fixture(scope="module")
def manifest(cells, tmp_path_factory):
    """The drawn set as a manifest."""
    lines = [
        f"{file},{file.parent.name.lower()},{file.name.split('P')[0]}"
        for file in sorted(cells.rglob("*.png"))
    ]
    path = tmp_path_factory.mktemp("manifest") / "cells.csv"
    path.write_text("\n".join(["path,label,patient", *lines]), encoding="utf-8")
    return path


def numbers(folder, name):
    """The numbers of a report, without what the two runs may differ in: times."""
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    content.pop("result", None)
    content.pop("facts", None)
    return content


def test_score(bundle, cells, call, tmp_path):
    call("score", cells, "--output", tmp_path / "rows.csv", "--quality")
    written = pd.read_csv(
        tmp_path / "rows.csv", keep_default_na=False, na_values={"score": "", "p_value": ""}
    )
    table = bundle.score(cells, quality=True).drop(columns="cause")
    pd.testing.assert_frame_equal(table, written[list(table.columns)], check_dtype=False)


def test_score_as_one_smear(bundle, cells, call, tmp_path):
    call("score", cells, "--output", tmp_path / "rows.csv", "--false-discovery-rate", "0.2")
    flagged = pd.read_csv(tmp_path / "rows.csv").flagged.tolist()
    assert bundle.score(cells, false_discovery_rate=0.2).flagged.tolist() == flagged


def test_smear(bundle, photos, call, tmp_path):
    call("smear", photos, "--out", tmp_path / "smear")
    smear = bundle.smear(photos, out=tmp_path / "python" / "smear")
    assert numbers(tmp_path / "smear", "smear.json") == numbers(tmp_path / "python" / "smear", "smear.json")
    with (tmp_path / "smear" / "cells.csv").open(encoding="utf-8", newline="") as file:
        scores = [float(row["score"] or "nan") for row in csv.DictReader(file)]
    np.testing.assert_array_equal(smear.cells.score, scores)


def test_train(run, cells, call, tmp_path):
    recipe = tmp_path / "pca.toml"
    recipe.write_text((run.folder / "recipe.toml").read_text(encoding="utf-8"), encoding="utf-8")
    call("train", recipe, "--data", cells, "--out", tmp_path / "bundle")
    again = nc.load(tmp_path / "bundle")
    assert again.threshold == run.bundle.threshold
    pd.testing.assert_frame_equal(again.score(cells), run.bundle.score(cells))


def test_evaluate(run, cells, call, tmp_path):
    call("evaluate", run.bundle.folder, cells, "--out", tmp_path / "command")
    report = nc.evaluate(run.bundle, cells, out=tmp_path / "python")
    assert numbers(tmp_path / "command", "metrics.json") == numbers(tmp_path / "python", "metrics.json")
    told = numbers(tmp_path / "command", "metrics.json")["metrics"]["auroc"]["all_labels"]
    row = report.metrics.query("metric == 'auroc' and labels == 'all'").iloc[0]
    assert row.value == pytest.approx(told[row.detector]["value"])


def test_compare(cells, call, tmp_path):
    call("compare", "stain_rule", "contrast", "--data", cells, "--out", tmp_path / "command", "--seeds", 1)
    found = nc.compare(["stain_rule", "contrast"], cells, out=tmp_path / "python", seeds=1)
    told = json.loads((tmp_path / "command" / "comparison.json").read_text(encoding="utf-8"))
    auroc = [row["all_labels"]["auroc"]["value"] for row in told["configurations"].values()]
    assert found.table.auroc.tolist() == pytest.approx(auroc)


def test_calibrate(bundle, cells, call, tmp_path):
    asked = ("--patients", "file", "--false-positive-rate", 0.3)
    call("calibrate", "shipped", cells / "cell_images" / "Uninfected", "--out", tmp_path / "command", *asked)
    healthy = cells / "cell_images" / "Uninfected"
    site = nc.calibrate(bundle, healthy, tmp_path / "python", patients="file", false_positive_rate=0.3)
    assert site.threshold == nc.load(tmp_path / "command").threshold != bundle.threshold


def test_adapt(bundle, healthy_photos, call, tmp_path):
    asked = ("--config", "pca", "--cells", 300)
    call("adapt", "shipped", healthy_photos, "--out", tmp_path / "command" / "site", *asked)
    site = nc.adapt(bundle, healthy_photos, tmp_path / "python" / "site", recipe="pca", cells=300)
    assert site.digest == nc.load(tmp_path / "command" / "site").digest != bundle.digest


def test_monitor(bundle, cells, call, tmp_path):
    call("score", cells, "--output", tmp_path / "rows.csv")
    asked = ("--cells", 10, "--out", tmp_path / "command")
    call("monitor", "shipped", tmp_path / "rows.csv", *asked, status=3)  # synthetic cells are other cells
    nc.monitor(bundle, bundle.score(cells), cells=10).write(tmp_path / "python")
    assert numbers(tmp_path / "command", "monitor.json") == numbers(tmp_path / "python", "monitor.json")


def test_a_table_of_labelled_cells_is_a_manifest(bundle, manifest, call, tmp_path):
    call("evaluate", "shipped", manifest, "--out", tmp_path / "command")
    nc.evaluate(bundle, pd.read_csv(manifest, dtype=str), out=tmp_path / "python")
    assert numbers(tmp_path / "command", "metrics.json") == numbers(tmp_path / "python", "metrics.json")


def test_a_table_of_healthy_cells_calibrates_as_a_manifest(bundle, manifest, call, tmp_path):
    call("calibrate", "shipped", manifest, "--out", tmp_path / "command", "--false-positive-rate", 0.3)
    table = pd.read_csv(manifest, dtype=str)
    site = nc.calibrate(bundle, table, tmp_path / "python", false_positive_rate=0.3)
    assert site.threshold == nc.load(tmp_path / "command").threshold


@pytest.fixture(scope="module")
def nameless(cells, tmp_path_factory):
    """Half of the drawn cells in a table that names no patient."""
    files = sorted(cells.rglob("*.png"))[::2]
    rows = [f"{file},{file.parent.name.lower()}" for file in files]
    path = tmp_path_factory.mktemp("nameless") / "cells.csv"
    path.write_text("\n".join(["path,label", *rows]), encoding="utf-8")
    return path


def test_patients_are_named_alike(nameless, call, tmp_path):
    asked = ("--patients", "unknown")
    call("train", "stain_rule", "--data", nameless, "--out", tmp_path / "command", *asked)
    with pytest.warns(UserWarning, match="Patients unknown: images are split and counted each for itself"):
        run = nc.train("stain_rule", data=nameless, patients="unknown")
    assert run.bundle.threshold == nc.load(tmp_path / "command").threshold
    call("evaluate", tmp_path / "command", nameless, "--out", tmp_path / "judged", *asked)
    table = pd.read_csv(nameless, dtype=str)
    with pytest.warns(UserWarning, match="Patients unknown"):
        nc.evaluate(run.bundle, table, patients="unknown", out=tmp_path / "python")
    assert numbers(tmp_path / "judged", "metrics.json") == numbers(tmp_path / "python", "metrics.json")
    call("compare", "stain_rule", "--data", nameless, "--out", tmp_path / "all", "--seeds", 1, *asked)
    with pytest.warns(UserWarning, match="Patients unknown"):
        found = nc.compare(["stain_rule"], table, patients="unknown", out=tmp_path / "python_all", seeds=1)
    told = json.loads((tmp_path / "all" / "comparison.json").read_text(encoding="utf-8"))
    assert [row["all_labels"]["auroc"]["value"] for row in told["configurations"].values()] == pytest.approx(
        found.table.auroc.tolist()
    )


def test_healthy_cells_alone_are_learnt_from_alike(cells, call, tmp_path):
    healthy = cells / "cell_images" / "Uninfected"
    call("train", "stain_rule", "--data", healthy, "--out", tmp_path / "command")
    with pytest.warns(UserWarning, match="are taken as healthy; patients: found in file names"):
        run = nc.train("stain_rule", data=healthy)
    assert run.bundle.threshold == nc.load(tmp_path / "command").threshold
