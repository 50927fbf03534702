"""Healthy images that set a threshold should not be those that the detector has learnt from."""

from dataclasses import replace
from pathlib import Path

import pytest

from normocyte.core.types import Part, Record, Source
from normocyte.datasets.cohort.cohort import fingerprint_of
from normocyte.datasets.support.patients import FILE, FOLDER, UNKNOWN, said_of
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.pipeline.bundle.history import Origin
from normocyte.workflows.site.learnt import learnt_from

PARTS = (
    PartFacts(Part.TRAIN, 2, ("healthy/1.png", "healthy/2.png")),
    PartFacts(Part.HELD_OUT, 1, ("healthy/3.png",)),
    PartFacts(Part.CALIBRATION, 1, ("healthy/4.png",)),
)
FACTS = Facts("set", "ab" * 32, PARTS, patients_by=UNKNOWN)
OF_PATIENTS = Facts(
    "set",
    "ab" * 32,
    (
        PartFacts(Part.TRAIN, 2, ("anna",)),
        PartFacts(Part.HELD_OUT, 1, ("bob",)),
        PartFacts(Part.CALIBRATION, 1, ("carl",)),
        PartFacts(Part.TEST, 1, ("dora",)),
    ),
)


def images(folder, *names):
    return [Record(Source(Path(folder) / name), 0, "") for name in names]


def of_patients(*patients):
    return [Record(Source(Path(f"set/{number}.png")), 0, name) for number, name in enumerate(patients)]


@pytest.mark.parametrize("folder", ["set/healthy", "elsewhere"])
def test_images_called_as_those_of_the_training_are_told_wherever_their_folder_lies(folder):
    told = learnt_from(FACTS, images(folder, "1.png", "3.png", "4.png", "9.png"))
    assert told.startswith("2 of 4 images are called as some that the bundle has learnt from, such as 1.png.")


def test_images_are_known_from_a_folder_above_too():
    told = learnt_from(FACTS, [*images("set/healthy", "1.png"), *images("set/tumour", "1.png")])
    assert told.startswith("1 of 2 images is called as one that the bundle has learnt from")


def test_nothing_is_told_of_other_images_and_patients():
    assert not learnt_from(FACTS, images("new", "4.png", "9.png"))
    assert not learnt_from(OF_PATIENTS, of_patients("carl", "dora", "anna/1"))
    assert not learnt_from(OF_PATIENTS, of_patients("", ""))
    assert not learnt_from(replace(OF_PATIENTS, parts=()), of_patients("anna", ""))


@pytest.mark.parametrize("patients_by", ["", said_of(FOLDER), said_of("^([^_]+)_")])
def test_images_of_patients_called_as_those_of_the_training_are_told(patients_by):
    facts = replace(OF_PATIENTS, patients_by=patients_by)
    told = learnt_from(facts, of_patients("bob", "anna", "anna", "carl"))
    assert told.startswith(
        "3 of 4 images have the name of a patient that the bundle has learnt from, such as bob. If these are "
        "the same patients, the threshold may be too low, since images that were learnt score lower"
    )
    assert told.endswith("give healthy images of patients that the bundle has not learnt from.")
    assert learnt_from(facts, of_patients("anna", "dora")).startswith("1 of 2 images has the name of a pat")


@pytest.mark.parametrize("patient", ["", "2", "anna"])
def test_where_each_image_is_a_patient_its_place_says_whether_it_was_learnt(patient):
    parts = (PartFacts(Part.TRAIN, 2, ("healthy/1", "healthy/2")), PartFacts(Part.CALIBRATION, 1, ("9",)))
    facts = Facts("set", "ab" * 32, parts, patients_by=said_of(FILE))
    given = [replace(image, patient=patient) for image in images("elsewhere", "2.jpg", "9.png")]
    told = learnt_from(facts, given)
    assert told.startswith("1 of 2 images is called as one that the bundle has learnt from, such as 2. If")


def test_all_images_of_the_training_are_known_whoever_their_patients_are_here():
    given = images("set/healthy", "1.png", "2.png")
    facts = replace(OF_PATIENTS, cells_fingerprint=fingerprint_of(given))
    told = learnt_from(facts, [replace(image, patient="zoe") for image in given])
    assert told.startswith("2 of 2 images are called as those that the bundle has learnt from. If these are")
    assert not learnt_from(facts, given[:1])


@pytest.mark.parametrize("name", ["anna_1.png", "scan (anna) 3.png", "anna/7.png", "x-anna-de-1.png"])
def test_images_of_nobody_known_are_told_where_their_names_hold_such_a_patient(name):
    told = learnt_from(OF_PATIENTS, images("set", name, "carl_1.png", "annabel_1.png"))
    assert told.startswith(
        "1 of 3 images has the name of a patient that the bundle has learnt from, such as a"
    )


def test_a_short_number_in_a_name_is_that_of_the_image_and_a_long_one_that_of_the_patient():
    parts = (PartFacts(Part.TRAIN, 2, ("1", "123", "20451", "p-7")),)
    facts = replace(OF_PATIENTS, parts=parts)
    assert not learnt_from(facts, images("set", "1.png", "scan_123.png", "1/4.png"))
    assert learnt_from(facts, images("set", "20451_1.png")).startswith("1 of 1 image has")
    assert "such as p-7." in learnt_from(facts, images("set", "site_p-7_1.png"))


@pytest.mark.parametrize(
    "patients", [("C1", "C2", "C7", "C8", "C9"), ("C1", "C5", "C6"), ("P 1", "P 2", "P 3")]
)
def test_numbers_that_patients_of_any_set_have_are_told_only_where_most_are_known(patients):
    parts = (
        PartFacts(Part.TRAIN, 3, ("C1", "C3", "P 1")),
        PartFacts(Part.CALIBRATION, 1, ("C2",)),
        PartFacts(Part.TEST, 1, ("C4",)),
    )
    facts = replace(OF_PATIENTS, parts=parts)
    assert not learnt_from(facts, of_patients(*patients))
    given = of_patients("C1", "C2", "C4", "C7")
    assert learnt_from(facts, given).startswith("1 of 4 images has the name")
    assert not learnt_from(replace(facts, calibrated_on=Origin("site", "cd" * 32, UNKNOWN)), given)
