"""A server process imports once what the processes of a pool need, and may be begun before all else."""

import subprocess
import sys

import pytest

from normocyte.engine.begin import MOST_THREADED, context_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes import by themselves")

BEGIN = """
import sys
from multiprocessing import forkserver
from pathlib import Path
from normocyte.engine.begin import begin_early
begin_early([Path(sys.argv[1])], int(sys.argv[2]), "normocyte.engine.pool")
print(forkserver._forkserver._forkserver_pid is not None, "numpy" in sys.modules)
"""


def said(code, *words):
    """What a fresh process prints that runs this code."""
    done = subprocess.run([sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(("files", "workers", "begins"), [(0, 2, False), (1, 2, True), (1, 1, False)])
def test_a_server_begins_early_for_a_large_folder_and_several_workers(tmp_path, files, workers, begins):
    for number in range(MOST_THREADED - 1 + files):
        (tmp_path / f"{number}.png").touch()
    assert said(BEGIN, tmp_path, workers) == [str(begins), "False"]


def test_a_path_that_is_no_folder_begins_nothing(tmp_path):
    assert said(BEGIN, tmp_path / "none.png", 2) == ["False", "False"]


def test_a_package_of_the_same_name_in_the_working_folder_is_not_imported(tmp_path, monkeypatch):
    preloaded = []
    monkeypatch.setattr("multiprocessing.forkserver.set_forkserver_preload", preloaded.append)
    context_of("normocyte.engine.pool")
    (tmp_path / "normocyte").mkdir()
    monkeypatch.chdir(tmp_path)
    context_of("normocyte.engine.pool")
    assert preloaded == [["normocyte.engine.pool"], []]
