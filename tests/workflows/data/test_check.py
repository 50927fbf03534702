import json
import zipfile

import cv2
import numpy as np
import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.inputs import zips
from normocyte.core.progress import Silent
from normocyte.workflows.data.check import Spread, check_data


def picture(shade, height=20, width=16):
    """A PNG of one shade."""
    return cv2.imencode(".png", np.full((height, width, 3), shade, np.uint8))[1].tobytes()


SOUND = {
    "Uninfected/C1_a.png": picture(10),
    "Uninfected/C1_b.png": picture(20),
    "Uninfected/C2_a.png": picture(30, 40, 30),
    "Parasitized/C2_b.png": picture(40),
    "Parasitized/C3_a.jpg": cv2.imencode(".jpg", np.zeros((24, 24, 3), np.uint8))[1].tobytes(),
}


@pytest.fixture
def check(tmp_path):
    """Writes files in the NIH layout and checks them."""

    def run(files, progress=None):
        for name, data in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)
        return check_data(tmp_path, progress or Silent())

    return run


def test_a_sound_set_is_counted(check):
    report = check(SOUND)
    assert (report.dataset, report.cells, report.healthy, report.anomalies) == ("nih_malaria", 5, 3, 2)
    assert (report.patients, report.clean_patients, report.patients_with_anomalies) == (3, 1, 2)
    assert report.is_sound


def test_sizes_formats_and_cells_per_patient_are_reported(check):
    report = check(SOUND)
    assert (report.width_px, report.height_px) == (Spread(16, 16, 30), Spread(20, 20, 40))
    assert report.cells_per_patient == Spread(1, 2, 2)
    assert report.formats == {"JPEG": 1, "PNG": 4}


def test_class_balance_is_the_share_of_anomalies(check):
    assert check(SOUND).anomaly_share == pytest.approx(0.4)


def test_unreadable_files_are_named_with_the_reason_and_the_rest_goes_on(check):
    broken = {"Uninfected/C4_cut.png": picture(50)[:-20], "Uninfected/C4_text.png": b"dear colleague"}
    report = check(SOUND | broken)
    assert [entry.reason.split(" after ")[0].split(":")[0] for entry in report.unreadable] == [
        "C4_cut.png is cut off",
        "C4_text.png is not an image",
    ]
    assert (report.cells, sum(report.formats.values()), report.is_sound) == (7, 5, False)


def test_equal_images_are_grouped_with_their_patients(check):
    report = check(SOUND | {"Uninfected/C9_copy.png": SOUND["Uninfected/C1_a.png"]})
    assert [duplicate.patients for duplicate in report.duplicates] == [("C1", "C9")]
    assert (report.torn, report.is_sound) == (1, False)
    assert report.careful[0].startswith("THE SAME IMAGE UNDER TWO PATIENTS: 1 image is")


def test_equal_images_of_both_classes_are_a_conflict(check):
    report = check(SOUND | {"Parasitized/C1_copy.png": SOUND["Uninfected/C1_a.png"]})
    assert (report.conflicts, report.is_sound) == (1, False)
    assert [path.rpartition("/")[2] for path in report.duplicates[0].paths] == ["C1_copy.png", "C1_a.png"]


def test_doubtful_cells_of_the_set_are_counted(check):
    listed = b"file,nih_label\nC1_a.png,Uninfected\nC77_elsewhere.png,Parasitized\n"
    assert check(SOUND | {"doubtful_labels.csv": listed}).doubtful == 1


def test_the_report_is_json(check):
    content = json.loads(json.dumps(check(SOUND).as_json(), allow_nan=False))
    assert (content["cells"], content["width_px"]["max"], content["unreadable"]) == (5, 30, [])


def test_a_zip_is_checked_without_unpacking(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name, data in SOUND.items():
            archive.writestr(name, data)
    report = check_data(tmp_path / "set.zip", Silent())
    zips.close_all()
    assert (report.cells, report.unreadable) == (5, ())


def test_groups_of_a_folder_set_are_counted(tmp_path):
    for name in ("healthy/C1.png", "ring/C1_r.png", "schizont/C2_s.png", "schizont/C2_t.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(picture(len(name)))
    assert check_data(tmp_path, Silent()).groups == {"ring": 1, "schizont": 2}


def test_the_listener_hears_every_image(check):
    class Listener(Silent):
        total, done = 0, 0

        def begin(self, _task, total):
            self.total = total

        def advance(self, steps=1, _note=""):
            self.done += steps

    listener = Listener()
    check(SOUND, listener)
    assert (listener.total, listener.done) == (5, 5)


def test_a_folder_without_images_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="There are no images in"):
        check_data(tmp_path, Silent())


def texture(seed, colours=3, depth=np.uint8):
    """A PNG of random pixels, gray or in colour."""
    high = np.iinfo(depth).max
    shape = (20, 16, 3) if colours == 3 else (20, 16)
    return cv2.imencode(".png", np.random.default_rng(seed).integers(0, high, shape, depth, True))[
        1
    ].tobytes()


def test_gray_among_colour_is_counted_and_told(check):
    gray = {f"Uninfected/C{n}_gray.png": texture(n, 1) for n in range(3)}
    report = check(gray | {f"Parasitized/C{n}_x.png": texture(n + 9) for n in range(4)})
    assert (report.gray, report.even) == (3, 0)
    assert report.careful == (
        "3 of 7 images are gray, the others in colour: what tells them apart may be the camera. "
        "Give images of one kind.",
    )


def test_an_image_of_one_colour_is_counted_and_told(check):
    report = check(
        {"Uninfected/C1_a.png": picture(10)} | {f"Parasitized/C{n}_x.png": texture(n, 1) for n in (2, 3)}
    )
    assert report.even == 1
    assert report.careful == ("1 of 3 images is of one colour all over and shows nothing. Leave them out.",)


def test_sizes_channels_and_bits_may_differ(check):
    files = {
        "Uninfected/C1_a.png": texture(1, 1, np.uint16),
        "Uninfected/C2_b.png": texture(2, 1),
        "Parasitized/C3_c.png": picture(40, 90, 70),
        "Parasitized/C3_d.jpg": cv2.imencode(".jpg", np.zeros((24, 24, 3), np.uint8))[1].tobytes(),
    }
    report = check(files)
    assert (report.unreadable, report.width_px, report.gray) == ((), Spread(16, 20, 70), 4)


def test_near_duplicates_are_counted_and_those_of_two_patients_told(check):
    smooth = cv2.resize(np.random.default_rng(1).integers(0, 255, (6, 6), np.uint8), (64, 64))
    png = cv2.imencode(".png", smooth)[1].tobytes()
    jpeg = cv2.imencode(".jpg", smooth)[1].tobytes()
    others = {f"Parasitized/C{n}_x.png": texture(n, 1) for n in range(4, 8)}
    report = check({"Uninfected/C1_a.png": png, "Uninfected/C2_b.jpg": jpeg} | others)
    assert (report.near_duplicates, report.near_groups, report.near_torn) == (2, 1, 1)
    assert report.careful[0].startswith("NEAR-DUPLICATES UNDER TWO PATIENTS: 1 group is under more than one")
