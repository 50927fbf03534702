"""Cells whose patients nobody names: refused with the option to give, and with it said in every result."""

import csv
import json
import shutil

import pytest

SAID = "Patients unknown"


@pytest.fixture(scope="module")
def nameless(cells, tmp_path_factory):
    """The drawn cells in the folders healthy and infected, under names that tell no patient."""
    root = tmp_path_factory.mktemp("nameless")
    for number, file in enumerate(sorted(cells.rglob("*.png"))):
        folder = root / ("healthy" if file.parent.name == "Uninfected" else "infected")
        folder.mkdir(exist_ok=True)
        shutil.copy(file, folder / f"image{number:03d}.png")
    return root


@pytest.fixture(scope="module")
def unknown(call, nameless, recipes, tmp_path_factory):
    """What a demo with --patients unknown says and leaves: its outcome and its folder."""
    out = tmp_path_factory.mktemp("unknown") / "out"
    asked = ("--config", recipes["sure"], "--data", nameless, "--patients", "unknown", "--out", out)
    return call("demo", *asked), out


@pytest.mark.parametrize("verb", ["demo", "train", "evaluate", "compare"])
def test_names_that_name_no_patient_are_refused_with_the_option_to_give(
    verb, call, nameless, recipes, tmp_path
):
    asked = {"train": (recipes["pca"],), "evaluate": ("shipped", nameless), "compare": (recipes["pca"],)}
    data = () if verb == "evaluate" else ("--data", nameless)
    outcome = call(verb, *asked.get(verb, ()), *data, "--out", tmp_path / "out" / "bundle")
    assert outcome.exit_code == 2
    assert "160 of 160 file names in" in outcome.stderr
    assert "name the patients with --patients '^([^_]+)_' (a regular expression" in outcome.stderr
    assert "one of these words in its place: file, folder, one, unknown." in outcome.stderr


def test_with_unknown_patients_terminal_report_and_numbers_say_so(unknown):
    outcome, out = unknown
    assert outcome.exit_code == 0, outcome.stderr
    assert f"{SAID}: images are split and counted each for itself" in outcome.stderr
    assert "95 % intervals over images" in outcome.stdout
    assert f"{SAID}: intervals may be too narrow." in outcome.stdout
    page = (out / "report" / "report.html").read_text(encoding="utf-8")
    assert f"<strong>{SAID}: intervals may be too narrow.</strong>" in page
    assert "whole patients" not in page.lower()
    numbers = json.loads((out / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert numbers["are_patients_known"] is False
    assert numbers["false_positives_by_patient"] == []


def test_the_bundle_and_its_card_say_so(unknown, call):
    _, out = unknown
    facts = json.loads((out / "bundle" / "bundle.json").read_text(encoding="utf-8"))["facts"]
    assert facts["patients_by"] == "unknown"
    assert f"{SAID}: images were split" in (out / "bundle" / "card.md").read_text(encoding="utf-8")
    told = call("info", out / "bundle").stdout
    assert "Patients unknown" in told
    assert "images of unknown patients" in " ".join(told.split())


def test_no_cell_of_unknown_patients_stands_in_two_parts_or_names_one(unknown):
    _, out = unknown
    with (out / "split.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["patient"] for row in rows}) == len(rows) == 160
    with (out / "report" / "scores.csv").open(encoding="utf-8", newline="") as file:
        assert {row["patient"] for row in csv.DictReader(file)} == {""}


def test_a_rule_that_counts_patients_gives_way_and_says_so(unknown, call, nameless, recipes, tmp_path):
    outcome, _ = unknown
    assert "healthy images of unknown patients" in outcome.stdout
    assert "The demo goes on with the rule quantile" in outcome.stdout
    asked = ("--data", nameless, "--patients", "unknown", "--out", tmp_path / "bundle")
    trained = call("train", recipes["sure"], *asked)
    assert trained.exit_code == 0, trained.stderr
    assert "The rule quantile at 5 % takes its place, which holds on average only." in trained.stderr


def test_the_same_cells_are_judged_only_with_the_same_patients(unknown, call, nameless, tmp_path):
    _, out = unknown
    again = call("evaluate", out / "bundle", nameless, "--patients", "unknown", "--out", tmp_path / "again")
    assert "only its test images are judged" in again.stdout
    other = call("evaluate", out / "bundle", nameless, "--patients", "file", "--out", tmp_path / "other")
    assert other.exit_code == 2
    assert "and its patients were: unknown. Give --patients as in training" in other.stderr


def test_a_comparison_says_so(call, nameless, recipes, tmp_path):
    asked = ("--data", nameless, "--patients", "unknown", "--seeds", 1, "--out", tmp_path / "out")
    outcome = call("compare", recipes["pca"], *asked)
    assert outcome.exit_code == 0, outcome.stderr
    assert SAID in " ".join(outcome.stdout.split())
    assert "Split of every run, by image" in (tmp_path / "out" / "comparison.html").read_text(
        encoding="utf-8"
    )


def test_copies_of_unknown_patients_count_once_and_are_not_torn(call, nameless, recipes, tmp_path):
    own = shutil.copytree(nameless, tmp_path / "own")
    for number in range(3):
        shutil.copy(sorted((own / "healthy").iterdir())[0], own / "healthy" / f"copy{number}.png")
    asked = ("--data", own, "--patients", "unknown", "--out", tmp_path / "bundle")
    outcome = call("train", recipes["pca"], *asked)
    assert outcome.exit_code == 0, outcome.stderr
    assert "3 of 163 images are copies of others and count once." in outcome.stderr
    assert "UNDER TWO PATIENTS" not in outcome.stderr


def test_a_set_that_names_its_patients_itself_refuses_other_names(call, recipes, tmp_path):
    outcome = call("demo", "--config", recipes["pca"], "--patients", "file", "--out", tmp_path / "out")
    assert outcome.exit_code == 2
    assert (
        "The data set synthetic names its patients itself; leave out --patients ('file')." in outcome.stderr
    )
    assert not (tmp_path / "out").exists()


def test_a_check_of_the_data_takes_the_same_words(call, nameless):
    outcome = call("data", "check", nameless, "--patients", "unknown")
    assert outcome.exit_code == 0
    assert SAID in outcome.stdout
