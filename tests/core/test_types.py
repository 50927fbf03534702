"""The types that travel between rooms."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from normocyte.core.progress import Silent
from normocyte.core.types import Batch, Estimate, Record, Source
from normocyte.results.verdict import Outcome, Verdict

FILE = Source(Path("cells") / "C1.png")
MEMBER = Source(Path("cells.zip"), "cell_images/Parasitized/C2.png")


@pytest.mark.parametrize(("source", "name"), [(FILE, "C1.png"), (MEMBER, "C2.png")])
def test_a_source_has_the_name_of_its_file(source, name):
    assert source.name == name


def test_a_member_of_a_zip_is_written_behind_its_zip():
    assert str(MEMBER) == "cells.zip!cell_images/Parasitized/C2.png"


def test_sources_sort_by_path_and_then_by_member():
    later = Source(MEMBER.path, "z.png")
    assert sorted([later, MEMBER]) == [MEMBER, later]


def test_a_record_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Record(FILE, 0, "C1").label = 1


def test_a_batch_takes_rows_in_the_order_asked_for():
    pixels = np.arange(3, dtype=np.float32).reshape(3, 1, 1, 1)
    taken = Batch(pixels, pixels[..., 0].astype(np.uint8)).take(np.array([2, 0]))
    assert (taken.pixels.ravel().tolist(), taken.masks.ravel().tolist(), len(taken)) == ([2, 0], [2, 0], 2)


@pytest.mark.parametrize(
    ("outcome", "is_flagged"),
    [(Outcome.HEALTHY, False), (Outcome.SUSPICIOUS, True), (Outcome.NOT_ASSESSABLE, False)],
)
def test_only_a_suspicious_cell_is_flagged(outcome, is_flagged):
    assert Verdict(outcome, 0.0, 1.0).is_flagged is is_flagged


@pytest.mark.parametrize(("spec", "text"), [("", "0.983 [0.970, 0.991]"), (".1%", "98.3% [97.0%, 99.1%]")])
def test_an_estimate_is_written_with_its_interval(spec, text):
    assert format(Estimate(0.983, 0.97, 0.991), spec) == text


def test_nobody_needs_to_listen():
    listener = Silent()
    assert (listener.begin("train", 3), listener.advance(note="loss 0.1")) == (None, None)
