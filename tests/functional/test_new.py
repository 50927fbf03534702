"""A detector for images of anything: one command from a folder to a report."""

import json
import re
import shlex
import shutil
import tomllib

import numpy as np
import pytest
from PIL import Image

HEALTHY, SPOTTED = 140, 12


def draw(folder, count, *, seed=0, has_spot=False, side=48):
    """Gray discs on black, each a little different; the anomalous ones have a bright spot."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    down, right = np.mgrid[:side, :side] - (side - 1) / 2
    for number in range(count):
        image = 110 + rng.normal(0, 5, (side, side)) + 30 * np.sin(down / rng.uniform(3, 5))
        if has_spot:
            image += 110 * (np.hypot(down - rng.uniform(-8, 8), right - rng.uniform(-8, 8)) < 5)
        image *= np.hypot(down, right) < 0.42 * side
        Image.fromarray(np.clip(image, 0, 255).astype(np.uint8)).save(folder / f"{number:03}.png")
    return folder


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    """A folder of healthy images and one of others. Nobody changes them."""
    root = tmp_path_factory.mktemp("images")
    draw(root / "healthy", HEALTHY)
    draw(root / "spotted", SPOTTED, seed=1, has_spot=True)
    return root


@pytest.fixture(scope="module")
def made(call, images, tmp_path_factory):
    """What `new` says and leaves: its outcome and its folder."""
    out = tmp_path_factory.mktemp("new") / "mine"
    healthy, spotted = images / "healthy", images / "spotted"
    return call("new", out, "--healthy", healthy, "--anomalous", spotted), out


@pytest.fixture
def again(images, made, tmp_path):
    """A copy of the finished folder, which a test may change."""
    return shutil.copytree(made[1], tmp_path / "again")


def asked(images):
    return ("--healthy", images / "healthy", "--anomalous", images / "spotted")


def recorded(folder):
    """How long the members learnt by the file beside the bundle, and the same as the report has it."""
    report = folder / "report"
    said = json.loads((report / "metrics.json").read_text(encoding="utf-8"))["facts"]["Time of learning"]
    page = (report / "report.html").read_text(encoding="utf-8")
    assert f"<dt>Time of learning</dt><dd>{said}</dd>" in page
    return json.loads((folder / "training.json").read_text(encoding="utf-8"))["seconds"], said


def test_one_command_leaves_a_recipe_a_bundle_and_a_report(made):
    outcome, out = made
    assert outcome.exit_code == 0, outcome.stderr
    assert {"recipe.toml", "bundle", "report"} <= {place.name for place in out.iterdir()}
    assert {"report.html", "metrics.json"} <= {place.name for place in (out / "report").iterdir()}
    found = json.loads((out / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert found["metrics"]["auroc"]["all_labels"]["this detector"]["value"] > 0.9


def test_which_score_decides_the_threshold_and_what_that_leaves_open_is_said_everywhere(made):
    outcome, out = made
    found = json.loads((out / "report" / "metrics.json").read_text(encoding="utf-8"))
    check = found["calibration_check"]
    assert check["few_decide"]
    assert check["test"] == check["test_groups"] > 0
    told = "Few images decide the threshold: it is the "
    assert any(sentence.startswith(told) for sentence in found["careful"])
    assert told in outcome.stdout
    assert told in (out / "report" / "report.html").read_text(encoding="utf-8")


def test_every_choice_has_a_reason_on_the_terminal_in_the_recipe_and_in_the_report(made):
    outcome, out = made
    choices = json.loads((out / "report" / "metrics.json").read_text(encoding="utf-8"))["chosen"]["choices"]
    assert choices[-1]["value"] == "quantile at 5 %"
    assert {"images", "patients", "size", "gray or colour", "mask", "members and score", "threshold"} <= {
        one["what"] for one in choices
    }
    assert all(one["reason"] for one in choices)
    recipe = (out / "recipe.toml").read_text(encoding="utf-8")
    comments = " ".join(line.lstrip("# ") for line in recipe.splitlines() if line.startswith("#"))
    for one in choices:
        said = f"{one['what']}: {one['value']}"
        assert said in outcome.stderr
        assert said in comments
    assert tomllib.loads(recipe)["seed"] == 7


def test_the_report_opens_with_what_was_learnt_and_the_main_figure_and_speaks_of_no_cells(made):
    page = (made[1] / "report" / "report.html").read_text(encoding="utf-8")
    opening = page.partition("<header>")[2].partition("</header>")[0]
    assert "Learnt from 56\xa0healthy images" in opening
    assert "95 % interval" in opening
    assert "a spotted image above a healthy one" in opening
    assert (
        re.findall(r"\b(?:infected|cells?)\b", re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.S))
        == []
    )
    assert "Candidates on synthetic anomalies" in page


def test_its_bundle_scores_as_any_other(call, made, images, tmp_path):
    output = tmp_path / "scores.csv"
    outcome = call("score", images / "spotted", "--bundle", made[1] / "bundle", "--output", output)
    assert outcome.exit_code == 0, outcome.stderr
    assert len(output.read_text(encoding="utf-8").splitlines()) == 1 + SPOTTED


def test_the_next_command_scores_the_anomalous_images_as_it_is_printed(call, made, tmp_path, monkeypatch):
    line = next(line for line in made[0].stdout.splitlines() if line.startswith("Next:"))
    monkeypatch.chdir(tmp_path)
    outcome = call(*shlex.split(line.removeprefix("Next:"))[1:])
    assert outcome.exit_code == 0, outcome.stderr
    assert len((tmp_path / "scores.csv").read_text(encoding="utf-8").splitlines()) == 1 + SPOTTED


def test_the_same_command_goes_on_and_gives_the_same(call, made, again, images):
    before = (again / "report" / "scores.csv").read_bytes()
    outcome = call("new", again, *asked(images))
    assert outcome.exit_code == 0, outcome.stderr
    assert "Trained before, kept" in outcome.stderr
    assert (again / "report" / "scores.csv").read_bytes() == before
    assert recorded(again) == recorded(made[1])


def test_the_report_has_how_long_the_members_learnt_while_they_were_chosen(made):
    seconds, said = recorded(made[1])
    assert seconds > 0
    assert said == f"{seconds:,.0f} s"


def test_a_detector_that_was_chosen_but_not_finished_has_how_long_it_learnt(call, again, images):
    shutil.rmtree(again / "bundle")
    (again / "training.json").unlink()
    assert call("new", again, *asked(images)).exit_code == 0
    assert recorded(again)[0] > 0


def test_a_folder_of_another_data_set_is_left_as_it_is(call, again, images, tmp_path):
    others = draw(tmp_path / "others", 30, seed=5)
    before = (again / "recipe.toml").read_bytes()
    outcome = call("new", again, "--healthy", others)
    assert outcome.exit_code == 2
    assert "was made from another data set; choose another name" in outcome.stderr
    assert (again / "recipe.toml").read_bytes() == before


def test_another_seed_does_not_replace_a_finished_detector(call, again, images):
    before = (again / "recipe.toml").read_bytes()
    outcome = call("new", again, *asked(images), "--seed", "8")
    assert outcome.exit_code == 2
    assert "was made with --seed 7; choose another name, or give that seed again." in outcome.stderr
    assert (again / "recipe.toml").read_bytes() == before


def test_a_folder_that_holds_something_else_is_refused(call, images, tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    outcome = call("new", tmp_path, *asked(images))
    assert outcome.exit_code == 2
    assert "was not made by normocyte new" in outcome.stderr


def test_one_image_is_refused_in_one_sentence(call, tmp_path):
    outcome = call("new", tmp_path / "mine", "--healthy", draw(tmp_path / "one", 1))
    assert outcome.exit_code == 2
    assert outcome.stderr.strip().splitlines()[-1].startswith("Error: There is 1 healthy image in ")
    assert not (tmp_path / "mine").exists()


def test_nineteen_mixed_healthy_images_are_enough_and_it_says_what_can_be_promised(call, tmp_path):
    folder = draw(tmp_path / "few", 19)
    for file in sorted(folder.iterdir())[:5]:
        Image.open(file).resize((60, 40)).convert("RGBA").save(file)
    outcome = call("new", tmp_path / "mine", "--healthy", folder)
    assert outcome.exit_code == 0, outcome.stderr
    assert "of 2 sizes" in outcome.stderr
    assert "more than 8 bits a channel, or transparent" in outcome.stderr
    assert "6 calibration images can promise a false-positive rate of 14 % at best" in outcome.stderr
    assert "AUROC" not in outcome.stdout
    page = (tmp_path / "mine" / "report" / "report.html").read_text(encoding="utf-8")
    assert "how many anomalies this detector finds cannot be known" in page


def test_constant_images_are_refused_with_what_is_wrong(call, tmp_path):
    folder = tmp_path / "flat"
    folder.mkdir()
    for number in range(20):
        Image.new("L", (32, 32), 100).save(folder / f"{number}.png")
    outcome = call("new", tmp_path / "mine", "--healthy", folder)
    assert outcome.exit_code == 2
    assert "Each of the 20 healthy images that were looked at is of one colour" in outcome.stderr


def test_a_few_images_that_cannot_be_read_are_left_out_and_it_says_which(call, tmp_path):
    folder = draw(tmp_path / "some", 24)
    whole = (folder / "000.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.png").write_bytes(b"")
    outcome = call("new", tmp_path / "mine", "--healthy", folder)
    assert outcome.exit_code == 0, outcome.stderr
    assert "2 of 26 images cannot be read and are left out, the first: cut.png is cut off" in outcome.stderr
    assert "images: 24 healthy, 0 anomalous. 24 .png" in outcome.stderr
    page = (tmp_path / "mine" / "report" / "report.html").read_text(encoding="utf-8")
    assert "2 of 26 images cannot be read and are left out" in page


def test_where_many_images_cannot_be_read_all_parts_are_refused_at_once_with_the_reasons(call, tmp_path):
    folder = draw(tmp_path / "some", 9)
    for number in range(2):
        (folder / f"bad{number}.png").write_bytes(b"")
    outcome = call("new", tmp_path / "mine", "--healthy", folder)
    assert outcome.exit_code == 2
    assert "2 of 11 images cannot be read, more than 10%: bad0.png is empty" in outcome.stderr
    assert "bad1.png is empty" in outcome.stderr


def test_the_same_folder_as_healthy_and_as_anomalous_is_refused(call, images, tmp_path):
    folder = images / "healthy"
    outcome = call("new", tmp_path / "mine", "--healthy", folder, "--anomalous", folder)
    assert outcome.exit_code == 2
    assert "are given as healthy and as anomalous" in outcome.stderr


def test_where_no_anomalous_image_can_be_judged_the_healthy_ones_are_shown_and_it_says_why(call, tmp_path):
    healthy, noise = draw(tmp_path / "healthy", 40), tmp_path / "noise"
    noise.mkdir()
    for number in range(8):
        pixels = np.random.default_rng(number).integers(0, 255, (90, 60), dtype=np.uint8)
        Image.fromarray(pixels).save(noise / f"{number}.png")
    outcome = call("new", tmp_path / "mine", "--healthy", healthy, "--anomalous", noise)
    assert outcome.exit_code == 0, outcome.stderr
    why = (
        "None of the 8 noise test images can be judged, so that it is not known how many the detector finds."
    )
    told = json.loads((tmp_path / "mine" / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert told["careful"][0].startswith(why)
    assert "noise/" in told["careful"][0]
    assert why in " ".join(outcome.stdout.split())
    assert why in (tmp_path / "mine" / "report" / "report.html").read_text(encoding="utf-8")
    assert "AUROC" not in outcome.stdout
