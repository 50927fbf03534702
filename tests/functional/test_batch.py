"""`normocyte batch` and `normocyte summarise` as a user calls them."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest

from normocyte.records.manifest import contents_of

pytest.importorskip("duckdb")


@pytest.fixture
def few(cells, tmp_path):
    """Twelve cells and a file that is none."""
    folder = tmp_path / "few"
    folder.mkdir()
    for file in sorted(cells.rglob("*.png"))[:12]:
        shutil.copy(file, folder)
    (folder / "broken.png").write_bytes(b"no image")
    return folder


def test_a_batch_counts_its_rows_and_goes_on(call, few, tmp_path):
    first = call("batch", few, "--to", tmp_path / "out", "--workers", "1")
    assert first.exit_code == 1
    assert "13 images: " in first.stderr
    assert "1 failed; 13 decoded in this run." in first.stderr
    (few / "broken.png").unlink()
    again = call("batch", few, "--to", tmp_path / "out", "--workers", "1")
    assert again.exit_code == 0
    assert "0 failed; 0 decoded in this run." in again.stderr


def test_a_scheduler_reads_json_lines(call, few, tmp_path):
    outcome = call("batch", few, "--to", tmp_path / "out", "--workers", "1", "--json-lines")
    progress, end = map(json.loads, outcome.stdout.splitlines())
    assert (progress["event"], progress["images"], progress["remaining_s"]) == ("progress", 13, 0.0)
    assert progress["done"] == progress["total"]
    assert (end["event"], end["images"], end["failed"]) == ("end", 13, 1)


def test_a_summary_stands_on_the_screen_and_in_files(call, few, tmp_path):
    call("batch", few, "--to", tmp_path / "out", "--workers", "1")
    outcome = call("summarise", tmp_path / "out", "--by", "cell_([0-9]+)", "--out", tmp_path / "summary")
    assert "not read" in outcome.stdout
    assert "cell_([0-9]+)" in outcome.stdout
    assert {path.suffix for path in (tmp_path / "summary").iterdir()} == {".json", ".png", ".svg"}


def test_an_impossible_pattern_is_one_sentence_with_the_flag(call, few, tmp_path):
    call("batch", few, "--to", tmp_path / "out", "--workers", "1")
    outcome = call("summarise", tmp_path / "out", "--by", "((")
    assert outcome.exit_code == 2
    assert "--by ((" in outcome.stderr


SMALL_UNITS = """
# Each worker reads 20 images and waits while there is a file of the script's name: it cannot end too early.
import time
from pathlib import Path

from normocyte.cli.quick import main
from normocyte.workflows.batch import units
from normocyte.workflows.batch.stores import LocalStore

units.IMAGES = 4
hold, read, addresses = Path(__file__).with_suffix(".hold"), LocalStore.read, []

def waiting(store, address):
    addresses.append(address)
    while len(addresses) > 20 and hold.exists():
        time.sleep(0.01)
    return read(store, address)

LocalStore.read = waiting
if __name__ == "__main__":
    main()
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system has no process groups")
@pytest.mark.parametrize("is_group", [False, True], ids=["the program alone", "its workers, too"])
def test_a_batch_that_the_system_ends_keeps_its_units_and_goes_on(
    is_group, cells, call, environment, tmp_path
):
    script, to = tmp_path / "small_units.py", tmp_path / "out"
    script.write_text(SMALL_UNITS, encoding="utf-8")
    script.with_suffix(".hold").touch()
    words = ["batch", str(cells), "--to", str(to), "--workers", "2", "--json-lines"]
    running = subprocess.Popen(
        [sys.executable, str(script), *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    json.loads(running.stdout.readline())
    (os.killpg if is_group else os.kill)(running.pid, signal.SIGTERM)
    script.with_suffix(".hold").unlink()
    _, said = running.communicate(timeout=60)
    kept = contents_of(to).counts.images
    assert running.returncode == 130
    assert said.startswith(f"The batch was stopped after {kept:,} images; their rows are in ")
    assert 0 < kept < 160
    again = call("batch", cells, "--to", to, "--workers", "1")
    assert "160 images: " in again.stderr
    assert f"{160 - kept} decoded in this run." in again.stderr
