"""A bundle becomes a site's own: what is new, what stays, what it says, and what it refuses."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.types import Part
from normocyte.images import reading
from normocyte.images.reading import read
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import SHIPPED, bundle_folder
from normocyte.workflows.site.examination import Admitted

SHIPPED_PATH = Path(SHIPPED)


def in_bundle(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def healthy(cells):
    return sorted((cells / "cell_images" / "Uninfected").iterdir())


@pytest.fixture(scope="module")
def loose(cells, tmp_path_factory):
    """The healthy cells in one folder, under names that name no patient."""
    folder = tmp_path_factory.mktemp("site") / "loose"
    folder.mkdir()
    for number, file in enumerate(healthy(cells)):
        shutil.copy(file, folder / f"crop_{number:03d}.png")
    return folder


@pytest.fixture(scope="module")
def shifted(other_cells, tmp_path_factory):
    """Cells of another site, whose stain is far darker, each in a folder of its patient."""
    folder = tmp_path_factory.mktemp("site") / "shifted"
    for file in healthy(other_cells):
        pixels = cv2.imread(str(file)).astype(np.float64) / 255
        pixels[..., 1] **= 3.0  # the green fades, as in a strong stain
        place = folder / f"person_{file.name.partition('P')[0]}"
        place.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(place / file.name.partition("P")[2]), np.rint(255 * pixels).astype(np.uint8))
    return folder


@pytest.fixture
def calibrate(call, bundle, tmp_path):
    """Calibrates the bundle of the demo; gives the outcome, and the new bundle's folder."""

    def run(cells, *options, of=bundle, out=tmp_path / "site"):
        return call("calibrate", of, cells, "--out", out, *options), out

    return run


def row(outcome, name):
    """What the table says by a name."""
    lines = [line for line in outcome.stdout.splitlines() if line.startswith(name)]
    assert lines, outcome.output
    return lines[0][len(name) :].strip()


def test_only_the_calibration_is_new(calibrate, loose, bundle):
    outcome, out = calibrate(loose)
    assert outcome.exit_code == 0, outcome.stderr
    old, new = load_bundle(bundle), load_bundle(out)
    assert (out / "network.onnx").read_bytes() == (bundle / "network.onnx").read_bytes()
    assert new.pipeline.views == old.pipeline.views
    assert new.facts.patients(Part.TRAIN) == old.facts.patients(Part.TRAIN)
    assert len(new.pipeline.calibration) == 80
    assert new.pipeline.threshold.cut != old.pipeline.threshold.cut


def test_patients_of_the_training_and_names_of_several_kinds_are_told(calibrate, cells, tmp_path):
    outcome, _ = calibrate(cells, "--rule", "quantile")
    assert "images have the name of a patient that the bundle has learnt from, such as C" in outcome.stderr
    assert "File names say" not in outcome.stderr
    for number, file in enumerate(healthy(cells)):
        kind = "glioma" if number % 2 else "healthy"
        (tmp_path / "flat").mkdir(exist_ok=True)
        shutil.copy(file, tmp_path / "flat" / f"{kind}-{number}.png")
    outcome, _ = calibrate(tmp_path / "flat")
    assert outcome.exit_code == 0, outcome.stderr
    assert "File names say different things: 'healthy' (40), 'glioma' (40). All 80 images" in outcome.stderr
    assert "has learnt from" not in outcome.stderr


def test_the_same_command_gives_the_same_bytes(calibrate, loose, tmp_path):
    first, second = (calibrate(loose, out=tmp_path / name)[1] for name in ("one", "two"))
    assert in_bundle(first) == in_bundle(second)


def test_a_bundle_may_be_calibrated_in_its_place_and_keeps_every_calibration(
    calibrate, loose, shifted, bundle
):
    _, out = calibrate(loose)
    outcome, _ = calibrate(shifted, "--rule", "conformal", of=out, out=out)
    assert outcome.exit_code == 0, outcome.stderr
    first, second = load_bundle(out).history
    trained = load_bundle(bundle).pipeline
    assert (first.cut, first.origin.data) == (trained.threshold.cut, "nih_malaria")
    assert first.calibration.scores.tobytes() == trained.calibration.scores.tobytes()
    assert first.calibration.patients.tolist() == trained.calibration.patients.tolist()
    assert (second.rule["name"], second.origin.data, len(second.calibration)) == ("quantile", "loose", 80)
    assert load_bundle(out).facts.calibrated_on.data == "shifted"


def test_info_shows_what_was_replaced(calibrate, call, loose, bundle):
    _, out = calibrate(loose)
    said = call("info", out).stdout
    assert (
        f"threshold {load_bundle(bundle).pipeline.threshold.cut:.6g}, quantile(false_positive_rate=0.1)"
        in said
    )
    assert "80 healthy cells of unknown patients" in said
    assert "calibrated on     loose, fingerprint" in said
    assert "part calibration  80 cells of unknown patients" in said


def test_the_card_names_the_other_set(calibrate, shifted):
    _, out = calibrate(shifted)
    assert "80 healthy cells of 12 patients\nof `shifted`, another set" in (out / "card.md").read_text(
        "utf-8"
    )


def test_on_another_stain_the_old_cut_flags_far_more_than_stated_and_the_new_one_what_is_asked(
    calibrate, shifted
):
    people = sorted(shifted.iterdir())
    half = shifted.with_name("half")
    for person in people[::2]:
        shutil.copytree(person, half / person.name)
    outcome, out = calibrate(half)
    flagged, cells = row(outcome, "  flags here").split(" of these ")
    assert int(flagged) > 0.5 * int(cells.split()[0])
    rest = [file for person in people[1::2] for file in person.iterdir()]
    verdicts = load_bundle(out).pipeline.verdicts([cv2.imread(str(file))[..., ::-1] for file in rest])
    assert np.mean([verdict.is_flagged for verdict in verdicts]) < 0.3


@pytest.mark.parametrize(
    ("options", "said", "count"),
    [
        ((), "unknown, so that cells count as independent", 0),
        (("--patients", r"^crop_0(\d)"), "8, found in file names by", 8),
        (("--patients", "file"), "80, each image is one", 80),
        (("--patients", "one"), "1, all cells are of one", 1),
        (("--patients", "unknown"), "name the patients with --patients", 0),
    ],
)
def test_a_folder_of_loose_crops_needs_one_option_at_most_and_is_told_how_patients_were_found(
    options, said, count, calibrate, loose
):
    outcome, out = calibrate(loose, *options)
    assert said in row(outcome, "patients")
    assert load_bundle(out).pipeline.calibration.known_patient_count == count


def test_it_says_what_so_many_cells_can_support(calibrate, loose):
    outcome, _ = calibrate(loose)
    assert row(outcome, "smallest p-value") == "0.012"
    assert row(outcome, "smallest rate") == "1.3 % on average, by quantile, cells taken for independent"
    assert "2.9 % with 90 % confidence, by calibration_conditional" in outcome.stdout


def test_infected_cells_of_a_labelled_set_are_left_out_and_counted(calibrate, cells):
    outcome, out = calibrate(cells)
    assert row(outcome, "left out") == "80 cells labelled as anomalous"
    assert row(outcome, "patients").startswith("12, found in file names, which begin with C")
    assert len(load_bundle(out).pipeline.calibration) == 80


def test_a_zip_is_read_as_it_is(calibrate, zipped, cells):
    outcome, out = calibrate(zipped)
    assert outcome.exit_code == 0, outcome.stderr
    assert len(load_bundle(out).pipeline.calibration) == 80


def test_a_manifest_names_cells_and_patients(calibrate, cells, tmp_path):
    lines = [f"{file},{number % 9 // 8},p{number % 3}" for number, file in enumerate(healthy(cells))]
    (tmp_path / "site.csv").write_text("\n".join(["path,label,patient", *lines]), encoding="utf-8")
    outcome, out = calibrate(tmp_path / "site.csv")
    assert row(outcome, "patients") == "3, named by the manifest"
    assert len(load_bundle(out).pipeline.calibration) == 72


def test_what_cannot_be_read_is_left_out_with_its_reason(calibrate, own_cells):
    healthy(own_cells)[0].write_bytes(b"no image")
    outcome, out = calibrate(own_cells / "cell_images" / "Uninfected")
    assert row(outcome, "left out") == "1 image that cannot be used:"
    assert healthy(own_cells)[0].name in outcome.stdout
    assert len(load_bundle(out).pipeline.calibration) == 79


def test_another_rate_and_rule_are_in_the_new_recipe(calibrate, loose):
    _, out = calibrate(loose, "--rule", "conformal", "--false-positive-rate", 0.05)
    assert load_bundle(out).recipe.threshold.false_positive_rate == 0.05
    assert json.loads((out / "bundle.json").read_text("utf-8"))["recipe"]["threshold"]["name"] == "conformal"


def test_a_rule_that_states_no_rate_is_said_to_state_none(calibrate, loose):
    outcome, _ = calibrate(loose, "--rule", "mad")
    assert row(outcome, "guarantee").startswith("mad states no error rate")


def test_a_bundle_with_a_labelled_rule_can_be_given_another(calibrate, call, cells, recipes, loose, tmp_path):
    call("train", recipes["labels"], "--data", cells, "--out", tmp_path / "tuned")
    outcome, out = calibrate(
        loose, "--rule", "conformal", "--false-positive-rate", 0.1, of=tmp_path / "tuned"
    )
    assert outcome.exit_code == 0, outcome.stderr
    assert not load_bundle(out).pipeline.threshold.uses_labels
    assert calibrate(loose, of=tmp_path / "tuned")[0].exit_code == 2


def test_a_rule_is_tuned_on_infected_cells_beside_the_healthy_ones(calibrate, loose, cells):
    infected = cells / "cell_images" / "Parasitized"
    outcome, out = calibrate(loose, "--rule", "best_f1", "--anomalous", infected, "--patients", "file")
    assert outcome.exit_code == 0, outcome.stderr
    pipeline = load_bundle(out).pipeline
    assert pipeline.threshold.uses_labels
    assert pipeline.threshold.cut < pipeline.calibration.scores.max() or "F1 1.000" in outcome.stdout
    assert row(outcome, "tuned with labels").startswith("80 anomalous cells and the healthy ones")


def test_the_patients_of_cells_that_tuned_a_rule_are_known_to_the_bundle(calibrate, loose, cells):
    _, out = calibrate(loose, "--rule", "best_f1", "--anomalous", cells)
    (tuning,) = (part for part in load_bundle(out).facts.parts if part.part == Part.TUNING)
    assert tuning.cells == 80
    assert {name[0] for name in tuning.patients} == {"C"}


def test_labels_and_a_rule_that_uses_them_go_together(calibrate, loose, cells):
    without, _ = calibrate(loose, "--rule", "best_f1")
    assert "give some with --anomalous" in without.stderr
    useless, out = calibrate(loose, "--anomalous", cells)
    assert "quantile uses no labels, but --anomalous gives" in useless.stderr
    assert (without.exit_code, useless.exit_code, out.exists()) == (2, 2, False)


def test_a_picture_is_not_healthy_and_anomalous_at_once(calibrate, loose):
    outcome, out = calibrate(loose, "--rule", "best_f1", "--anomalous", loose)
    assert "80 images are both among the healthy and among the anomalous cells" in outcome.stderr
    assert not out.exists()


def test_a_folder_without_anomalous_cells_tunes_nothing(calibrate, loose, cells, tmp_path):
    shutil.copytree(cells / "cell_images" / "Uninfected", tmp_path / "cells" / "healthy")
    outcome, _ = calibrate(loose, "--rule", "best_f1", "--anomalous", tmp_path / "cells")
    assert "There are 0 anomalous cells in" in outcome.stderr


def _first(cells, count, folder):
    folder.mkdir()
    for file in healthy(cells)[:count]:
        shutil.copy(file, folder)
    return folder


@pytest.mark.parametrize(
    ("count", "options", "said"),
    [
        (25, ("--false-positive-rate", 0.01), "quantile needs 99 healthy cells for a false-positive rate of"),
        (25, ("--false-positive-rate", 0.01), "The smallest rate that these support by this rule is 3.9 %."),
        (25, ("--rule", "hierarchical_conformal"), "hierarchical_conformal needs 9 patients"),
        (25, ("--rule", "calibration_conditional"), "calibration_conditional needs 10 patients"),
        (25, ("--patients", "unknown", "--rule", "hierarchical_conformal"), "name them with --patients"),
    ],
)  # fmt: skip
def test_a_rate_that_so_few_cannot_support_is_refused_with_what_it_needs(
    count, options, said, calibrate, cells, tmp_path
):
    outcome, out = calibrate(_first(cells, count, tmp_path / "few"), *options)
    assert outcome.exit_code == 2
    assert said in outcome.stderr
    assert "Examining" not in outcome.stderr
    assert not out.exists()


def test_one_cell_is_too_few(calibrate, cells, tmp_path):
    outcome, out = calibrate(_first(cells, 1, tmp_path / "few"))
    assert outcome.exit_code == 2
    assert "1 of 1 healthy cells" in outcome.stderr
    assert not out.exists()


def test_no_readable_cell_is_refused_with_the_first_reason(calibrate, cells, tmp_path):
    few = _first(cells, 20, tmp_path / "few")
    for file in few.iterdir():
        file.write_bytes(b"")
    outcome, _ = calibrate(few)
    assert outcome.exit_code == 2
    assert "0 of 20 healthy cells" in outcome.stderr
    assert "The first of the others:" in outcome.stderr


def test_copies_of_one_cell_are_refused(calibrate, cells, tmp_path):
    few = _first(cells, 1, tmp_path / "few")
    original = next(few.iterdir())
    for number in range(30):
        shutil.copy(original, few / f"copy_{number}.png")
    outcome, _ = calibrate(few)
    assert outcome.exit_code == 2
    assert "The 31 healthy cells show only 1 different picture" in outcome.stderr
    assert "30 of 31 images are copies of others and count once." in outcome.stderr


def test_infected_cells_alone_are_refused(calibrate, cells):
    outcome, out = calibrate(cells / "cell_images" / "Parasitized")
    assert outcome.exit_code == 2
    assert "named for what is not healthy" in outcome.stderr
    assert not out.exists()


@pytest.mark.parametrize("rate", [0, 1, -0.5, 2, "nan"])
def test_an_impossible_rate_is_refused(rate, calibrate, loose):
    outcome, _ = calibrate(loose, "--false-positive-rate", rate)
    assert outcome.exit_code == 2
    assert "must be a number above 0 and below 1, not" in outcome.stderr


def test_a_bundle_with_the_calibration_of_another_is_refused(calibrate, loose, bundle, tmp_path):
    mixed = shutil.copytree(bundle, tmp_path / "mixed")
    shutil.copy(bundle_folder(SHIPPED_PATH) / "calibration.npz", mixed)
    outcome, _ = calibrate(loose, of=mixed)
    assert outcome.exit_code == 2
    assert "was altered: calibration.npz not as it was saved" in outcome.stderr


def test_what_comes_along_is_never_overwritten(calibrate, loose):
    outcome, _ = calibrate(loose, out=bundle_folder(SHIPPED_PATH))
    assert outcome.exit_code == 2
    assert "is inside the package Normocyte" in outcome.stderr


def test_ctrl_c_leaves_the_old_bundle_whole(calibrate, loose, bundle, tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    own = shutil.copytree(bundle, tmp_path / "own" / "bundle")
    monkeypatch.setattr("normocyte.cli.show.bar._Plain.advance", stop)
    outcome, _ = calibrate(loose, of=own, out=own)
    assert outcome.exit_code == 130
    assert in_bundle(own) == in_bundle(bundle)
    assert list(own.parent.iterdir()) == [own]


def test_an_ensemble_is_calibrated_like_any_other(calibrate, call, cells, loose, recipes, tmp_path):
    member = (
        '[[ensemble.member]]\n[ensemble.member.detector]\nname = "pca"\ncomponents = 4\n'
        '[ensemble.member.score]\nname = "mean_square"\n'
    )
    recipe = tmp_path / "two.toml"
    recipe.write_text(recipes["pca"].read_text("utf-8") + member, encoding="utf-8")
    call("train", recipe, "--data", cells, "--out", tmp_path / "two" / "bundle")
    outcome, out = calibrate(loose, of=tmp_path / "two" / "bundle")
    assert outcome.exit_code == 0, outcome.stderr
    old, new = load_bundle(tmp_path / "two" / "bundle").pipeline, load_bundle(out).pipeline
    assert new.fusion.grid_.tobytes() == old.fusion.grid_.tobytes()
    assert len(new.calibration) == 80


def test_calibrating_needs_no_training_library(environment, bundle, loose, tmp_path):
    code = (
        "import sys\nfrom normocyte.cli.app import app\napp(sys.argv[1:], standalone_mode=False)\n"
        "print([name for name in ('tensorflow', 'keras', 'onnx', 'matplotlib') if name in sys.modules])"
    )
    words = [sys.executable, "-c", code, "calibrate", bundle, loose, "--out", tmp_path / "b"]
    said = subprocess.run(
        [str(word) for word in words], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.splitlines()[-1] == "[]"


GATE = "".join(f'[[quality]]\nname = "{name}"\n' for name in ("exposure", "stain_colour", "sharpness"))


@pytest.fixture(scope="module")
def gated(call, cells, recipes, tmp_path_factory):
    """A bundle that checks the quality of its pictures."""
    folder = tmp_path_factory.mktemp("gated")
    recipe = folder / "gated.toml"
    recipe.write_text(recipes["pca"].read_text(encoding="utf-8") + GATE, encoding="utf-8")
    assert call("train", recipe, "--data", cells, "--out", folder / "bundle").exit_code == 0
    return folder / "bundle"


@pytest.fixture(scope="module")
def dim(cells, tmp_path_factory):
    """The healthy cells as a camera without enough light gives them, loose."""
    folder = tmp_path_factory.mktemp("dim")
    for file in sorted((cells / "cell_images" / "Uninfected").iterdir()):
        cv2.imwrite(str(folder / file.name), cv2.imread(str(file)) // 4)
    return folder


def test_cells_that_the_checks_of_quality_refuse_are_not_calibrated_on(calibrate, gated, dim, tmp_path):
    outcome, out = calibrate(dim, of=gated, out=tmp_path / "own")
    assert outcome.exit_code == 2
    assert "The cell checks of the bundle refuse 80 of 80 pictures" in outcome.stderr
    assert "give --new-stain" in outcome.stderr
    assert not out.exists()


def test_a_new_stain_teaches_the_checks_too(calibrate, call, gated, dim, tmp_path):
    outcome, out = calibrate(dim, "--new-stain", of=gated, out=tmp_path / "own")
    assert outcome.exit_code == 0, outcome.stderr
    refused = {
        name: call("score", dim, "--bundle", bundle).stdout.count("not assessable")
        for name, bundle in (("before", gated), ("after", out))
    }
    assert refused["before"] == 80
    assert refused["after"] <= 1


@pytest.fixture(scope="module")
def gray(cells, tmp_path_factory):
    """The healthy cells without colour."""
    folder = tmp_path_factory.mktemp("gray")
    for file in healthy(cells):
        cv2.imwrite(str(folder / file.name), cv2.imread(str(file), cv2.IMREAD_GRAYSCALE))
    return folder


def test_cells_of_one_new_stain_pass_the_checks_that_they_taught(calibrate, gated, gray, tmp_path):
    outcome, _ = calibrate(gray, "--new-stain", of=gated, out=tmp_path / "own")
    assert outcome.exit_code == 0, outcome.stderr
    assert "RuntimeWarning" not in outcome.stderr


@pytest.mark.parametrize("options", [(), ("--new-stain",), ("--patients", "file")])
def test_each_cell_is_decoded_once(calibrate, gated, loose, tmp_path, monkeypatch, options):
    decoded = Counter()
    monkeypatch.setattr(reading, "read", lambda source: decoded.update([source]) or read(source))
    outcome, _ = calibrate(loose, *options, of=gated, out=tmp_path / "own")
    assert outcome.exit_code == 0, outcome.stderr
    assert set(decoded.values()) == {1}
    assert len(decoded) == 80


def test_a_new_stain_needs_ten_different_cells(calibrate, gated, cells, tmp_path):
    outcome, _ = calibrate(_first(cells, 9, tmp_path / "few"), "--new-stain", of=gated, out=tmp_path / "own")
    assert outcome.exit_code == 2
    assert "at least 10 different healthy cells that can be read, but 9 are given in all" in outcome.stderr


def test_cells_that_the_checks_refuse_after_they_taught_them_are_not_told_to_teach(tmp_path):
    faults = ("a.png: unlike the healthy cells of the training: too dark",) * 2
    admitted = Admitted((), np.empty(0), np.empty((0, 3)), {}, faults, refused=faults)
    with pytest.raises(DatasetError) as refused:
        admitted.check_stain(10, tmp_path, has_own_gate=True)
    assert "and refuse 2 of these 10 all the same, the first: a.png: unlike" in str(refused.value)
    assert "new_stain" not in str(refused.value)


def test_a_bundle_where_cells_are_expected_is_refused(calibrate, bundle):
    outcome, _ = calibrate(bundle)
    assert outcome.exit_code == 2
    assert "is a bundle, where cells are expected" in outcome.stderr


def test_what_else_stands_in_the_place_is_left_alone(calibrate, loose, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep", encoding="utf-8")
    outcome, out = calibrate(loose, out=tmp_path / "mine")
    assert outcome.exit_code == 2
    assert "exists and is not a bundle" in outcome.stderr
    assert (out / "notes.txt").read_text(encoding="utf-8") == "keep"
