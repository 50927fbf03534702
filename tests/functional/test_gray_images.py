"""Gray images that are no cells: what is learnt from them, what stands beside it, and how it is called."""

import html
import json
import re

import cv2
import numpy as np
import pytest

RECIPE = """
[[preprocessing]]
name = "grayscale"
[[preprocessing]]
name = "resize"
size = 32
masked = false
[detector]
name = "pca"
components = 4
[score]
name = "mean_square"
[threshold]
name = "quantile"
false_positive_rate = 0.1
"""


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """90 gray images of nobody known, a third of them brighter, in the folders healthy and tumour."""
    root = tmp_path_factory.mktemp("scans")
    rng = np.random.default_rng(0)
    for number in range(90):
        folder = root / ("tumour" if number % 3 == 0 else "healthy")
        folder.mkdir(exist_ok=True)
        image = rng.normal(90 if folder.name == "healthy" else 110, 20, (40, 40)) + rng.normal(0, 5)
        cv2.imwrite(str(folder / f"{number:03d}.png"), np.clip(image, 0, 255).astype(np.uint8))
    return root


@pytest.fixture(scope="module")
def recipe(tmp_path_factory):
    """A fast recipe that reads brightness."""
    file = tmp_path_factory.mktemp("gray") / "gray.toml"
    file.write_text(RECIPE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def shown(call, scans, recipe, tmp_path_factory):
    """What a demo on them says, and its folder."""
    out = tmp_path_factory.mktemp("gray") / "out"
    asked = ("--config", recipe, "--data", scans, "--patients", "unknown", "--seed", 0, "--out", out)
    return call("demo", *asked), out


@pytest.fixture(scope="module")
def text_of():
    """What a person reads of a page, without names of rules and pictures."""

    def read(page):
        text = re.sub(
            r"<style.*?</style>|data:image[^\"]*|<[^>]+>", " ", page.read_text("utf-8"), flags=re.DOTALL
        )
        return html.unescape(text)

    return read


@pytest.fixture(scope="module")
def numbers(shown):
    """What the report holds for programs."""
    return json.loads((shown[1] / "report" / "metrics.json").read_text(encoding="utf-8"))


def test_the_baseline_of_gray_images_reads_brightness_and_is_named(shown, numbers):
    said = "how far brightness and contrast of an image lie from those of healthy images"
    assert shown[0].exit_code == 0, shown[0].stderr
    assert numbers["detectors"] == ["pca", "gray_levels"]
    assert said in numbers["facts"]["Baseline"]
    assert f"Baseline: gray_levels: {said}" in shown[0].stdout
    assert numbers["metrics"]["auroc"]["all_labels"]["gray_levels"]["value"] > 0.9


def test_the_baseline_has_the_same_figure_in_demo_and_compare(call, scans, numbers, tmp_path):
    asked = ("--data", scans, "--patients", "unknown", "--seeds", 1, "--out", tmp_path)
    assert call("compare", "gray_levels", *asked).exit_code == 0
    compared = json.loads((tmp_path / "comparison.json").read_text(encoding="utf-8"))
    by_seed = compared["configurations"]["gray_levels"]["all_labels"]["auroc"]["by_seed"]
    assert by_seed == [numbers["metrics"]["auroc"]["all_labels"]["gray_levels"]["value"]]


def test_the_gray_levels_alone_need_no_baseline(call, scans, tmp_path):
    asked = ("--data", scans, "--patients", "unknown", "--out", tmp_path / "out")
    outcome = call("demo", "--config", "gray_levels", *asked)
    assert outcome.exit_code == 0, outcome.stderr
    assert "Baseline: None: the detector is the baseline itself." in outcome.stdout


def test_of_another_set_there_is_no_baseline_where_it_would_have_to_learn(call, scans, shown, tmp_path):
    outcome = call(
        *("evaluate", shown[1] / "bundle", scans, "--patients", "unknown", "--new-patients"),
        *("--out", tmp_path / "out"),
    )
    assert outcome.exit_code == 0, outcome.stderr
    assert "Baseline: None: stain_rule reads colour, and the images have none" in outcome.stdout


def test_the_page_the_screen_and_the_numbers_speak_of_images_and_of_no_patients(shown, text_of):
    numbers = json.loads((shown[1] / "report" / "metrics.json").read_text(encoding="utf-8"))
    told = [*numbers["facts"].values(), numbers["guarantee"], numbers["statement"], *numbers["careful"]]
    said = " ".join([text_of(shown[1] / "report" / "report.html"), shown[0].stdout, shown[0].stderr, *told])
    assert re.findall(r"\b(?:cells?|infected|parasit\w*)\b", said) == []
    assert (
        re.findall(r"[^.]*(?<!unknown )(?<!of one )(?<!of different )\bpatients?\b(?! unknown)[^.]*", said)
        == []
    )


def test_a_comparison_speaks_of_images_and_of_no_patients(call, scans, recipe, text_of, tmp_path):
    asked = ("--data", scans, "--patients", "unknown", "--seeds", 1, "--out", tmp_path)
    outcome = call("compare", recipe, "gray_levels", *asked)
    assert outcome.exit_code == 0, outcome.stderr
    tables = (tmp_path / "comparison.md").read_text(encoding="utf-8")
    said = " ".join([text_of(tmp_path / "comparison.html"), tables, outcome.stdout, outcome.stderr])
    assert "ms an image" in said
    assert re.findall(r"\b(?:cells?|infected|parasit\w*)\b", said) == []
    assert re.findall(r"[^.]*(?<!unknown )\bpatients?\b(?! unknown)[^.]*", said) == []


def test_what_a_bundle_says_of_itself_speaks_of_images(call, shown):
    said = call("info", shown[1] / "bundle").stdout
    assert "of healthy images are flagged" in " ".join(said.split())
    assert re.findall(r"\b(?:cells?|infected)\b", said) == []


def test_info_says_what_a_calibration_replaced_in_the_words_of_the_images(call, scans, shown, tmp_path):
    again = ("--patients", "unknown", "--rule", "quantile", "--out", tmp_path / "bundle")
    outcome = call("calibrate", shown[1] / "bundle", scans, *again)
    assert outcome.exit_code == 0, outcome.stderr
    said = call("info", tmp_path / "bundle").stdout
    assert "before" in said
    assert re.findall(r"\bcells?\b", said) == []
