"""The exam that every data set passes; a new one adds how a small instance of it is built."""

import csv
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import pytest

from normocyte.core.registry import part_class, part_names
from normocyte.core.types import Part
from normocyte.datasets.splits.split import Fractions, places, split


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


SMALL = {"nih_malaria": nih_malaria, "folder": folder, "synthetic": synthetic}


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
    return dataset.records()


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
    pictures = [cv2.imread(str(record.source.path)) for record in records]
    assert all(picture is not None and picture.ndim == 3 for picture in pictures)


def test_asking_twice_gives_the_same_answer(dataset, records):
    assert dataset.records() == records


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
