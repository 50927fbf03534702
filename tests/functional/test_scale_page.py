"""The study of very many images: what it draws, and the page of whatever was measured."""

import hashlib
import tarfile
from dataclasses import asdict

import pytest

from studies.kit.measured import Found
from studies.scale.findings import PAGE
from studies.scale.measuring import Used
from studies.scale.run import told
from studies.scale.shards import Shards


def figures(images, workers, core_s, peak_mb=200.0):
    """A run of the study as it is kept."""
    run = asdict(Used(core_s / workers, core_s, peak_mb, 0.02 * core_s, 0.0))
    row = {"images": images, "workers": workers, "run": run, "resumed": run | {"core_s": 0.5}}
    limits = {"limits": [500.0, 520.0]} if workers == 1 else {}
    return {f"{images}-{workers}": row | {"bytes": {"source": 9800, "rows": 63, "manifest": 160}} | limits}


def page(kept):
    """The page of these figures, as one line."""
    return " ".join(PAGE.text_of(Found("2026-11-30", *told(kept))).split())


def test_ratios_are_those_of_the_runs_and_missing_ones_are_named():
    text = page(figures(10_000, 1, 20.0) | figures(10_000, 2, 21.0) | figures(100_000, 2, 231.0, 220.0))
    assert "scores 10,000 images at 0.98 of the limit. The aim of 0.9 is met." in text
    assert "100,000 images cost 1.10 times as much processor time an image as 10,000 do" in text
    assert "They take 1.10 times the memory, and the aim of at most 1.05 is missed." in text
    assert "Two workers score 10,000 images 1.90 times as fast as one" in text
    assert "takes 0.22 % of the processor time of the run. The aim of 1 % is met." in text
    assert "- Sets of 1,000,000 images. - Kills. - A summary of very many rows. - Ray's speed." in text


@pytest.mark.parametrize("workers", [1, 2])
def test_a_single_run_makes_a_page_without_ratios(workers):
    text = page(figures(1_000, workers, 2.0))
    assert "Whether cost and memory stay flat is not shown." in text
    assert "times the memory" not in text


def test_images_differ_and_a_larger_set_begins_with_the_files_of_a_smaller(tmp_path):
    shards = Shards(tmp_path, cells=8, in_a_shard=20)
    few, many = shards.of(20), shards.of(60)
    assert (few / "000000.tar").samefile(many / "000000.tar")
    hashes = []
    for file in sorted(many.iterdir()):
        with tarfile.open(file) as archive:
            hashes += [hashlib.sha256(archive.extractfile(one).read()).hexdigest() for one in archive]
    assert len(hashes) == len(set(hashes)) == 60
    shards.remove()
    assert not few.exists()
