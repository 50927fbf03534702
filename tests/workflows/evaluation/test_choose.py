"""Whom a bundle may be judged on: never a patient that it was made with."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import DatasetError
from normocyte.core.types import Part, Record, Source
from normocyte.datasets.cohort.cohort import Cohort, fingerprint_of
from normocyte.datasets.support.patients import UNKNOWN
from normocyte.pipeline.bundle.facts import Facts, PartFacts
from normocyte.pipeline.bundle.history import Origin, Replaced
from normocyte.thresholds.support.calibration import Calibration
from normocyte.workflows.evaluation import examine

PARTS = [Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION, Part.TUNING, Part.TEST]
OWN = [
    Record(Source(Path(f"{name}_{label}.png")), label, name) for name in "abcde" for label in (0, 1)
]  # patient a trains, b is held out, c calibrates, d tunes, e tests


def made_from(records):
    """What a bundle knows of the set that it was made from."""
    parts = tuple(PartFacts(part, 2, (name,)) for part, name in zip(PARTS, "abcde", strict=True))
    return SimpleNamespace(facts=Facts("drawn", fingerprint_of(records), parts))


def choose(bundle, records, has_new_patients):
    return examine.choose(bundle, Cohort("drawn", tuple(records)), has_new_patients)


def patients(records):
    return {record.patient for record in records}


def test_of_its_own_set_only_test_patients_are_judged():
    chosen = choose(made_from(OWN), OWN, False)
    assert (patients(chosen.test), patients(chosen.tuning), patients(chosen.calibration)) == (
        {"e"},
        {"d"},
        {"c"},
    )


def test_its_own_set_is_known_in_another_order_and_another_place():
    moved = [Record(Source(Path("elsewhere") / r.source.name), r.label, r.patient) for r in reversed(OWN)]
    assert patients(choose(made_from(OWN), moved, False).test) == {"e"}


def test_only_healthy_cells_calibrate():
    assert {record.label for record in choose(made_from(OWN), OWN, False).calibration} == {0}


def test_of_a_new_set_patients_with_known_names_are_left_out_and_counted():
    new = [*OWN, Record(Source(Path("f.png")), 0, "f")]
    chosen = choose(made_from(OWN), new, False)
    assert patients(chosen.test) == {"e", "f"}
    assert "8 cells of patients with known names were left out" in chosen.note


def test_of_unknown_patients_it_is_places_that_are_known_and_left_out():
    new = [*OWN, Record(Source(Path("f.png")), 0, "f")]
    made = made_from(OWN)
    made.facts = replace(made.facts, patients_by=UNKNOWN)
    note = choose(made, new, False).note
    assert "8 cells at those places were left out" in note
    assert "names" not in note


def test_new_people_of_the_same_names_are_all_judged():
    assert choose(made_from(OWN), OWN, True).test == tuple(OWN)


def test_nobody_left_is_an_error_that_says_how_many_there_were():
    known = [record for record in OWN if record.patient in "ab"]
    with pytest.raises(DatasetError, match="All 4 cells are of patients whose names"):
        choose(made_from(OWN), known, False)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 1)), min_size=1, max_size=30))
def test_no_set_makes_a_taught_patient_a_test_patient(cells):
    records = [Record(Source(Path(f"{i}.png")), label, name) for i, (name, label) in enumerate(cells)]
    try:
        chosen = choose(made_from(OWN), records, False)
    except DatasetError:
        assert patients(records) <= set("abcd")
        return
    assert not patients(chosen.test) & set("abcd")


def test_of_a_set_whose_patients_all_taught_nobody_is_left():
    parts = (PartFacts(Part.TRAIN, 10, tuple("abcde")), PartFacts(Part.TEST, 0, ()))
    with pytest.raises(DatasetError, match=r"left 0 patients for testing\. Give cells of other patients"):
        choose(SimpleNamespace(facts=Facts("drawn", fingerprint_of(OWN), parts)), OWN, False)


def past_of(patient, patients_by=""):
    """A replaced calibration on one cell of this patient, of the training set unless said otherwise."""
    origin = Origin("drawn", "f" * 64, patients_by)
    return Replaced(1.0, {"name": "mad"}, origin, "0.1", "", Calibration(np.ones(1), np.array([patient])))


def calibrated_on(*people, before=()):
    """The bundle made from OWN, after a site has calibrated it on these people, and other sites before."""
    facts = made_from(OWN).facts
    parts = tuple(PartFacts(p.part, 2, people) if p.part == Part.CALIBRATION else p for p in facts.parts)
    site = Facts(facts.data, facts.data_fingerprint, parts, 0, Origin("site", "e" * 64, "named"))
    return SimpleNamespace(facts=site, history=(past_of("c"), *before))


def test_after_a_site_calibrated_it_the_training_set_has_the_same_test_and_calibration_patients():
    chosen = choose(calibrated_on("s"), OWN, False)
    assert (patients(chosen.test), patients(chosen.calibration)) == ({"e"}, {"c"})


def test_a_training_patient_of_the_name_of_one_at_the_site_still_calibrates_no_baseline():
    assert patients(choose(calibrated_on("a"), OWN, False).calibration) == {"c"}


def test_a_test_patient_on_whom_it_was_calibrated_later_is_not_judged():
    with pytest.raises(DatasetError, match="left 0 patients for testing"):
        choose(calibrated_on("e"), OWN, False)


def test_patients_of_the_site_that_calibrated_are_never_judged_not_even_as_new_people():
    site = [Record(Source(Path(f"{name}.png")), 0, name) for name in "aest"]
    bundle = calibrated_on("s", before=[past_of("t", "named")])
    assert patients(choose(bundle, site, False).test) == {"e"}
    assert patients(choose(bundle, site, True).test) == {"a", "e"}


def test_the_first_calibration_patients_stay_known_after_another_calibration():
    assert patients(choose(calibrated_on("s"), [*OWN[4:6], *OWN[8:]], False).test) == {"e"}


def test_a_site_of_calibration_patients_alone_is_refused_with_what_to_give():
    site = [Record(Source(Path("s.png")), 0, "s")]
    with pytest.raises(DatasetError, match=r"Give cells of patients whom it was not calibrated on\."):
        choose(calibrated_on("s"), site, True)


def test_unknown_calibration_patients_are_said_to_be_unknown():
    assert "Whose the calibration cells are is unknown" in choose(calibrated_on(), OWN, False).note
    assert "unknown" not in choose(calibrated_on("s"), OWN, False).note


def test_its_own_images_under_other_patients_are_refused():
    cohort = Cohort("drawn", tuple(replace(record, patient="") for record in OWN)).told()
    facts = replace(made_from(OWN).facts, cells_fingerprint=cohort.cells_fingerprint)
    with pytest.raises(
        DatasetError, match=r"its patients are those that the set names\. Give `patients` as in"
    ):
        examine.choose(SimpleNamespace(facts=facts), cohort, False)
