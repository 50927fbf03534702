"""A `.npz` of labelled images from its check to the scores, near-duplicates among them."""

import csv
import json

import cv2
import numpy as np
import pytest

RNG = np.random.default_rng(8)


def slice_of(is_anomalous):
    """A gray texture of 48 px; an anomalous one has a bright spot."""
    noise = cv2.GaussianBlur(RNG.normal(size=(48, 48)).astype(np.float32), (0, 0), 4)
    gray = 120 + 25 * noise / noise.std()
    if is_anomalous:
        cv2.circle(gray, tuple(RNG.integers(12, 36, 2).tolist()), 6, 235, -1)
    return np.clip(gray, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """120 healthy images of class 0, each third twice with another brightness, and 40 of class 1."""
    healthy = [slice_of(False) for _ in range(90)]
    again = [cv2.convertScaleAbs(one, alpha=0.9, beta=9) for one in healthy[::3]]
    images = np.stack([*healthy, *again, *(slice_of(True) for _ in range(40))])
    path = tmp_path_factory.mktemp("scans") / "scans.npz"
    labels = np.array([0] * 120 + [1] * 40)[:, None]
    np.savez(path, train_images=images, train_labels=labels)
    return path


def of(path, classes):
    return path.with_name(f"{path.name}:{classes}")


@pytest.fixture(scope="module")
def run(call, scans, tmp_path_factory):
    """What a training says, and the folder in which its bundle is."""
    out = tmp_path_factory.mktemp("stacks") / "out"
    outcome = call("train", "gray_levels", "--data", of(scans, "0"), "--out", out / "bundle")
    assert outcome.exit_code == 0, outcome.stderr
    return outcome, out


def rows_of(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_check_counts_the_classes_and_the_near_duplicates(call, scans, tmp_path):
    asked = ("data", "check", of(scans, "0"), "--json", tmp_path / "found.json")
    outcome = call(*asked)
    assert outcome.exit_code == 0, outcome.stderr
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))
    assert (found["healthy"], found["anomalies"], found["groups"]) == (120, 40, {"class 1": 40})
    assert (found["near_duplicates"], found["near_groups"]) == (60, 30)


def test_a_training_says_that_near_duplicates_are_kept_together(run):
    assert "60 of 160 images are near-duplicates of others, in 30 groups" in run[0].stderr
    assert "but near-duplicates together, so that intervals may be too narrow." in run[0].stderr


def test_near_duplicates_stand_in_one_part_of_the_split_that_is_written(run):
    rows = {row["path"]: row["part"] for row in rows_of(run[1] / "split.csv")}
    pairs = [(rows[f"train_{3 * n:05}"], rows[f"train_{90 + n:05}"]) for n in range(30)]
    assert all(one == other for one, other in pairs)
    assert len(set(pairs)) > 2


def test_the_bundle_scores_the_images_of_a_class(run, call, scans, tmp_path):
    rows = tmp_path / "scores.csv"
    outcome = call("score", of(scans, "1"), "--bundle", run[1] / "bundle", "--output", rows)
    assert outcome.exit_code == 0, outcome.stderr
    assert "40 scored" in outcome.stderr
    assert rows_of(rows)[0]["path"].endswith("npz!train_00120")


@pytest.mark.parametrize(
    ("classes", "said"),
    [("7", "has no class '7'; choose of those it has: 0 (120"), ("", "which class is healthy")],
)
def test_a_class_that_is_missing_is_a_mistake_of_the_caller(call, scans, tmp_path, classes, said):
    data = of(scans, classes) if classes else scans
    outcome = call("demo", "--data", data, "--out", tmp_path / "out")
    assert outcome.exit_code == 2
    assert said in " ".join(outcome.stderr.split())
