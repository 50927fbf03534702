"""On Linux workers of a program are copies of it, and else of a server that imports once what they need."""

import signal
import subprocess
import sys

import pytest

from normocyte.engine.begin import (
    MOST_THREADED,
    context_of,
    deaf_to_ends,
    hear_the_end,
    holds_many,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes import by themselves")


@pytest.mark.parametrize(("files", "is_large"), [(0, False), (1, True)])
def test_a_large_folder_is_told_without_being_listed(tmp_path, files, is_large):
    for number in range(MOST_THREADED - 1 + files):
        (tmp_path / f"{number}.png").touch()
    assert holds_many(tmp_path) is is_large


def test_a_path_that_is_no_folder_holds_no_large_job(tmp_path):
    assert not holds_many(tmp_path / "none.png")


WAYS = """
import threading
from normocyte.engine.begin import as_a_program, context_of

def way():
    return context_of("normocyte.engine.pool").get_start_method()

outside = way()
with as_a_program():
    alone, may_end = way(), threading.Event()
    threading.Thread(target=may_end.wait).start()
    beside = way()
may_end.set()
print(outside, alone, beside)
"""


def test_workers_are_copies_only_of_a_program_with_one_thread():
    done = subprocess.run([sys.executable, "-c", WAYS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["forkserver", "fork", "forkserver"]


def test_a_copy_that_begins_deaf_is_ended_by_sigterm_and_not_by_the_handler_of_its_parent():
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with deaf_to_ends(also_terminated=True):
            assert {signal.SIGINT, signal.SIGTERM} <= signal.pthread_sigmask(signal.SIG_BLOCK, [])
            hear_the_end()
            assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_package_of_the_same_name_in_the_working_folder_is_not_imported(tmp_path, monkeypatch):
    preloaded = []
    monkeypatch.setattr("multiprocessing.forkserver.set_forkserver_preload", preloaded.append)
    context_of("normocyte.engine.pool")
    (tmp_path / "normocyte").mkdir()
    monkeypatch.chdir(tmp_path)
    context_of("normocyte.engine.pool")
    assert preloaded == [["normocyte.engine.pool"], []]
