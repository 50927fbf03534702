"""DICOM files as a data set: patients from the headers, as pseudonyms; frames as images of their own."""

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.inputs.dicom import pseudonym
from normocyte.core.types import Source
from normocyte.datasets.opening.detect import open_cohort, open_to_learn
from normocyte.datasets.opening.healthy import healthy_cells
from normocyte.images.reading import read
from normocyte.workflows.scoring.sources import images_of

RNG = np.random.default_rng(4)


def dicom(pixels, **properties):
    """A file of gray pixels (h, w), or (n, h, w) of several frames."""
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = SecondaryCaptureImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = "1.2.3"
    image.PhotometricInterpretation, image.SamplesPerPixel = "MONOCHROME2", 1
    image.Rows, image.Columns = pixels.shape[-2:]
    image.BitsAllocated, image.BitsStored, image.HighBit, image.PixelRepresentation = 8, 8, 7, 0
    image.PixelData = pixels.tobytes()
    if pixels.ndim == 3:
        image.NumberOfFrames = len(pixels)
    for name, value in properties.items():
        setattr(image, name, value)
    return image


def picture(*frames):
    return RNG.integers(0, 255, (*frames, 16, 20), dtype=np.uint8)


@pytest.fixture
def archive(tmp_path):
    def write(**files):
        for name, image in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.dcm"
            path.parent.mkdir(exist_ok=True)
            image.save_as(path, enforce_file_format=True)
        return tmp_path

    return write


def series():
    """Two files of each of five persons, one of whom has a nodule."""
    files = {
        f"healthy__{n}": dicom(picture(), PatientID=f"Doe^{n // 2}", StudyInstanceUID="1.2") for n in range(8)
    }
    return files | {
        f"nodule__{n}": dicom(picture(), PatientID="Roe", StudyInstanceUID="1.3") for n in range(2)
    }


def test_the_header_names_the_patient_and_outputs_hold_a_pseudonym(archive):
    cohort = open_cohort(archive(**series()))
    people = {record.patient for record in cohort.records}
    assert (cohort.name, len(people), cohort.are_patients_known) == ("dicom", 5, True)
    assert pseudonym("Roe") in people
    assert not any("oe" in name for name in people)
    assert {record.group for record in cohort.records} == {"", "nodule"}


def test_healthy_files_alone_need_no_rule_for_patients(archive):
    folder = archive(a=dicom(picture(), PatientID="Anna"), b=dicom(picture(), PatientID="Anna"))
    cells = healthy_cells(folder)
    assert [record.patient for record in cells.records] == [pseudonym("Anna")] * 2
    assert cells.patients_by == "by the tag PatientID of the DICOM headers, as pseudonyms"


def test_another_tag_may_name_the_patient(archive):
    folder = archive(**series())
    assert len({record.patient for record in open_cohort(folder, "dicom:StudyInstanceUID").records}) == 2


def test_a_missing_tag_makes_patients_unknown_or_is_told_where_it_was_asked_for(archive):
    folder = archive(**series(), healthy__x=dicom(picture()))
    assert not open_cohort(folder).are_patients_known
    with pytest.raises(
        DatasetError, match=r"1 of 11 images .* name no patient in the DICOM tag PatientID: heal"
    ):
        open_cohort(folder, "dicom")


def test_each_frame_of_a_file_is_an_image_of_the_same_patient(archive):
    several = picture(3)
    folder = archive(**series(), healthy__many=dicom(several, PatientID="Anna"))
    frames = [record for record in open_cohort(folder).records if record.source.member]
    assert [frame.source.member for frame in frames] == ["frame_0000", "frame_0001", "frame_0002"]
    assert {frame.patient for frame in frames} == {pseudonym("Anna")}
    assert (read(frames[1].source)[..., 0] == several[1]).all()
    assert len(images_of([folder / "healthy" / "many.dcm"]).images) == 3


def test_a_frame_that_is_not_there_is_told(archive):
    path = archive(many=dicom(picture(2))) / "many.dcm"
    with pytest.raises(ImageError, match="frame_0009 does not exist"):
        read(Source(path, "frame_0009"))


def test_files_without_an_ending_are_found_by_their_bytes(archive):
    folder = archive(a=dicom(picture(2), PatientID="Anna"))
    (folder / "a.dcm").rename(folder / "IM0001")
    assert len(open_to_learn(folder).records) == 2


def test_dark_and_light_of_monochrome1_change_places(archive):
    shades = picture()
    path = archive(a=dicom(shades, PhotometricInterpretation="MONOCHROME1")) / "a.dcm"
    assert (read(Source(path))[..., 0] == 255 - shades).all()


def test_a_file_without_pixels_lies_among_others_and_is_told_when_it_is_read(archive):
    report = dicom(picture(), PatientID="Anna")
    del report.PixelData
    path = archive(a=report) / "a.dcm"
    assert len(healthy_cells(path.parent).records) == 1
    with pytest.raises(ImageError, match="is a DICOM without pixels"):
        read(Source(path))


@pytest.mark.parametrize("tag", ["Rows", "PhotometricInterpretation", "BitsStored"])
def test_a_tag_that_is_missing_is_named(archive, tag):
    image = dicom(picture())
    delattr(image, tag)
    path = archive(a=image) / "a.dcm"
    with pytest.raises(
        ImageError, match=f"a.dcm is a damaged DICOM: it lacks the tag {tag}; export it again"
    ):
        read(Source(path))


def test_without_a_window_values_that_fill_little_of_their_bits_are_shown_by_their_own_range(archive):
    shades = np.arange(320, dtype=np.uint16).reshape(16, 20) + 1000
    wide = {"BitsAllocated": 16, "BitsStored": 16, "HighBit": 15}
    shown = read(Source(archive(a=dicom(shades, **wide)) / "a.dcm"))[..., 0]
    assert (shown.min(), shown.max()) == (0, 255)
    windowed = dicom(shades, **wide, WindowCenter=1320, WindowWidth=640)
    assert read(Source(archive(b=windowed) / "b.dcm"))[..., 0].max() == 127


@pytest.mark.parametrize("told", [-3, 99_999_999])
def test_a_number_of_frames_that_no_file_has_is_told_and_fills_no_memory(archive, told):
    folder = archive(good=dicom(picture()), odd=dicom(picture(), NumberOfFrames=told))
    good, odd = images_of([folder]).images
    assert read(good).shape == (16, 20, 3)
    with pytest.raises(ImageError, match=f"odd.dcm is a DICOM of {told:,} frames; split it into files"):
        read(odd)
