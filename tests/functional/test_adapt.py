"""A site's own photos teach a bundle, through the command line, on drawn fields."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from normocyte.detectors.pca import Pca
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.pipeline.recipe.recipe import find_recipe


@pytest.fixture(scope="module")
def fields(call, tmp_path_factory):
    """Four fields without a parasite."""
    folder = tmp_path_factory.mktemp("site") / "fields"
    size = ("--width", 960, "--height", 720)
    assert call("draw", "smear", "--parasitaemia", 0, "--fields", 4, *size, "--to", folder).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def adapted(call, fields, recipes, tmp_path_factory):
    """The bundle that learnt from them, beside what stood on the screen."""
    out = tmp_path_factory.mktemp("adapted") / "bundle"
    outcome = call("adapt", "shipped", fields, "--config", recipes["pca"], "--cells", 300, "--out", out)
    assert outcome.exit_code == 0, outcome.stderr
    return out, outcome.stdout


def test_it_says_what_it_learnt_from_and_what_its_cut_states(adapted):
    out, screen = adapted
    assert " cells of 4 photos, in " in screen
    assert "images" not in screen
    assert f"Bundle: {out}" in screen


def test_photos_stand_for_patients_and_are_never_divided(adapted):
    facts = json.loads((adapted[0] / "bundle.json").read_text(encoding="utf-8"))["facts"]
    patients = [name for part in facts["parts"] for name in part["patients"]]
    assert len(patients) == len(set(patients)) == 4


def test_cells_that_were_cut_out_do_not_stay(adapted):
    assert not adapted[0].with_name("bundle.cells").exists()


def test_the_adapted_bundle_judges_a_smear_of_the_site(call, adapted, fields):
    scored = call("score", fields / "field_001.png", "--bundle", adapted[0])
    assert scored.exit_code == 0, scored.stderr


def test_the_same_photos_give_the_same_bytes(call, adapted, fields, recipes, tmp_path):
    again = tmp_path / "bundle"
    call("adapt", "shipped", fields, "--config", recipes["pca"], "--cells", 300, "--out", again)
    assert (again / "bundle.json").read_bytes() == (adapted[0] / "bundle.json").read_bytes()


def test_a_photo_that_comes_twice_is_used_once_and_that_is_said(call, fields, recipes, tmp_path):
    copy = shutil.copy(fields / "field_001.png", tmp_path / "copy.png")
    words = ("--config", recipes["pca"], "--cells", 300, "--out", tmp_path / "bundle")
    outcome = call("adapt", "shipped", fields, copy, *words)
    assert outcome.exit_code == 0, outcome.stderr
    assert " cells of 4 photos, in " in outcome.stdout
    assert f"{copy} is the same picture as {fields / 'field_001.png'}, which is used." in outcome.stderr


def test_folders_of_one_name_are_different_patients(call, fields, recipes, tmp_path):
    for number in range(1, 5):
        folder = tmp_path / f"patient-{number}" / "photos"
        folder.mkdir(parents=True)
        shutil.copy(fields / f"field_00{number}.png", folder)
    words = ("--by", "folder", "--config", recipes["pca"], "--cells", 300, "--out", tmp_path / "bundle")
    outcome = call("adapt", "shipped", *sorted(tmp_path.glob("patient-*")), *words)
    assert outcome.exit_code == 0, outcome.stderr
    facts = json.loads((tmp_path / "bundle" / "bundle.json").read_text(encoding="utf-8"))["facts"]
    patients = {name for part in facts["parts"] for name in part["patients"]}
    assert patients == {f"patient-{number}/photos" for number in range(1, 5)}


@pytest.fixture(scope="module")
def joined(call, fields, tmp_path_factory):
    """The bundle that comes along with neighbours that learnt the drawn fields, beside the screen."""
    out = tmp_path_factory.mktemp("joined") / "bundle"
    outcome = call("adapt", "shipped", fields, "--cells", 300, "--out", out)
    assert outcome.exit_code == 0, outcome.stderr
    return out, outcome.stdout


def test_what_the_given_bundle_knows_stays_as_it_is_and_gets_neighbours(joined):
    known = load_bundle(bundle_folder(Path("shipped"))).pipeline
    new = load_bundle(joined[0]).pipeline
    assert new.shown.detector.graph_ == known.shown.detector.graph_
    np.testing.assert_array_equal(new.shown.score.learnt()["grid"], known.shown.score.learnt()["grid"])
    assert [type(member.detector) for member in new.members[1:]] == [Pca] * 3


def test_so_few_cells_teach_fewer_components(joined):
    member = load_bundle(joined[0]).pipeline.members[1]
    assert member.detector.components < find_recipe("site_contrasts").members[0].detector.components


def test_it_says_what_was_set_aside_and_so_does_the_card(joined):
    out, screen = joined
    [sentence] = [line for line in screen.splitlines() if line.startswith("Set aside")]
    assert " cells to learn from and " in sentence
    assert sentence in (out / "card.md").read_text(encoding="utf-8")


def test_a_bundle_of_too_few_photos_is_said_to_judge_no_smear_and_judges_none(call, joined, fields, tmp_path):
    assert "normocyte smear asks for 10: give 20 photos or more" in joined[1]
    outcome = call("smear", fields, "--bundle", joined[0], "--out", tmp_path / "smear")
    assert outcome.exit_code == 2
    assert "give at least 10 patients" in outcome.stderr
    assert "Photos" not in outcome.stderr  # before any photo was judged


def test_one_photo_and_its_copy_are_refused_in_words_of_photos(call, fields, tmp_path):
    for name in ("a.png", "b.png"):
        shutil.copy(fields / "field_001.png", tmp_path / name)
    outcome = call("adapt", "shipped", tmp_path, "--out", tmp_path / "out" / "bundle")
    assert outcome.exit_code == 2
    assert "Cells were cut out of 1 photo, but 3 are needed: to learn from, to know when" in outcome.stderr
    assert "Give 20 photos or more" in outcome.stderr
    assert "b.png is the same picture as" in outcome.stderr
    assert "split" not in outcome.stderr
    assert not (tmp_path / "out" / "bundle.cells").exists()


def test_photos_of_one_folder_are_refused_in_words_of_folders(call, fields, tmp_path):
    outcome = call("adapt", "shipped", fields, "--by", "folder", "--out", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert "Cells were cut out of 1 folder of photos, but 3 are needed" in outcome.stderr
    assert "or leave out --by folder." in outcome.stderr


def test_what_the_rule_says_of_patients_is_explained(joined):
    assert "Here a photo counts as a patient. The rule quantile at 1 % takes its place" in joined[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["shipped", "{tmp}/nowhere", "--out", "{tmp}/b"], "nowhere"),
        (["shipped", "{tmp}/blank.png", "--out", "{tmp}/b"], "None of 1 photos shows cells that can be used"),
        (["{tmp}/nowhere", "{fields}", "--out", "{tmp}/b"], "There is no bundle in"),
        (["shipped", "{fields}", "--by", "moon", "--out", "{tmp}/b"], "choose photo or folder"),
    ],
)
def test_a_mistake_gets_one_sentence(call, words, said, fields, tmp_path):
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((480, 640, 3), 200, np.uint8))
    outcome = call("adapt", *(word.format(tmp=tmp_path, fields=fields) for word in words))
    assert outcome.exit_code == 2
    assert said in outcome.stderr
    assert not (tmp_path / "b").exists()
