"""Whatever is given as a photo of a smear: no crash, no false certainty, one sentence with the reason."""

import json
import shutil
import struct
import zlib

import cv2
import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

NAMES = ("mit Umläuten ß.png", "with  spaces .png", "血涂片.png", "-dash.png")


def png_of(width, height):
    """A PNG that says this size and holds hardly anything."""
    parts = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", b"x"), (b"IEND", b"")
    chunks = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def dicom_without_pixels(path):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.2"
    meta.MediaStorageSOPInstanceUID = "1.2.3"
    data = pydicom.Dataset()
    data.file_meta, data.Modality = meta, "GM"
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3"
    data.save_as(path, enforce_file_format=True)


def screen(field):
    """The field on a screen of coloured stripes, photographed slightly turned."""
    small = cv2.resize(field, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    stripes = np.zeros((6, 6, 3), np.float32)
    for channel in range(3):
        stripes[:5, 2 * channel : 2 * channel + 2, channel] = 3.6
    shown = np.kron(small / np.float32(255), np.ones((6, 6, 1), np.float32))
    shown = shown**2.2 * np.tile(stripes, (*small.shape[:2], 1))
    height, width = field.shape[:2]
    turn = cv2.getRotationMatrix2D((shown.shape[1] / 2, shown.shape[0] / 2), 2.0, 0.74)
    turn[:, 2] += 1.5 * width - shown.shape[1] / 2, 1.5 * height - shown.shape[0] / 2
    shot = cv2.resize(cv2.warpAffine(shown, turn, (3 * width, 3 * height)), (width, height), None, 0, 0, 3)
    return (255 * np.clip(shot, 0, 1) ** (1 / 2.2)).astype(np.uint8)


def face():
    picture = np.full((480, 640, 3), (150, 170, 160), np.uint8)
    cv2.ellipse(picture, (320, 250), (120, 160), 0, 0, 360, (140, 172, 224), -1)
    cv2.ellipse(picture, (320, 480), (260, 110), 0, 0, 360, (90, 40, 30), -1)
    for side in (260, 380):
        cv2.circle(picture, (side, 220), 10, (20, 40, 60), -1)
    soft = cv2.GaussianBlur(picture, (0, 0), 2) + np.random.default_rng(0).normal(0, 3, picture.shape)
    return np.clip(soft, 0, 255).astype(np.uint8)


def letter():
    page = np.full((480, 640, 3), 235, np.uint8)
    for line in range(20):
        cv2.putText(page, "This is a letter and no blood.", (10, 20 + 23 * line), 0, 0.7, (20, 20, 20), 2)
    return page


def tissue():
    rng = np.random.default_rng(0)
    picture = np.full((480, 640, 3), (196, 160, 226), np.uint8)
    for _ in range(300):
        centre = int(rng.integers(0, 640)), int(rng.integers(0, 480))
        cv2.ellipse(picture, centre, (11, 7), float(rng.uniform(0, 180)), 0, 360, (140, 60, 96), -1)
    soft = cv2.GaussianBlur(picture, (0, 0), 1) + rng.normal(0, 4, picture.shape)
    return np.clip(soft, 0, 255).astype(np.uint8)


def clump():
    rng = np.random.default_rng(0)
    picture = np.full((480, 640, 3), (200, 216, 196), np.uint8)
    cv2.ellipse(picture, (320, 240), (200, 150), 10, 0, 360, (132, 104, 140), -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(picture, (0, 0), 1) + rng.normal(0, 1.5, picture.shape)
    return np.clip(soft, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def field(call, tmp_path_factory):
    """A drawn field without parasites, (720, 960, 3) as OpenCV orders colours."""
    folder = tmp_path_factory.mktemp("fields") / "smear"
    size = ("--width", 960, "--height", 720)
    assert call("draw", "smear", "--parasitaemia", 0, "--fields", 1, *size, "--to", folder).exit_code == 0
    return cv2.imread(str(folder / "field_001.png"))


def write_pictures(folder, field):
    pictures = {
        "blank": np.full((480, 640, 3), 200, np.uint8),
        "black": np.zeros((480, 640, 3), np.uint8),
        "white": np.full((480, 640, 3), 255, np.uint8),
        "noise": np.random.default_rng(0).integers(0, 256, (480, 640, 3)).astype(np.uint8),
        "blurred": cv2.GaussianBlur(field, (0, 0), 8),
        "overexposed": np.clip(1.8 * field.astype(np.float32), 0, 255).astype(np.uint8),
        "underexposed": (0.3 * field).astype(np.uint8),
        "gray": np.repeat(field[..., 1:2], 3, axis=2),
        "coarse": cv2.resize(field, (320, 240), None, 0, 0, cv2.INTER_AREA),
        "empty": np.clip(np.random.default_rng(0).normal(205, 2, field.shape), 0, 255).astype(np.uint8),
        "face": face(),
        "letter": letter(),
        "tissue": tissue(),
        "screen": screen(field),
        "clump": clump(),
    }
    for name, pixels in pictures.items():
        assert cv2.imwrite(str(folder / f"{name}.png"), pixels)


def write_broken_files(folder, field):
    jpeg = cv2.imencode(".jpg", field)[1].tobytes()
    png = cv2.imencode(".png", field)[1].tobytes()
    (folder / "truncated.jpg").write_bytes(jpeg[: len(jpeg) // 2])
    (folder / "truncated.png").write_bytes(png[: len(png) // 2])
    (folder / "nothing.jpg").write_bytes(b"")
    (folder / "words.jpg").write_bytes(b"no picture at all")
    (folder / "huge.png").write_bytes(png_of(16_000, 12_500))
    dicom_without_pixels(folder / "scan.dcm")
    (folder / "notes.txt").write_text("No picture, and not asked for.", encoding="utf-8")


@pytest.fixture(scope="module")
def told(call, field, tmp_path_factory):
    """What the report of them all says: the answer, and the photos by name."""
    folder = tmp_path_factory.mktemp("bad") / "photos of all sorts"
    folder.mkdir()
    write_pictures(folder, field)
    write_broken_files(folder, field)
    out = folder.parent / "out"
    outcome = call("smear", folder, "--workers", 1, "--out", out)
    assert outcome.exit_code == 0, outcome.stderr
    found = json.loads((out / "smear.json").read_text(encoding="utf-8"))
    return found, {photo["name"]: photo for photo in found["photos"]}, outcome.stdout


REASONS = {
    "blank.png": "It does not look like a field of blood",
    "black.png": "It is too dark",
    "white.png": "Too much of it is burnt white",
    "noise.png": "It does not look like a field of blood",
    "blurred.png": "It is blurred",
    "overexposed.png": "Too much of it is burnt white",
    "underexposed.png": "It is too dark",
    "gray.png": "The cells are too gray",
    "coarse.png": "None of",
    "empty.png": "It does not look like a field of blood",
    "face.png": "",
    "letter.png": "It does not look like a field of blood",
    "tissue.png": "",
    "screen.png": "It has the grid of a screen",
    "clump.png": "There are too few cells",
    "truncated.jpg": "truncated.jpg is cut off",
    "truncated.png": "truncated.png is cut off",
    "nothing.jpg": "nothing.jpg is empty",
    "words.jpg": "words.jpg is not an image",
    "huge.png": "huge.png is 16,000 x 12,500 px; cut it into pieces of at most 100 megapixels",
    "scan.dcm": "scan.dcm is a DICOM without pixels",
}


@pytest.mark.parametrize("name", REASONS)
def test_each_is_refused_with_the_right_reason(told, name):
    photo = told[1][name]
    assert (photo["grade"], photo["cells"]) in {("unusable", 0), ("not read", 0)}
    assert photo["reasons"][0].startswith(REASONS[name]), photo["reasons"]


def test_together_they_are_no_healthy_patient(told):
    found, photos, _ = told
    assert (found["decision"], found["cells"]) == ("unusable photos", 0)
    assert set(photos) == set(REASONS)
    assert found["parasitaemia"]["value"] is None


def test_the_screen_has_one_line_for_each_and_no_guarantee(told):
    lines = told[2].splitlines()
    assert all(sum(line.startswith(f"{name}: ") for line in lines) == 1 for name in REASONS)
    assert not any("of healthy cells are flagged" in line for line in lines)


def test_names_with_spaces_and_other_letters_are_kept(call, field, tmp_path):
    for name in NAMES:
        cv2.imwrite(str(tmp_path / "plain.png"), np.full((60, 80, 3), 200, np.uint8))
        shutil.move(tmp_path / "plain.png", tmp_path / name)
    assert call("smear", tmp_path, "--workers", 1, "--out", tmp_path.parent / "named").exit_code == 0
    photos = json.loads((tmp_path.parent / "named" / "smear.json").read_text(encoding="utf-8"))["photos"]
    assert {photo["name"] for photo in photos} == set(NAMES)
    assert all((tmp_path.parent / "named" / photo["outlined"]).is_file() for photo in photos)


def test_photos_of_which_none_can_be_read_end_in_a_failure_and_still_in_a_page(call, tmp_path):
    (tmp_path / "words.jpg").write_bytes(b"no picture at all")
    outcome = call("smear", tmp_path / "words.jpg", "--out", tmp_path / "out")
    assert outcome.exit_code == 1
    assert "words.jpg is not an image" in outcome.stdout
    assert (tmp_path / "out" / "smear.html").is_file()


def test_a_folder_that_cannot_be_made_is_refused_before_a_photo_is_judged(call, field, tmp_path):
    cv2.imwrite(str(tmp_path / "field.png"), field)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    outcome = call("smear", tmp_path / "field.png", "--out", tmp_path / "file" / "out")
    assert outcome.exit_code == 2
    assert "Cannot make the folder" in outcome.stderr
    assert "Photos" not in outcome.stdout + outcome.stderr


def test_a_report_of_before_is_replaced(call, field, tmp_path):
    for name, pixels in (("first", field), ("second", np.zeros_like(field))):
        cv2.imwrite(str(tmp_path / f"{name}.png"), pixels)
        assert call("smear", tmp_path / f"{name}.png", "--out", tmp_path / "out").exit_code == 0
    assert json.loads((tmp_path / "out" / "smear.json").read_text(encoding="utf-8"))["cells"] == 0
    assert "first.png" not in (tmp_path / "out" / "smear.html").read_text(encoding="utf-8")
