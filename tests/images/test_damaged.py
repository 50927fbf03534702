"""A damaged file is refused in one plain sentence, whatever a decoder raises or writes by itself."""

import os
import re

import numpy as np
import pytest
from PIL import Image

from normocyte.core.errors import ImageError
from normocyte.core.types import Source
from normocyte.engine.pool import read_all
from normocyte.images import _decoding
from normocyte.images.photos import decode_pages
from normocyte.images.reading import decode


class OddError(Exception):
    """What no one has heard of."""


RAISED = [
    (OddError("0x7f368fa424d0"), "is a damaged PNG: it cannot be decoded; copy or export the file again."),
    (EOFError(), "is a damaged PNG: bytes that it needs are missing; copy or export the file again."),
    (StopIteration(), "is a damaged PNG: it cannot be decoded; copy or export the file again."),
    (RecursionError(), "is a damaged PNG: it cannot be decoded; copy or export the file again."),
    (MemoryError(), "is a PNG that needs more memory than there is; cut it into pieces or export it again."),
    (
        Image.DecompressionBombError("pixels"),
        "is a damaged PNG: it claims more pixels than are read; copy or export the file again.",
    ),
]


@pytest.mark.parametrize(("error", "words"), RAISED, ids=[type(error).__name__ for error, _ in RAISED])
@pytest.mark.parametrize("reads", [decode, lambda data, name: list(decode_pages(data, name))])
def test_whatever_a_decoder_raises_is_one_sentence(monkeypatch, picture, saved, reads, error, words):
    def decoder(*_):
        raise error

    monkeypatch.setattr(_decoding.opencv, "pixels", decoder)
    with pytest.raises(ImageError, match=f"^{re.escape(f'cell.png {words}')}$"):
        reads(saved(picture, "PNG"), "cell.png")


def test_a_stop_of_the_user_is_no_damage(monkeypatch, picture, saved):
    def decoder(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(_decoding.opencv, "pixels", decoder)
    with pytest.raises(KeyboardInterrupt):
        decode(saved(picture, "PNG"), "cell.png")


def answer(data):
    """Why bytes are refused; empty where they are read."""
    try:
        decode(data, "cell")
    except ImageError as error:
        return str(error)
    return ""


def damaged(whole, place, content):
    return whole[:place] + content + whole[place + len(content) :]


@pytest.mark.parametrize(
    ("kind", "options", "place"),
    [("PNG", {}, 0.6), ("JPEG", {}, 0.9), ("JPEG", {"progressive": True}, 0.6)]
    + [("TIFF", {"compression": packing}, 0.05) for packing in ("tiff_lzw", "tiff_adobe_deflate", "jpeg")],
)
def test_libraries_write_nothing_to_standard_error(capfd, picture, saved, kind, options, place):
    whole = saved(np.tile(picture, (4, 4, 1)), kind, **options)
    for start in range(int(len(whole) * place), int(len(whole) * place) + 40, 5):
        said = answer(damaged(whole, start, b"\xff\x00\x7f\x33\xfe"))
        assert "object at 0x" not in said
    assert capfd.readouterr().err == ""


def test_standard_error_is_there_again_after_a_refusal(capfd, picture, saved):
    with pytest.raises(ImageError):
        decode(saved(picture, "TIFF")[:200], "cell")
    os.write(2, b"here again")
    assert capfd.readouterr().err == "here again"


def test_a_damaged_file_among_others_is_a_fault_of_its_own(tmp_path, picture, saved):
    for name, kind in (("1.tif", "TIFF"), ("2.tif", "TIFF"), ("3.png", "PNG")):
        (tmp_path / name).write_bytes(saved(picture, kind))
    (tmp_path / "2.tif").write_bytes(saved(picture, "TIFF")[:300])
    sources = [Source(tmp_path / name) for name in ("1.tif", "2.tif", "3.png")]
    images, faults = read_all(sources)
    assert len(images) == 2
    assert list(faults) == [sources[1]]
