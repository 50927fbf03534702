"""Random numbers depend on the seed and on what they are for, and on nothing else."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from normocyte.core.seeds import generator

SEEDS = some.integers(0, 2**63)
WORDS = some.text("abcdefghij_", min_size=1)


def _numbers(seed: int, *purpose: str | int) -> list[float]:
    return generator(seed, *purpose).random(4).tolist()


@given(SEEDS, WORDS)
def test_the_same_seed_and_purpose_give_the_same_numbers(seed, purpose):
    assert _numbers(seed, purpose) == _numbers(seed, purpose)


@given(SEEDS, WORDS, WORDS)
def test_another_purpose_gives_other_numbers(seed, purpose, other):
    assert (_numbers(seed, purpose) == _numbers(seed, other)) == (purpose == other)


@given(SEEDS, SEEDS, WORDS)
def test_another_seed_gives_other_numbers(seed, other, purpose):
    assert (_numbers(seed, purpose) == _numbers(other, purpose)) == (seed == other)


def test_a_number_may_be_part_of_the_purpose():
    assert _numbers(7, "cell", 1) != _numbers(7, "cell", 2)


def test_the_numbers_stay_the_same_from_release_to_release():
    np.testing.assert_array_equal(generator(7, "split").integers(0, 1000, 5), [653, 654, 274, 217, 487])


def test_no_global_state_is_touched():
    before = np.random.get_state()[1].tolist()  # noqa: NPY002 - the state that must not change
    _numbers(7, "split")
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
