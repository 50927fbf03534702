"""The synthetic set: the layout of NIH, fair patients, and a folder that is finished, resumed or refused."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from normocyte.core.errors import ConfigError, DatasetError, OutputError
from normocyte.core.progress import Silent
from normocyte.core.types import ANOMALY, HEALTHY
from normocyte.datasets.drawing.plan import Wanted, plan
from normocyte.datasets.synthetic import Synthetic, write_synthetic


class _Interrupting(Silent):
    """Stops the work after some steps, as Ctrl-C does."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.left -= steps
        if self.left == 0:
            raise KeyboardInterrupt


class _Counting(Silent):
    """Counts what it is told."""

    def __init__(self) -> None:
        self.total = 0
        self.done = 0

    def begin(self, task: str, total: int) -> None:
        self.total = total

    def advance(self, steps: int = 1, note: str = "") -> None:
        self.done += steps


def _tiny(folder: Path) -> Synthetic:
    return Synthetic(str(folder), cells=24, patients=4)


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Synthetic:
    dataset = _tiny(tmp_path_factory.mktemp("synthetic") / "set")
    dataset.records()
    return dataset


def test_every_record_is_a_readable_picture(drawn: Synthetic) -> None:
    pictures = [cv2.imread(str(record.source.path), cv2.IMREAD_UNCHANGED) for record in drawn.records()]
    assert len(pictures) == 24
    assert {picture.shape[2] for picture in pictures} == {3}


def test_records_are_sorted_by_source(drawn: Synthetic) -> None:
    sources = [record.source for record in drawn.records()]
    assert sources == sorted(sources)


def test_the_folder_of_a_cell_tells_its_label(drawn: Synthetic) -> None:
    labels = {(record.source.path.parent.name, record.label) for record in drawn.records()}
    assert labels == {("Parasitized", ANOMALY), ("Uninfected", HEALTHY)}


def test_names_begin_with_the_patient_as_in_the_nih_set(drawn: Synthetic) -> None:
    names = {record.source.name: record.patient for record in drawn.records()}
    assert names["C1P1thinF_IMG_20260101_000000_cell_1.png"] == "C1"
    assert all(name.startswith(f"{patient}P") for name, patient in names.items())


def test_the_share_of_infected_cells_is_as_asked(drawn: Synthetic) -> None:
    assert Counter(record.label for record in drawn.records()) == {HEALTHY: 12, ANOMALY: 12}


def test_the_same_fields_give_the_same_files(drawn: Synthetic, tmp_path: Path) -> None:
    _tiny(tmp_path).records()
    assert _contents(tmp_path) == _contents(Path(drawn.folder))


def test_another_seed_gives_other_files(drawn: Synthetic, tmp_path: Path) -> None:
    replace(_tiny(tmp_path), seed=1).records()
    mine, other = _contents(tmp_path), _contents(Path(drawn.folder))
    assert not {name for name in mine.keys() & other.keys() if mine[name] == other[name]}


def test_a_cell_does_not_depend_on_how_many_others_there_are(drawn: Synthetic, tmp_path: Path) -> None:
    replace(drawn, folder=str(tmp_path), cells=48).records()
    mine, other = _contents(tmp_path), _contents(Path(drawn.folder))
    shared = {name for name in mine.keys() & other.keys() if name.endswith(".png")}
    assert len(shared) > 12
    assert {name for name in shared if mine[name] != other[name]} == set()


def test_a_complete_set_is_not_drawn_again(tmp_path: Path) -> None:
    first = _tiny(tmp_path).records()
    written = first[0].source.path.stat().st_mtime_ns
    assert _tiny(tmp_path).records() == first
    assert first[0].source.path.stat().st_mtime_ns == written


def test_a_missing_image_is_drawn_again(drawn: Synthetic, tmp_path: Path) -> None:
    _tiny(tmp_path).records()[3].source.path.unlink()
    _tiny(tmp_path).records()
    assert _contents(tmp_path) == _contents(Path(drawn.folder))


def test_an_interrupted_set_is_not_said_to_be_complete(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_synthetic(_tiny(tmp_path), _Interrupting(10))
    assert not (tmp_path / "synthetic.json").exists()
    assert len(list(tmp_path.rglob("*.png"))) == 10


def test_an_interrupted_set_goes_on_to_the_same_files(drawn: Synthetic, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_synthetic(_tiny(tmp_path), _Interrupting(10))
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    _tiny(tmp_path).records()
    assert _contents(tmp_path) == _contents(Path(drawn.folder))
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_a_truncated_image_of_an_interrupted_set_is_drawn_again(drawn: Synthetic, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_synthetic(_tiny(tmp_path), _Interrupting(10))
    victim = next(tmp_path.rglob("*.png"))
    victim.write_bytes(victim.read_bytes()[:100])
    _tiny(tmp_path).records()
    assert _contents(tmp_path) == _contents(Path(drawn.folder))


@pytest.mark.parametrize("steps", [10, 24])
def test_a_set_of_other_fields_is_replaced_even_when_unfinished(steps: int, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_synthetic(replace(_tiny(tmp_path), seed=9, cells=30), _Interrupting(steps))
    records = _tiny(tmp_path).records()
    assert set(tmp_path.rglob("*.png")) == {record.source.path for record in records}
    assert json.loads((tmp_path / "synthetic.json").read_text())["seed"] == 0


def test_a_finished_set_of_other_fields_is_replaced(drawn: Synthetic, tmp_path: Path) -> None:
    replace(_tiny(tmp_path), seed=9, cells=30).records()
    _tiny(tmp_path).records()
    assert _contents(tmp_path) == _contents(Path(drawn.folder))


def test_a_folder_with_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(DatasetError, match=r"1 file\(s\).*thesis\.txt"):
        _tiny(tmp_path).records()
    assert _contents(tmp_path) == {"thesis.txt": b"years of work"}


def test_real_cells_in_the_same_layout_are_refused(tmp_path: Path) -> None:
    real = tmp_path / "cell_images" / "Uninfected" / "C1P1thinF_IMG_20260101_000000_cell_1.png"
    real.parent.mkdir(parents=True)
    real.write_bytes(b"a real cell")
    with pytest.raises(DatasetError, match="are not part of a synthetic set"):
        _tiny(tmp_path).records()
    assert real.read_bytes() == b"a real cell"


def test_a_foreign_file_in_a_set_of_ours_keeps_it_from_being_replaced(tmp_path: Path) -> None:
    _tiny(tmp_path).records()
    (tmp_path / "cell_images" / "Uninfected" / "mine.png").write_bytes(b"")
    with pytest.raises(DatasetError, match=r"mine\.png"):
        replace(_tiny(tmp_path), seed=2).records()


def test_the_clutter_of_file_managers_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_bytes(b"")
    assert len(_tiny(tmp_path).records()) == 24


def test_what_a_killed_writer_left_is_tidied_away(drawn: Synthetic, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_synthetic(_tiny(tmp_path), _Interrupting(10))
    leftover = tmp_path / "cell_images" / "Uninfected" / ".C1P1thinF_IMG_20260101_000000_cell_2.77.part.png"
    leftover.write_bytes(b"half a cell")
    os.utime(leftover, (0, 0))
    _tiny(tmp_path).records()
    assert _contents(tmp_path) == _contents(Path(drawn.folder))


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "set"
    place.write_text("a file")
    with pytest.raises(DatasetError, match="is a file; choose a folder"):
        _tiny(place).records()


def test_a_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OutputError, match="Cannot write"):
        _tiny(tmp_path / "file" / "set").records()


def test_all_faults_of_the_fields_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        Synthetic(infected_fraction=2, clean_patients=float("nan"))
    faults = ("infected_fraction must be a number from 0 to 1, not 2.", "clean_patients must be .*, not nan.")
    assert [fault for fault in faults if not re.search(fault, str(caught.value))] == []


def test_all_faults_of_the_set_are_told_at_once() -> None:
    with pytest.raises(DatasetError) as caught:
        Synthetic("", cells=3, patients=6).records()
    faults = ("6 patients and 3 cells", "folder is empty")
    assert [fault for fault in faults if fault not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"infected_fraction": 0.9}, "can have 4 to 36"),
        ({"infected_fraction": 0.0}, "can have 4 to 36"),
        ({"cells": 6}, "have too few cells"),
    ],
)
def test_a_share_of_infected_cells_that_cannot_be_is_refused(
    fields: dict[str, float], sentence: str, tmp_path: Path
) -> None:
    dataset = Synthetic(str(tmp_path), **{"cells": 60, "patients": 6, **fields})
    with pytest.raises(DatasetError, match=sentence):
        dataset.records()


@given(
    wanted=st.builds(Wanted, st.integers(1, 300), st.integers(1, 30), st.floats(0, 1), st.floats(0, 1)),
    seed=st.integers(0, 9),
)
def test_every_patient_has_healthy_cells_and_every_carrier_infected_ones(wanted: Wanted, seed: int) -> None:
    assume(not wanted.faults())
    cells = plan(seed, wanted)
    healthy = {cell.patient for cell in cells if not cell.is_infected}
    infected = {cell.patient for cell in cells if cell.is_infected}
    assert (len(cells), len(healthy), len(infected)) == (wanted.cells, wanted.patients, wanted.carriers)
    assert sum(cell.is_infected for cell in cells) == wanted.infected


def test_progress_hears_of_every_cell(tmp_path: Path) -> None:
    listener = _Counting()
    write_synthetic(_tiny(tmp_path), listener)
    assert (listener.total, listener.done) == (24, 24)
