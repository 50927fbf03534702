"""Evaluating through the command line: whom a bundle is judged on, and that they never taught it."""

import csv
import json
import shutil

import cv2
import pytest

from normocyte.pipeline.bundle.bundle import load_bundle

LEARNT = ("network.onnx", "calibration.npz")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def evaluate(call, bundle, tmp_path):
    """Judges the bundle on some data; gives the outcome and the rows of the report."""

    def run(data, *options):
        outcome = call("evaluate", bundle, data, "--out", tmp_path / "report", *options)
        scores = tmp_path / "report" / "scores.csv"
        return outcome, rows(scores) if scores.exists() else []

    return run


@pytest.fixture
def manifest(cells, tmp_path):
    """Writes a manifest of the drawn cells; what a row says can be changed."""

    def write(change):
        files = sorted(cells.rglob("*.png"))
        told = [change(file, int("Parasitized" in str(file)), file.name.split("P")[0]) for file in files]
        lines = [",".join(map(str, row)) for row in told if row]
        (tmp_path / "set.csv").write_text("\n".join(["path,label,patient", *lines]), encoding="utf-8")
        return tmp_path / "set.csv"

    return write


def test_on_its_own_set_only_test_patients_are_judged(evaluate, cells, demonstrated):
    outcome, judged = evaluate(cells)
    assert "only its test patients are judged" in outcome.stdout
    test = {row["patient"] for row in rows(demonstrated / "split.csv") if row["part"] == "test"}
    assert {row["patient"] for row in judged} == test


def test_evaluating_again_gives_the_scores_of_the_demo(evaluate, cells, demonstrated):
    _, judged = evaluate(cells)
    assert judged == rows(demonstrated / "report" / "scores.csv")


def test_patients_whose_names_the_bundle_knows_are_left_out_and_that_is_said(evaluate, other_cells, bundle):
    outcome, judged = evaluate(other_cells)
    assert outcome.exit_code == 0, outcome.stderr
    known = {
        name for part in load_bundle(bundle).facts.parts if part.part != "test" for name in part.patients
    }
    assert not {row["patient"] for row in judged} & known
    assert f"{160 - len(judged)} cells of patients with known names were left out" in outcome.stdout


def test_other_people_of_the_same_names_are_all_judged(evaluate, other_cells):
    outcome, judged = evaluate(other_cells, "--new-patients")
    assert outcome.exit_code == 0, outcome.stderr
    assert len(judged) == 160
    assert "left out" not in outcome.stdout


def test_a_set_of_known_patients_alone_is_refused(evaluate, manifest, bundle):
    known = load_bundle(bundle).facts.patients("train")
    outcome, _ = evaluate(manifest(lambda *row: row if row[2] in known else None))
    assert outcome.exit_code == 2
    assert "give --new-patients" in outcome.stderr


@pytest.mark.parametrize(("label", "sentence"), [(0, "but 0 of the 80"), (1, "There are no healthy cells")])
def test_a_set_of_one_kind_is_refused(label, sentence, evaluate, manifest):
    outcome, _ = evaluate(manifest(lambda *row: row if row[1] == label else None), "--new-patients")
    assert outcome.exit_code == 2
    assert sentence in outcome.stderr


def test_doubtful_labels_give_a_second_set_of_figures(evaluate, own_cells, demonstrated):
    doubted = rows(demonstrated / "report" / "scores.csv")[0]["path"].rpartition("/")[2]
    (own_cells / "doubtful_labels.csv").write_text(f"file\n{doubted}\n", encoding="utf-8")
    _, judged = evaluate(own_cells)
    assert [row["path"].rpartition("/")[2] for row in judged if row["doubtful"] == "true"] == [doubted]
    report = (own_cells.parent / "report" / "metrics.json").read_text(encoding="utf-8")
    assert "pca" in json.loads(report)["metrics"]["auroc"]["without_doubtful"]


def test_a_broken_test_image_is_left_out_and_said(evaluate, own_cells, demonstrated):
    name = rows(demonstrated / "report" / "scores.csv")[0]["path"].rpartition("/")[2]
    next(own_cells.rglob(name)).write_bytes(b"")
    outcome, judged = evaluate(own_cells)
    assert outcome.exit_code == 0, outcome.stderr
    assert "1 cell could not be judged, the first:" in outcome.stdout
    assert len(judged) == len(rows(demonstrated / "report" / "scores.csv")) - 1


def test_test_cells_that_cannot_be_read_at_all_are_refused(evaluate, own_cells):
    for file in (own_cells / "cell_images" / "Parasitized").iterdir():
        file.write_bytes(b"")
    outcome, _ = evaluate(own_cells)
    assert outcome.exit_code == 2
    assert "0 of the 23 test cells are anomalous" in outcome.stderr
    assert "17 others cannot be judged, the first:" in outcome.stderr


def test_an_output_that_cannot_be_written_is_refused_before_the_work(evaluate, cells, tmp_path):
    (tmp_path / "report").write_text("a file", encoding="utf-8")
    outcome, _ = evaluate(cells)
    assert outcome.exit_code == 2
    assert outcome.stderr.startswith("Error: Cannot make the folder")


@pytest.fixture
def cells_of_test(own_cells, demonstrated):
    """The files of the test cells in a copy of the set."""
    names = [row["path"].rpartition("/")[2] for row in rows(demonstrated / "report" / "scores.csv")]
    return [next(own_cells.rglob(name)) for name in names]


def test_the_pixels_of_test_cells_never_reach_the_bundle(call, recipes, own_cells, cells_of_test, bundle):
    for file in cells_of_test:
        cv2.imwrite(str(file), 255 - cv2.imread(str(file)))
    call("train", recipes["pca"], "--data", own_cells, "--out", own_cells.parent / "bundle")
    again = {file.name: file.read_bytes() for file in (own_cells.parent / "bundle").iterdir()}
    assert again == {file.name: file.read_bytes() for file in bundle.iterdir()}


def test_the_labels_of_test_cells_never_reach_the_bundle(call, recipes, own_cells, cells_of_test, bundle):
    infected = next(file for file in cells_of_test if "Parasitized" in str(file))
    patient = infected.name.split("P")[0]
    healthy = next(f for f in cells_of_test if "Uninfected" in str(f) and f.name.startswith(f"{patient}P"))
    shutil.move(infected, healthy.with_name(infected.name))
    shutil.move(healthy, infected.with_name(healthy.name))
    call("train", recipes["pca"], "--data", own_cells, "--out", own_cells.parent / "bundle")
    again = own_cells.parent / "bundle"
    assert [(again / name).read_bytes() for name in LEARNT] == [
        (bundle / name).read_bytes() for name in LEARNT
    ]
    assert load_bundle(again).pipeline.threshold == load_bundle(bundle).pipeline.threshold


def test_a_cut_with_labels_is_tuned_on_tuning_patients_alone(call, recipes, own_cells, cells_of_test):
    made = []
    for place in ("before", "after"):
        call("train", recipes["labels"], "--data", own_cells, "--out", own_cells.parent / place)
        made.append(load_bundle(own_cells.parent / place).pipeline.threshold.cut)
        for file in cells_of_test:
            cv2.imwrite(str(file), 255 - cv2.imread(str(file)))
    assert made[0] == made[1]


MORE_TUNING = "[split]\ntrain = 0.2\nheld_out = 0.1\ncalibration = 0.1\ntuning = 0.3\ntest = 0.3\n"


def test_a_tuned_cut_is_told_on_its_own_cells_nested_and_on_test_cells(call, recipes, cells, tmp_path):
    recipe = recipes["labels"].read_text("utf-8").replace("components = 8", "components = 2")
    (tmp_path / "tuned.toml").write_text(recipe + MORE_TUNING, encoding="utf-8")
    outcome = call("demo", "--config", tmp_path / "tuned.toml", "--data", cells, "--out", tmp_path)
    assert outcome.exit_code == 0, outcome.stderr
    found = json.loads((tmp_path / "report" / "metrics.json").read_text(encoding="utf-8"))["thresholds"]
    tuned = found[0]["tuned"]
    taught = {row["patient"] for row in rows(tmp_path / "split.csv") if row["part"] == "tuning"}
    assert (tuned["patients"], tuned["folds"]) == (len(taught), min(len(taught), 5))
    assert tuned["optimism"]["f1"] == pytest.approx(tuned["apparent"]["f1"] - tuned["nested"]["f1"])
    assert [row["rule"] for row in found if not row["uses_labels"] and "tuned" in row] == []
    assert "What tuning with labels promises" in (tmp_path / "report" / "report.html").read_text("utf-8")


def test_a_report_does_not_lie_among_the_cells(call, bundle, own_cells):
    outcome = call("evaluate", bundle, own_cells, "--out", own_cells / "report")
    assert outcome.exit_code == 2
    assert "the next run would read the results, too" in outcome.stderr
    assert not (own_cells / "report").exists()
