import zipfile
from collections import Counter
from pathlib import Path

import pytest

from normocyte.core.errors import DatasetError
from normocyte.core.inputs import zips
from normocyte.datasets.nih_malaria import NihMalaria

CELLS = [
    "Parasitized/C101P62ThinF_IMG_20150918_151006_cell_61.png",
    "Parasitized/C39P4thinF_original_IMG_20150622_105803_cell_1.png",
    "Uninfected/C1_thinF_IMG_20150604_104722_cell_9.png",
    "Uninfected/C101P62ThinF_IMG_20150918_151006_cell_7.webp",
    "Uninfected/C2NThinF_IMG_20150604_114631_cell_10.jpg",
]
DOUBTFUL = "file,nih_label\nC1_thinF_IMG_20150604_104722_cell_9.png,Uninfected\n"


@pytest.fixture
def lay(tmp_path):
    """Lays empty files below a folder and gives the folder."""

    def write(*names, below=""):
        for name in names:
            path = tmp_path / "set" / below / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path / "set"

    return write


@pytest.fixture
def pack(tmp_path):
    """Packs empty members, or texts by name, into a zip and gives its path."""

    def write(*names, below="", **texts):
        with zipfile.ZipFile(tmp_path / "cell_images.zip", "w") as archive:
            for name in names:
                archive.writestr(below + name, texts.get(Path(name).stem, ""))
        return tmp_path / "cell_images.zip"

    yield write
    zips.close_all()


def found(path):
    return Counter((record.label, record.patient) for record in NihMalaria(str(path)).records())


EXPECTED = Counter([(1, "C101"), (1, "C39"), (0, "C1"), (0, "C101"), (0, "C2")])


@pytest.mark.parametrize("below", ["", "cell_images", "cell_images/cell_images", "a/b/c"])
def test_the_two_folders_are_found_wherever_they_stand(lay, below):
    assert found(lay(*CELLS, below=below)) == EXPECTED


@pytest.mark.parametrize("below", ["", "cell_images/", "cell_images/cell_images/"])
def test_the_zip_is_read_like_its_folder(pack, below):
    assert found(pack(*CELLS, below=below)) == EXPECTED


def test_the_doubled_folder_of_the_mirror_counts_once(lay):
    lay(*CELLS, below="cell_images/cell_images")
    assert found(lay(*CELLS, below="cell_images")) == EXPECTED


def test_the_doubled_folder_in_a_zip_counts_once(pack):
    assert found(pack(*CELLS, *(f"cell_images/{name}" for name in CELLS), below="cell_images/")) == EXPECTED


def test_folder_names_and_endings_may_have_other_capitals(lay):
    assert found(lay("PARASITIZED/C1_a.PNG", "uninfected/C2_a.png", "UNINFECTED/C3_a.Png")) == Counter(
        [(1, "C1"), (0, "C2"), (0, "C3")]
    )


def test_stray_files_of_other_systems_are_ignored(lay):
    stray = ["Parasitized/Thumbs.db", "Uninfected/Thumbs.db", "Uninfected/.DS_Store", "Uninfected/._C1.png"]
    assert found(lay(*CELLS, *stray)) == EXPECTED


def test_names_without_a_patient_are_counted_and_the_first_five_listed(lay):
    strange = [f"Uninfected/cell_{number}.png" for number in range(7)]
    with pytest.raises(DatasetError, match=r"7 of 12 file names .*cell_0.*cell_4\.png, and 2 more\. Rename"):
        NihMalaria(str(lay(*CELLS, *strange))).records()


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="There are no images in"):
        NihMalaria(str(tmp_path)).records()


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(DatasetError, match=r"There is no folder or zip file at .*nowhere"):
        NihMalaria(str(tmp_path / "nowhere")).records()


def test_a_set_without_a_folder_is_refused_with_the_command_that_fetches_it():
    with pytest.raises(DatasetError, match="normocyte data download nih-malaria"):
        NihMalaria().records()


def test_a_set_without_healthy_cells_is_refused(lay):
    with pytest.raises(DatasetError, match=r"There are no healthy cells in .* 'Uninfected'"):
        NihMalaria(str(lay(CELLS[0], "Uninfected/Thumbs.db"))).records()


def test_a_set_without_parasites_says_what_is_missing(lay):
    with pytest.raises(DatasetError, match=r"needs images in 'Parasitized' and 'Uninfected', found \['uninf"):
        NihMalaria(str(lay(CELLS[2]))).records()


def test_another_set_is_not_taken_for_this_one(lay):
    with pytest.raises(DatasetError, match=r"does not hold the NIH malaria cells.*found neither"):
        NihMalaria(str(lay("cats/C1.png"))).records()


def test_two_sets_side_by_side_are_ambiguous(lay):
    lay(*CELLS, below="one")
    with pytest.raises(DatasetError, match=r"holds the classes in 2 places: one, two. Choose one"):
        NihMalaria(str(lay(*CELLS, below="two"))).records()


@pytest.mark.parametrize("place", ["doubtful_labels.csv", "cell_images/doubtful_labels.csv"])
def test_doubtful_labels_are_read_from_beside_the_images(lay, place):
    folder = lay(*CELLS, below="cell_images")
    (folder / place).write_text(DOUBTFUL)
    assert NihMalaria(str(folder)).doubtful() == {"C1_thinF_IMG_20150604_104722_cell_9"}


def test_doubtful_labels_are_read_from_above_the_given_folder(lay, tmp_path):
    (tmp_path / "doubtful_labels.csv").write_text(DOUBTFUL)
    assert len(NihMalaria(str(lay(*CELLS))).doubtful()) == 1


def test_doubtful_labels_are_read_from_inside_a_zip(pack):
    path = pack(*CELLS, "doubtful_labels.csv", below="cell_images/", doubtful_labels=DOUBTFUL)
    assert len(NihMalaria(str(path)).doubtful()) == 1


def test_doubtful_labels_are_read_from_beside_a_zip(pack, tmp_path):
    (tmp_path / "doubtful_labels.csv").write_text(DOUBTFUL)
    assert len(NihMalaria(str(pack(*CELLS))).doubtful()) == 1


def test_nothing_is_doubtful_without_a_list(lay):
    assert NihMalaria(str(lay(*CELLS))).doubtful() == frozenset()


def test_a_list_of_doubts_without_file_names_is_refused(lay):
    folder = lay(*CELLS)
    (folder / "doubtful_labels.csv").write_text("cell,label\nC1,0\n")
    with pytest.raises(DatasetError, match="has no column file, but cell, label"):
        NihMalaria(str(folder)).doubtful()
