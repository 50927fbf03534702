import pytest

from normocyte.core.inputs import signatures
from normocyte.core.inputs.signatures import HEAD_BYTES, Kind, ending_of, foreign_format, format_of, kind_of

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
AVIF = b"\0\0\0\x1cftypavif\0\0\0\0mif1avif"
HEADS = {
    "PNG": b"\x89PNG\r\n\x1a\n",
    "JPEG": b"\xff\xd8\xff\xe0",
    "WebP": b"RIFF\x10\0\0\0WEBPVP8 ",
    "TIFF": b"II*\0\x08\0\0\0",
    "BMP": b"BM" + bytes(12) + b"\x28\0\0\0",
    "DICOM": bytes(128) + b"DICM",
}


@pytest.fixture(autouse=True)
def _without_heic(monkeypatch):
    """As where the package that reads HEIC is not installed."""
    monkeypatch.setattr(signatures, "is_heic_read", lambda: False)


def unasked():
    raise AssertionError("the name says enough; the file must not be opened")


@pytest.mark.parametrize("name", HEADS)
def test_each_format_that_is_read_is_known_by_its_first_bytes(name):
    assert len(HEADS[name]) <= HEAD_BYTES
    assert format_of(HEADS[name]) == name


@pytest.mark.parametrize(
    "first", [b"II*\0\x08\0\0\0", b"MM\0*", b"II+\0", b"BM", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"]
)
def test_a_dicom_is_one_whatever_its_first_128_bytes_are(first):
    head = first + bytes(128 - len(first)) + b"DICM"
    assert format_of(head) == "DICOM"
    assert foreign_format(head, "a.dcm") == ""
    assert kind_of("a.svs", lambda: head) is Kind.IMAGE


@pytest.mark.parametrize("name", ["a.jfif", "a.jpe", "a", "a.dat", "a.unknown", "a.heic"])
def test_a_jpeg_is_an_image_whatever_its_ending(name):
    assert kind_of(name, lambda: HEADS["JPEG"]) is Kind.IMAGE


@pytest.mark.parametrize(
    "name", ["a.png", "A.JPG", "notes.txt", "cells.csv", "README.md", "Thumbs.db", "a.mp4"]
)
def test_no_file_is_opened_whose_name_says_enough(name):
    assert kind_of(name, unasked) is not Kind.UNKNOWN


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("IMG_2.HEIC", HEIC, Kind.PHONE),
        ("a", HEIC, Kind.PHONE),
        ("a", b"GIF89a", Kind.PICTURE),
        ("a.gif", b"GIF89a", Kind.PICTURE),
        ("a.jp2", b"", Kind.PICTURE),
        ("slide.svs", HEADS["TIFF"], Kind.SLIDE),
        ("photo.nef", HEADS["TIFF"], Kind.RAW),
        ("photos.zip", b"PK", Kind.ARCHIVE),
        ("a.xyz", b"\0\1\2", Kind.UNKNOWN),
        ("LICENSE", b"Apache", Kind.COMPANION),
        ("notes", b"BMP files are here, and more text", Kind.COMPANION),
    ],
)
def test_what_is_not_read_has_its_kind(name, head, kind):
    assert kind_of(name, lambda: head) is kind


def test_heic_is_an_image_where_its_package_is_installed(monkeypatch):
    monkeypatch.setattr(signatures, "is_heic_read", lambda: True)
    assert format_of(HEIC) == "HEIC"
    assert foreign_format(HEIC, "a.heic") == ""
    assert kind_of("IMG_2.HEIC", lambda: HEIC) is Kind.IMAGE


def test_avif_is_an_image():
    assert format_of(AVIF) == "AVIF"
    assert kind_of("a.avif", unasked) is Kind.IMAGE
    assert kind_of("a", lambda: AVIF) is Kind.IMAGE


def test_foreign_formats_are_called_by_their_names():
    assert foreign_format(HEIC, "a.jpg") == "HEIC"
    assert foreign_format(HEADS["TIFF"], "slide.svs") == "SVS"
    assert foreign_format(HEADS["TIFF"], "a.tif") == ""


def test_an_ending_is_in_small_letters_with_its_dot():
    assert [ending_of(name) for name in ("a.B.PNG", "LICENSE")] == [".png", ""]
