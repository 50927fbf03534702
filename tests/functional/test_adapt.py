"""A site's own photos teach a bundle, through the command line, on drawn fields."""

import json
import shutil

import cv2
import numpy as np
import pytest


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
