"""Training: what is kept, what is resumed, what is refused."""

import os
import random
import sys
import threading
from dataclasses import dataclass

import numpy as np
import pytest

from normocyte.core.cancel import CancelToken
from normocyte.core.errors import ConfigError, Interrupted, MissingExtraError, OutputError, TrainingError
from normocyte.core.types import Batch
from normocyte.detectors.contract import Curve, Detector, Training
from normocyte.detectors.networks.checkpoint import FILE

STEPS_AN_EPOCH = 4


@dataclass(frozen=True)
class Run:
    """A finished training and what it left behind."""

    detector: Detector
    notes: list[str]
    steps: list[int]
    said: str = ""


def random_states() -> tuple:
    kept = np.random.get_state()  # noqa: NPY002 - the global state is what must stay
    return random.getstate(), *(str(part) for part in kept)


@pytest.fixture(scope="module")
def uninterrupted(network, listener, healthy, held_out):
    detector, heard = network(), listener()
    detector.fit(healthy, held_out, Training(3, progress=heard))
    return Run(detector, heard.notes, heard.steps)


@pytest.fixture(scope="module")
def resumed(network, listener, healthy, held_out, tmp_path_factory):
    """A training that was stopped in its third epoch and then went on."""
    folder, detector, heard = tmp_path_factory.mktemp("checkpoints"), network(), listener()
    with pytest.raises(Interrupted) as stopped:
        detector.fit(healthy, held_out, Training(3, folder, listener("epoch 3")))
    (folder / f".checkpoint.{os.getpid()}.part.npz").write_bytes(b"left behind by a kill")
    detector.fit(healthy, held_out, Training(3, folder, heard))
    return Run(detector, heard.notes, heard.steps, str(stopped.value))


def test_a_stopped_training_says_how_to_go_on(resumed):
    assert resumed.said == (
        "Training was stopped after epoch 2; run the same command again to go on from there."
    )


def test_a_resumed_training_does_not_repeat_its_epochs(resumed):
    assert resumed.notes[0] == f"Training {6 * STEPS_AN_EPOCH}"
    assert resumed.steps[0] == 2 * STEPS_AN_EPOCH
    assert {note.split(",")[0] for note in resumed.notes[2:]} == {
        f"epoch {number}" for number in (3, 4, 5, 6)
    }


def test_a_resumed_training_ends_as_if_it_had_never_been_stopped(resumed, uninterrupted):
    assert resumed.detector.graph_ == uninterrupted.detector.graph_
    assert resumed.detector.curve_ == uninterrupted.detector.curve_


def test_a_resumed_training_knows_how_long_the_epochs_that_were_kept_took(resumed, uninterrupted):
    assert resumed.detector.kept_s_ > 0
    assert uninterrupted.detector.kept_s_ == 0


def test_progress_counts_every_step_and_tells_the_loss(uninterrupted):
    assert sum(uninterrupted.steps) == 6 * STEPS_AN_EPOCH
    assert uninterrupted.notes[-1].startswith("epoch 6, loss 0.")


@pytest.mark.parametrize(("least", "steps"), [(0, 2 * 3), (6, 2 * 3), (7, 2 * 6), (31, 2 * 18)])
def test_an_epoch_passes_as_often_through_few_cells_as_the_least_updates_need(
    network, listener, cells, least, steps
):
    heard = listener()
    network(epochs=2, least_updates=least).fit(cells(24, 1), cells(8, 2), Training(1, None, heard))
    assert sum(heard.steps) == steps


def test_a_network_that_mends_sees_the_same_spoilt_cells_after_it_was_stopped(
    mending_network, listener, healthy, held_out, tmp_path
):
    whole, resumed = mending_network(), mending_network()
    whole.fit(healthy, held_out, Training(3))
    with pytest.raises(Interrupted):
        resumed.fit(healthy, held_out, Training(3, tmp_path, listener("epoch 5")))
    resumed.fit(healthy, held_out, Training(3, tmp_path))
    assert (resumed.graph_, resumed.curve_) == (whole.graph_, whole.curve_)


@pytest.mark.parametrize("masks", [0, 1])
def test_a_checkpoint_of_other_cells_is_ignored(network, listener, cells, tmp_path, masks):
    healthy, held_out, heard = cells(32, seed=1), cells(8, seed=2), listener("epoch 1")
    with pytest.raises(Interrupted):
        network().fit(healthy, held_out, Training(3, tmp_path, listener("epoch 2")))
    (healthy, held_out)[masks].masks[0, 0, 0] = 2
    with pytest.raises(Interrupted):
        network().fit(healthy, held_out, Training(3, tmp_path, heard))
    assert heard.notes[-1].startswith("epoch 1")


def test_a_token_set_by_a_thread_stops_a_training_that_goes_on_later(
    network, listener, uninterrupted, healthy, held_out, tmp_path
):
    cancel, heard = CancelToken(), listener()

    def advance(_steps=1, note=""):
        if note.startswith("epoch 3"):
            in_a_thread(cancel.set)

    heard.advance = advance
    with pytest.raises(Interrupted, match="stopped after epoch 2"):
        network().fit(healthy, held_out, Training(3, tmp_path, heard, cancel))
    detector = network()
    detector.fit(healthy, held_out, Training(3, tmp_path))
    assert detector.graph_ == uninterrupted.detector.graph_


def in_a_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_damaged_checkpoint_is_ignored(network, uninterrupted, healthy, held_out, tmp_path):
    detector = network()
    (tmp_path / FILE).write_bytes(b"half a checkpoint")
    detector.fit(healthy, held_out, Training(3, tmp_path))
    assert detector.graph_ == uninterrupted.detector.graph_


def test_a_training_stopped_in_its_first_epoch_says_that_little_is_lost(
    network, listener, healthy, held_out, tmp_path
):
    with pytest.raises(Interrupted, match="before its first epoch was kept"):
        network().fit(healthy, held_out, Training(3, tmp_path, listener("epoch 1")))


def test_a_training_without_a_folder_says_that_it_cannot_go_on(network, listener, healthy, held_out):
    with pytest.raises(Interrupted, match="give it a folder for checkpoints"):
        network().fit(healthy, held_out, Training(3, progress=listener("epoch 2")))


def test_a_stopped_training_leaves_the_detector_as_it_was(network, listener, healthy, held_out):
    detector = network()
    with pytest.raises(Interrupted):
        detector.fit(healthy, held_out, Training(progress=listener("")))
    assert (detector.graph_, detector.curve_) == (b"", Curve())


def test_checkpoints_that_cannot_be_written_are_an_output_error(network, healthy, held_out, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"Cannot write .*checkpoint\.npz"):
        network().fit(healthy, held_out, Training(folder=tmp_path / "file"))


def test_training_leaves_everybody_elses_random_numbers_alone(network, listener, healthy, held_out):
    before = random_states()
    with pytest.raises(Interrupted):
        network().fit(healthy, held_out, Training(progress=listener("epoch 2")))
    assert random_states() == before


@pytest.fixture(scope="module")
def stopped_early(network, healthy, cells):
    """Learns from noise around 0.5 while noise around -0.5 is held out: better there is worse here."""
    detector = network(epochs=30, patience=3, learning_rate=0.01)
    strange = cells(8, seed=2)
    held_out = Batch(-strange.pixels, strange.masks)
    detector.fit(healthy, held_out, Training(1))
    return detector, held_out


def test_training_stops_when_the_held_out_loss_gets_no_better(stopped_early):
    curve = stopped_early[0].curve_
    assert len(curve.loss) == len(curve.held_out_loss) == curve.best_epoch + 3 < 30


@pytest.mark.parametrize("number", [8, 300])
def test_the_held_out_loss_is_what_keras_evaluates(network, healthy, cells, tmp_path, number):
    detector, held_out = network(epochs=1), cells(number, seed=2)
    detector.fit(healthy, held_out, Training(1, keras_file=tmp_path / "model.keras"))
    model = detector.keras_model(tmp_path / "model.keras")
    model.compile(loss=detector.objective(), jit_compile=False)
    told = model.evaluate(held_out.pixels, held_out.pixels, verbose=0)
    assert detector.curve_.held_out_loss == pytest.approx([told], rel=1e-6)


def test_the_best_epoch_counts_from_1_and_has_the_lowest_held_out_loss(stopped_early):
    curve = stopped_early[0].curve_
    assert curve.best_epoch >= 1
    assert curve.held_out_loss[curve.best_epoch - 1] == min(curve.held_out_loss)
    assert curve.held_out_loss[-1] > min(curve.held_out_loss)


def test_the_graph_holds_the_weights_of_the_best_epoch(stopped_early):
    detector, held_out = stopped_early
    error = np.mean(np.square(detector.maps(held_out)))
    assert error == pytest.approx(min(detector.curve_.held_out_loss), rel=1e-4)


def test_a_constant_step_differs_from_the_cosine_from_the_second_epoch_on(network, healthy, held_out):
    curves = []
    for schedule in ("cosine", "constant"):
        detector = network(epochs=2, schedule=schedule)
        detector.fit(healthy, held_out, Training(1))
        curves.append(detector.curve_.held_out_loss)
    assert curves[0][0] == curves[1][0]
    assert curves[0][1] > curves[1][1]


def test_the_mean_absolute_error_can_be_the_loss(network, healthy, held_out):
    detector = network(loss="mae", epochs=2)
    detector.fit(healthy, held_out, Training(1))
    error = np.mean(np.abs(detector.maps(held_out)))
    assert error == pytest.approx(min(detector.curve_.held_out_loss), rel=1e-4)


@pytest.mark.parametrize("place", ["healthy", "held_out"])
def test_pixels_that_are_not_numbers_end_in_a_training_error(network, cells, place):
    batches = {"healthy": cells(32, seed=1), "held_out": cells(8, seed=2)}
    batches[place].pixels[:] = np.nan
    with pytest.raises(TrainingError, match=r"loss became .*nan.* in epoch 1 .*lower learning_rate"):
        network().fit(**batches, training=Training())


def test_a_huge_learning_rate_ends_in_a_training_error(network, healthy, held_out):
    with pytest.raises(TrainingError, match=r"in epoch \d+ at learning rate 1e\+30; lower learning_rate"):
        network(learning_rate=1e30).fit(healthy, held_out, Training())


@pytest.mark.parametrize(("number", "held_out_number"), [(15, 1), (0, 1), (16, 0)])
def test_too_few_cells_are_refused_with_both_counts(network, cells, number, held_out_number):
    with pytest.raises(TrainingError, match=f"but got {number} and {held_out_number}; add healthy patients"):
        network().fit(cells(number, 1), cells(held_out_number, 2), Training())


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"loss": "huber"}, "loss must be one of mse, mae, not 'huber'"),
        ({"robust_beyond": -1.0}, "robust_beyond must be a finite number from 0, not -1.0"),
        ({"robust_beyond": float("inf")}, "robust_beyond must be a finite number from 0, not inf"),
        ({"robust_beyond": 0.3, "loss": "mae"}, "robust_beyond must be 0 with the loss mae, not 0.3"),
        ({"epochs": 0}, "epochs must be a whole number from 1, not 0"),
        ({"batch_size": -1}, "batch_size must be a whole number from 1, not -1"),
        ({"patience": 0}, "patience must be a whole number from 1, not 0"),
        ({"learning_rate": 0.0}, "learning_rate must be a finite number above 0, not 0.0"),
        ({"learning_rate": float("nan")}, "learning_rate must be a finite number above 0, not nan"),
        ({"learning_rate": float("inf")}, "learning_rate must be a finite number above 0, not inf"),
        ({"least_updates": -1}, "least_updates must be a whole number from 0, not -1"),
        ({"darker_is": "darker"}, "darker_is must be one of higher, lower, not 'darker'"),
    ],
)
def test_impossible_fields_are_refused(network, fields, sentence):
    with pytest.raises(ConfigError, match=sentence):
        network(**fields)


@pytest.mark.parametrize("package", ["tensorflow", "keras", "onnx", "tf2onnx"])
def test_a_missing_package_is_named_with_the_install_line_before_training_begins(
    network, listener, healthy, held_out, monkeypatch, package
):
    heard = listener()
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"'{package}'.*pip install 'normocyte\[train\]'"):
        network().fit(healthy, held_out, Training(progress=heard))
    assert heard.notes == []
