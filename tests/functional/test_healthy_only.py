"""Healthy images alone: learnt from by default in every layout, with what they cannot show said."""

import json
import re
import shutil
import zipfile

import cv2
import pytest


@pytest.fixture(scope="module")
def healthy(cells):
    """The healthy ones of the drawn cells."""
    return sorted((cells / "cell_images" / "Uninfected").iterdir())


@pytest.fixture(scope="module")
def laid(healthy, tmp_path_factory):
    """The healthy cells in one layout after the other, by its name."""
    root = tmp_path_factory.mktemp("layouts")
    layouts = {
        "flat": "image{number:03d}.png",
        "patients": "{patient}/{number:03d}.png",
        "healthy": "healthy/image{number:03d}.png",
        "nih": "cell_images/Uninfected/{name}",
    }
    for name, place in layouts.items():
        for number, file in enumerate(healthy):
            patient = file.name.split("P")[0]
            target = root / name / place.format(number=number, patient=patient, name=file.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
    with zipfile.ZipFile(root / "zip.zip", "w") as archive:
        for file in sorted((root / "flat").iterdir()):
            archive.write(file, f"photos/{file.name}")
    rows = [f"{file},healthy,{file.name.split('P')[0]}" for file in healthy]
    (root / "table.csv").write_text("\n".join(["path,label,patient", *rows]), encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def shown(call, laid, recipes, tmp_path_factory):
    """What a demo on a flat folder of healthy cells says and leaves: its outcome and its folder."""
    out = tmp_path_factory.mktemp("healthy") / "out"
    return call("demo", "--config", recipes["pca"], "--data", laid / "flat", "--out", out), out


@pytest.mark.parametrize(
    ("layout", "patients_by"),
    [
        ("flat", "unknown"),
        ("zip.zip", "unknown"),
        ("healthy", "unknown"),
        ("patients", "each subfolder is one"),
        ("nih", "found in file names, which begin with C and a number"),
        ("table.csv", ""),
    ],
)
def test_every_layout_of_healthy_cells_can_be_learnt_from(layout, patients_by, call, laid, tmp_path):
    outcome = call("train", "stain_rule", "--data", laid / layout, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 0, outcome.stderr
    facts = json.loads((tmp_path / "bundle" / "bundle.json").read_text(encoding="utf-8"))["facts"]
    used = {part["part"]: part["cells"] for part in facts["parts"]}
    assert facts.get("patients_by", "") == patients_by
    assert used["tuning"] == used["test"] == 0
    assert min(used["train"], used["held_out"], used["calibration"]) > 0
    assert ("are taken as healthy" in outcome.stderr) == (layout != "table.csv")


def test_a_demo_shows_what_healthy_cells_show_and_says_what_they_do_not(shown):
    outcome, out = shown
    assert outcome.exit_code == 0, outcome.stderr
    assert "Threshold: " in outcome.stdout
    assert "of healthy images are flagged, if new images are like" in outcome.stdout
    assert outcome.stdout.count("image") >= 3
    assert "Sensitivity: cannot be known, because no anomalous image was judged." in outcome.stdout
    assert f"normocyte evaluate {out / 'bundle'} FOLDER --out {out / 'evaluation'}" in outcome.stdout
    assert "AUROC" not in outcome.stdout


def test_the_report_has_scores_threshold_rate_and_the_highest_cells(shown):
    _, out = shown
    page = (out / "report" / "report.html").read_text(encoding="utf-8")
    numbers = json.loads((out / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert "What healthy images cannot show" in page
    assert "Healthy images that look most unusual" in page
    assert numbers["guarantee"] in page
    assert "AUROC" not in page
    assert "infected" not in page.replace("infected_quantile", "")
    assert (out / "report" / "figures" / "score_distribution.svg").exists()
    assert not (out / "report" / "figures" / "roc.svg").exists()


def test_the_command_that_is_said_next_works(shown, call, tmp_path):
    outcome, _ = shown
    (said,) = [line for line in outcome.stdout.splitlines() if line.startswith("Next:")]
    words = said.split()[2:]
    assert call(*words[:-1], tmp_path / "scores.csv").exit_code == 0


def test_what_is_said_to_be_done_to_know_the_sensitivity_works(shown, call, cells, tmp_path):
    _, out = shown
    for folder, kind in (("healthy", "Uninfected"), ("anomalous", "Parasitized")):
        shutil.copytree(cells / "cell_images" / kind, tmp_path / "new" / folder)
    outcome = call("evaluate", out / "bundle", tmp_path / "new", "--out", tmp_path / "evaluation")
    assert outcome.exit_code == 0, outcome.stderr
    assert "AUROC" in outcome.stdout


@pytest.mark.parametrize("recipe", ["labels", "sure"])
def test_a_rule_that_healthy_cells_cannot_support_gives_way_and_says_so(
    recipe, call, laid, recipes, tmp_path
):
    outcome = call("train", recipes[recipe], "--data", laid / "patients", "--out", tmp_path / "bundle")
    assert outcome.exit_code == 0, outcome.stderr
    said = {"labels": "best_f1 needs anomalous images, labelled, too", "sure": "needs 10 patients"}
    assert said[recipe] in outcome.stderr
    assert "takes its place, which holds on average only." in outcome.stderr


def test_healthy_cells_of_one_patient_are_refused_with_the_way_out(call, laid, tmp_path):
    asked = ("train", "stain_rule", "--data", laid / "flat", "--out", tmp_path / "bundle")
    outcome = call(*asked, "--patients", "one")
    assert outcome.exit_code == 2
    assert "but the 80 healthy images are of 1 patient. Add patients, or give" in outcome.stderr
    assert "give --patients unknown to split image by image" in outcome.stderr
    assert call(*asked, "--patients", "unknown").exit_code == 0


def test_fifteen_images_are_learnt_from_and_the_rate_they_support_is_said(call, laid, recipes, tmp_path):
    few = tmp_path / "few"
    few.mkdir()
    for file in sorted((laid / "flat").iterdir())[:15]:
        shutil.copy(file, few)
    outcome = call("demo", "--config", recipes["pca"], "--data", few, "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    assert "10 % needs 9 images: On average, at most 2" in outcome.stdout


def test_images_that_are_all_the_same_are_refused(call, healthy, tmp_path):
    same = tmp_path / "same"
    same.mkdir()
    for number in range(12):
        shutil.copy(healthy[0], same / f"{number}.png")
    outcome = call("train", "stain_rule", "--data", same, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert "The 12 healthy images show only 1 different picture" in outcome.stderr


@pytest.mark.parametrize("verb", ["evaluate", "compare"])
def test_testing_still_needs_both_kinds(verb, call, laid, tmp_path):
    asked = (
        ("shipped", laid / "table.csv")
        if verb == "evaluate"
        else ("stain_rule", "--data", laid / "table.csv")
    )
    outcome = call(verb, *asked, "--out", tmp_path / "out")
    assert outcome.exit_code == 2
    assert re.search("Testing needs healthy and anomalous cells, but 0 of the [1-9]", outcome.stderr)


def test_gray_images_are_refused_before_a_recipe_of_colour_learns(call, healthy, tmp_path):
    gray = tmp_path / "gray"
    gray.mkdir()
    for file in healthy[:40]:
        cv2.imwrite(str(gray / file.name), cv2.imread(str(file), cv2.IMREAD_GRAYSCALE))
    outcome = call("demo", gray, "--config", "default", "--out", tmp_path / "out")
    assert outcome.exit_code == 2
    assert "The images are gray, and the recipe reads colour alone" in outcome.stderr
    assert "such as classic." in outcome.stderr
    assert "Training" not in outcome.stderr


def test_file_names_of_several_kinds_are_told_and_stand_in_the_report(call, laid, tmp_path):
    for number, file in enumerate(sorted((laid / "flat").iterdir())):
        (tmp_path / "mixed").mkdir(exist_ok=True)
        shutil.copy(file, tmp_path / "mixed" / f"{'benign' if number % 3 else 'malignant'}_{number}.png")
    out = tmp_path / "out"
    outcome = call("demo", tmp_path / "mixed", "--config", "stain_rule", "--out", out)
    assert outcome.exit_code == 0, outcome.stderr
    said = "File names say different things: "
    assert said in outcome.stderr
    assert said in (out / "report" / "report.html").read_text(encoding="utf-8")
    assert said in (out / "report" / "metrics.json").read_text(encoding="utf-8")
