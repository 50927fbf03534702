"""Patients that a table or a column of the manifest names."""

from pathlib import Path

import pytest

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.datasets.opening.detect import open_cohort
from normocyte.datasets.opening.healthy import healthy_cells
from normocyte.datasets.support.patients import patient_rule, said_of


@pytest.fixture
def site(tmp_path):
    """Four images in folders of classes, and a table of patients beside them."""

    def make(table, *names):
        for name in names or ("healthy/a.png", "healthy/b.png", "lesion/c.png", "lesion/d.png"):
            (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "site" / name).touch()
        (tmp_path / "whose.csv").write_text(table, encoding="utf-8")
        return tmp_path / "site", str(tmp_path / "whose.csv")

    return make


def people(cohort):
    return {record.source.name: record.patient for record in cohort.records}


def test_a_table_names_the_patient_of_each_file(site):
    folder, table = site("file,patient\na.png,Anna\nb.png,Bert\nlesion/c.png,Carl\nd.png,Carl\n")
    cohort = open_cohort(folder, table)
    assert people(cohort) == {"a.png": "Anna", "b.png": "Bert", "c.png": "Carl", "d.png": "Carl"}
    assert cohort.patients_by == "by the column 'patient' of whose.csv"


def test_another_column_may_name_them_and_healthy_files_alone_too(site):
    folder, table = site("path;subject no\na.png;7\nb.png;8\n", "a.png", "b.png")
    assert people(healthy_cells(folder, f"{table}:Subject_No")) == {"a.png": "7", "b.png": "8"}


FAULTS = {
    "a file that is not named": (
        "file,patient\na.png,Anna\n",
        "names no patient for 3 of 4 images: healthy/b",
    ),
    "an empty cell": (
        "file,patient\na.png,A\nb.png,\nc.png,C\nd.png,C\n",
        "names no patient for 1 of 4 images",
    ),
    "no such column": ("file,whose\na.png,Anna\n", "has no column patient, but file, whose"),
}


@pytest.mark.parametrize(("table", "said"), FAULTS.values(), ids=FAULTS)
def test_a_table_that_does_not_say_it_is_refused(site, table, said):
    folder, path = site(table)
    with pytest.raises(DatasetError, match=said):
        open_cohort(folder, path)


def test_files_called_alike_need_their_folders(site):
    names = ("healthy/a.png", "lesion/a.png")
    folder, path = site("file,patient\none/a.png,Anna\ntwo/a.png,Bert\n", *names)
    with pytest.raises(DatasetError, match="several patients for files called alike: one"):
        open_cohort(folder, path)
    folder, path = site("file,patient\nhealthy/a.png,Anna\nlesion/a.png,Bert\n", *names)
    assert sorted(record.patient for record in open_cohort(folder, path).records) == ["Anna", "Bert"]


def test_another_column_of_a_manifest_names_the_patients(site):
    folder, _ = site("")
    manifest = folder / "cells.csv"
    manifest.write_text("path,label,who\nhealthy/a.png,0,Anna\nlesion/c.png,1,Carl\n", encoding="utf-8")
    assert people(open_cohort(manifest, "column:who")) == {"a.png": "Anna", "c.png": "Carl"}
    with pytest.raises(DatasetError, match="has no column whose, but path, label, who"):
        open_cohort(manifest, "column:whose")


def test_a_column_of_a_folder_is_refused_with_what_to_give(site):
    folder, _ = site("")
    with pytest.raises(
        ConfigError, match=r"is for a CSV manifest, but .* is none; name the table, as .patients\.csv"
    ):
        open_cohort(folder, "column:who")


@pytest.mark.parametrize("rule", ["dicom", "dicom:StudyInstanceUID", "a.csv", "b.tsv:who", "column:who"])
def test_each_is_a_rule_and_can_be_said(rule):
    assert patient_rule(rule) == rule
    assert said_of(rule).startswith("by the ")


@pytest.mark.parametrize("rule", ["dicom:", "dicoms", "column:", "file.txt"])
def test_what_is_nearly_one_is_an_expression_without_a_group(rule):
    with pytest.raises(ConfigError, match="has 0 groups"):
        patient_rule(rule)


def test_the_table_is_found_wherever_the_images_are(site):
    folder, table = site("file,patient\na.png,Anna\nb.png,Bert\nc.png,Carl\nd.png,Carl\n")
    assert Path(table).parent != folder
    assert len(set(people(open_cohort(folder, table)).values())) == 3
