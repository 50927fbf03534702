"""DICOM is read as it is shown, page by page, or refused in one sentence."""

import io
import re

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    RLELossless,
    VLMicroscopicImageStorage,
)

from normocyte.core.errors import ImageError
from normocyte.images.headers import header_of
from normocyte.images.photos import decode_pages
from normocyte.images.reading import decode


def dicom(pixels, kind=None, syntax=ExplicitVRLittleEndian, stored=None, **properties):
    """The bytes of a VL microscopic image of pixels (h, w), (h, w, 3) or, with NumberOfFrames, (n, ...)."""
    is_colour = pixels.shape[-1] == 3
    rows, columns = pixels.shape[-3:-1] if is_colour else pixels.shape[-2:]
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = syntax
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = VLMicroscopicImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = "1.2.3"
    image.Rows, image.Columns, image.SamplesPerPixel = rows, columns, 3 if is_colour else 1
    image.PhotometricInterpretation = kind or ("RGB" if is_colour else "MONOCHROME2")
    image.BitsAllocated = 8 * pixels.dtype.itemsize
    image.BitsStored = stored or image.BitsAllocated
    image.HighBit = image.BitsStored - 1
    image.PixelRepresentation = int(pixels.dtype.kind == "i")
    if is_colour:
        image.PlanarConfiguration = 0
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    image.PixelData = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    image["PixelData"].VR = "OW" if pixels.dtype.itemsize == 2 else "OB"
    for name, value in properties.items():
        setattr(image, name, value)
    return written(image)


def written(image):
    stream = io.BytesIO()
    image.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def packed(pixels, saved, kind="YBR_FULL_422", **properties):
    """The same as JPEG baseline, one a frame."""
    frames = [saved(frame, "JPEG", quality=95) for frame in pixels]
    data = encapsulate(frames)
    shape = {"NumberOfFrames": len(pixels)}
    return dicom(pixels, kind, JPEGBaseline8Bit, PixelData=data, **shape, **properties)


@pytest.fixture
def gray(picture):
    return np.ascontiguousarray(picture[..., 0])


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_colour_is_read_exactly(picture, syntax):
    np.testing.assert_array_equal(decode(dicom(picture, syntax=syntax), "cell"), picture)


def test_a_dicom_whose_preamble_looks_like_a_tiff_is_read(picture):
    data = b"II*\0\x08\0\0\0" + bytes(120) + dicom(picture)[128:]
    np.testing.assert_array_equal(decode(data, "cell"), picture)


def test_gray_becomes_three_equal_channels(gray):
    np.testing.assert_array_equal(decode(dicom(gray), "cell"), np.repeat(gray[..., None], 3, axis=2))


def test_monochrome1_is_inverted(gray):
    np.testing.assert_array_equal(decode(dicom(gray, "MONOCHROME1"), "cell")[..., 0], 255 - gray)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_12_of_16_bits_use_their_full_range(gray, syntax):
    wide = gray.astype(np.uint16) * 16
    pixels = decode(dicom(wide, syntax=syntax, stored=12), "cell")
    np.testing.assert_array_equal(pixels[..., 0], np.rint(wide / 4095 * 255))


def test_signed_pixels_begin_at_their_lowest(gray):
    pixels = decode(dicom((gray.astype(int) * 257 - 32768).astype(np.int16)), "cell")
    np.testing.assert_array_equal(pixels[..., 0], gray)


def test_a_window_says_what_is_black_and_what_is_white(gray):
    pixels = decode(dicom(gray, WindowCenter=[100.5, 7], WindowWidth=[101, 9]), "cell")[..., 0]
    np.testing.assert_array_equal(pixels, np.rint(np.clip((gray - 50.0) / 100, 0, 1) * 255))


def test_a_window_counts_after_rescaling(gray):
    window = {"WindowCenter": 200.5, "WindowWidth": 201}
    pixels = decode(dicom(gray, RescaleSlope=2, RescaleIntercept=100, **window), "cell")[..., 0]
    np.testing.assert_array_equal(pixels, np.rint(np.clip((gray * 2.0 + 100 - 100) / 200, 0, 1) * 255))


def test_frames_are_pages(picture):
    both = np.stack([picture, 255 - picture])
    np.testing.assert_array_equal(list(decode_pages(dicom(both, NumberOfFrames=2), "field")), both)


def test_two_frames_are_no_cell(picture):
    data = dicom(np.stack([picture, picture]), NumberOfFrames=2)
    with pytest.raises(
        ImageError, match=r"^cell is a DICOM of more than one page, 2; save the page you mean"
    ):
        decode(data, "cell")


def test_jpeg_frames_are_read_like_a_jpeg(picture, saved):
    both = np.stack([picture, 255 - picture])
    difference = np.stack(list(decode_pages(packed(both, saved), "field"))).astype(int) - both
    assert np.abs(difference).mean() < 6


def test_gray_jpeg_frames_can_be_inverted(gray, saved):
    (page,) = decode_pages(packed(gray[None], saved, "MONOCHROME1"), "field")
    assert np.abs(page[..., 0].astype(int) - (255 - gray)).mean() < 6


def test_run_length_packing_is_read_exactly(picture):
    image = dcmread(io.BytesIO(dicom(picture)))
    image.compress(RLELossless)
    np.testing.assert_array_equal(decode(written(image), "cell"), picture)


def test_ybr_becomes_rgb(picture):
    stored = cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb)[..., [0, 2, 1]]
    difference = decode(dicom(stored, "YBR_FULL"), "cell").astype(int) - picture
    assert np.abs(difference).max() <= 3


def test_jpeg_that_is_said_to_be_rgb_is_refused(picture, saved):
    with pytest.raises(ImageError, match="JPEG is RGB and not YBR; export it uncompressed"):
        decode(packed(picture[None], saved, "RGB"), "cell")


def test_a_jpeg_of_another_size_than_the_header_says_is_refused(picture, saved):
    data = packed(picture[None], saved, Rows=480)
    with pytest.raises(ImageError, match="says 480 rows but its JPEG has 24; export it again"):
        decode(data, "cell")


@pytest.mark.parametrize("syntax", [JPEG2000Lossless, DeflatedExplicitVRLittleEndian])
def test_a_packing_that_is_not_read_is_refused_by_its_name(picture, syntax):
    whole = dicom(picture)
    start = whole.index(b"UI\x14\x00" + ExplicitVRLittleEndian.encode())
    named = syntax.encode() + b"\0" * (len(syntax) % 2)
    data = whole[: start + 2] + len(named).to_bytes(2, "little") + named + whole[start + 24 :]
    words = re.escape(f"cell is a DICOM packed as '{syntax.name}'; export it uncompressed")
    with pytest.raises(ImageError, match=words):
        header_of(data, "cell")


def test_a_dicom_without_pixels_is_refused(picture):
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = image.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
    image.file_meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID = "1.2.3"
    with pytest.raises(ImageError, match=r"^report is a DICOM without pixels .*; export the image itself\.$"):
        header_of(written(image), "report")


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"PixelData": b""}, r"without pixels \(0 bytes"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "of kind 'PALETTE COLOR' with 1 channels"),
        ({"BitsAllocated": 32}, "32 bits a channel; export it with 8 bits"),
        ({"BitsStored": 12}, "12 of 8 bits"),
        ({"NumberOfFrames": 2_000_000}, "2,000,000 frames; split it"),
        ({"Rows": 48}, r"is cut off: 1,536 bytes of pixels are needed, but there are 768"),
        ({"VOILUTSequence": Sequence([Dataset()])}, r"table of grays \(VOILUTSequence\)"),
        ({"Rows": 60_000, "Columns": 60_000}, "is cut off"),
    ],
)
def test_what_cannot_be_shown_is_refused_before_decoding(gray, properties, words):
    with pytest.raises(ImageError, match=words):
        header_of(dicom(gray, **properties), "cell")


def test_a_huge_jpeg_frame_is_refused_by_what_the_header_says(picture, saved):
    data = packed(picture[None], saved, Rows=60_000, Columns=60_000)
    with pytest.raises(ImageError, match="is 60,000 x 60,000 px; cut it into pieces"):
        header_of(data, "bomb")


@settings(max_examples=60)
@given(share=st.floats(0, 0.999))
def test_a_dicom_cut_off_anywhere_is_refused(picture, share):
    whole = dicom(picture)
    with pytest.raises(ImageError, match=r"^field "):
        list(decode_pages(whole[: int(len(whole) * share)], "field"))


@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_dicom_is_read_or_refused_but_never_crashes(picture, saved, data):
    whole = bytearray(data.draw(st.sampled_from([dicom(picture), packed(picture[None], saved)])))
    place = data.draw(st.integers(0, min(len(whole), 700) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    try:
        shapes = {page.shape[2] for page in decode_pages(bytes(whole), "field")}
    except ImageError:
        shapes = {3}
    assert shapes == {3}
