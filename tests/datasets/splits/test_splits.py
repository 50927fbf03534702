from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, DatasetError, OutputError
from normocyte.core.types import ANOMALY, HEALTHY, UNKNOWN_PATIENT, Part, Record, Source
from normocyte.datasets.splits.split import Fractions, Protocol, Split, places, split

HEALTHY_PARTS = [Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION]
LABELLED_PARTS = [Part.TUNING, Part.TEST]


def cells(patient, healthy, anomalies):
    """Records of one patient."""
    labels = [HEALTHY] * healthy + [ANOMALY] * anomalies
    return [
        Record(Source(Path(f"set/{label}/{patient}_{number}.png")), label, patient, "ring" if label else "")
        for number, label in enumerate(labels)
    ]


def cohort(counts):
    """Records of patients C0, C1, ... with these numbers of healthy cells and anomalies."""
    return [record for number, pair in enumerate(counts) for record in cells(f"C{number}", *pair)]


def standing(done):
    """The parts of each patient, left_out aside."""
    found = defaultdict(set)
    for record, part in zip(done.records, done.parts, strict=True):
        if part is not Part.LEFT_OUT:
            found[record.patient].add(part)
    return found


# Enough patients of each kind for every part and for both protocols, in any numbers.
count = st.integers(1, 30)
enough = st.tuples(
    st.lists(st.tuples(count, st.just(0)), min_size=3, max_size=12),
    st.lists(st.tuples(count, count), min_size=2, max_size=12),
    st.lists(st.tuples(st.just(0), count), max_size=4),
).map(lambda kinds: cohort([pair for kind in kinds for pair in kind]))
seeds = st.integers(0, 2**32)
protocols = st.sampled_from(["mixed", "clean_patients"])
MANY = cohort([(20, 0)] * 30 + [(15, 15)] * 60)


@given(enough, seeds, protocols)
def test_no_patient_stands_in_two_parts(records, seed, protocol):
    done = split(records, Fractions(), seed, protocol)
    assert all(len(parts) == 1 for parts in standing(done).values())


@given(enough, seeds, protocols)
def test_every_record_is_accounted_for_exactly_once(records, seed, protocol):
    done = split(records, Fractions(), seed, protocol)
    dealt = [record for part in Part for record in done.part(part)]
    assert sorted(dealt, key=lambda record: record.source) == sorted(
        records, key=lambda record: record.source
    )


@given(enough, seeds, protocols)
def test_the_same_seed_gives_the_same_split_whatever_the_order_of_the_records(records, seed, protocol):
    one = split(records, Fractions(), seed, protocol)
    other = split(records[::-1], Fractions(), seed, protocol)
    assert one.parts == other.parts[::-1]


@given(seeds)
def test_another_seed_gives_another_split(seed):
    assert split(MANY, Fractions(), seed).parts != split(MANY, Fractions(), seed + 1).parts


@given(enough, seeds, protocols)
def test_train_held_out_and_calibration_hold_healthy_cells_only_and_some(records, seed, protocol):
    done = split(records, Fractions(), seed, protocol)
    assert [{record.label for record in done.part(part)} for part in HEALTHY_PARTS] == [{HEALTHY}] * 3


@given(enough, seeds, protocols)
def test_tuning_and_test_hold_both_classes(records, seed, protocol):
    done = split(records, Fractions(), seed, protocol)
    assert [{record.label for record in done.part(part)} for part in LABELLED_PARTS] == [{0, 1}] * 2


@given(enough, seeds)
def test_only_anomalies_of_healthy_parts_are_left_out(records, seed):
    done = split(records, Fractions(), seed)
    teachers = {record.patient for part in HEALTHY_PARTS for record in done.part(part)}
    wanted = [record for record in records if record.label == ANOMALY and record.patient in teachers]
    assert done.part(Part.LEFT_OUT) == wanted


@given(enough, seeds)
def test_clean_patients_alone_teach_under_the_second_protocol(records, seed):
    done = split(records, Fractions(), seed, Protocol.CLEAN_PATIENTS)
    infected = {record.patient for record in records if record.label == ANOMALY}
    teachers = {record.patient for part in HEALTHY_PARTS for record in done.part(part)}
    assert not teachers & infected
    assert done.part(Part.LEFT_OUT) == []


@given(seeds)
def test_the_counts_of_cells_come_close_to_the_fractions(seed):
    done = split(MANY, Fractions(), seed)
    patients = standing(done)
    shares = {
        part: sum(parts == {part} for parts in patients.values()) / 90 for part in Fractions().by_part()
    }
    assert shares == pytest.approx(Fractions().by_part(), abs=0.035)


@given(seeds)
def test_uneven_patients_keep_the_share_of_both_classes_in_test(seed):
    records = cohort(
        [(number, 0) for number in range(5, 35)] + [(number, 40 - number) for number in range(1, 40)] * 2
    )
    test = split(records, Fractions(), seed).part(Part.TEST)
    shares = [
        sum(record.label == label for record in test) / sum(record.label == label for record in records)
        for label in (HEALTHY, ANOMALY)
    ]
    assert shares == pytest.approx([0.25, 0.25], abs=0.06)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6), seeds, protocols)
def test_too_few_patients_are_split_rightly_or_refused(counts, seed, protocol):
    records = cohort(counts)
    answer = _filled_parts_or_refusal(records, seed, protocol)
    assert answer == 5 or answer.startswith("Too few patients to split")


def _filled_parts_or_refusal(records, seed, protocol):
    try:
        done = split(records, Fractions(), seed, protocol)
    except DatasetError as error:
        return str(error)
    return sum(bool(done.part(part)) for part in Fractions().by_part())


def test_one_patient_only_is_refused_with_the_counts():
    with pytest.raises(
        DatasetError, match=r"none is left of 1 patients \(0 with healthy cells only, 1 with both"
    ):
        split(cohort([(50, 50)]), Fractions(), 0)


def test_who_tunes_nothing_is_not_advised_to_tune_nothing():
    records = cohort([(20, 0)] * 2 + [(0, 20)] * 5)
    untuned = Fractions(train=0.5, held_out=0.1, calibration=0.2, tuning=0.0, test=0.2)
    with pytest.raises(DatasetError, match=r"needs a patient .*Add patients, or give .*unknown"):
        split(records, untuned, 0)
    with pytest.raises(DatasetError, match=r"Add patients, or set the fraction of tuning to 0\.$"):
        split(records, Fractions(), 0)


def test_too_few_clean_patients_for_calibration_are_named():
    records = cohort([(5, 0)] * 2 + [(5, 5)] * 9)
    with pytest.raises(DatasetError, match=r"part 'calibration' needs a patient free of anomalies.*'mixed'"):
        split(records, Fractions(), 0, "clean_patients")


def test_without_anomalies_there_is_nothing_to_test():
    with pytest.raises(DatasetError, match="part 'test' needs a patient with anomalies"):
        split(cohort([(5, 0)] * 9), Fractions(), 0)


def test_tuning_may_be_left_away():
    done = split(cohort([(9, 0)] * 6 + [(9, 9)]), Fractions(0.5, 0.1, 0.15, 0.0, 0.25), 0)
    assert done.part(Part.TUNING) == []


def test_five_patients_with_both_classes_are_enough():
    done = split(cohort([(3, 3)] * 5), Fractions(), 0)
    assert all(done.part(part) for part in Fractions().by_part())


def test_separate_patients_for_each_class_are_enough():
    done = split(cohort([(3, 0)] * 5 + [(0, 3)] * 2), Fractions(), 0)
    assert all(done.part(part) for part in Fractions().by_part())


def test_an_unknown_protocol_is_refused_with_the_known_ones():
    with pytest.raises(
        ConfigError, match=r"no protocol called 'clean'. Choose one of: mixed, clean_patients"
    ):
        split(MANY, Fractions(), 0, "clean")


def test_every_patient_may_serve_to_learn_and_to_calibrate():
    parts = split(MANY, Fractions(0.7, 0.1, 0.2, 0.0, 0.0), 0, "mixed")
    assert [len(parts.part(part)) for part in (Part.TUNING, Part.TEST)] == [0, 0]
    assert all(parts.part(part) for part in (Part.TRAIN, Part.HELD_OUT, Part.CALIBRATION))


@pytest.mark.parametrize(
    ("fractions", "reason"),
    [
        ((0.5, 0.1, 0.1, 0.1, 0.3), "must be 1 together, not 1.1"),
        ((-0.1, 0.5, 0.2, 0.1, 0.3), "train must be a number above 0 and at most 1, not -0.1"),
        ((0.5, 0.1, 0.0, 0.2, 0.2), "calibration must be a number above 0 and at most 1, not 0"),
        ((0.6, 0.1, 0.2, -0.1, 0.2), "tuning must be a number from 0 to 1, not -0.1"),
        ((float("nan"), 0.1, 0.2, 0.1, 0.2), "train must be a number above 0 and at most 1, not nan"),
    ],
)
def test_impossible_fractions_are_refused_with_the_reason(fractions, reason):
    with pytest.raises(ConfigError, match=reason):
        Fractions(*fractions)


@pytest.fixture
def saved(tmp_path):
    """A saved split of a small set: its path, its text and the records."""
    records = cohort([(2, 0)] * 4 + [(2, 2)] * 3)
    split(records, Fractions(), 0).save(tmp_path / "split.csv")
    return tmp_path / "split.csv", (tmp_path / "split.csv").read_text(), records


def test_a_split_is_a_csv_file_with_places_in_the_set(saved):
    lines = saved[1].splitlines()
    assert lines[0] == "path,label,patient,group,part"
    assert [line.rpartition(",")[0] for line in lines if "1/C6_3" in line] == ["1/C6_3.png,1,C6,ring"]


def test_a_split_names_the_same_places_when_the_set_has_moved_into_a_zip(saved):
    moved = [
        Record(
            Source(Path("/elsewhere/set.zip"), f"x/{'/'.join(old.source.path.parts[1:])}"),
            old.label,
            old.patient,
        )
        for old in saved[2]
    ]
    assert places(moved) == places(saved[2])


def test_a_patient_in_two_parts_is_refused_by_name():
    with pytest.raises(DatasetError, match=r"1 patients are in two parts .*C0 \(test, train\)"):
        Split(tuple(cohort([(2, 0)])), (Part.TRAIN, Part.TEST))


def test_cells_of_whom_nothing_is_known_may_stand_in_several_parts():
    records = tuple(Record(Source(Path(name)), HEALTHY, UNKNOWN_PATIENT) for name in "ab")
    assert Split(records, (Part.TRAIN, Part.TEST)).part(Part.TEST) == [records[1]]


def test_an_anomaly_among_the_healthy_is_refused():
    with pytest.raises(DatasetError, match=r"Anomalies are among what must be healthy: 2 in train"):
        Split(tuple(cohort([(1, 2)])), (Part.TRAIN,) * 3)


def test_a_split_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Cannot write"):
        split(cohort([(3, 3)] * 5), Fractions(), 0).save(tmp_path / "file" / "split.csv")
