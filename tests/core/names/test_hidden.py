"""Any file name can be written, read by a person, and found again."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.files import write_json, write_text
from normocyte.core.names.hidden import SHOWN, as_stored, as_text, shown, without_mark


def test_an_odd_byte_is_spelled_out():
    assert shown(os.fsdecode(b"k\xf6ln.png")) == r"k\xf6ln.png"


@pytest.mark.parametrize("name", ["a.png", "köln.png", "血.png", r"a\b", r"\x41.png", "\\", ""])
def test_other_names_stay_as_they_are(name):
    assert shown(name) == as_stored(name) == name


def test_half_a_character_that_is_no_byte_is_spelled_out_too():
    assert shown("\ud800") == r"\ud800"


@pytest.mark.parametrize("name", ["=1+1.png", "+1.png", "-a.png", "@a.png"])
def test_a_name_that_a_spreadsheet_would_compute_is_marked_as_text_and_found_again(name):
    assert as_text(name) == f"'{name}"
    assert without_mark(as_text(name)) == name


@pytest.mark.parametrize("name", ["a=1.png", "'a.png", ""])
def test_a_name_that_no_spreadsheet_computes_has_no_mark(name):
    assert as_text(name) == without_mark(name) == name


@given(st.binary(max_size=30).filter(lambda name: b"\\x" not in name))
def test_every_name_of_a_file_comes_back(name):
    text = os.fsdecode(name)
    assert as_stored(shown(text)) == text


def test_files_take_any_name(tmp_path):
    write_text(tmp_path / "a.txt", "caf\udce9")
    write_json(tmp_path / "a.json", {"caf\udce9": 1})
    assert (tmp_path / "a.txt").read_bytes() == rb"caf\xe9"
    assert rb"caf\\xe9" in (tmp_path / "a.json").read_bytes()


def test_a_screen_of_few_letters_takes_any_name():
    screen = io.TextIOWrapper(io.BytesIO(), "cp1252", errors=SHOWN)
    screen.write("caf\udce9 血")
    screen.flush()
    assert screen.buffer.getvalue() == rb"caf\xe9 \u8840"
