"""`normocyte batch` and `normocyte summarise` as a user calls them."""

import json
import shutil

import pytest

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
