"""Work on many images: in order, whole, and with a sentence when a process dies."""

import functools
import os
import threading

import pytest

from normocyte.core.errors import NormocyteError
from normocyte.core.progress import Silent
from normocyte.engine.pool import CHUNK, over_chunks

NUMBERS = range(3 * CHUNK + 7)  # they stand in for images: a worker gets them in chunks all the same


class Counting(Silent):
    """Counts steps."""

    def __init__(self):
        self.done = 0

    def advance(self, steps=1, note=""):
        self.done += steps


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_results_come_in_order_whatever_does_the_work(workers):
    assert list(over_chunks(list, NUMBERS, Silent(), workers)) == [
        list(NUMBERS[start : start + CHUNK]) for start in range(0, len(NUMBERS), CHUNK)
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_image_is_counted_once(workers):
    progress = Counting()
    list(over_chunks(sum, NUMBERS, progress, workers))
    assert progress.done == len(NUMBERS)


def test_nothing_to_do_gives_nothing():
    assert list(over_chunks(sum, [], Silent(), 2)) == []


def test_a_process_that_dies_gets_a_sentence():
    dying = functools.partial(max, key=os._exit)
    with pytest.raises(NormocyteError, match=r"One of 2 worker processes died.*--workers 1"):
        list(over_chunks(dying, NUMBERS, Silent(), 2))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_a_task_comes_through_as_it_is(workers):
    with pytest.raises(TypeError, match="has no len"):
        list(over_chunks(functools.partial(max, key=len), NUMBERS, Silent(), workers))


def test_results_before_a_fault_are_not_lost():
    results = over_chunks(sum, [*range(CHUNK), "x"], Silent(), 1)
    assert next(results) == sum(range(CHUNK))
    with pytest.raises(TypeError):
        next(results)


def test_whoever_stops_listening_ends_the_pool():
    results = over_chunks(sum, NUMBERS, Silent(), 2)
    next(results)
    results.close()
    assert not [thread for thread in threading.enumerate() if "QueueFeeder" in thread.name]
