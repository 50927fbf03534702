"""Training through the command line: what it writes, and what it refuses before it has cost an hour."""

import csv
import errno
import json
import os
import shutil
import signal
import time
import tomllib

import numpy as np
import pytest

from normocyte.core import errors
from normocyte.core.cancel import Stopped
from normocyte.core.errors import OutputError
from normocyte.core.progress import Silent
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.nih_malaria import NihMalaria
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.bundle.layout import keras_file
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.workflows.training.train import train

THREE_MISTAKES = """sead = 7
[[preprocessing]]
name = "resize"
size = "large"
[detector]
name = "conv-ae"
[score]
name = "mean_square"
[threshold]
name = "quantile"
"""


def in_bundle(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture
def train_pca(call, recipes, tmp_path):
    """Trains the fast recipe on some data; gives the outcome."""
    return lambda data, out=tmp_path / "out" / "bundle": call(
        "train", recipes["pca"], "--data", data, "--out", out
    )


def test_training_says_how_much_it_explains_and_that_its_calibration_patients_are_few(train_pca, cells):
    said = " ".join(train_pca(cells).stdout.split())
    assert "% of the variance of healthy cells of held-out patients (1 - squared error" in said
    assert "The calibration cells are of 1 patient only: with fewer than 20" in said


def test_training_says_where_the_bundle_is_and_its_cut(train_pca, cells, tmp_path):
    outcome = train_pca(cells)
    assert outcome.exit_code == 0, outcome.stderr
    assert outcome.stdout.startswith(f"Bundle: {tmp_path / 'out' / 'bundle'}   threshold 0.")


def test_training_twice_gives_the_same_bytes(train_pca, cells, bundle, tmp_path):
    train_pca(cells)
    assert in_bundle(tmp_path / "out" / "bundle") == in_bundle(bundle)


def test_the_resolved_recipe_holds_the_seed_of_the_command_line(call, cells, recipes, tmp_path):
    call("train", recipes["pca"], "--data", cells, "--out", tmp_path / "bundle", "--seed", 3)
    assert tomllib.loads((tmp_path / "recipe.toml").read_text(encoding="utf-8"))["seed"] == 3


def test_no_patient_stands_in_two_parts(demonstrated):
    with (demonstrated / "split.csv").open(encoding="utf-8", newline="") as file:
        standing = {
            (row["patient"], row["part"]) for row in csv.DictReader(file) if row["part"] != "left_out"
        }
    assert len(standing) == len({patient for patient, _ in standing})


def test_no_infected_cell_teaches_or_calibrates(demonstrated):
    with (demonstrated / "split.csv").open(encoding="utf-8", newline="") as file:
        infected = {row["part"] for row in csv.DictReader(file) if row["label"] == "1"}
    assert infected <= {"tuning", "test", "left_out"}


def test_a_bundle_takes_the_place_of_an_older_one(train_pca, cells, bundle, tmp_path):
    old = shutil.copytree(bundle, tmp_path / "out" / "bundle")
    (old / "card.md").write_text("old", encoding="utf-8")
    assert train_pca(cells).exit_code == 0
    assert in_bundle(old) == in_bundle(bundle)


def test_a_folder_that_is_no_bundle_is_refused_at_once_and_left_alone(train_pca, cells, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    outcome = train_pca(cells, tmp_path)
    assert outcome.exit_code == 2
    assert "is not a bundle; it is left as it is" in outcome.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("place", [".", "..", "/"])
def test_a_place_without_a_name_is_refused(place, train_pca, cells):
    outcome = train_pca(cells, place)
    assert outcome.exit_code == 2
    assert "Name a new folder for the bundle" in outcome.stderr


def test_a_file_in_the_way_of_the_output_is_named(train_pca, cells, tmp_path):
    (tmp_path / "file").touch()
    outcome = train_pca(cells, tmp_path / "file" / "bundle")
    assert outcome.exit_code == 2
    assert f"Cannot make the folder {tmp_path / 'file'}" in outcome.stderr


def test_three_mistakes_in_a_configuration_are_said_at_once_with_their_lines(call, cells, tmp_path):
    recipe = tmp_path / "wrong.toml"
    recipe.write_text(THREE_MISTAKES, encoding="utf-8")
    outcome = call("train", recipe, "--data", cells, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert "has 3 mistakes" in outcome.stderr
    assert [f"line {line}:" in outcome.stderr for line in (1, 4, 6)] == [True] * 3


def test_data_without_healthy_cells_are_refused(train_pca, own_cells):
    shutil.rmtree(own_cells / "cell_images" / "Uninfected")
    outcome = train_pca(own_cells)
    assert outcome.exit_code == 2
    assert "healthy" in outcome.stderr


def test_a_single_patient_is_refused(train_pca, cells, tmp_path):
    files = sorted(cells.rglob("*.png"))[:80]
    lines = [f"{file},{int('Parasitized' in str(file))},C1" for file in files]
    (tmp_path / "one.csv").write_text("\n".join(["path,label,patient", *lines]), encoding="utf-8")
    outcome = train_pca(tmp_path / "one.csv")
    assert outcome.exit_code == 2
    assert "patient" in outcome.stderr


def test_an_empty_folder_is_refused(train_pca, tmp_path):
    (tmp_path / "empty").mkdir()
    outcome = train_pca(tmp_path / "empty")
    assert outcome.exit_code == 2
    assert "There are no images in" in outcome.stderr


def test_many_broken_images_are_refused_with_the_first_of_them(train_pca, own_cells):
    for file in (own_cells / "cell_images" / "Uninfected").iterdir():
        file.write_bytes(file.read_bytes()[:100])
    outcome = train_pca(own_cells)
    assert outcome.exit_code == 2
    assert (
        "images cannot be read, more than 2% of the parts train, held-out and calibration: C"
        in outcome.stderr
    )
    assert "Preparing train" not in outcome.stderr


def test_cells_of_different_sizes_ask_for_a_step(call, cells, tmp_path):
    detector = '[detector]\nname = "pca"\ncomponents = 8\n'
    text = detector + '[score]\nname = "mean_square"\n[threshold]\nname = "quantile"\n'
    recipe = tmp_path / "no_resize.toml"
    recipe.write_text(text, encoding="utf-8")
    outcome = call("train", recipe, "--data", cells, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert "resize" in outcome.stderr


def test_a_rule_with_labels_says_so(call, cells, recipes, tmp_path):
    call("train", recipes["labels"], "--data", cells, "--out", tmp_path / "bundle")
    assert "labels used: yes" in call("info", tmp_path / "bundle").stdout
    assert "labels used: yes" in (tmp_path / "bundle" / "card.md").read_text(encoding="utf-8")


def test_a_rule_with_labels_needs_tuning_cells(call, cells, recipes, tmp_path):
    recipe = tmp_path / "no_tuning.toml"
    split = "[split]\ntrain = 0.55\ntuning = 0.0\n"
    recipe.write_text(recipes["labels"].read_text(encoding="utf-8") + split, encoding="utf-8")
    outcome = call("train", recipe, "--data", cells, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert "0 tuning cells" in outcome.stderr


def test_a_rule_that_needs_more_patients_says_so_before_anything_is_learnt(call, cells, recipes, tmp_path):
    outcome = call("train", recipes["sure"], "--data", cells, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert "calibration_conditional needs 10 patients" in outcome.stderr
    assert "Preparing" not in outcome.stderr
    assert not (tmp_path / "bundle").exists()


def _full(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_gets_a_sentence(train_pca, cells, monkeypatch):
    monkeypatch.setattr(os, "fsync", _full)
    outcome = train_pca(cells)
    assert outcome.exit_code == 2
    assert "No space left on device. Free some space" in outcome.stderr


def test_a_disk_that_fills_up_at_the_end_leaves_the_old_bundle(cells, recipes, bundle, tmp_path, monkeypatch):
    old = shutil.copytree(bundle, tmp_path / "out" / "bundle")
    monkeypatch.setattr(np, "savez", _full)
    with pytest.raises(OutputError, match="No space left on device"):
        train(find_recipe(str(recipes["pca"])).seeded(3), Cohort.of(NihMalaria(str(cells))), old, Silent())
    assert in_bundle(old) == in_bundle(bundle)
    assert load_bundle(old).recipe.seed == 7


class StopIn(Silent):
    """Somebody who presses Ctrl-C in an epoch."""

    def __init__(self, epoch):
        self.epoch = epoch

    def advance(self, steps=1, note=""):
        if note.startswith(f"epoch {self.epoch},"):
            raise Stopped


def as_if_it_took(seconds, checkpoint):
    """Let the epochs that are kept have taken so long."""
    with np.load(checkpoint) as kept:
        content = dict(kept)
    np.savez(checkpoint, **content | {"seconds": np.array(seconds)})


def seconds_of(bundle):
    """How long the training took, by the file beside the bundle."""
    return json.loads((bundle.parent / "training.json").read_text(encoding="utf-8"))["seconds"]


def test_a_stopped_training_goes_on_and_ends_as_if_it_had_never_stopped(
    call, cells, recipes, tmp_path, monkeypatch
):
    whole, resumed = tmp_path / "whole" / "bundle", tmp_path / "resumed" / "bundle"
    command = ("train", recipes["network"], "--data", cells, "--out")
    assert call(*command, whole).exit_code == 0
    with monkeypatch.context() as patch:
        patch.setattr("normocyte.cli.show.bar._Plain.advance", StopIn(2).advance)
        stopped = call(*command, resumed)
    assert stopped.exit_code == 130
    assert "stopped after epoch 1; run the same command again" in stopped.stderr
    as_if_it_took(5000, tmp_path / "resumed" / "bundle.training" / "checkpoint.npz")
    assert call(*command, resumed).exit_code == 0
    assert seconds_of(resumed) > 5000 > seconds_of(whole)
    assert in_bundle(resumed) == in_bundle(whole)
    assert load_bundle(resumed).pipeline.shown.detector.keras_model(keras_file(resumed, 0))
    assert not list(tmp_path.rglob("*.training"))


def test_ctrl_c_ends_a_training_with_a_sentence_and_keeps_the_epochs(process, cells, recipes, tmp_path):
    running = process("train", recipes["endless"], "--data", cells, "--out", tmp_path / "bundle")
    kept = tmp_path / "bundle.training" / "checkpoint.npz"
    while not kept.exists() and running.poll() is None:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "run the same command again" in said or said.rstrip().endswith("all others are kept.")
    assert "Traceback" not in said
    assert kept.exists()


def test_how_long_it_took_is_written_beside_the_bundle(demonstrated):
    assert seconds_of(demonstrated / "bundle") >= 0


def test_a_missing_package_is_told_before_any_cell_is_looked_at(call, cells, recipes, tmp_path, monkeypatch):
    monkeypatch.setattr(errors, "find_spec", lambda _: None)
    outcome = call("train", recipes["pca"], "--data", cells, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 2
    assert "pip install 'normocyte[train]'" in outcome.stderr
    assert not (tmp_path / "split.csv").exists()
