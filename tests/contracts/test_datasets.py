"""The exam that every data set passes; a new one adds how a small instance of it is built."""

import csv
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from normocyte.core.registry import part_class, part_names
from normocyte.core.types import Part
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.datasets.splits.split import Fractions, places, split
from normocyte.images.reading import read


def cells_in(root, *classes):
    """Small grey pictures of six patients in each of two class folders."""
    for folder in classes:
        (root / folder).mkdir(parents=True)
        for number in range(12):
            picture = np.full((24, 24, 3), 20 * number, np.uint8)
            cv2.imwrite(str(root / folder / f"C{number % 6}_cell_{number}.png"), picture)
    return str(root)


def nih_malaria(root):
    return {"folder": cells_in(root, "Parasitized", "Uninfected")}


def folder(root):
    return {"folder": cells_in(root, "healthy", "ring"), "patient_pattern": r"^(C\d+)"}


def synthetic(root):
    return {"folder": str(root), "cells": 48, "patients": 8, "seed": 3}


def medmnist(root):
    images = np.arange(48, dtype=np.uint8).repeat(28 * 28).reshape(48, 28, 28)
    np.savez(root / "cells.npz", train_images=images, train_labels=np.arange(48)[:, None] % 3)
    return {"file": str(root / "cells.npz"), "healthy": "0,2"}


def nifti(root):
    nibabel = pytest.importorskip("nibabel")
    rows = np.arange(24, dtype=np.float32)
    for number in range(12):
        place = root / ("healthy" if number < 9 else "lesion") / f"v{number}.nii"
        place.parent.mkdir(exist_ok=True)
        nibabel.save(nibabel.Nifti1Image(np.add.outer(np.add.outer(rows, rows), rows[:4]), np.eye(4)), place)
    return {"folder": str(root)}


def dicom(root):
    for number in range(24):
        place = root / ("healthy" if number % 4 else "nodule") / f"{number:02}.dcm"
        place.parent.mkdir(exist_ok=True)
        write_dicom(place, np.full((16, 16), 5 * number, np.uint8), f"Anna {number % 8}")
    return {"folder": str(root)}


def write_dicom(place, picture, patient):
    """A gray picture of a patient, uncompressed."""
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = SecondaryCaptureImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = "1.2.3"
    image.PatientID, image.PhotometricInterpretation = patient, "MONOCHROME2"
    image.Rows, image.Columns, image.SamplesPerPixel = *picture.shape, 1
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 8, 8, 7, 0
    image.PixelData = picture.tobytes()
    image.save_as(place, enforce_file_format=True)


SMALL = {
    "nih_malaria": nih_malaria,
    "folder": folder,
    "synthetic": synthetic,
    "medmnist": medmnist,
    "nifti": nifti,
    "dicom": dicom,
}


@pytest.fixture(scope="module", params=part_names("datasets"))
def dataset(request, tmp_path_factory, own_exam):
    root = tmp_path_factory.mktemp(request.param)
    if own_exam:
        return own_dataset(request.param, own_exam.get("data"))
    return part_class("datasets", request.param)(**SMALL[request.param](root))


def own_dataset(name, path):
    """An own reader reads what its author has."""
    if not path:
        pytest.skip("give a small data set that it reads, with --data")
    return part_class("datasets", name)(folder=path)


@pytest.fixture(scope="module")
def records(dataset):
    """Where it is not known whose the images are, each has a patient of its own."""
    return list(Cohort.of(dataset).records)


def test_there_are_healthy_cells_and_anomalies_and_no_other_labels(records):
    assert {record.label for record in records} == {0, 1}


def test_every_record_names_its_patient(records):
    assert all(record.patient and record.patient.strip() == record.patient for record in records)


def test_more_than_one_patient_can_be_told_apart(records):
    assert len({record.patient for record in records}) > 1


def test_records_are_sorted_by_source_and_no_source_stands_twice(records):
    sources = [record.source for record in records]
    assert sources == sorted(set(sources))


def test_every_source_is_a_picture_that_can_be_decoded(records):
    assert all(read(record.source).ndim == 3 for record in records)


def test_asking_twice_gives_the_same_answer(dataset, records):
    assert list(Cohort.of(dataset).records) == records


def test_doubtful_names_are_stems_of_the_set(dataset, records):
    assert dataset.doubtful() <= {Path(record.source.name).stem for record in records}


def test_no_patient_stands_in_two_parts_of_a_split(records):
    parts = defaultdict(set)
    done = split(records, Fractions(), 5)
    for record, part in zip(done.records, done.parts, strict=True):
        parts[record.patient].add(part)
    assert all(len(own - {Part.LEFT_OUT}) == 1 for own in parts.values())


def test_a_saved_split_names_the_part_of_every_image_of_the_set(dataset, records, tmp_path):
    done = split(records, Fractions(), 5)
    done.save(tmp_path / "split.csv")
    with (tmp_path / "split.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    again = dataset.records()
    assert [rows[place]["part"] for place in places(again)] == [str(part) for part in done.parts]
    assert [rows[place]["label"] for place in places(again)] == [str(record.label) for record in again]


def test_every_field_has_a_default(dataset):
    assert type(dataset)() == type(dataset)()
