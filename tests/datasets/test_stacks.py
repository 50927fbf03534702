"""Files of many pictures as data sets: a `.npz` in the layout of MedMNIST, NIfTI volumes."""

import gzip

import numpy as np
import pytest

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.inputs.sources import files_below
from normocyte.core.types import Source
from normocyte.datasets.opening.detect import open_cohort, open_to_learn
from normocyte.datasets.opening.healthy import anomalous_cells, healthy_cells
from normocyte.images.reading import read
from normocyte.workflows.scoring.sources import images_of

RNG = np.random.default_rng(2)


def arrays(**others):
    """60 gray pictures of three classes in train, 9 in val."""
    images = RNG.integers(0, 255, (69, 28, 28), dtype=np.uint8)
    labels = np.arange(69)[:, None] % 3
    parts = {"train_images": images[:60], "train_labels": labels[:60]}
    return parts | {"val_images": images[60:], "val_labels": labels[60:]} | others


@pytest.fixture
def npz(tmp_path):
    def write(**others):
        np.savez(tmp_path / "cells.npz", **arrays(**others))
        return tmp_path / "cells.npz"

    return write


def of(path, classes):
    return path.with_name(f"{path.name}:{classes}")


def test_one_class_of_an_npz_is_healthy_and_each_other_is_a_group(npz):
    cohort = open_cohort(of(npz(), "0"))
    assert (cohort.name, len(cohort.records)) == ("medmnist", 69)
    assert {record.group for record in cohort.records if record.label} == {"class 1", "class 2"}
    assert sum(not record.label for record in cohort.records) == 23
    assert not cohort.are_patients_known
    assert cohort.left_out == ("The parts train, val of cells.npz are joined, and split anew by the seed.",)


def test_several_classes_may_be_healthy_and_learning_takes_the_same(npz):
    path = of(npz(), "0,2")
    assert sum(not record.label for record in open_cohort(path).records) == 46
    assert open_to_learn(path) == open_cohort(path)


def test_healthy_and_anomalous_pictures_may_be_given_by_class_and_scored(npz):
    path = npz()
    healthy, anomalous = healthy_cells(of(path, "0")), anomalous_cells(of(path, "1"))
    assert [len(healthy.records), len(anomalous)] == [23, 23]
    assert str(healthy.records[0].source) == f"{path}!train_00000"
    assert len(images_of([path]).images) == 69
    assert len(images_of([of(path, "2")]).images) == 23


def test_pictures_are_as_they_are_stored(npz):
    stored = arrays()["train_images"]
    path = npz(train_images=stored)
    assert (read(Source(path, "train_00007"))[..., 1] == stored[7]).all()
    colours = RNG.integers(0, 255, (60, 28, 28, 3), dtype=np.uint8)
    assert (read(Source(npz(train_images=colours), "train_00003")) == colours[3]).all()


@pytest.mark.parametrize(
    "stored", [np.uint16(257 * 40), np.float32(40 / 255), np.float64(40.0)], ids=["16 bits", "share", "float"]
)
def test_other_types_are_brought_to_8_bits(npz, stored):
    images = np.full((60, 28, 28), stored)
    assert (read(Source(npz(train_images=images), "train_00003")) == 40).all()


def test_a_label_of_several_diseases_is_one_class_and_none_of_them_another(npz):
    labels = np.zeros((60, 4), np.uint8)
    labels[:20, 1] = labels[:10, 3] = 1
    path = npz(train_labels=labels, val_labels=labels[:9])
    cohort = open_cohort(of(path, "none"))
    assert sum(not record.label for record in cohort.records) == 40
    assert {record.group for record in cohort.records} == {"", "class 1", "class 1+3"}


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "cells.npz",
            r"does not say which class is healthy; put it .*'cells.npz:0'. It has the classes 0 \(23",
        ),
        ("cells.npz:7", r"has no class '7'; choose of those it has: 0 \(23 images\), 1 \(23 images\), 2"),
        ("nothing.npz:0", "nothing.npz cannot be read: No such file"),
    ],
)
def test_a_class_that_is_not_said_or_not_there_is_told_with_those_there_are(npz, path, said):
    whole = npz().with_name(path)
    for opened in (open_cohort, open_to_learn, healthy_cells):
        with pytest.raises(DatasetError, match=said):
            opened(whole)


BAD = {
    "pickled objects": ({"train_labels": np.array([{}] * 60)}, "holds pickled objects, which can run code"),
    "volumes": (
        {"train_images": np.zeros((60, 8, 8, 8), np.uint8)},
        "train_images of 60 x 8 x 8 x 8; give n x",
    ),
    "too few labels": ({"train_labels": np.zeros((3, 1), int)}, "60 train_images but 3 train_labels"),
    "no images": (
        {name: whole[:0] for name, whole in arrays().items()},
        "all of them are empty; give images",
    ),
    "labels of text": ({"train_labels": np.array([["a"]] * 60)}, "train_labels of <U1; give numbers"),
}


@pytest.mark.parametrize(("others", "said"), BAD.values(), ids=BAD)
def test_an_npz_that_cannot_be_used_is_refused_in_a_sentence(npz, others, said):
    with pytest.raises(DatasetError, match=said):
        open_cohort(of(npz(**others), "0"))


def test_what_is_no_npz_or_holds_other_arrays_is_refused(tmp_path):
    (tmp_path / "text.npz").write_bytes(b"dear colleague")
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(DatasetError, match=r"text.npz is a damaged .npz, or none|text.npz holds pickled"):
        open_cohort(tmp_path / "text.npz:0")
    with pytest.raises(DatasetError, match="no images in the layout of MedMNIST"):
        open_cohort(tmp_path / "other.npz:0")


@pytest.mark.parametrize(
    ("value", "said"),
    [(np.nan, "784 pixels that are no number"), (900.0, "values from 0 to 900; store 0 to 1")],
)
def test_a_picture_of_no_numbers_is_told_and_the_others_are_read(npz, value, said):
    images = np.full((60, 28, 28), 0.5)
    images[4] = value
    path = npz(train_images=images)
    with pytest.raises(ImageError, match=f"cells.npz!train_00004 has {said}"):
        read(Source(path, "train_00004"))
    assert read(Source(path, "train_00005")).mean() == pytest.approx(128, abs=1)


def test_a_picture_that_is_not_in_the_file_is_told(npz):
    with pytest.raises(ImageError, match="train_00999 does not exist"):
        read(Source(npz(), "train_00999"))


@pytest.fixture
def volumes(tmp_path):
    """Writes volumes, (right, anterior, superior) voxels each."""
    nibabel = pytest.importorskip("nibabel")

    def write(**named):
        for name, voxels in named.items():
            path = tmp_path / f"{name.replace('__', '/')}.nii.gz"
            path.parent.mkdir(exist_ok=True)
            nibabel.save(nibabel.Nifti1Image(voxels, np.eye(4)), path)
        return tmp_path

    return write


def head(seed=0):
    """A bright block of 12 slices of 20, dark above and below."""
    voxels = np.zeros((40, 48, 20), np.float32)
    voxels[8:32, 8:40, 4:16] = np.random.default_rng(seed).normal(500, 60, (24, 32, 12))
    return voxels


def test_volumes_in_folders_of_classes_are_slices_and_each_volume_is_a_patient(volumes):
    named = {f"healthy__v{number}": head(number) for number in range(3)} | {"lesion__w": head(9)}
    cohort = open_cohort(volumes(**named))
    assert (cohort.name, len(cohort.records), len({r.patient for r in cohort.records})) == ("nifti", 48, 4)
    assert {record.group for record in cohort.records} == {"", "lesion"}
    assert cohort.records[0].source.member == "axial_004"


def test_healthy_volumes_alone_need_no_rule_for_patients_and_may_have_one(volumes):
    folder = volumes(a1_x=head(1), a1_y=head(2), b7_x=head(3))
    assert open_to_learn(folder).patients_by == "each volume is one"
    assert {record.patient for record in healthy_cells(folder, "^([^_]+)_").records} == {"a1", "b7"}
    assert len({record.patient for record in healthy_cells(folder, "file").records}) == 3


def test_a_slice_is_gray_by_percentiles_of_the_volume_and_stands_upright(volumes):
    voxels = head()
    voxels[8:32, 38:40, 4:16] = 900  # anterior, which is up
    path = volumes(v=voxels) / "v.nii.gz"
    shown = read(Source(path, "axial_008"))
    assert shown.shape == (48, 40, 3)
    assert shown[8:10, 8:32].min() == 255
    assert shown[:8].max() == 0
    assert len(files_below(path).images) == 12


VOLUMES = {
    "four dimensions": (
        np.zeros((8, 8, 8, 5), np.float32),
        r"has 4 dimensions \(8 x 8 x 8 x 5\), not 3; save",
    ),
    "no numbers": (np.full((8, 8, 8), np.nan, np.float32), "has 512 voxels that are no number"),
    "one value": (np.full((8, 8, 8), 7, np.float32), "is 7 in every voxel"),
    "complex": (np.zeros((8, 8, 8), np.complex64), "holds voxels of the kind complex64"),
}


@pytest.mark.parametrize(("voxels", "said"), VOLUMES.values(), ids=VOLUMES)
def test_a_volume_that_cannot_be_used_is_refused_in_a_sentence(volumes, voxels, said):
    with pytest.raises(DatasetError, match=said):
        open_to_learn(volumes(v=voxels))


def test_a_fourth_dimension_of_one_is_no_fault(volumes):
    assert len(open_to_learn(volumes(v=head()[..., None])).records) == 12


def test_a_damaged_volume_is_told(volumes):
    (volumes() / "v.nii.gz").write_bytes(b"dear colleague")
    with pytest.raises(DatasetError, match=r"v.nii.gz is a damaged NIfTI volume"):
        open_to_learn(volumes())


@pytest.mark.parametrize(
    ("place", "damage"),
    [(42, b"\xff\xff"), (70, b"\x5d\0"), (108, b"\0\0\xb0\x41"), (112, b"\x7f\x7f\x7f\x7f")],
    ids=["dimensions", "type", "offset", "slope"],
)
def test_a_volume_whose_header_is_damaged_is_told(volumes, place, damage):
    path = volumes(v=head()) / "v.nii"
    header = bytearray(gzip.decompress(path.with_suffix(".nii.gz").read_bytes()))
    header[place : place + len(damage)] = damage
    path.write_bytes(header)
    with pytest.raises(DatasetError, match=r"v.nii (is a damaged NIfTI volume|has )"):
        healthy_cells(path)


def test_a_volume_that_was_packed_and_then_damaged_is_told(volumes):
    path = volumes(v=head()) / "v.nii.gz"
    packed = path.read_bytes()
    path.write_bytes(packed[:2000] + bytes(300) + packed[2300:])
    with pytest.raises(DatasetError, match="is a damaged NIfTI volume"):
        healthy_cells(path)


def test_without_nibabel_the_line_that_installs_it_is_told(tmp_path, monkeypatch):
    (tmp_path / "v.nii").touch()
    monkeypatch.setitem(__import__("sys").modules, "nibabel", None)
    with pytest.raises(DatasetError, match=r"install what reads it: pip install 'normocyte\[nifti\]'"):
        open_to_learn(tmp_path)


def test_a_manifest_may_name_volumes(volumes):
    folder = volumes(a=head(1), b=head(2))
    (folder / "m.csv").write_text("path,label,patient\na.nii.gz,0,Anna\nb.nii.gz,1,Bert\n", encoding="utf-8")
    records = open_cohort(folder / "m.csv").records
    assert [(r.label, r.patient) for r in records] == [(0, "Anna")] * 12 + [(1, "Bert")] * 12
    assert len(images_of([folder / "m.csv"]).images) == 24
