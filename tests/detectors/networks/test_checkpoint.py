"""A checkpoint is whole, of this very training, or as good as none."""

import errno
import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.errors import OutputError
from normocyte.detectors.networks.checkpoint import FILE, CheckpointState, Store, fingerprint

VARIABLES = [np.arange(6, dtype=np.float32).reshape(2, 3), np.array(5)]


def progressing() -> CheckpointState:
    state = CheckpointState()
    state.note(0.5, 0.7, [np.ones(3, np.float32)])
    state.note(0.4, 0.6, [np.full(3, 2, np.float32)])
    state.note(0.3, 0.65, [np.full(3, 3, np.float32)])
    state.seconds = 12.5
    return state


def told(kept: tuple | None) -> str:
    """State and variables as text, so that two of them can be compared."""
    return repr(kept)


@pytest.fixture
def store(tmp_path):
    found = Store(tmp_path, "key")
    found.save(progressing(), VARIABLES)
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A store whose file the examples spoil, and the file's sound bytes."""
    found = Store(tmp_path_factory.mktemp("kept"), "key")
    found.save(progressing(), VARIABLES)
    return found, (found.folder / FILE).read_bytes()


def test_what_was_kept_comes_back(store):
    assert told(store.load()) == told((progressing(), VARIABLES))


def test_a_checkpoint_of_an_earlier_version_knows_no_time(store):
    file = store.folder / FILE
    with np.load(file) as kept:
        earlier = {name: array for name, array in kept.items() if name != "seconds"}
    np.savez(file, **earlier)
    (state, _) = store.load()
    assert (state.epoch, state.seconds) == (3, 0)


def test_another_key_finds_nothing(store):
    assert replace(store, key="other").load() is None


def test_an_empty_folder_and_no_folder_find_nothing(tmp_path):
    assert Store(tmp_path, "key").load() is None
    assert Store(None, "key").load() is None


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Store(None, "key").save(progressing(), VARIABLES)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_a_kill_left_behind_does_no_harm(store):
    (store.folder / ".checkpoint.1.part.npz").write_bytes(b"half")
    assert told(store.load()) == told((progressing(), VARIABLES))


def test_a_full_disk_leaves_the_checkpoint_before(store, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OutputError, match="No space left"):
        store.save(CheckpointState(), VARIABLES)
    assert told(store.load()) == told((progressing(), VARIABLES))


@given(length=st.integers(0, 2000))
def test_a_file_that_was_cut_short_is_as_good_as_none(kept, length):
    store, content = kept
    (store.folder / FILE).write_bytes(content[: min(length, len(content) - 1)])
    assert store.load() is None


@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_file_with_a_changed_byte_is_as_good_as_none_or_still_says_the_same(kept, place, flip):
    store, content = kept
    spoilt = bytearray(content)
    spoilt[int(place * len(content))] ^= flip
    (store.folder / FILE).write_bytes(spoilt)
    assert told(store.load()) in (told(None), told((progressing(), VARIABLES)))


@pytest.mark.parametrize("content", [b"", b"text", b"\x93NUMPY", np.lib.format.magic(1, 0) + b"v\x00{}"])
def test_a_file_of_another_kind_is_as_good_as_none(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    assert Store(tmp_path, "key").load() is None


def test_a_zip_of_other_arrays_is_as_good_as_none(tmp_path):
    np.savez(tmp_path / FILE, key=np.array("key"), loss=np.zeros(2))
    assert Store(tmp_path, "key").load() is None


def test_the_lowest_held_out_loss_is_the_best_and_its_weights_stay():
    state = progressing()
    assert (state.epoch, state.best_epoch) == (3, 2)
    np.testing.assert_array_equal(state.best, [[2, 2, 2]])


def test_a_later_epoch_that_is_as_good_takes_its_place():
    state = progressing()
    state.note(0.2, 0.6, [np.zeros(3)])
    assert state.best_epoch == 4


def test_weights_that_change_afterwards_do_not_change_what_was_kept():
    weights, state = np.zeros(3), CheckpointState()
    state.note(0.5, 0.5, [weights])
    weights += 1
    np.testing.assert_array_equal(state.best, [[0, 0, 0]])


def test_a_fingerprint_is_the_same_for_the_same():
    pixels = np.arange(12.0).reshape(3, 4)
    assert fingerprint("fields", 1, pixels) == fingerprint("fields", 1, np.asfortranarray(pixels))


@pytest.mark.parametrize(
    "other",
    [
        ("field", 1, np.arange(12.0), np.arange(3.0)),
        ("fields", 2, np.arange(12.0), np.arange(3.0)),
        ("fields", 1, np.arange(12.0).reshape(3, 4), np.arange(3.0)),
        ("fields", 1, np.arange(12.0, dtype=np.float32), np.arange(3.0)),
        ("fields", 1, np.arange(12.0)[::-1], np.arange(3.0)),
        ("fields", 1, np.append(np.arange(12.0), 0), np.array([1.0, 2.0])),
    ],
)
def test_a_fingerprint_differs_for_other_fields_seeds_and_cells(other):
    assert fingerprint(*other) != fingerprint("fields", 1, np.arange(12.0), np.arange(3.0))
