"""A folder as people have it: every file has a row or is named, and no file ends a run."""

import csv
import io
import json
import zipfile

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from normocyte.images.fingerprints import quick_fingerprint
from studies.mutations.mutate import PICTURE, images


def dicom_of_odd_length(path):
    """A DICOM of 9 x 9 pixels with a length that fits no numbers of 64 bits: pydicom raises its own error."""
    image = pydicom.Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.2"
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = "1.2.3"
    image.Rows = image.Columns = 9
    image.BitsAllocated = image.BitsStored = 8
    image.HighBit, image.SamplesPerPixel, image.PixelRepresentation = 7, 1, 0
    image.PhotometricInterpretation = "MONOCHROME2"
    image.PixelData = bytes(82)
    stream = io.BytesIO()
    image.save_as(stream, enforce_file_format=True)
    path.write_bytes(stream.getvalue().replace(b"\xe0\x7f\x10\x00OB", b"\xe0\x7f\x10\x00UV"))


def broken_tiff(path):
    stream = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(stream, "TIFF", compression="tiff_lzw")
    whole = stream.getvalue()
    path.write_bytes(whole[:60] + bytes(200) + whole[260:])


@pytest.fixture
def damaged(own_cells):
    """The drawn cells, and two files at which decoders raise and write."""
    place = next(own_cells.rglob("Uninfected/*.png")).parent
    dicom_of_odd_length(place / "C1_damaged.dcm")
    broken_tiff(place / "C1_damaged.tif")
    return own_cells


def rows_of(outcome):
    return {row["path"].rsplit("/", 1)[-1]: row for row in csv.DictReader(io.StringIO(outcome.stdout))}


def test_score_gives_damaged_files_a_row_each(process, damaged, bundle):
    running = process("score", damaged, "--bundle", bundle, "--workers", "1")
    out, told = running.communicate()
    rows = {row["path"].rsplit("/", 1)[-1]: row for row in csv.DictReader(io.StringIO(out))}
    assert len(rows) == 162
    assert "C1_damaged.dcm is a damaged DICOM" in rows["C1_damaged.dcm"]["error"]
    assert "C1_damaged.tif is a damaged TIFF" in rows["C1_damaged.tif"]["error"]
    assert "Traceback" not in told
    assert "LZW" not in told


def test_data_check_lists_damaged_files(call, damaged):
    report = json.loads(call("data", "check", damaged, "--json", "-").stdout)
    assert sorted(one["path"].rsplit("/", 1)[-1] for one in report["unreadable"]) == [
        "C1_damaged.dcm",
        "C1_damaged.tif",
    ]


def test_smear_shows_damaged_photos_with_the_cause(call, tmp_path, damaged):
    (tmp_path / "photos").mkdir()
    for file in damaged.rglob("C1_damaged.*"):
        file.rename(tmp_path / "photos" / file.name)
    outcome = call("smear", tmp_path / "photos", "--out", tmp_path / "out", "--workers", "1")
    told = json.loads((tmp_path / "out" / "smear.json").read_text(encoding="utf-8"))["photos"]
    assert [photo["grade"] for photo in told] == ["not read", "not read"], outcome.stderr
    assert all("is a damaged" in photo["reasons"][0] for photo in told)


ENDINGS = {
    "PNG": "png",
    "JPEG": "jpg",
    "WebP": "webp",
    "AVIF": "avif",
    "BMP": "bmp",
    "DICOM": "dcm",
    "TIFF": "tif",
}
EXACT = ("PNG", "BMP", "BMP with masks", "WebP, lossless", "DICOM", "DICOM, JPEG 2000", "TIFF, raw",
         "TIFF, tiff_lzw", "TIFF, tiff_adobe_deflate", "TIFF, packbits", "TIFF, BigTIFF")  # fmt: skip
BAD = {
    "empty.png": b"",
    "text.jpg": b"Dear colleague",
    "cut.tif": images()["TIFF, raw"][:900],
    "cut.webp": images()["WebP"][:-9],
    "two.tif": images()["TIFF, z-stack"].replace(b"slices=2", b"frames=2"),
    "slide.svs": images()["TIFF, raw"],
    "film.gif": b"GIF89a",
}


@pytest.fixture
def everything(own_cells):
    """The drawn cells, one picture in every format, and whatever else lies in a folder."""
    place = next(own_cells.rglob("Uninfected/*.png")).parent
    for number, (name, data) in enumerate(images().items()):
        (place / f"C1_good_{number}.{ENDINGS[name.split(',')[0].split()[0]]}").write_bytes(data)
    for name, data in BAD.items():
        (place / f"C1_bad_{name}").write_bytes(data)
    dicom_of_odd_length(place / "C1_bad_odd.dcm")
    with zipfile.ZipFile(place / "C1_bad_more.zip", "w") as file:
        file.writestr("a\\1.png", b"")
    return own_cells


def test_of_everything_each_file_has_a_row_or_is_named(call, everything, bundle):
    outcome = call("score", everything, "--bundle", bundle, "--workers", "1")
    rows = rows_of(outcome)
    names = [path.name for path in everything.rglob("C1_good_*")]
    assert set(names) <= set(rows)
    assert not [row["error"] for name, row in rows.items() if "good" in name and "damaged" in row["error"]]
    bad = {name for name in rows if name.startswith("C1_bad_")}
    told = [ending for ending in (".svs", ".gif", ".zip") if f"1 {ending}" in outcome.stderr]
    assert len(bad) + len(told) == len(BAD) + 2
    assert all(rows[name]["error"].startswith(name) for name in bad)


def test_of_everything_the_good_have_the_right_pixels(call, everything, bundle):
    rows = rows_of(call("score", everything, "--bundle", bundle, "--workers", "1"))
    numbers = {name: number for number, name in enumerate(images())}
    shown = {
        rows[path.name]["picture"]
        for path in everything.rglob("C1_good_*")
        if int(path.stem.rsplit("_", 1)[1]) in {numbers[name] for name in EXACT}
    }
    assert shown == {quick_fingerprint(PICTURE)}


def test_of_everything_data_check_and_smear_end_well(call, everything, tmp_path):
    report = json.loads(call("data", "check", everything, "--json", "-").stdout)
    unreadable = [one["path"].rsplit("/", 1)[-1] for one in report["unreadable"]]
    assert sorted(unreadable) == sorted(f"C1_bad_{name}" for name in (*list(BAD)[:5], "odd.dcm"))
    place = next(everything.rglob("Uninfected/C1_good_0.png")).parent
    for file in [file for file in place.iterdir() if not file.name.startswith("C1_")]:
        file.unlink()
    outcome = call("smear", place, "--out", tmp_path / "out", "--workers", "1")
    assert outcome.exit_code == 0, outcome.stderr
    told = json.loads((tmp_path / "out" / "smear.json").read_text(encoding="utf-8"))["photos"]
    assert {photo["name"] for photo in told if photo["grade"] == "not read"} >= {
        "C1_bad_empty.png",
        "C1_bad_odd.dcm",
        "C1_bad_slide.svs",
    }


def test_of_everything_train_names_what_it_cannot_use(call, everything, recipes, tmp_path):
    outcome = call("train", recipes["pca"], "--data", everything, "--out", tmp_path / "out")
    assert "cannot be read, more than 2% of the part" in outcome.stderr
    assert "C1_bad_" in outcome.stderr
    assert outcome.exit_code == 2
