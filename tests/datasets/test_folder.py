import os
import zipfile
from pathlib import Path

import pytest

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.inputs import zips
from normocyte.core.types import Record, Source
from normocyte.core.words import Words
from normocyte.datasets.folder import Folder
from normocyte.datasets.nih_malaria import NihMalaria
from normocyte.datasets.opening.detect import open_cohort, open_dataset

CELLS = ["healthy/C1_a.png", "healthy/C2_b.png", "ring/C2_c.png", "schizont/deep/C3_d.png"]
TABLE = """path,label,patient,group
healthy/C1_a.png,0,anna,
healthy/C2_b.png,Healthy,bea,
ring/C2_c.png,anomaly,bea,ring
"""


BY_TABLE = [
    ("C1_a.png", 0, "anna", ""),
    ("C2_b.png", 0, "bea", ""),
    ("C2_c.png", 1, "bea", "ring"),
]


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
    with pytest.raises(DatasetError, match=r"It is not known which patient .*\^\(C\\d\+\).*manifest.*'file'"):
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
    with pytest.raises(DatasetError, match=r"1 images of .* are in no folder of a class: loose\.png\. Move"):
        Folder(str(folder), patient_pattern="file").records()


def test_a_folder_without_healthy_cells_is_refused(folder):
    with pytest.raises(DatasetError, match="There are no healthy cells among the 4 images"):
        Folder(str(folder), healthy="normal", patient_pattern="file").records()


def test_neither_folder_nor_manifest_is_refused():
    with pytest.raises(DatasetError, match="neither folder nor manifest"):
        Folder().records()


def test_a_manifest_says_label_patient_and_group(manifest):
    assert rows(manifest(TABLE)) == BY_TABLE


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


def test_all_faults_of_a_manifest_are_told_at_once_with_their_rows(manifest):
    bad = "path,label,patient\n" + "gone.png,2,\n" * 2 + "healthy/C1_a.png,0,anna\n" * 2
    with pytest.raises(DatasetError) as caught:
        manifest(bad).records()
    assert "7 faults" in str(caught.value)
    assert "  row 2: there is no file 'gone.png'\n  row 2: label '2' is none of 0, heal" in str(caught.value)
    assert "  row 2: the patient is missing\n  row 3" in str(caught.value)
    assert "row 5: 'healthy/C1_a.png' is in row 4 already" in str(caught.value)


def test_of_many_faults_the_first_twenty_are_told_and_how_many_more(manifest):
    with pytest.raises(DatasetError) as caught:
        manifest("path,label,patient\n" + "gone.png,0,anna\n" * 30).records()
    assert "has 30 faults" in str(caught.value)
    assert str(caught.value).count("gone.png") == 20
    assert str(caught.value).endswith("\n  and 10 more")


def test_a_path_that_stands_twice_is_a_fault(manifest):
    with pytest.raises(DatasetError, match=r"row 5: 'healthy/C1_a\.png' is in row 2 already"):
        manifest(TABLE + "healthy/C1_a.png,0,anna,\n").records()


def test_a_manifest_without_the_columns_is_refused(manifest):
    with pytest.raises(DatasetError, match="has no column path, patient, but file;label, label"):
        manifest("file;label,label\n").records()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"path,label,patient\n\xff\xfe,0,a\n", "is not UTF-8 text, at byte 19 in line 2"),
        (b'path,label,patient\n"' + b"a" * 140_000, "is no table: field larger"),
        (b"path,label,patient\na.png,0,J\xfcrg\n", "save it as UTF-8, in a spreadsheet as 'CSV UTF-8'"),
        (b"PK\x03\x04\x14", "is a workbook of a spreadsheet program"),
        (b"path,label,patient\n\0,0,a\n", "line 2 holds the byte 0"),
        (b'path,label,patient\n"a.png,0,a\n', "in row 2. Check its quotation marks"),
    ],
)
def test_an_unreadable_manifest_is_refused(tmp_path, content, said):
    (tmp_path / "cells.csv").write_bytes(content)
    with pytest.raises(DatasetError, match=said):
        Folder(manifest=str(tmp_path / "cells.csv")).records()


LAYOUTS = {
    "semicolons": TABLE.replace(",", ";").encode(),
    "tabs": TABLE.replace(",", "\t").encode(),
    "a line that says what stands between": b"sep=;\r\n" + TABLE.replace(",", ";").encode(),
    "UTF-16": TABLE.replace(",", "\t").encode("utf-16"),
    "UTF-16 without a mark": TABLE.encode("utf-16-le"),
    "UTF-16 of the other order": TABLE.encode("utf-16-be"),
    "UTF-32": TABLE.encode("utf-32"),
    "line ends of Windows": TABLE.replace("\n", "\r\n").encode(),
    "line ends of old Macs": TABLE.replace("\n", "\r").encode(),
    "other headings": TABLE.replace("path,label,patient,group", "File Name,Class,Patient_ID,Group").encode(),
    "paths of Windows": TABLE.replace("/", "\\").encode(),
    "detours": TABLE.replace("ring/", "healthy/../ring/./").encode(),
    "empty rows": TABLE.replace("\n", "\n,,,\n\n").encode(),
    "labels of a calculator": TABLE.replace(",0,", ",0.0,").replace("anomaly", "1.0").encode(),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_manifest_is_read_as_people_write_it(folder, layout):
    (folder / "cells.csv").write_bytes(LAYOUTS[layout])
    assert rows(Folder(manifest=str(folder / "cells.csv"))) == BY_TABLE


@pytest.mark.parametrize("healthy", ["0", "Healthy", "NORMAL", "uninfected", "negative"])
@pytest.mark.parametrize("other", ["1", "abnormal", "Infected", "parasitized", "positive"])
def test_labels_have_several_spellings(manifest, healthy, other):
    table = TABLE.replace(",0,", f",{healthy},").replace("anomaly", other)
    assert rows(manifest(table)) == BY_TABLE


def test_windows_paths_into_a_zip_are_read(packed):
    table = packed.with_name("cells.csv")
    table.write_text("path,label,patient\nset.zip!wrapper\\healthy\\C1_a.png,0,anna\n")
    assert Folder(manifest=str(table)).records()[0].source == Source(packed, "wrapper/healthy/C1_a.png")


@pytest.mark.parametrize("name", ["healthy/../healthy/C1_a.png", "./healthy//C1_a.png", "healthy\\C1_a.png"])
def test_one_image_written_in_two_ways_stands_twice(manifest, name):
    with pytest.raises(DatasetError, match=r"row 5: '.*C1_a\.png' is in row 2 already"):
        manifest(TABLE + f"{name},0,anna,\n").records()


def test_a_number_of_a_patient_is_the_same_with_a_decimal_point(manifest):
    found = rows(manifest(TABLE.replace("anna", "7").replace("bea", "7.0")))
    assert {patient for _, _, patient, _ in found} == {"7"}


@pytest.mark.parametrize("nobody", ["NaN", "nan", "NA", "n/a", "None", "null", "unknown", "?"])
def test_what_stands_for_nobody_is_no_patient(manifest, nobody):
    with pytest.raises(DatasetError, match=r"row 2: the patient is '.*', which is not a name"):
        manifest(TABLE.replace("anna", nobody)).records()


def test_a_surplus_comma_is_a_fault_of_its_row(manifest):
    with pytest.raises(DatasetError, match="row 5: it has 5 cells where the headings are 4, such as 'ring'"):
        manifest(TABLE + "healthy/C9,b.png,0,anna,ring\n").records()


def test_a_row_that_is_cut_off_is_a_fault(manifest):
    with pytest.raises(DatasetError, match="row 5: it has 2 cells where the headings are 4"):
        manifest(TABLE + "healthy/C9_b.png,0\n").records()


def test_two_headings_that_mean_the_same_are_refused(manifest):
    with pytest.raises(DatasetError, match="the headings 'file' and 'image', which both mean path"):
        manifest("file,image,label,patient\n").records()


def test_an_own_heading_goes_before_another_spelling(manifest):
    table = "image,path,label,patient\n7,healthy/C1_a.png,0,anna\n"
    assert rows(manifest(table)) == [("C1_a.png", 0, "anna", "")]


@pytest.mark.skipif(os.name == "nt", reason="a path of this computer")
def test_a_path_of_a_windows_computer_is_called_so(manifest):
    with pytest.raises(DatasetError, match="a path of a Windows computer: write it relative to the manifest"):
        manifest(TABLE + "D:\\cells\\C1_a.png,0,anna,\n").records()


def test_a_name_that_no_file_system_takes_is_no_file(manifest):
    with pytest.raises(DatasetError, match="there is no file 'aaa"):
        manifest(TABLE + "a" * 5000 + ",0,anna,\n").records()


@pytest.mark.parametrize("name", ["cells.xlsx", "cells.XLS", "cells.ods"])
def test_a_workbook_is_named_with_the_remedy(tmp_path, name):
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    with pytest.raises(DatasetError, match=r"cells.* is a workbook .* save the sheet as 'CSV UTF-8'"):
        open_dataset(tmp_path / name).records()


def test_a_manifest_without_rows_has_no_healthy_cells(manifest):
    with pytest.raises(DatasetError, match="no healthy cells among the 0 images"):
        manifest("path,label,patient\n").records()


def test_a_path_to_folders_with_patients_in_the_names_is_a_folder_set(folder):
    assert rows(open_dataset(folder)) == BY_PATTERN


@pytest.mark.parametrize("name", ["cells.tsv", "cells.txt", "cells.CSV"])
def test_a_table_is_a_manifest_whatever_its_usual_ending(folder, name):
    (folder / name).write_text(TABLE.replace(",", "\t"))
    assert rows(open_dataset(folder / name)) == BY_TABLE


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
        open_cohort(folder)


def test_a_path_to_unsorted_images_says_how_to_sort_them(tmp_path):
    (tmp_path / "C1.png").touch()
    with pytest.raises(
        DatasetError, match=r"1 images but neither .* nor a folder 'healthy'.* Sort the images"
    ):
        open_dataset(tmp_path)


def test_a_path_to_nothing_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="There is no folder or zip file at"):
        open_dataset(tmp_path / "nowhere")


def touched(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def test_folders_of_patients_may_stand_above_those_of_the_classes(tmp_path):
    touched(tmp_path, "anna/healthy/1.png", "anna/ring/2.png", "ben/healthy/1.png", "ben/ring/3.png")
    found = rows(Folder(str(tmp_path), patient_pattern="folder"))
    assert found == [
        ("1.png", 0, "anna", ""),
        ("2.png", 1, "anna", "ring"),
        ("1.png", 0, "ben", ""),
        ("3.png", 1, "ben", "ring"),
    ]


def test_folders_of_patients_may_stand_below_those_of_the_classes(tmp_path):
    touched(tmp_path, "healthy/anna/1.png", "ring/ben/2.png")
    assert [row[2] for row in rows(Folder(str(tmp_path), patient_pattern="folder"))] == ["anna", "ben"]


@pytest.mark.parametrize("name", ["normal", "Uninfected"])
def test_the_folder_of_healthy_images_is_known_by_other_names(name, tmp_path):
    touched(tmp_path, f"{name}/C1_a.png", "sick/C2_b.png")
    assert [row[1:] for row in rows(open_dataset(tmp_path))] == [(0, "C1", ""), (1, "C2", "sick")]


def test_two_folders_that_may_both_be_the_healthy_one_are_not_guessed(tmp_path):
    with pytest.raises(DatasetError, match=r"neither .* nor a folder 'healthy'"):
        open_dataset(touched(tmp_path, "normal/C1_a.png", "uninfected/C2_b.png"))


@pytest.mark.parametrize(
    ("patients", "found"),
    [
        ("file", ["healthy/C1_a", "ring/C2_c"]),
        ("one", ["cells.csv"] * 2),
        ("unknown", ["", ""]),
        ("_(.)", ["a", "c"]),
    ],
)
def test_a_table_without_patients_is_told_whose_the_images_are(folder, patients, found):
    (folder / "cells.csv").write_text("path,label\nhealthy/C1_a.png,0\nring/C2_c.png,1\n")
    dataset = open_dataset(folder / "cells.csv").naming(patients)
    assert [record.patient for record in dataset.records()] == found


def test_a_table_with_missing_patients_says_how_to_go_on_without(manifest):
    with pytest.raises(
        DatasetError, match=r"Where no patient is known, leave out the column patient and give .*`patients`"
    ):
        manifest("path,label,patient\nhealthy/C1_a.png,0,\n").records()


def test_a_table_that_names_patients_takes_no_other_names(manifest):
    with pytest.raises(ConfigError, match=r"names its patients itself; leave out `patients` \('one'\)"):
        manifest(TABLE).naming("one").records()


def test_the_words_of_a_set_are_those_of_its_folders_unless_it_is_told():
    def said(*groups, **fields):
        records = [
            Record(Source(Path(f"{number}.png")), 1, "C1", group) for number, group in enumerate(groups)
        ]
        return Folder("set", **fields).words(records)

    assert said("Tumour", thing="slice") == Words("slice", "tumour")
    assert said("Tumour", anomaly="diseased") == Words("", "diseased")
    assert said("rings", "late") == said("") == said() == Words()
