"""A folder as people have it: every file has a row or is named, and no file ends a run."""

import csv
import io
import json

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian


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
