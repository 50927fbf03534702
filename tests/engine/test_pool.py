"""Work on many images: in order, whole, and with a sentence when a process dies."""

import functools
import multiprocessing
import os
import subprocess
import sys
import threading

import pytest

from normocyte.core.cancel import CancelToken, Stopped
from normocyte.core.errors import ConfigError, NormocyteError
from normocyte.core.progress import Silent
from normocyte.engine.pool import CHUNK, MOST_THREADED, Engine, over_chunks

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
    with pytest.raises(NormocyteError, match=r"One of 2 worker processes died.*choose 1 for workers"):
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


def whose(chunk):
    """The process that works."""
    return os.getpid()


def test_an_engine_keeps_its_processes_from_job_to_job_and_ends_them_with_its_block():
    with Engine(2) as engine:
        first, second = (set(engine.over(whose, NUMBERS, Silent())) for _ in range(2))
        processes = multiprocessing.active_children()
    assert os.getpid() not in first | second
    assert first | second <= {process.pid for process in processes}
    assert not set(processes) & set(multiprocessing.active_children())


def test_each_job_of_an_engine_does_its_own_task():
    with Engine(2) as engine:
        assert [sum(engine.over(task, NUMBERS, Silent())) for task in (len, sum)] == [
            len(NUMBERS),
            sum(NUMBERS),
        ]


class Travelling:
    """A task that counts how often it is packed to travel."""

    packed = 0

    def __reduce__(self):
        type(self).packed += 1
        return Travelling, ()

    def __call__(self, chunk):
        return len(chunk)


def test_the_task_of_the_first_job_travels_once_and_not_with_every_chunk():
    with Engine(2) as engine:
        assert sum(engine.over(Travelling(), NUMBERS, Silent())) == len(NUMBERS)
    assert Travelling.packed == 1


class Emptied:
    """A task that says in which process it is, and how many empty chunks came there before."""

    def __init__(self):
        self.empty = 0

    def __call__(self, chunk):
        self.empty += not chunk
        return os.getpid(), self.empty


COPIES = """
import functools, os
from normocyte.core.errors import NormocyteError
from normocyte.core.progress import Silent
from normocyte.engine.begin import as_a_program
from normocyte.engine.pool import CHUNK, Engine

class Unpackable:
    packed = 0

    def __reduce__(self):
        type(self).packed += 1
        return Unpackable, ()

    def __call__(self, chunk):
        return os.getpid()

numbers = range(3 * CHUNK + 7)
with as_a_program(), Engine(2) as engine:
    found = set(engine.over(Unpackable(), numbers, Silent()))
    print(os.getpid() in found, Unpackable.packed)
with as_a_program(), Engine(2) as engine:
    try:
        list(engine.over(functools.partial(max, key=os._exit), numbers, Silent()))
    except NormocyteError as error:
        print(error)
    print(sum(engine.over(sum, numbers, Silent())) == sum(numbers))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes import by themselves")
def test_copies_of_a_program_need_no_task_sent_and_one_that_dies_gets_a_sentence():
    done = subprocess.run([sys.executable, "-c", COPIES], capture_output=True, text=True, check=True)
    apart, died, goes_on = done.stdout.splitlines()
    assert (apart, goes_on) == ("False 0", "True")
    assert died.startswith("One of 2 worker processes died")


UNDER_WAY = """
import os, signal, sys, time
from normocyte.core.progress import Silent
from normocyte.engine.begin import as_a_program
from normocyte.engine.pool import CHUNK, Engine

class Large:
    def __reduce__(self):
        os.kill(os.getpid(), signal.SIGTERM)  # while the result is packed, before it is sent
        time.sleep(0.2)
        return bytes, (1_000_000,)

def task(chunk):
    return Large()

with as_a_program(), Engine(2) as engine:
    print(len(next(engine.over(task, range(2 * CHUNK), Silent()))))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes import by themselves")
def test_a_result_under_way_comes_whole_from_a_worker_that_is_told_to_end():
    done = subprocess.run(
        [sys.executable, "-c", UNDER_WAY], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "1000000\n"


def test_workers_that_get_ready_see_an_empty_chunk_before_the_job_that_comes():
    with Engine(2) as engine:
        task = Emptied()
        engine.get_ready(task)
        processes = multiprocessing.active_children()
        found = dict(engine.over(task, NUMBERS, Silent()))
    assert processes
    assert max(found.values()) >= 1


def test_a_task_that_fails_to_get_ready_fails_with_its_first_chunk():
    with Engine(2) as engine:
        task = functools.partial(max, key=len)
        engine.get_ready(task)
        with pytest.raises(TypeError, match="has no len"):
            list(engine.over(task, NUMBERS, Silent()))


def test_one_worker_gets_nothing_ready():
    with Engine(1) as engine:
        engine.get_ready(list)
        assert not multiprocessing.active_children()


def test_the_last_chunks_become_smaller_where_workers_shall_end_together():
    numbers = range(MOST_THREADED)
    with Engine(2, may_thread=True, ends_even=True) as engine:
        chunks = [list(chunk) for chunk in engine.over(list, numbers, Silent())]
    sizes = [len(chunk) for chunk in chunks]
    assert [number for chunk in chunks for number in chunk] == [*numbers]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[-2]) == (CHUNK, 32)


def test_an_engine_goes_on_after_a_process_has_died():
    with Engine(2) as engine:
        with pytest.raises(NormocyteError, match="worker processes died"):
            list(engine.over(functools.partial(max, key=os._exit), NUMBERS, Silent()))
        assert sum(engine.over(sum, NUMBERS, Silent())) == sum(NUMBERS)


def test_a_script_that_is_no_file_is_refused_before_processes_begin(monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)
    monkeypatch.setattr(sys.modules["__main__"], "__file__", "<stdin>", raising=False)
    with pytest.raises(ConfigError, match=r"is no file \(<stdin>\), and 2 worker processes"):
        list(over_chunks(sum, NUMBERS, Silent(), 2))


class StopsAfter(Silent):
    """Sets the token from another thread when a chunk is done."""

    def __init__(self, token):
        self.token = token

    def advance(self, steps=1, note=""):
        thread = threading.Thread(target=self.token.set)
        thread.start()
        thread.join()


def thread(chunk):
    """The process and the thread that work."""
    return os.getpid(), threading.current_thread().name


def test_threads_work_in_this_process_and_give_results_in_order():
    with Engine(2, may_thread=True) as engine:
        assert [list(chunk) for chunk in engine.over(list, NUMBERS, Silent())] == list(
            over_chunks(list, NUMBERS, Silent(), 1)
        )
        found = set(engine.over(thread, NUMBERS, Silent()))
    assert {process for process, _ in found} == {os.getpid()}
    assert threading.main_thread().name not in {name for _, name in found}


def test_more_workers_than_four_are_processes():
    with Engine(5, may_thread=True) as engine:
        assert os.getpid() not in set(engine.over(whose, NUMBERS, Silent()))


def test_a_large_job_is_done_by_processes():
    with Engine(2, may_thread=True) as engine:
        found = set(engine.over(thread, range(MOST_THREADED), Silent()))
    assert os.getpid() not in {process for process, _ in found}


def test_a_fault_in_a_thread_comes_through_and_ends_the_threads():
    with pytest.raises(TypeError, match="has no len"), Engine(2, may_thread=True) as engine:
        list(engine.over(functools.partial(max, key=len), NUMBERS, Silent()))
    assert not [one for one in threading.enumerate() if one.name.startswith("normocyte")]


def test_a_token_stops_threads_after_a_chunk_whose_result_is_given():
    token, given = CancelToken(), []
    with pytest.raises(Stopped), Engine(2, may_thread=True) as engine:
        given.extend(engine.over(sum, NUMBERS, StopsAfter(token), token))
    assert given == [sum(range(CHUNK))]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_token_set_before_the_start_stops_before_the_first_chunk(workers):
    token, asked = CancelToken(), []
    token.set()
    with pytest.raises(Stopped), Engine(workers) as engine:
        list(engine.over(asked.append, NUMBERS, Silent(), token))
    assert asked == []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_token_set_by_a_thread_ends_the_work_after_a_chunk_whose_result_is_given(workers):
    token, given = CancelToken(), []
    with pytest.raises(Stopped), Engine(workers) as engine:
        given.extend(engine.over(sum, NUMBERS, StopsAfter(token), token))
    assert given == [sum(range(CHUNK))]


@pytest.mark.parametrize("workers", [1, 2])
def test_jobs_come_as_they_are_done_and_none_is_lost(workers):
    with Engine(workers) as engine:
        found = dict(engine.as_done(sum, iter([(1, 2), (3,), (4, 5), (6,)])))
    assert found == {(1, 2): 3, (3,): 3, (4, 5): 9, (6,): 6}


def test_no_more_jobs_are_taken_than_the_workers_can_do_next():
    taken = []
    jobs = (taken.append(number) or (number,) for number in range(20))
    with Engine(2) as engine:
        results = engine.as_done(sum, jobs)
        next(results)
        assert len(taken) <= 2 + 2  # those at work and as many that are listed meanwhile
        results.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_jobs_at_work_are_ended_when_it_is_stopped(workers):
    token, found = CancelToken(), []

    def stopping(jobs):
        for job, _ in jobs:
            token.set()
            found.append(job)

    with Engine(workers) as engine, pytest.raises(Stopped):
        stopping(engine.as_done(sum, ((number,) for number in range(20)), token))
    assert sorted(found) == [(number,) for number in range(workers)]
