import zipfile

import pytest

from normocyte.core import zips
from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.types import Source
from normocyte.datasets._detect import open_dataset
from normocyte.datasets.folder import Folder
from normocyte.datasets.nih_malaria import NihMalaria

CELLS = ["healthy/C1_a.png", "healthy/C2_b.png", "ring/C2_c.png", "schizont/deep/C3_d.png"]
TABLE = """path,label,patient,group
healthy/C1_a.png,0,anna,
healthy/C2_b.png,Healthy,bea,
ring/C2_c.png,anomaly,bea,ring
"""


@pytest.fixture
def folder(tmp_path):
    for name in CELLS:
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "set"


@pytest.fixture
def packed(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name in CELLS:
            archive.writestr(f"wrapper/{name}", "")
    yield tmp_path / "set.zip"
    zips.close_all()


@pytest.fixture
def manifest(folder):
    """Writes a manifest beside the images and gives the data set."""

    def write(text, **fields):
        (folder / "cells.csv").write_text(text, encoding="utf-8")
        return Folder(manifest=str(folder / "cells.csv"), **fields)

    return write


def rows(dataset):
    return [(record.source.name, record.label, record.patient, record.group) for record in dataset.records()]


BY_PATTERN = [
    ("C1_a.png", 0, "C1", ""),
    ("C2_b.png", 0, "C2", ""),
    ("C2_c.png", 1, "C2", "ring"),
    ("C3_d.png", 1, "C3", "schizont"),
]


def test_folders_beside_the_healthy_one_are_anomalies_and_name_their_group(folder):
    assert rows(Folder(str(folder), patient_pattern=r"^(C\d+)")) == BY_PATTERN


def test_a_zip_with_a_folder_around_everything_is_read_the_same(packed):
    assert rows(Folder(str(packed), patient_pattern=r"^(C\d+)")) == BY_PATTERN


def test_the_healthy_folder_may_have_another_name(folder):
    labels = [row[1] for row in rows(Folder(str(folder), healthy="Ring", patient_pattern="file"))]
    assert sorted(labels) == [0, 1, 1, 1]


def test_each_file_can_be_a_patient_of_its_own(folder):
    patients = [record.patient for record in Folder(str(folder), patient_pattern="file").records()]
    assert patients == ["healthy/C1_a", "healthy/C2_b", "ring/C2_c", "schizont/deep/C3_d"]


def test_without_pattern_or_manifest_the_patients_are_asked_for(folder):
    with pytest.raises(DatasetError, match=r"Nothing says which patient .*\^\(C\\d\+\).*manifest.*'file'"):
        Folder(str(folder)).records()


def test_names_that_do_not_match_are_counted_and_listed(folder):
    with pytest.raises(DatasetError, match=r"3 of 4 file names .*C2_b\.png, C2_c\.png, C3_d\.png\. Rename"):
        Folder(str(folder), patient_pattern="(C1)").records()


@pytest.mark.parametrize(
    ("pattern", "reason"), [("(", "no regular expression"), ("C", "0 groups"), ("(C)(1)", "2 gr")]
)
def test_an_impossible_pattern_is_refused(folder, pattern, reason):
    with pytest.raises(ConfigError, match=reason):
        Folder(str(folder), patient_pattern=pattern).records()


def test_images_outside_of_any_class_are_not_dropped_silently(folder):
    (folder / "loose.png").touch()
    with pytest.raises(
        DatasetError, match=r"1 images of .* stand in no folder of a class: loose\.png\. Move"
    ):
        Folder(str(folder), patient_pattern="file").records()


def test_a_folder_without_healthy_cells_is_refused(folder):
    with pytest.raises(DatasetError, match="There are no healthy cells among the 4 images"):
        Folder(str(folder), healthy="normal", patient_pattern="file").records()


def test_neither_folder_nor_manifest_is_refused():
    with pytest.raises(DatasetError, match="neither folder nor manifest"):
        Folder().records()


def test_a_manifest_says_label_patient_and_group(manifest):
    assert rows(manifest(TABLE)) == [
        ("C1_a.png", 0, "anna", ""),
        ("C2_b.png", 0, "bea", ""),
        ("C2_c.png", 1, "bea", "ring"),
    ]


def test_a_manifest_needs_no_group(manifest):
    assert rows(manifest("path,label,patient\nhealthy/C1_a.png,0,anna\n")) == [("C1_a.png", 0, "anna", "")]


def test_a_manifest_from_a_spreadsheet_with_a_byte_order_mark_is_read(manifest):
    assert len(rows(manifest("\ufeff" + TABLE))) == 3


def test_a_manifest_may_lie_elsewhere_when_the_folder_is_named(folder, tmp_path):
    (tmp_path / "cells.csv").write_text(TABLE)
    dataset = Folder(folder=str(folder), manifest=str(tmp_path / "cells.csv"))
    assert dataset.records()[0].source == Source(folder / "healthy/C1_a.png")


def test_a_manifest_can_name_members_of_a_zip(packed):
    table = packed.with_name("cells.csv")
    table.write_text("path,label,patient\nset.zip!wrapper/healthy/C1_a.png,0,anna\n")
    assert Folder(manifest=str(table)).records()[0].source == Source(packed, "wrapper/healthy/C1_a.png")


def test_a_member_that_the_zip_does_not_hold_is_a_fault(packed):
    table = packed.with_name("cells.csv")
    table.write_text("path,label,patient\nset.zip!gone.png,0,anna\n")
    with pytest.raises(DatasetError, match=r"row 2: there is no file 'set\.zip!gone\.png'"):
        Folder(manifest=str(table)).records()


def test_all_faults_of_a_manifest_are_counted_and_the_first_five_shown_with_their_rows(manifest):
    bad = "path,label,patient\n" + "gone.png,2,\n" * 2 + "healthy/C1_a.png,0,anna\n" * 2
    with pytest.raises(DatasetError) as caught:
        manifest(bad).records()
    assert "7 faults" in str(caught.value)
    assert "row 2: there is no file 'gone.png'; row 2: label '2' is none of 0, healthy" in str(caught.value)
    assert "row 2: the patient is missing; row 3" in str(caught.value)
    assert "; and 2 more." in str(caught.value)


def test_a_path_that_stands_twice_is_a_fault(manifest):
    with pytest.raises(DatasetError, match=r"row 5: 'healthy/C1_a\.png' stands in row 2 already"):
        manifest(TABLE + "healthy/C1_a.png,0,anna,\n").records()


def test_a_manifest_without_the_columns_is_refused(manifest):
    with pytest.raises(
        DatasetError, match="lacks the columns path, patient; its first row is 'file;label,label'"
    ):
        manifest("file;label,label\n").records()


@pytest.mark.parametrize(
    "content", [b"path,label,patient\n\xff\xfe,0,a\n", b'path,label,patient\n"' + b"a" * 140_000]
)
def test_an_unreadable_manifest_is_refused(tmp_path, content):
    (tmp_path / "cells.csv").write_bytes(content)
    with pytest.raises(DatasetError, match="Cannot read the manifest"):
        Folder(manifest=str(tmp_path / "cells.csv")).records()


def test_a_manifest_without_rows_has_no_healthy_cells(manifest):
    with pytest.raises(DatasetError, match="no healthy cells among the 0 images"):
        manifest("path,label,patient\n").records()


def test_a_path_to_folders_with_patients_in_the_names_is_a_folder_set(folder):
    assert rows(open_dataset(folder)) == BY_PATTERN


def test_a_path_to_a_csv_file_is_a_manifest(manifest, folder):
    dataset = manifest(TABLE)
    assert open_dataset(folder / "cells.csv") == dataset


def test_a_path_to_the_two_nih_folders_is_the_nih_set(tmp_path):
    for name in ("Parasitized/C1.png", "Uninfected/C1.png"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    assert open_dataset(tmp_path) == NihMalaria(str(tmp_path))


def test_folders_whose_names_tell_no_patient_need_a_manifest(folder):
    (folder / "healthy/nobody.png").touch()
    with pytest.raises(
        DatasetError, match=r"1 of 5 file names .*nobody.*give a CSV manifest with the columns path"
    ):
        open_dataset(folder)


def test_a_path_to_unsorted_images_says_how_to_sort_them(tmp_path):
    (tmp_path / "C1.png").touch()
    with pytest.raises(
        DatasetError, match=r"1 images but neither .* nor a folder 'healthy'.* Sort the images"
    ):
        open_dataset(tmp_path)


def test_a_path_to_nothing_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="There is no folder or zip file at"):
        open_dataset(tmp_path / "nowhere")
