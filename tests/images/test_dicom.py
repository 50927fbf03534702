"""DICOM is read as it is shown, page by page, or refused in one sentence."""

import io
import re
from types import SimpleNamespace

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
    MPEG2MPML,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    VLMicroscopicImageStorage,
)

from normocyte.core.errors import ImageError
from normocyte.images.formats import dicom_packed
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
    with pytest.raises(ImageError, match="DICOM of RGB whose JPEG does not say that it is RGB; export it"):
        decode(packed(picture[None], saved, "RGB"), "cell")


def test_a_jpeg_of_another_size_than_the_header_says_is_refused(picture, saved):
    data = packed(picture[None], saved, Rows=480)
    with pytest.raises(ImageError, match="says 480 rows but its JPEG has 24; export it again"):
        decode(data, "cell")


def said_to_be(syntax, whole):
    start = whole.index(b"UI\x14\x00" + ExplicitVRLittleEndian.encode())
    named = syntax.encode() + b"\0" * (len(syntax) % 2)
    return whole[: start + 2] + len(named).to_bytes(2, "little") + named + whole[start + 24 :]


@pytest.mark.parametrize("syntax", [MPEG2MPML, DeflatedExplicitVRLittleEndian])
def test_a_packing_that_is_not_read_is_refused_by_its_name(picture, syntax):
    words = re.escape(f"cell is a DICOM packed as '{syntax.name}'; export it uncompressed")
    with pytest.raises(ImageError, match=words):
        header_of(said_to_be(syntax, dicom(picture)), "cell")


@pytest.mark.parametrize("syntax", [JPEGLosslessSV1, JPEGLSLossless])
def test_a_packing_without_its_plug_in_is_refused_with_the_remedy(monkeypatch, picture, syntax):
    monkeypatch.setattr(dicom_packed, "get_decoder", lambda _: SimpleNamespace(is_available=False))
    words = re.escape(f"packed as '{syntax.name}', which takes a plug-in: pip install 'normocyte[dicom]'")
    with pytest.raises(ImageError, match=words):
        header_of(said_to_be(syntax, dicom(picture)), "cell")


def in_2000(pixels, saved, kind=None, **options):
    """The same as one frame in JPEG 2000; the extent of a frame stands in its code stream."""
    frame = saved(pixels, "JPEG2000", no_jp2=True, **options)
    return dicom(pixels, kind, JPEG2000Lossless, PixelData=encapsulate([frame]))


@pytest.mark.parametrize("kind", ["RGB", "YBR_RCT"])
def test_colour_in_jpeg_2000_is_read_exactly(picture, saved, kind):
    data = in_2000(picture, saved, kind, mct=int(kind == "YBR_RCT"))
    np.testing.assert_array_equal(decode(data, "cell"), picture)


def test_gray_in_jpeg_2000_is_read_exactly(gray, saved):
    np.testing.assert_array_equal(decode(in_2000(gray, saved), "cell")[..., 1], gray)


def test_a_jpeg_2000_that_claims_another_size_is_refused_unread(picture, saved):
    data = bytearray(in_2000(picture, saved))
    start = data.index(b"\xff\x4f\xff\x51") + 8
    data[start : start + 4] = (60_000).to_bytes(4, "big")
    with pytest.raises(ImageError, match="says 32 x 24 px but a frame of it has 60000 x 24; export it again"):
        decode(bytes(data), "bomb")


def test_a_jpeg_2000_whose_parts_do_not_fit_is_refused_unread(picture, saved):
    data = bytearray(in_2000(picture, saved))
    start = data.index(b"\xff\x4f\xff\x51") + 40
    data[start : start + 2] = (8271).to_bytes(2, "big")
    with pytest.raises(ImageError, match="the JPEG 2000 of a frame contradicts itself"):
        decode(bytes(data), "damaged")


def packed_by_gdcm(data, folder, syntax):
    """The same DICOM with its pixels packed in this syntax of GDCM's."""
    gdcm = pytest.importorskip("gdcm", reason="needs the extra 'dicom'")
    plain, packed = folder / "plain.dcm", folder / "packed.dcm"
    plain.write_bytes(data)
    reader, change, writer = gdcm.ImageReader(), gdcm.ImageChangeTransferSyntax(), gdcm.ImageWriter()
    reader.SetFileName(str(plain))
    assert reader.Read()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax)))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer.SetFileName(str(packed))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return packed.read_bytes()


@pytest.mark.parametrize("syntax", ["JPEGLosslessProcess14_1", "JPEGLSLossless"])
def test_what_is_packed_without_loss_is_read_exactly_with_the_plug_in(picture, gray, tmp_path, syntax):
    for pixels in (picture, gray):
        data = packed_by_gdcm(dicom(pixels), tmp_path, syntax)
        found = decode(data, "cell")
        np.testing.assert_array_equal(found if pixels.ndim == 3 else found[..., 1], pixels)


@pytest.mark.parametrize("wide", [False, True])
def test_a_palette_gives_its_colours(gray, wide):
    table = np.random.default_rng(0).integers(0, 256, (3, 256)).astype(np.uint16)
    tables = {}
    for name, values in zip(("Red", "Green", "Blue"), table, strict=True):
        tables[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 16 if wide else 8]
        content = (values * 257).astype("<u2").tobytes() if wide else values.astype(np.uint8).tobytes()
        tables[f"{name}PaletteColorLookupTableData"] = content
    pixels = decode(dicom(gray, "PALETTE COLOR", **tables), "cell")
    np.testing.assert_array_equal(pixels, table.T[gray])


def test_planes_of_their_own_are_one_picture(picture):
    data = dicom(picture, PlanarConfiguration=1, PixelData=np.moveaxis(picture, 2, 0).tobytes())
    np.testing.assert_array_equal(decode(data, "cell"), picture)


def test_bits_above_those_that_are_stored_do_not_count(gray):
    wide = gray.astype(np.uint16) * 16
    marked = dicom(wide | 0xF000, stored=12)
    np.testing.assert_array_equal(decode(marked, "cell"), decode(dicom(wide, stored=12), "cell"))


def test_a_window_may_be_exact(gray):
    window = {"WindowCenter": 100, "WindowWidth": 100, "VOILUTFunction": "LINEAR_EXACT"}
    pixels = decode(dicom(gray, **window), "cell")[..., 0]
    np.testing.assert_array_equal(pixels, np.rint(np.clip((gray - 50.0) / 100, 0, 1) * 255))


def test_a_window_of_another_form_is_named(gray):
    with pytest.raises(ImageError, match="whose window is SIGMOID, not LINEAR; export it as it is shown"):
        decode(dicom(gray, WindowCenter=100, WindowWidth=100, VOILUTFunction="SIGMOID"), "cell")


def test_a_jpeg_that_says_it_is_rgb_is_read(picture, saved):
    data = dicom(
        picture[None], "RGB", JPEGBaseline8Bit, NumberOfFrames=1,
        PixelData=encapsulate([saved(picture, "JPEG", quality=95, keep_rgb=True)]),
    )  # fmt: skip
    difference = decode(data, "cell").astype(int) - picture
    assert np.abs(difference).max() < 12


def test_a_dicom_without_its_first_bytes_is_named(picture):
    with pytest.raises(ImageError, match="is a DICOM without its first 132 bytes, which is not read"):
        decode(dicom(picture)[132:], "cell.dcm")


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
        ({"PhotometricInterpretation": "HSV"}, "of kind 'HSV' with 1 channels"),
        ({"HighBit": 6}, "bit 6 as the highest of 8; export it again"),
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
