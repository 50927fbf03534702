"""On Linux workers of a program are copies of it, and else of a server that imports once what they need."""

import subprocess
import sys

import pytest

from normocyte.engine.begin import MOST_THREADED, context_of, holds_many

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


COPY = """
import os, signal, sys, time
from normocyte.engine.begin import deaf_to_ends, hear_the_end

for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda *_: os._exit(3))
if "ignored" in sys.argv:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
with deaf_to_ends(also_terminated=True):
    copy = os.fork()
    if not copy:
        hear_the_end(lambda: os._exit(7))
        time.sleep(60)
for number in sys.argv[1:2]:
    os.kill(copy, getattr(signal, number))
if "ignored" in sys.argv:
    time.sleep(0.3)
    print(os.waitpid(copy, os.WNOHANG)[0], end=" ")
    os.kill(copy, signal.SIGTERM)
print(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]))
"""


@pytest.mark.parametrize(
    ("words", "said"), [(["SIGTERM"], "7"), (["SIGHUP"], "7"), (["SIGHUP", "ignored"], "0 7")]
)
def test_a_copy_that_begins_deaf_hears_its_end_and_not_by_the_handler_of_its_parent(words, said):
    done = subprocess.run([sys.executable, "-c", COPY, *words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said


def test_a_package_of_the_same_name_in_the_working_folder_is_not_imported(tmp_path, monkeypatch):
    preloaded = []
    monkeypatch.setattr("multiprocessing.forkserver.set_forkserver_preload", preloaded.append)
    context_of("normocyte.engine.pool")
    (tmp_path / "normocyte").mkdir()
    monkeypatch.chdir(tmp_path)
    context_of("normocyte.engine.pool")
    assert preloaded == [["normocyte.engine.pool"], []]
