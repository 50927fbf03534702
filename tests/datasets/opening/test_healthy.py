"""Healthy cells in any layout: which they are, and how their patients are found."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.datasets.opening.healthy import healthy_cells

UNKNOWN, BY_NAME, BY_FOLDER = (
    "unknown",
    "found in file names, which begin with C and a number",
    "each subfolder is one",
)
WORD = st.text("abcXYZ019_-", min_size=1, max_size=6)


@pytest.fixture
def site(tmp_path):
    """Make a folder called site with these files; their content does not matter."""

    def make(*names):
        for name in names:
            path = tmp_path / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path / "site"

    return make


def people(cells):
    return [record.patient for record in cells.records]


@pytest.mark.parametrize(
    ("names", "found", "patients_by"),
    [
        (["a.png", "b.png"], ["", ""], UNKNOWN),
        (["C1_a.png", "C1_b.png", "C2_a.png"], ["C1", "C1", "C2"], BY_NAME),
        (["C1.png", "C2.png", "C3.png"], ["", "", ""], UNKNOWN),
        (["C1_a.png", "C2_a.png"], ["", ""], UNKNOWN),
        (["C1_a.png", "C1_b.png", "x.png"], ["", "", ""], UNKNOWN),
        (["anna/1.png", "anna/2.png", "ben/1.png"], ["anna", "anna", "ben"], BY_FOLDER),
        (["all/anna/1.png", "all/anna/2.png", "all/ben/1.png"], ["anna", "anna", "ben"], BY_FOLDER),
        (["anna/s1/1.png", "anna/s2/2.png", "ben/s1/1.png"], ["anna", "anna", "ben"], BY_FOLDER),
        (["1/a.png", "2/b.png"], ["", ""], UNKNOWN),
        (["all/1.png", "all/2.png"], ["", ""], UNKNOWN),
        (["anna/1.png", "anna/2.png", "3.png"], [""] * 3, UNKNOWN),
        (["healthy/anna/1.png", "healthy/anna/2.png", "healthy/b/1.png"], ["anna", "anna", "b"], BY_FOLDER),
        (["anna/Healthy/1.png", "anna/Healthy/2.png", "b/Healthy/1.png"], ["anna", "anna", "b"], BY_FOLDER),
        (["Uninfected/C1P1_1.png", "Uninfected/C1P1_2.png"], ["C1", "C1"], BY_NAME),
    ],
)
def test_patients_are_found_as_far_as_names_tell(names, found, patients_by, site):
    cells = healthy_cells(site(*names))
    assert (sorted(people(cells)), cells.patients_by) == (sorted(found), patients_by)


def test_of_a_labelled_set_only_healthy_cells_are_taken(site):
    folder = site("Uninfected/C1_1.png", "Uninfected/C1_2.png", "Parasitized/C2_1.png")
    cells = healthy_cells(folder)
    assert (people(cells), cells.anomalies) == (["C1", "C1"], 1)


@pytest.mark.parametrize("name", ["Parasitized", "infected", "ABNORMAL"])
def test_cells_in_a_folder_named_for_an_anomaly_are_refused(name, site):
    with pytest.raises(DatasetError, match=r"2 of 3 images of .* named for what is not healthy"):
        healthy_cells(site("a.png", f"{name}/1.png", f"{name}/2.png"))


def test_a_folder_word_needs_every_image_in_a_folder(site):
    with pytest.raises(DatasetError, match=r"'3.png' of .* is in no subfolder of several.*`patients`"):
        healthy_cells(site("anna/1.png", "3.png"), "folder")


def test_a_folder_a_cell_is_taken_when_it_is_said(site):
    assert people(healthy_cells(site("1/a.png", "2/b.png"), "folder")) == ["1", "2"]


def test_names_that_name_no_patient_by_a_given_expression_are_shown(site):
    with pytest.raises(DatasetError, match=r"1 of 2 file names .* name no patient .*: b.png"):
        healthy_cells(site("a_1.png", "b.png"), "^([^_]+)_")


@pytest.mark.parametrize(
    ("word", "said"),
    [("slide", "`patients` 'slide' has 0 groups; give"), ("((", "no regular")],
)
def test_an_unknown_word_or_a_broken_expression_is_refused(word, said, site):
    with pytest.raises(ConfigError, match=said):
        healthy_cells(site("a.png"), word)


def test_a_few_odd_names_among_those_of_patients_are_told(tmp_path):
    for name in ("C1_a.png", "C1_b.png", "C2_a.png", "overview.png"):
        (tmp_path / name).touch()
    cells = healthy_cells(tmp_path)
    assert cells.patients_by == "unknown"
    assert cells.left_out[0].startswith(
        "Patients are not taken from file names: 3 of 4 begin with C and a numb"
    )
    assert "such as overview.png. Rename or move these" in cells.left_out[0]
    assert not healthy_cells(tmp_path, "file").left_out


def test_a_manifest_says_itself_who_is_who(site):
    folder = site("a.png")
    (folder / "cells.csv").write_text("path,label,patient\na.png,0,anna\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="names its patients itself; leave out `patients`"):
        healthy_cells(folder / "cells.csv", "file")


@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=12, unique=True))
def test_all_patients_are_known_or_none_and_a_patient_is_never_a_number_of_a_cell(tmp_path_factory, names):
    folder = Path(tmp_path_factory.mktemp("any"))
    for place, name in names:
        (folder / place).mkdir(exist_ok=True)
        (folder / place / f"{name}.png").touch()
    cells = healthy_cells(folder)
    found = people(cells)
    assert len(found) == len(names)
    assert all(found) or not any(found)
    assert len(set(found)) < len(found) or len(found) == 1


def test_healthy_and_anomalous_images_in_one_folder_are_told_by_their_names(site):
    folder = site("healthy_1.png", "Healthy-2.png", "infected_1.png", "17.png")
    with pytest.raises(DatasetError) as told:
        healthy_cells(folder)
    assert (
        "in one folder: the names of 2 say healthy, such as Healthy-2.png, and of 1 that they are not"
        in str(told.value)
    )


def test_names_that_say_one_thing_alone_are_taken_as_they_are(site):
    assert len(healthy_cells(site("healthy_1.png", "normal_2.png", "17.png")).records) == 3
