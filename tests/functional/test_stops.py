"""Scoring that is stopped keeps its rows, leaves no process behind, and never shows a traceback."""

import contextlib
import csv
import os
import signal
import subprocess
import sys
import time

import pytest

PROCESSES = 5
"""So many workers are processes; fewer are threads."""

pytestmark = pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")

COPIES = 24


@pytest.fixture(scope="module")
def many(cells, tmp_path_factory):
    """A folder of 3,840 links to the drawn cells."""
    folder = tmp_path_factory.mktemp("many")
    for copy in range(COPIES):
        for file in cells.rglob("*.png"):
            (folder / f"{copy}_{file.name}").symlink_to(file)
    return folder


def _as_from_a_terminal():
    """Whoever runs the tests with nohup has them ignore SIGHUP, and so would what they start."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture
def group(process, bundle, many, tmp_path):
    """Begins to score into rows.csv, in a process group of its own as from a terminal; kills what is left."""
    begun = []

    def start(workers):
        words = ("score", many, "--bundle", bundle, "--output", tmp_path / "rows.csv", "--workers", workers)
        begun.append(process(*words, start_new_session=True, preexec_fn=_as_from_a_terminal))
        return begun[-1]

    yield start
    for running in begun:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.communicate()


def is_alive(group):
    """True while a process of the group is there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(happened, seconds=30):
    """Wait for it, and say so when it does not happen."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def has_begun(folder, least_bytes):
    """True when the file under way has at least so many bytes."""
    return any(file.stat().st_size >= least_bytes for file in folder.glob(".rows.*.part.csv"))


@pytest.mark.parametrize("workers", [1, 2, PROCESSES])
def test_ctrl_c_keeps_the_rows_so_far(workers, group, tmp_path):
    running = group(workers)
    wait_until(lambda: has_begun(tmp_path, 1))
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert running.returncode == 130
    assert said.endswith(
        f"Scoring was stopped after {len(rows)} of 3840 images; the rows so far are in "
        f"{tmp_path / 'rows.csv'}.\n"
    )
    assert 0 < len(rows) < 3840
    assert all(row["score"] for row in rows)
    assert "Traceback" not in said
    wait_until(lambda: not is_alive(running.pid))


def test_ctrl_c_while_the_processes_start_shows_no_traceback(group, tmp_path):
    running = group(PROCESSES)
    wait_until(lambda: has_begun(tmp_path, 0))
    time.sleep(0.2)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Traceback" not in said
    wait_until(lambda: not is_alive(running.pid))


@pytest.mark.parametrize("workers", [2, PROCESSES])
@pytest.mark.parametrize(("send", "end"), [("kill", "SIGTERM"), ("kill", "SIGHUP"), ("killpg", "SIGHUP")])
def test_a_program_that_is_ended_by_the_system_keeps_the_rows_and_leaves_no_part_of_a_file(
    workers, send, end, group, tmp_path
):
    """SIGHUP comes when its terminal is closed, to all of its processes."""
    running = group(workers)
    wait_until(lambda: has_begun(tmp_path, 1))
    getattr(os, send)(running.pid, getattr(signal, end))
    _, said = running.communicate(timeout=30)
    wait_until(lambda: not is_alive(running.pid))
    assert "Scoring was stopped after" in said
    assert [file.name for file in tmp_path.iterdir()] == ["rows.csv"]


def test_no_process_outlives_one_that_is_killed(group, tmp_path):
    running = group(PROCESSES)
    wait_until(lambda: has_begun(tmp_path, 1))
    os.kill(running.pid, signal.SIGKILL)
    running.communicate(timeout=30)
    wait_until(lambda: not is_alive(running.pid))
    assert not (tmp_path / "rows.csv").exists()


def test_a_reader_that_goes_away_ends_it_quietly(process, bundle, cells):
    running = process("score", cells, "--bundle", bundle)
    assert running.stdout.readline().startswith("path,score,flagged")
    running.stdout.close()
    assert running.stderr.read() == ""
    assert running.wait(timeout=30) == 0
    running.stderr.close()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("words", [["score"], ["info"], ["--version"]])
def test_a_full_disk_behind_the_screen_gets_a_sentence(words, environment, bundle, cells):
    asked = {"score": [cells, "--bundle", bundle], "info": [bundle], "--version": []}[words[0]]
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        outcome = subprocess.run(
            [sys.executable, "-m", "normocyte", *words, *map(str, asked)],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert outcome.stderr == "Error: Cannot use standard output: No space left on device. Check the place.\n"
    assert outcome.returncode == 2


def _small_disk():
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@pytest.mark.skipif(sys.platform == "win32", reason="this system sets no limits")
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_disk_that_fills_up_gets_a_sentence_and_leaves_the_old_file(form, process, bundle, cells, tmp_path):
    output = tmp_path / f"rows.{form}"
    output.write_text("last week", encoding="utf-8")
    words = ("score", cells, "--bundle", bundle, "--output", output, "--workers", 1)
    running = process(*words, preexec_fn=_small_disk)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 2
    assert f"Error: Cannot write {output}: " in said
    assert "File too large" in said
    assert [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()] == ["last week"]


SHELL = 'exec "$0" "$@" '
"""Runs the command that follows it; what closes or opens its streams is added."""


@pytest.fixture
def streams(environment, bundle, cells, tmp_path):
    """Scores into rows.csv, or where asked onto the screen, with streams as a shell writes them."""

    def run(streams, *words):
        command = ["sh", "-c", SHELL + streams, sys.executable, "-m", "normocyte", "score", cells, *words]
        return subprocess.run(
            [*map(str, command), "--bundle", str(bundle)], env=environment, cwd=tmp_path, capture_output=True
        )

    return run


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_rows_are_whole_where_the_process_begins_without_standard_streams(closed, streams, tmp_path):
    streams("", "--output", "usual.csv")
    done = streams(closed, "--output", "rows.csv")
    assert done.returncode == 0
    assert (tmp_path / "rows.csv").read_bytes() == (tmp_path / "usual.csv").read_bytes()


def test_rows_for_a_screen_that_is_not_there_are_refused(streams, tmp_path):
    done = streams(">&-")
    assert done.returncode == 2
    assert done.stderr.startswith(b"Error: Cannot use standard output: ")
    assert list(tmp_path.iterdir()) == []


def test_rows_are_whole_though_nobody_reads_what_is_said_beside_them(group, many, tmp_path):
    running = group(PROCESSES)
    running.stderr.close()
    assert running.wait(timeout=60) == 0
    rows = (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(list(many.iterdir()))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")  # noqa: PTH110
def test_a_fault_keeps_its_status_where_its_sentence_finds_no_room(process, tmp_path):
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        assert process("score", tmp_path / "nowhere", stdout=None, stderr=full).wait(timeout=30) == 2
