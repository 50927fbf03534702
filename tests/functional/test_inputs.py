"""What lies in a folder: what is not looked at is told, and nothing that stands twice counts twice."""

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from normocyte.core.inputs import signatures
from normocyte.tables.reading import read_scored

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(2000)
ADVICE = "Save HEIC photos as JPEG, or install what reads them: pip install 'normocyte[heif]'."
TOLD = f"1 .heic. {ADVICE}"


@pytest.fixture(autouse=True)
def _without_heic(monkeypatch):
    """As where the package that reads HEIC is not installed."""
    monkeypatch.setattr(signatures, "is_heic_read", lambda: False)


@pytest.fixture
def with_heic(own_cells):
    """The drawn cells, and one that no one reads."""
    next(own_cells.rglob("*.png")).with_name("C1_phone.HEIC").write_bytes(HEIC)
    return own_cells


@pytest.fixture
def commands(with_heic, recipes, bundle, tmp_path):
    """Each command that takes a folder of cells."""
    out = tmp_path / "out"
    return {
        "score": ("score", with_heic, "--bundle", bundle),
        "train": ("train", recipes["pca"], "--data", with_heic, "--out", out),
        "evaluate": ("evaluate", bundle, with_heic, "--new-patients", "--out", out),
        "calibrate": ("calibrate", bundle, with_heic, "--out", out),
        "compare": ("compare", recipes["pca"], "--seeds", "1", "--data", with_heic, "--out", out),
        "demo": ("demo", "--config", recipes["pca"], "--data", with_heic, "--out", out),
        "data check": ("data", "check", with_heic),
    }


@pytest.mark.parametrize("name", ["score", "train", "evaluate", "calibrate", "compare", "demo", "data check"])
def test_every_command_tells_what_it_did_not_look_at(call, commands, name):
    outcome = call(*commands[name])
    assert outcome.exit_code == 0, outcome.stderr
    assert f"1 of 161 files was not looked at: {TOLD}" in " ".join((outcome.stderr + outcome.stdout).split())


def photo(place, shade=200):
    place.parent.mkdir(parents=True, exist_ok=True)
    done, data = cv2.imencode(".jpg", np.full((240, 320, 3), shade, np.uint8))
    assert done
    place.write_bytes(data.tobytes())
    return place


def smear(call, *arguments):
    outcome = call("smear", *arguments, "--workers", "1")
    assert outcome.exit_code == 0, outcome.stderr
    return outcome


def test_a_photo_that_is_not_read_stands_on_the_page_with_what_to_do(call, tmp_path):
    photo(tmp_path / "in" / "IMG_0001.JPG")
    (tmp_path / "in" / "IMG_0002.HEIC").write_bytes(HEIC)
    outcome = smear(call, tmp_path / "in", "--out", tmp_path / "out")
    assert f"1 of 2 files was not looked at: {TOLD}" in outcome.stderr
    told = json.loads((tmp_path / "out" / "smear.json").read_text(encoding="utf-8"))["photos"]
    assert told[1]["reasons"] == [f"IMG_0002.HEIC is a HEIC, which is not read. {ADVICE}"]


def test_a_patient_with_no_photo_that_is_read_has_a_row(call, tmp_path):
    photo(tmp_path / "in" / "ann" / "one.jfif")
    (tmp_path / "in" / "bob").mkdir()
    (tmp_path / "in" / "bob" / "IMG_0002.HEIC").write_bytes(HEIC)
    smear(call, tmp_path / "in", "--by", "folder", "--out", tmp_path / "out")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "study.csv").read_text(encoding="utf-8"))))
    assert [(row["smear"], row["photos"], row["usable_photos"]) for row in rows] == [
        ("ann", "1", "0"),
        ("bob", "1", "0"),
    ]
    page = (tmp_path / "out" / "bob" / "smear.html").read_text(encoding="utf-8")
    assert "is a HEIC, which is not read" in page


def test_the_same_photo_in_two_smears_of_a_study_is_told_first(call, tmp_path):
    shutil.copy(photo(tmp_path / "in" / "ann" / "one.jpg"), photo(tmp_path / "in" / "bob" / "two.jpg", 100))
    outcome = smear(call, tmp_path / "in", "--by", "folder", "--out", tmp_path / "out")
    said = "THE SAME PHOTO IN TWO SMEARS: 1 photo is in the folders of more than one smear"
    assert f"{said}, such as ann/one.jpg = bob/two.jpg" in outcome.stderr
    page = (tmp_path / "out" / "study.html").read_text(encoding="utf-8")
    assert page.index(said) < page.index("<h1>")


@pytest.mark.parametrize("name", ["cell.jfif", "cell", "cell.dat", "cell.heic"])
def test_a_jpeg_is_scored_whatever_its_ending(call, bundle, tmp_path, name):
    photo(tmp_path / "in" / name)
    rows = list(csv.DictReader(io.StringIO(call("score", tmp_path / "in", "--bundle", bundle).stdout)))
    assert [row["path"] for row in rows] == [str(tmp_path / "in" / name)]
    assert "is not an image" not in rows[0]["error"]


@pytest.mark.parametrize(("side", "is_photo"), [(480, True), (240, False)])
def test_the_refusal_of_a_whole_photo_names_the_command_that_reads_it(call, tmp_path, side, is_photo):
    pixels = np.full((side, side, 3), 225, np.uint8)
    for place in range(40, side - 20, 60):
        cv2.circle(pixels, (place, 60), 20, (170, 130, 190), cv2.FILLED)
        cv2.circle(pixels, (place, side // 2), 20, (170, 130, 190), cv2.FILLED)
    cv2.imwrite(str(tmp_path / "photo.png"), pixels)
    (row,) = csv.DictReader(io.StringIO(call("score", tmp_path / "photo.png").stdout))
    assert row["verdict"] == "not assessable"
    assert ("a photo of a smear, in which 'normocyte smear' finds the cells" in row["error"]) is is_photo


@pytest.mark.parametrize("options", [(), ("--own-null",), ("--false-discovery-rate", "0.2")])
def test_where_no_cell_was_scored_nothing_is_guaranteed(call, bundle, tmp_path, options):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG")
    outcome = call("score", tmp_path / "broken.png", "--bundle", bundle, *options)
    assert outcome.exit_code == 1
    assert outcome.stderr.splitlines()[-1] == "0 scored, 0 flagged, 0 not assessable, 1 failed"


@pytest.mark.parametrize("name", ["train", "demo"])
def test_a_size_that_does_not_fit_is_refused_before_any_cell_is_looked_at(call, cells, tmp_path, name):
    text = Path("configs/conv.toml").read_text(encoding="utf-8")
    changed = re.sub(r'name = "resize"\nsize = \d+', 'name = "resize"\nsize = 30', text)
    assert changed != text
    (tmp_path / "odd.toml").write_text(changed, encoding="utf-8")
    recipe = ("--config", tmp_path / "odd.toml") if name == "demo" else (tmp_path / "odd.toml",)
    outcome = call(name, *recipe, "--data", cells, "--out", tmp_path / "out" / "bundle")
    assert outcome.exit_code == 2
    assert "multiples of 8, not 30 x 30" in outcome.stderr
    assert "Preparing" not in outcome.stderr
    assert "Looking" not in outcome.stderr


@pytest.mark.parametrize("name", ["train", "demo", "compare"])
def test_copies_of_one_picture_teach_nothing(call, cells, recipes, tmp_path, name):
    one = min((cells / "cell_images" / "Uninfected").iterdir())
    infected = sorted((cells / "cell_images" / "Parasitized").iterdir())[:20]
    for folder, files in {"healthy": [one] * 180, "ring": infected}.items():
        (tmp_path / "cells" / folder).mkdir(parents=True)
        for number, file in enumerate(files):
            shutil.copy(file, tmp_path / "cells" / folder / f"C{number % 20}_{number}.png")
    recipe = ("--config", recipes["pca"]) if name == "demo" else (recipes["pca"],)
    outcome = call(name, *recipe, "--data", tmp_path / "cells", "--out", tmp_path / "out" / "bundle")
    assert outcome.exit_code == 2
    things = "cells" if name == "compare" else "images"
    assert f"The 180 healthy {things} show only 1 different picture; the others are copies" in outcome.stderr


@pytest.fixture
def doubled(cells, tmp_path):
    """The drawn cells twice in a zip, the second time under other names and losslessly as WebP."""
    with zipfile.ZipFile(tmp_path / "doubled.zip", "w") as archive:
        for number, file in enumerate(sorted(cells.rglob("*.png"))):
            data = cv2.imencode(".webp", cv2.imread(str(file)), [cv2.IMWRITE_WEBP_QUALITY, 101])[1]
            archive.write(file, f"a/{file.name}")
            archive.writestr(f"b/{number}.webp", data.tobytes())
    return tmp_path / "doubled.zip"


def test_a_doubled_set_gives_the_sentences_of_the_set(call, bundle, cells, doubled):
    way = ("--bundle", bundle, "--false-discovery-rate", "0.2")
    once, twice = (call("score", path, *way).stderr.splitlines() for path in (cells, doubled))
    assert twice == ["160 of 320 images are copies of others and count once.", *once]


def test_a_copy_has_the_row_of_its_first(call, bundle, doubled):
    outcome = call("score", doubled, "--bundle", bundle, "--false-discovery-rate", "0.2")
    rows = list(csv.DictReader(io.StringIO(outcome.stdout)))
    by_picture = {}
    for row in rows:
        by_picture.setdefault(row["picture"], []).append([row["score"], row["p_value"], row["flagged"]])
    assert len(rows) == 320
    assert all(len(own) == 2 and own[0] == own[1] for own in by_picture.values())


def test_copies_count_once_in_the_rows_that_are_watched(call, bundle, cells, tmp_path):
    shutil.copytree(cells, tmp_path / "again")
    files = [tmp_path / name for name in ("one.csv", "two.jsonl")]
    for folder, file in zip((cells, tmp_path / "again"), files, strict=True):
        call("score", folder, "--bundle", bundle, "--output", file)
    scored = read_scored(files)
    assert (len(scored), scored.repeated) == (160, 160)
    assert set(scored.files.tolist()) == {str(files[0])}


@pytest.fixture
def torn(own_cells):
    """The drawn cells, one of which stands under another patient, too."""
    healthy = sorted((own_cells / "cell_images" / "Uninfected").glob("*.png"))
    other = next(file for file in healthy if file.name.split("_")[0] != healthy[0].name.split("_")[0])
    shutil.copy(healthy[0], other.with_name(f"{other.name.split('_')[0]}_zz_copy.png"))
    return own_cells


@pytest.mark.parametrize("name", ["train", "evaluate", "compare", "demo", "data check"])
def test_one_picture_under_two_patients_is_told_before_all_else(call, recipes, bundle, torn, tmp_path, name):
    out = tmp_path / "out"
    words = {
        "train": (recipes["pca"], "--data", torn, "--out", out),
        "evaluate": (bundle, torn, "--new-patients", "--out", out),
        "compare": (recipes["pca"], "--seeds", "1", "--data", torn, "--out", out),
        "demo": ("--config", recipes["pca"], "--data", torn, "--out", out),
        "data check": (torn,),
    }
    outcome = call(*name.split(), *words[name])
    assert outcome.exit_code == 0, outcome.stderr
    told = " ".join(outcome.stderr.split()) if name != "data check" else outcome.stdout
    assert "THE SAME IMAGE UNDER TWO PATIENTS: 1 image is under more than one patient" in told
    assert "1 of 161 images is a copy of another and counts once." in told


def test_a_copy_changes_nothing_in_a_bundle(call, recipes, cells, own_cells, tmp_path):
    for number, file in enumerate(sorted(own_cells.rglob("C*.png"))[:40]):
        shutil.copy(file, file.with_name(f"{file.stem}_copy{number}.png"))
    for data, name in ((cells, "once"), (own_cells, "twice")):
        assert call("train", recipes["pca"], "--data", data, "--out", tmp_path / name).exit_code == 0
    once, twice = (
        {f.name: f.read_bytes() for f in (tmp_path / name).glob("*.npz")} for name in ("once", "twice")
    )
    assert once
    assert once == twice


def test_a_picture_with_both_labels_counts_nowhere(call, own_cells):
    healthy = sorted((own_cells / "cell_images" / "Uninfected").glob("*.png"))[0]
    shutil.copy(healthy, own_cells / "cell_images" / "Parasitized" / f"{healthy.stem}_x.png")
    outcome = call("data", "check", own_cells)
    assert outcome.stdout.startswith("LABELS CONTRADICT EACH OTHER: 1 image is both as healthy and as")


def test_calibrating_counts_each_cell_once(call, bundle, cells, doubled, tmp_path):
    healthy = tmp_path / "healthy"
    shutil.copytree(cells / "cell_images" / "Uninfected", healthy / "a")
    shutil.copytree(healthy / "a", healthy / "b")
    count = len(list((healthy / "a").iterdir()))
    outcome = call("calibrate", bundle, healthy, "--patients", "^(C\\d+)", "--out", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.stderr
    assert f"{count} of {2 * count} images are copies of others and count once." in outcome.stderr
    assert f"{count} of healthy" in outcome.stdout
