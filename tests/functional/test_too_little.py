"""Images that cannot be learnt from: one sentence at once, exit status 2, nothing left behind."""

import cv2
import numpy as np
import pytest

RECIPE = """
[[preprocessing]]
name = "grayscale"
[[preprocessing]]
name = "resize"
size = 16
masked = false
[detector]
name = "pca"
components = 2
[score]
name = "mean_square"
[threshold]
name = "quantile"
false_positive_rate = 0.1
"""
SETS = {"15 images": 15, "3 images": 3, "40 images": 40, "all the same": 12}
NETWORK = (
    "conv_autoencoder needs at least 16 healthy images to learn from, but of these {} the split gives it"
)
REFUSED = {
    "a network of 15 images": ("classic", "15 images", "unknown", NETWORK.format(15)),
    "a network of 3 images": ("classic", "3 images", "unknown", NETWORK.format(3)),
    "more components than images": ("gray", "3 images", "unknown", "pca needs at least 3 healthy images"),
    "one patient": ("classic", "40 images", "one", "but the 40 healthy images are of 1 patient"),
    "one image in several sizes": (
        "gray",
        "all the same",
        "unknown",
        "training images are the same after the",
    ),
    "colour alone of gray images": (
        "local_contrast",
        "40 images",
        "unknown",
        "and the recipe reads colour alone",
    ),
    "regions of too few images": (
        "local_contrast",
        "15 images",
        "unknown",
        "regional_tail needs at least 20",
    ),
}

UNKNOWN = ("--patients", "unknown")
CALIBRATES_NOTHING = {
    "3 images": (("3 images", *UNKNOWN), "quantile needs 9 healthy images for a false-positive rate of 10 %"),
    "one image in several sizes": (("all the same", *UNKNOWN), "have the same score"),
    "a rule with labels": (
        ("40 images", *UNKNOWN, "--rule", "best_f1"),
        "needs anomalous images, labelled, too",
    ),
    "one patient, where patients count": (
        ("40 images", "--patients", "one", "--rule", "hierarchical_conformal"),
        "hierarchical_conformal needs 9 patients",
    ),
}


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    """Folders of gray images, by what is the matter with them."""
    root, rng = tmp_path_factory.mktemp("sets"), np.random.default_rng(0)
    for name, count in SETS.items():
        (root / name).mkdir()
        for number in range(count):
            image = rng.integers(60, 200, (24, 24)).astype(np.uint8)
            if name == "all the same":
                image = np.full((24 + number, 24), 120, np.uint8)
            cv2.imwrite(str(root / name / f"{number:02d}.png"), image)
    (root / "gray.toml").write_text(RECIPE, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def own(call, sets, tmp_path_factory):
    """A bundle that has learnt from gray images."""
    place = tmp_path_factory.mktemp("own") / "bundle"
    asked = ("--data", sets / "40 images", "--patients", "unknown", "--out", place)
    assert call("train", sets / "gray.toml", *asked).exit_code == 0
    return place


def refused(outcome, said, out):
    """Whether a command has refused in one sentence that says so, and has left nothing."""
    (line,) = [line for line in outcome.stderr.splitlines() if "Error:" in line]
    return outcome.exit_code == 2 and said in line and not out.exists()


@pytest.mark.parametrize("command", ["train", "demo"])
@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_learnt_from_is_refused_before_it_is_prepared(command, fault, call, sets, tmp_path):
    recipe, name, patients, said = REFUSED[fault]
    recipe, out = sets / "gray.toml" if recipe == "gray" else recipe, tmp_path / "out"
    asked = ("--data", sets / name, "--patients", patients, "--out", out)
    outcome = call(*(("train", recipe) if command == "train" else ("demo", "--config", recipe)), *asked)
    assert refused(outcome, said, out), outcome.stderr
    assert ("Preparing" in outcome.stderr) == (name == "all the same")


@pytest.mark.parametrize("fault", CALIBRATES_NOTHING)
def test_what_calibrates_nothing_is_refused(fault, call, sets, own, tmp_path):
    (name, *options), said = CALIBRATES_NOTHING[fault]
    outcome = call("calibrate", own, sets / name, *options, "--out", tmp_path / "out")
    assert refused(outcome, said, tmp_path / "out"), outcome.stderr


BLIND = {
    "calibrate": "The cell checks of the bundle refuse 40 of 40 pictures",
    "evaluate": "The images are gray, and the bundle reads colour alone",
}


@pytest.mark.parametrize("command", BLIND)
def test_a_bundle_of_coloured_cells_is_not_taken_to_gray_images(command, call, sets, tmp_path):
    labels = ("0",) if command == "calibrate" else ("0", "1")
    rows = [f"40 images/{number:02d}.png,{labels[number % len(labels)]},p{number}" for number in range(40)]
    table = sets / f"{command}.csv"
    table.write_text("\n".join(["path,label,patient", *rows]), encoding="utf-8")
    enough = ("--rule", "quantile", "--false-positive-rate", 0.05) if command == "calibrate" else ()
    outcome = call(command, "shipped", table, "--out", tmp_path / "out", *enough)
    assert refused(outcome, BLIND[command], tmp_path / "out"), outcome.stderr


def test_a_recipe_that_reads_brightness_takes_coloured_cells(call, cells, sets, tmp_path):
    outcome = call("train", sets / "gray.toml", "--data", cells, "--out", tmp_path / "bundle")
    assert outcome.exit_code == 0, outcome.stderr


@pytest.mark.parametrize("verb", ["evaluate", "compare"])
def test_what_cannot_be_tested_leaves_no_folder(verb, call, sets, own, tmp_path):
    rows = [f"40 images/{number:02d}.png,0,p{number}" for number in range(30)]
    (sets / "healthy.csv").write_text("\n".join(["path,label,patient", *rows]), encoding="utf-8")
    asked = (own,) if verb == "evaluate" else ("gray_levels", "--data")
    outcome = call(verb, *asked, sets / "healthy.csv", "--out", tmp_path / "out")
    assert refused(outcome, "Testing needs healthy and anomalous", tmp_path / "out"), outcome.stderr
