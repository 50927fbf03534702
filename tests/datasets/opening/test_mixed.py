"""File names that betray several kinds among images that are taken as healthy."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.types import Record, Source
from normocyte.datasets.opening.healthy import HealthyCells, healthy_cells
from normocyte.datasets.opening.mixed import FEWEST_IMAGES, MOST_KINDS, mixed_names

KINDS = ("glioma", "meningioma", "pituitary", "notumor", "benign", "virus", "normal")
NUMBERED = (
    "IMG_",
    "DSC",
    "patient",
    "patient1_",
    "scan-",
    "C33P1thinF_IMG_",
    "left-",
    "right-",
    "2024-03-",
    "",
)


def called(*beginnings, images=20):
    return [f"{beginning}{number}.png" for beginning in beginnings for number in range(images)]


@pytest.mark.parametrize(
    ("beginnings", "kinds"),
    [
        (("healthy-", "glioma-"), "'healthy' (20), 'glioma' (20)."),
        (("Glioma_Tr_", "glioma Te ", "Meningioma3"), "'glioma' (40), 'meningioma' (20)."),
        (("NORMAL2-IM-", "IM-", "person1_virus_"), "'normal' (20), 'virus' (20)."),
        (("brain_benign_", "brain_malignant_"), "'benign' (20), 'malignant' (20)."),
        (("001_yes_", "001_no_"), "'no' (20), 'yes' (20)."),
        (("non_infected_", "infected_"), "'infected' (20), 'non' (20)."),
        (("case_", "control_"), "'control' (20), 'case' (20)."),
        (("Ödem_", "gesund_"), "'gesund' (20), 'ödem' (20)."),
    ],
)
def test_few_different_words_are_told_with_their_counts(beginnings, kinds):
    told = mixed_names(called(*beginnings))
    assert told.startswith(f"File names say different things: {kinds} All {20 * len(beginnings)} images are")
    assert "sort them into a folder 'healthy' and folders of the other kinds, or give a CSV manif" in told


@pytest.mark.parametrize(
    "beginnings",
    [
        ("IMG_", "DSC_", "PXL_"),
        ("patient1_", "patient2_"),
        ("C33P1thinF_IMG_2015_cell_", "C59P20ThinF_IMG_2015_cell_", "C3_thinF_original_IMG_cell_"),
        ("scan-", "slice-", "image"),
        ("left-", "right-"),
        ("12_left_", "12_right_"),
        ("2024-mar-", "2024-apr-"),
        ("WhatsApp Image 2024-01-03 at 10.", "Screenshot from 2024 "),
        ("A1_", "B2_", "ab", "3fab-"),
        ("healthy-Tr-no_", "healthy-Te-no_"),
        ("normal_", "control_", "IMG_"),
        ("anna_healthy_", "bob_healthy_"),
        ("glioma_",),
        ("",),
    ],
)
def test_cameras_sides_patients_and_dates_are_no_kinds(beginnings):
    assert not mixed_names(called(*beginnings))


def test_names_of_which_few_have_a_word_are_no_kinds():
    assert not mixed_names([*called("", images=20), *called("anna_", "bob_", images=10)])


def test_more_words_than_a_set_has_kinds_are_those_of_patients():
    names = [f"pupil{letter}_" for letter in "abcdefghijkl"]
    assert not mixed_names(called(*names))
    assert mixed_names(called(*names[:MOST_KINDS]))


def test_a_word_on_very_few_images_is_no_kind_unless_the_others_say_healthy():
    few = called("glioma", images=FEWEST_IMAGES - 1)
    assert not mixed_names([*called("anna"), *few])
    assert "'healthy' (20), 'glioma' (2)." in mixed_names([*called("healthy"), *few])


def test_a_single_name_that_says_infected_is_told():
    told = mixed_names([*called("cell_"), "infected_1.png"])
    assert told.startswith("File names say that images are not healthy: 'infected' (1). All 21 images")
    assert mixed_names(called("abnormal"))
    assert not mixed_names(called("not_infected_"))


def test_no_more_than_six_words_are_listed():
    told = mixed_names([*called("healthy", images=50), *(f"pupil{letter}.png" for letter in "abcdefgh")])
    assert "'pupile' (1) and 3 more. All 58" in told


def test_words_that_are_the_names_of_the_patients_are_no_kinds():
    names = called("anna_", "bob_")
    assert mixed_names(names)
    assert mixed_names(names, {"anna", "carl"})
    assert not mixed_names(names, {"Anna", "Bob"})


@given(st.lists(st.sampled_from(KINDS), min_size=2, max_size=MOST_KINDS, unique=True), st.data())
def test_two_to_six_kinds_are_told_in_any_order_and_style(kinds, data):
    style = data.draw(st.sampled_from(["{}_{}.png", "{}-{}.JPG", "{} ({}).tif", "IMG_{}_{}.png", "{}{}.png"]))
    names = [style.format(kind, number) for kind in kinds for number in range(FEWEST_IMAGES)]
    told = mixed_names(data.draw(st.permutations(names)))
    assert told == mixed_names(names)
    assert all(f"'{kind}' ({FEWEST_IMAGES})" in told for kind in kinds)


@given(st.lists(st.tuples(st.sampled_from(NUMBERED), st.integers(0, 10**9)), max_size=40))
def test_numbers_after_anything_neutral_are_never_told(names):
    assert not mixed_names([f"{beginning}{number:05}.png" for beginning, number in names])


@given(st.lists(st.text(max_size=12), max_size=12))
def test_any_names_give_one_sentence_or_nothing(names):
    told = mixed_names(names)
    assert not told or told.startswith("File names say ")


@given(st.lists(st.uuids(), min_size=10, max_size=60, unique=True))
def test_names_by_chance_are_no_kinds(names):
    assert not mixed_names([f"{name}.png" for name in names])


@pytest.mark.parametrize(
    "kinds", [("正常", "肿瘤"), ("정상", "비정상"), ("здоровый", "опухоль"), ("schön", "krank")]
)
def test_words_of_other_scripts_are_told(kinds):
    told = mixed_names(called(f"{kinds[0]}_", f"{kinds[1]}_"))
    assert all(f"'{kind}' (20)" in told for kind in kinds)


@pytest.mark.parametrize(
    "beginning", ["un-infected_", "without_anomaly_", "infected_free_", "Photo du 3 mars ", "ปกติ_"]
)
def test_negated_neutral_and_marked_words_are_no_kinds(beginning):
    assert not mixed_names(called(beginning, "Photo du 4 juin "))


def test_a_name_spelled_in_two_ways_is_one_word():
    assert not mixed_names(called(unicodedata.normalize("NFD", "Müller_"), "Müller_"))


def test_a_folder_and_a_zip_say_it_and_a_table_does_not(tmp_path):
    names = called("healthy-", "glioma-")
    for name in names:
        (tmp_path / name).touch()
    assert [caution[:48] for caution in healthy_cells(tmp_path).cautions] == [
        "File names say different things: 'healthy' (20),"
    ]
    table = tmp_path / "cells.csv"
    table.write_text("path,label,patient\n" + "".join(f"{name},0,{name}\n" for name in names), "utf-8")
    assert not healthy_cells(table).cautions


def test_in_a_zip_the_names_of_its_members_count():
    records = tuple(Record(Source(Path("all.zip"), f"set/{name}"), 0, "") for name in called("a_yes", "b_no"))
    assert HealthyCells("all.zip", records, "unknown").cautions


def test_slices_are_called_as_their_volume():
    places = [(f"scan_{number}.nii.gz", kind) for number in range(5) for kind in ("axial", "anna", "bob")]
    records = tuple(Record(Source(Path(name), f"{kind}/3"), 0, "") for name, kind in places)
    assert not HealthyCells("volumes", records, "unknown").cautions
