"""A data set that is listed once: its split is made once for each question, and copies count once."""

from dataclasses import replace
from pathlib import Path

import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.types import Part, Record, Source
from normocyte.datasets.cohort.cohort import Cohort, Copies, fingerprint_of
from normocyte.datasets.cohort.near import NearDuplicates
from normocyte.datasets.nih_malaria import NihMalaria
from normocyte.datasets.splits.assignment import Assignment
from normocyte.datasets.splits.split import Fractions, split
from normocyte.workflows.comparison.figures import seed_cells

RECORDS = tuple(
    Record(Source(Path(f"P{patient}_{number}_{label}.png")), label, f"P{patient}")
    for patient in range(20)
    for number in range(4)
    for label in (0, 1)
)


@pytest.fixture
def splits(monkeypatch):
    """Counts how many splits are made."""
    made, run = [], Assignment.run
    monkeypatch.setattr(Assignment, "run", lambda self, rng: made.append(1) or run(self, rng))
    return made


def test_one_question_is_split_once_and_another_anew(splits):
    cohort = Cohort("cells", RECORDS)
    asked = [cohort.split(Fractions(), seed, "mixed") for seed in (0, 0, 1, 0)]
    assert asked[0] is asked[1] is asked[3]
    assert len(splits) == 2
    assert asked[0] == split(RECORDS, Fractions(), 0)


def test_what_is_known_of_copies_makes_another_split(splits):
    cohort = Cohort("cells", RECORDS)
    cohort.split(Fractions(), 0, "mixed")
    extra = frozenset(record.source for record in RECORDS[::2] if record.patient == "P3")
    known = replace(cohort, copies=Copies(len(RECORDS), extra)).split(Fractions(), 0, "mixed")
    parts = dict(zip((record.source for record in known.records), known.parts, strict=True))
    assert {parts[source] for source in extra} == {Part.LEFT_OUT}
    assert len(splits) == 2


def test_a_set_of_one_picture_cannot_be_split():
    extra = frozenset(record.source for record in RECORDS[1:])
    with pytest.raises(DatasetError, match="The 80 healthy cells show only 1 different picture"):
        Cohort("cells", RECORDS, copies=Copies(len(RECORDS), extra)).split(Fractions(), 0, "mixed")


def test_copies_are_known_once_every_image_was_looked_at():
    cohort = Cohort("cells", RECORDS)
    assert not cohort.has_copies_known
    assert replace(cohort, copies=Copies(len(RECORDS))).has_copies_known


def test_the_fingerprint_is_of_names_labels_and_patients_and_of_no_place():
    moved = [replace(record, source=Source(Path("elsewhere") / record.source.path)) for record in RECORDS]
    assert Cohort("cells", RECORDS).fingerprint == fingerprint_of(moved[::-1])
    assert fingerprint_of(RECORDS[1:]) != fingerprint_of(RECORDS)


def test_a_data_set_gives_its_name_doubts_and_what_is_left_out(tmp_path):
    for name in ("Parasitized/C1_a.png", "Uninfected/C2_b.png", "Uninfected/film.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "doubtful_labels.csv").write_text("file\nC1_a.png\n", encoding="utf-8")
    cohort = Cohort.of(NihMalaria(str(tmp_path)))
    assert (cohort.name, len(cohort.records)) == ("nih_malaria", 2)
    assert cohort.is_doubtful(cohort.records).tolist() == [True, False]
    assert "1 of 3 files was not looked at" in cohort.left_out[0]


def nobody(records):
    return tuple(replace(record, patient="") for record in records)


def test_records_of_nobody_get_a_patient_each_and_that_is_known():
    cohort = Cohort("cells", nobody(RECORDS)).told()
    assert len({record.patient for record in cohort.records}) == len(RECORDS)
    assert not cohort.are_patients_known
    assert cohort.cautions[0].startswith("Patients unknown: images are split and counted each for itself")
    assert Cohort("cells", RECORDS).told("each image is one").patients_by == "each image is one"


def test_the_same_cells_are_known_again_whoever_their_patients_are():
    known, unknown = Cohort("cells", RECORDS), Cohort("cells", nobody(RECORDS)).told()
    assert known.cells_fingerprint == unknown.cells_fingerprint
    assert known.fingerprint != unknown.fingerprint


def test_without_anomalies_no_cell_is_set_aside_to_test_or_tune():
    healthy = tuple(Record(Source(Path(f"{row}.png")), 0, f"p{row % 10}") for row in range(100))
    parts = Cohort("cells", healthy).split(Fractions(), 0, "mixed")
    counts = [len(parts.part(part)) for part in (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION, Part.TEST)]
    assert sum(counts) == 100
    assert min(counts[:3]) > 0 == counts[3]


SCANS = tuple(Record(Source(Path(f"S{number:03}.png")), int(number % 4 == 3), "") for number in range(160))
GROUPS = tuple(SCANS[start : start + 5] for start in range(0, 100, 5))
"""Near-duplicates, healthy and anomalous ones."""


def scans(groups):
    cohort = Cohort("scans", SCANS).told()
    named = {record.source: record for record in cohort.records}
    own = tuple(tuple(named[record.source] for record in group) for group in groups)
    return replace(cohort, near=NearDuplicates(len(SCANS), own))


@pytest.mark.parametrize("seed", range(5))
def test_near_duplicates_of_unknown_patients_stand_in_one_part(seed):
    parts = dict(zip(SCANS, scans(GROUPS).split(Fractions(), seed, "mixed").parts, strict=True))
    by_group = [{parts[record] for record in group} - {Part.LEFT_OUT} for group in GROUPS]
    assert all(len(own) == 1 for own in by_group)
    assert len(set.union(*by_group)) > 1


def test_a_split_names_each_image_for_itself_though_groups_were_kept_together():
    cohort = scans(GROUPS)
    assert cohort.split(Fractions(), 0, "mixed").records == cohort.records


def test_without_near_duplicates_the_split_is_as_before():
    alone = Cohort("scans", SCANS).told().split(Fractions(), 0, "mixed")
    assert scans(()).split(Fractions(), 0, "mixed") == alone


def test_known_patients_decide_the_split_and_near_duplicates_of_two_are_told():
    near = NearDuplicates(len(RECORDS), ((RECORDS[0], RECORDS[-1]), RECORDS[2:4]))
    cohort = replace(Cohort("cells", RECORDS), copies=Copies(len(RECORDS)), near=near)
    assert cohort.split(Fractions(), 0, "mixed") == split(RECORDS, Fractions(), 0)
    assert cohort.warnings == (
        "NEAR-DUPLICATES UNDER TWO PATIENTS: 1 group is under more than one patient, such as P0_0_0.png and "
        "P19_3_1.png; they may be on both sides of the split. Check the names of the patients.",
    )


def test_near_duplicates_of_unknown_patients_are_counted_in_words():
    assert scans(GROUPS).warnings[0] == (
        "100 of 160 images are near-duplicates of others, in 20 groups; each group is kept on one side of "
        "every split."
    )


def test_images_that_are_all_near_duplicates_are_too_few_to_learn_from():
    with pytest.raises(
        DatasetError, match="120 healthy images are near-duplicates of each other, 2 different"
    ):
        scans((SCANS[:80], SCANS[80:])).split(Fractions(), 0, "mixed")


def test_a_group_of_near_duplicates_counts_as_one_patient_where_patients_are_unknown():
    cohort = scans(GROUPS)
    test = cohort.in_groups(cohort.records)
    assert len({record.patient for record in test}) == 20 + 60
    assert seed_cells(cohort, cohort.records).patients.tolist() == [record.patient for record in test]
    assert "counted each for itself, but near-duplicates together, so" in cohort.warnings[-1]


def test_slices_of_other_volumes_are_another_set():
    one, other = ([Record(Source(Path(name), "axial_004"), 0, "")] for name in ("a.nii", "b.nii"))
    assert fingerprint_of(one) != fingerprint_of(other)
    zipped = [Record(Source(Path(name), "x/C1_a.png"), 0, "C1") for name in ("a.zip", "b.zip")]
    assert fingerprint_of(zipped[:1]) == fingerprint_of(zipped[1:])
