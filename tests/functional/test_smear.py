"""From photos of a smear to the answer, through the command line, on drawn fields."""

import csv
import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from normocyte.core.files import make_folder
from normocyte.workflows.smear.place import mark, place_for

COLUMNS = "photo,number,x,y,width,height,verdict,score,seen,kind,certainty,p_value,reason"
FILES = {"smear.html", "smear.pdf", "smear.json", "cells.csv", "review.csv", "review.png", "photos"}
SMALL = ("--width", 960, "--height", 720)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def drawn(call, tmp_path_factory):
    """Draws the fields of a smear."""

    def draw(parasitaemia, seed=3, fields=2):
        folder = tmp_path_factory.mktemp("fields") / "smear"
        asked = ("--parasitaemia", parasitaemia, "--fields", fields, "--seed", seed, *SMALL)
        assert call("draw", "smear", *asked, "--to", folder).exit_code == 0
        return folder

    return draw


@pytest.fixture(scope="module")
def infected(drawn):
    """Two fields in which a fifth of the cells is infected."""
    return drawn(0.2)


@pytest.fixture(scope="module")
def healthy(drawn):
    """Two fields without a parasite."""
    return drawn(0)


@pytest.fixture(scope="module")
def answered(call, infected, tmp_path_factory):
    """The report of the infected smear, beside what stood on the screen."""
    out = tmp_path_factory.mktemp("answered") / "out"
    outcome = call("smear", infected, "--out", out)
    assert outcome.exit_code == 0, outcome.stderr
    return out, outcome.stdout


def told(out):
    return json.loads((out / "smear.json").read_text(encoding="utf-8"))


def rows_of(out):
    with (out / "cells.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text_page(path):
    page = np.full((480, 640, 3), 250, np.uint8)
    for line in range(20):
        cv2.putText(page, "This is a letter and no blood.", (10, 20 + 23 * line), 0, 0.7, (20, 20, 20), 2)
    cv2.imwrite(str(path), page)
    return path


def test_everything_that_was_promised_is_there(answered):
    out, _ = answered
    assert {place.name for place in out.iterdir()} == FILES
    assert len(list((out / "photos").iterdir())) == 2


def test_the_folder_of_a_report_is_called_after_the_photos(call, healthy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(healthy, "night shift")
    outcome = call("smear", "night shift")
    assert outcome.exit_code == 0, outcome.stderr
    assert (tmp_path / "night shift-smear" / "smear.html").is_file()


def test_other_photos_get_another_folder_and_the_same_photos_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos-smear-2").mkdir()
    one, other = [Path("one/photos")], [Path("other/photos")]
    mark(make_folder(place_for(one)), one)
    assert place_for(one) == Path("photos-smear")
    assert place_for(other) == Path("photos-smear-3")


def test_an_infected_smear_has_cells_to_look_at_and_its_share_in_an_interval(call, drawn, tmp_path):
    outcome = call("smear", drawn(0.2, fields=8), "--out", tmp_path / "out")
    found = told(tmp_path / "out")
    assert f"{found['flagged']}\N{NO-BREAK SPACE}cells to look at. " in outcome.stdout
    share = found["parasitaemia"]
    assert 0.02 <= share["low"] <= share["value"] <= share["high"] <= 0.5
    assert found["cells"] >= 500
    assert found["p_value"] <= 0.05


def test_of_too_few_cells_no_share_is_stated(answered):
    out, screen = answered
    assert told(out)["decision"] == "cells to look at"
    assert told(out)["cells"] < 500
    assert told(out)["parasitaemia"]["value"] is None
    assert "fewer than 500 are too few" in screen


def test_a_smear_without_parasites_has_hardly_a_cell_to_look_at(call, healthy, tmp_path):
    outcome = call("smear", healthy, "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    found = told(tmp_path / "out")
    assert found["flagged"] <= 3
    assert found["decision"] == ("cells to look at" if found["flagged"] else "not enough cells")


def test_counting_cannot_show_a_limit_below_what_patients_differ_by(call, infected, tmp_path):
    outcome = call("smear", infected, "--limit", 0.005, "--out", tmp_path / "out")
    page = (tmp_path / "out" / "smear.html").read_text(encoding="utf-8")
    assert "Counting cannot show 0.5\N{NO-BREAK SPACE}%" in page
    assert "Counting cannot show 0.5\N{NO-BREAK SPACE}%" in outcome.stdout
    assert "o evidence" not in page + outcome.stdout


def test_help_readme_and_how_to_name_the_least_that_counting_shows_in_one_digit(call, answered):
    least = told(answered[0])["least_shown_by_counting"]
    pages = [ROOT / "README.md", ROOT / "docs" / "how-to" / "smear.md"]
    for text in (call("smear", "--help").stdout, *(page.read_text(encoding="utf-8") for page in pages)):
        told_there = " ".join(text.split())
        assert f"from about {100 * least:.0f} % on" in told_there
        assert f"some {round(5e6 * least, -5):,.0f} infected red cells per microlitre" in told_there


def test_every_thing_has_a_row_with_its_box_inside_the_photo(answered):
    rows = rows_of(answered[0])
    assert list(rows[0]) == COLUMNS.split(",")
    assert {row["photo"] for row in rows} == {"field_001.png", "field_002.png"}
    assert all(int(row["x"]) + int(row["width"]) <= 960 for row in rows)
    assert all(row["reason"] or row["p_value"] for row in rows)


def test_the_counts_of_the_answer_are_those_of_the_rows(answered):
    verdicts = [row["verdict"] for row in rows_of(answered[0])]
    assert told(answered[0])["flagged"] == verdicts.count("suspicious")
    assert told(answered[0])["cells"] == verdicts.count("suspicious") + verdicts.count("healthy")


@pytest.fixture(scope="module")
def mixed(call, infected, tmp_path_factory):
    """The report of the same smear with a copy of a photo, a page of text and a broken file among them."""
    folder = tmp_path_factory.mktemp("mixed")
    shutil.copy(infected / "field_001.png", folder / "copy.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    others = (folder / "copy.png", text_page(folder / "letter.png"), folder / "broken.jpg")
    outcome = call("smear", infected, *others, "--workers", 2, "--out", folder / "out")
    assert outcome.exit_code == 0, outcome.stderr
    return folder / "out"


def test_a_photo_that_comes_twice_counts_once_and_that_is_said(mixed):
    assert "The same picture as field_001.png" in (mixed / "smear.html").read_text(encoding="utf-8")


def test_what_is_no_field_of_blood_counts_nothing_and_gets_its_reason(mixed):
    grades = {photo["name"]: photo["grade"] for photo in told(mixed)["photos"]}
    assert grades["letter.png"] == "unusable"
    assert grades["broken.jpg"] == "not read"


def test_neither_such_photos_nor_the_number_of_processes_change_the_answer(answered, mixed):
    names = ("decision", "p_value", "parasitaemia", "cells", "flagged")
    assert [told(mixed)[name] for name in names] == [told(answered[0])[name] for name in names]


def test_photos_of_one_file_name_are_told_apart_by_their_folders(call, infected, tmp_path):
    for number in (1, 2):
        (tmp_path / f"day-{number}").mkdir()
        shutil.copy(infected / f"field_00{number}.png", tmp_path / f"day-{number}" / "one.png")
    out = tmp_path / "out"
    assert call("smear", tmp_path / "day-1", tmp_path / "day-2", "--out", out).exit_code == 0
    names = [f"day-{number}/one.png" for number in (1, 2)]
    assert [photo["name"] for photo in told(out)["photos"]] == names
    assert sorted({row["photo"] for row in rows_of(out)}) == names
    assert {suspect["photo"] for suspect in told(out)["suspects"]} == set(names)
    assert all((out / "photos" / f"day-{number}" / "one.jpg").is_file() for number in (1, 2))
    assert "day-2/one.png" in (out / "smear.html").read_text(encoding="utf-8")


def test_folders_of_photos_are_smears_of_one_study(call, infected, answered, tmp_path):
    shutil.copytree(infected, tmp_path / "in" / "ann" / "photos")
    (tmp_path / "in" / "bob" / "photos").mkdir(parents=True)
    text_page(tmp_path / "in" / "bob" / "photos" / "letter.png")
    outcome = call("smear", tmp_path / "in", "--by", "folder", "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    assert "1 of 2\N{NO-BREAK SPACE}smears with cells to look at" in outcome.stdout
    assert "A healthy smear has a p-value of 5 % or less" in outcome.stdout
    with (tmp_path / "out" / "study.csv").open(encoding="utf-8", newline="") as file:
        ann, bob = csv.DictReader(file)
    assert (ann["smear"], bob["smear"]) == ("ann/photos", "bob/photos")
    assert bob["decision"] == "unusable photos"
    alone = told(answered[0])
    assert (int(ann["cells"]), int(ann["flagged"])) == (alone["cells"], alone["flagged"])
    assert (ann["decision"], ann["low"]) == (alone["decision"], "")


def test_boxes_may_say_where_cells_are(call, infected, tmp_path):
    boxes = infected / "annotations.json"
    assert call("smear", infected, "--boxes", boxes, "--out", tmp_path / "out").exit_code == 0
    given = sum(len(photo["objects"]) for photo in json.loads(boxes.read_text(encoding="utf-8")))
    assert len(rows_of(tmp_path / "out")) == given


def test_boxes_that_do_not_fit_are_told_and_the_photo_is_judged(call, infected, tmp_path):
    photos = json.loads((infected / "annotations.json").read_text(encoding="utf-8"))
    sliver = {"type": "red blood cell", "bbox": {"x": -50, "y": 5, "w": 40, "h": 40}}
    photos[0]["objects"].append(sliver)
    photos.append({"image_name": "gone.png", "objects": [sliver]})
    (tmp_path / "boxes.json").write_text(json.dumps(photos), encoding="utf-8")
    outcome = call("smear", infected, "--boxes", tmp_path / "boxes.json", "--out", tmp_path / "out")
    assert outcome.exit_code == 1
    assert "1 name in " in outcome.stderr
    assert "is of no photo: gone.png." in outcome.stderr
    assert len(rows_of(tmp_path / "out")) == sum(len(photo["objects"]) for photo in photos) - 2
    assert "boxes has fewer than 3 x 3 pixels" in (tmp_path / "out" / "smear.json").read_text(
        encoding="utf-8"
    )


def test_a_blank_photo_alone_is_unusable_photos_and_no_healthy_patient(call, tmp_path):
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((480, 640, 3), 200, np.uint8))
    outcome = call("smear", tmp_path / "blank.png", "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    assert told(tmp_path / "out")["decision"] == "unusable photos"


def test_a_plan_says_how_many_cells_must_be_seen(call):
    outcome = call("smear", "--plan", 0.05)
    assert outcome.exit_code == 0, outcome.stderr
    assert " cells show a parasitaemia of 5 % with 95 % probability" in outcome.stdout


def test_a_plan_for_what_no_number_of_cells_shows_says_so(call):
    assert call("smear", "--plan", 0.0001).stdout.startswith("No number of cells suffices")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "{tmp}/out"], "0 photos are given; give photos, or --plan"),
        (["{fields}", "--out", "{tmp}/out", "--limit", 0], "limit"),
        (
            ["{fields}", "--out", "{tmp}/out", "--by", "moon"],
            "--by moon is not possible; choose all or folder",
        ),
        (["{fields}", "--out", "{tmp}/out", "--red-cells", 0], "red cells per microlitre"),
        (["{fields}", "--out", "{tmp}/out", "--sensitivity", 1.5], "sensitivity of 1.5 is not possible"),
        (["{tmp}/nowhere.png", "--out", "{tmp}/out"], "nowhere.png"),
        (["{fields}", "--out", "{fields}/out"], "Choose another folder"),
        (["{fields}/field_001.png", "--out", "{fields}"], "files next to it could be overwritten"),
        (["{fields}", "--boxes", "{tmp}/nowhere.csv", "--out", "{tmp}/out"], "nowhere.csv"),
        (["{fields}", "--bundle", "{bundle}", "--out", "{tmp}/out"], "do not show how patients differ"),
    ],
)
def test_a_mistake_gets_one_sentence(call, words, said, infected, bundle, tmp_path):
    places = {"tmp": tmp_path, "fields": infected, "bundle": bundle}
    outcome = call("smear", *(str(word).format(**places) for word in words))
    assert outcome.exit_code == 2
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (tmp_path / "out" / "smear.json").exists()
