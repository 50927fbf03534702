"""Monitoring through the command line: cells are scored, the rows are watched, the files are there."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from normocyte.cell_checks.exposure import Exposure
from normocyte.cell_checks.gate import Gate
from normocyte.cell_checks.sharpness import Sharpness
from normocyte.core.types import Source
from normocyte.datasets.nih_malaria import NihMalaria
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import load_bundle, save_bundle
from normocyte.thresholds.support.calibration import Calibration


@pytest.fixture(scope="session")
def calibrated(bundle, other_cells, tmp_path_factory):
    """The bundle of the demo with checks of quality, calibrated on healthy cells of 12 further patients."""
    loaded = load_bundle(bundle)
    healthy = [record for record in NihMalaria(str(other_cells)).records() if record.label == 0]
    images = [read(Source(record.source.path)) for record in healthy]
    scores = np.array([verdict.score for verdict in loaded.pipeline.verdicts(images)])
    calibration = Calibration.of(scores, np.array([record.patient for record in healthy]))
    gate = Gate((Exposure(), Sharpness()))
    gate.fit(images, patients=12)
    parts = {"calibration": calibration, "gate": gate, "measured": gate.measures(images)}
    recipe = replace(loaded.recipe, cell_checks=gate.checks)
    place = tmp_path_factory.mktemp("calibrated") / "bundle"
    save_bundle(replace(loaded, recipe=recipe, pipeline=replace(loaded.pipeline, **parts)), place)
    return place


@pytest.fixture(scope="session")
def rows(call, calibrated, cells, tmp_path_factory):
    """Scored healthy cells of 12 patients whom the bundle has not seen."""
    place = tmp_path_factory.mktemp("rows") / "rows.csv"
    images = cells / "cell_images" / "Uninfected"
    assert call("score", images, "--bundle", calibrated, "--output", place).exit_code == 0
    return place


@pytest.fixture(scope="session")
def measured(call, calibrated, cells, tmp_path_factory):
    """The same cells with what the checks of quality measure of them."""
    place = tmp_path_factory.mktemp("measured") / "rows.csv"
    images = cells / "cell_images" / "Uninfected"
    assert call("score", images, "--bundle", calibrated, "--quality", "--output", place).exit_code == 0
    return place


@pytest.fixture
def darker(measured, tmp_path):
    """The same rows of cells that were darker and had the same scores."""
    with measured.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    with (tmp_path / "darker.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(
            row | {"quality_brightness": 0.8 * float(row["quality_brightness"])} for row in table
        )
    return tmp_path / "darker.csv"


@pytest.fixture
def higher(rows, tmp_path):
    """The same rows with other scores, as another stain would give."""
    with rows.open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    with (tmp_path / "higher.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "score"])
        writer.writerows([row["path"], float(row["score"]) + 10] for row in table)
    return tmp_path / "higher.csv"


def test_new_patients_like_the_calibration_patients_give_no_evidence(call, calibrated, rows):
    outcome = call("monitor", calibrated, rows, "--cells", 4)
    first, guarantee, *_ = outcome.stdout.splitlines()
    assert outcome.exit_code == 0, outcome.stderr
    assert first.startswith("no evidence of drift in 12 patients: the evidence never passed ")
    assert "While patients stay like the 12 calibration patients (exchangeable), at most 5 % " in guarantee


def test_rows_with_measures_of_quality_are_watched_for_light_and_focus_too(call, calibrated, measured):
    outcome = call("monitor", calibrated, measured, "--cells", 4)
    assert outcome.exit_code == 0, outcome.stderr
    assert "Median quality_brightness of a patient: " in outcome.stdout
    assert "Median quality_detail of a patient: " in outcome.stdout
    assert "quality_size" not in outcome.stdout


def test_a_darker_stream_is_found_by_its_brightness_where_the_scores_are_the_same(call, calibrated, darker):
    outcome = call("monitor", calibrated, darker, "--cells", 4)
    assert outcome.exit_code == 3
    assert outcome.stdout.startswith("recalibrate: ")
    assert (
        "by the quality_brightness" in outcome.stdout or "quality_brightness" in outcome.stdout.split(".")[1]
    )


def test_other_scores_ask_to_recalibrate_and_the_exit_status_says_so(call, calibrated, higher, tmp_path):
    outcome = call("monitor", calibrated, higher, "--cells", 4, "--out", tmp_path / "out")
    content = json.loads((tmp_path / "out" / "monitor.json").read_text(encoding="utf-8"))
    assert outcome.exit_code == 3
    assert outcome.stdout.startswith("recalibrate: ")
    assert content["finding"] == "recalibrate"
    assert content["sentences"][0] == outcome.stdout.splitlines()[0]
    assert len(content["patients"]) == len(content["medians"]["score"]["stream"]) == 12
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "monitor.json",
        "monitor.png",
        "monitor.svg",
    ]


def test_the_same_call_writes_the_same_bytes(call, calibrated, rows, tmp_path):
    for name in ("one", "two"):
        call("monitor", calibrated, rows, "--cells", 4, "--out", tmp_path / name)
    one, two = (sorted((tmp_path / name).iterdir()) for name in ("one", "two"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in two]


def test_a_bundle_with_few_calibration_patients_gets_one_sentence(call, bundle, rows):
    outcome = call("monitor", bundle, _without_p_values(rows), "--cells", 4)
    assert outcome.exit_code == 2
    assert "calibration patients of the bundle have 4 scored cells or more, but 10 must" in outcome.stderr
    assert outcome.stdout == ""


def _without_p_values(rows):
    text = rows.read_text(encoding="utf-8").replace("p_value", "p_of_old", 1)
    place = rows.with_name("old.csv")
    place.write_text(text, encoding="utf-8")
    return place


def test_the_bundle_that_comes_along_can_be_watched(call, rows):
    outcome = call("monitor", "shipped", _without_p_values(rows), "--cells", 4)
    assert outcome.exit_code == 3
    assert "37 calibration patients" in outcome.stdout


def test_nothing_is_written_where_the_rows_cannot_be_used(call, calibrated, tmp_path):
    (tmp_path / "rows.csv").write_text("name\n", encoding="utf-8")
    outcome = call("monitor", calibrated, tmp_path / "rows.csv", "--out", tmp_path / "out")
    assert outcome.exit_code == 2
    assert not (tmp_path / "out").exists()
