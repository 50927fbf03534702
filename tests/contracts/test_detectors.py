"""The exam that every detector passes."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from normocyte.core.config import Document, build_part, part_table, settable
from normocyte.core.errors import ConfigError
from normocyte.core.registry import part_class, part_names
from normocyte.core.seeds import generator
from normocyte.core.types import Batch
from normocyte.datasets.drawing.cutout import draw_cell
from normocyte.datasets.drawing.look import Kind, patient_look
from normocyte.detectors.contract import Detector, Training
from normocyte.detectors.networks.keras_model import load_keras
from normocyte.detectors.networks.network import Network
from normocyte.detectors.support.onnx_graph import count_parameters, run_graph, run_output
from normocyte.pipeline.pipeline import prepare, stack
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.fill_background import FillBackground
from normocyte.preprocessing.resize import Resize
from normocyte.preprocessing.stain_ratio import StainRatio
from normocyte.scores.dark_top_fraction import DarkTopFraction

NAMES = part_names("detectors")
STEPS = (CellMask(), FillBackground(), Resize(32), StainRatio())
SMALL = {
    "epochs": 15,
    "batch_size": 8,
    "learning_rate": 0.004,
    "filters": (8, 16, 24),
    "latent": 16,
    "components": 12,
    "darker_is": "lower",
    "weakest": 0.1,
    "strongest": 0.6,
    "noise": 0.02,
    "visible": 0.12,
    "patches": 200,
    "width": 16,
    "blocks": 1,
    "areas": 4,
}
BRIEF = {"epochs": 1}


def drawn(kind: Kind, number: int, seed: int) -> Batch:
    """Cells of four patients, prepared: (number, 32, 32, 3) shares of the cell's own median."""
    looks = [patient_look(generator(seed, "patient", patient)) for patient in range(4)]
    cells = [draw_cell(generator(seed, "cell", index), looks[index % 4], kind) for index in range(number)]
    return stack([prepare(STEPS, cell) for cell in cells])


def fields(name: str, **changes: object) -> dict[str, object]:
    """The small fields that this detector has."""
    known = settable(part_class("detectors", name))
    return {key: value for key, value in (SMALL | changes).items() if key in known}


def small(name: str, **changes: object) -> Detector:
    return part_class("detectors", name)(**fields(name, **changes))


DRAWING = [name for name in NAMES if part_class("detectors", name).gives_expected]
COMPARING = [name for name in NAMES if name not in DRAWING]
NETWORKS = [name for name in NAMES if issubclass(part_class("detectors", name), Network)]


def each(names: list[str]) -> pytest.MarkDecorator:
    """One test a detector; those of one detector stand together, so that it is trained once."""
    return pytest.mark.parametrize("trained", names, indirect=True, scope="module")


@dataclass(frozen=True)
class Cells:
    """48 healthy cells to learn from, as many others, healthy ones of other patients, infected ones."""

    healthy: Batch
    others: Batch
    held_out: Batch
    infected: Batch

    @property
    def blotted(self) -> Batch:
        """Held-out cells with a dark purple square in the middle."""
        pixels = self.held_out.pixels.copy()
        pixels[:, 12:19, 10:17] *= np.array([0.6, 0.4, 0.8], np.float32)
        return Batch(pixels, self.held_out.masks)


@dataclass(frozen=True)
class Trained:
    """One detector, fitted as the exam needs it: well once, and briefly where only equality is asked."""

    on_healthy: Detector
    with_another_seed: bytes
    then_on_others: Detector
    on_others: Detector
    checkpoints: Path
    keras_file: Path


@pytest.fixture(scope="module")
def cells():
    return Cells(
        drawn(Kind.HEALTHY, 48, seed=1),
        drawn(Kind.HEALTHY, 48, seed=2),
        drawn(Kind.HEALTHY, 24, seed=3),
        drawn(Kind.TROPHOZOITE, 24, seed=4),
    )


@pytest.fixture(scope="module")
def trained(request, cells, tmp_path_factory):
    """The detector of this name, trained when the first test asks for it."""
    return _trained(request.param, cells, tmp_path_factory.mktemp(request.param))


def _trained(name, cells, folder):
    well, again, fresh = small(name), small(name, **BRIEF), small(name, **BRIEF)
    keras_file = folder / "model.keras"
    well.fit(cells.healthy, cells.held_out, Training(1, folder, keras_file=keras_file))
    again.fit(cells.others, cells.held_out, Training(2))
    first = again.graph_
    again.fit(cells.others, cells.held_out, Training(1))
    fresh.fit(cells.others, cells.held_out, Training(1))
    return Trained(well, first, again, fresh, folder, keras_file)


def auroc(strange: np.ndarray, healthy: np.ndarray) -> float:
    return float(np.mean(strange[:, np.newaxis] > healthy))


def read(detector: Detector, batch: Batch) -> np.ndarray:
    return DarkTopFraction(0.05).reduce(detector.maps(batch), batch.masks)


@each(NAMES)
def test_a_disturbed_cell_is_stranger_than_a_healthy_one(trained, cells):
    detector = trained.on_healthy
    assert auroc(read(detector, cells.blotted), read(detector, cells.held_out)) >= 0.95


@each(NETWORKS)
def test_the_kept_keras_model_answers_as_the_graph_does(trained, cells):
    detector = trained.on_healthy
    model = detector.keras_model(trained.keras_file)
    answered = model(cells.infected.pixels)
    answered = answered if isinstance(answered, list) else [answered]
    for one, name in zip(answered, detector.answers, strict=True):
        known = run_output(detector.graph_, cells.infected.pixels, name)
        np.testing.assert_allclose(np.asarray(one), known, rtol=0, atol=1e-4 * np.abs(known).max())


@each(sorted(set(NAMES) - set(NETWORKS)))
def test_what_is_no_network_says_that_it_has_no_keras_model(trained):
    with pytest.raises(ConfigError, match="is no Keras network"):
        trained.on_healthy.keras_model(trained.keras_file)
    assert not trained.keras_file.exists()


@each(NAMES)
def test_an_infected_cell_is_stranger_than_a_healthy_one(trained, cells):
    detector = trained.on_healthy
    assert auroc(read(detector, cells.infected), read(detector, cells.held_out)) >= 0.75


@pytest.mark.parametrize("number", [0, 1, 5, 65])
@each(NAMES)
def test_any_number_of_cells_gives_finite_maps_of_their_size(number, trained, cells):
    batch = cells.healthy.take(np.arange(number) % 48)
    maps = trained.on_healthy.maps(batch)
    assert (maps.shape, maps.dtype) == ((number, 32, 32), np.float32)
    assert np.isfinite(maps).all()


@each(NAMES)
def test_a_cell_gets_the_same_map_in_any_company(trained, cells):
    detector, batch = trained.on_healthy, cells.healthy.take(np.arange(65) % 48)
    alone = detector.maps(batch.take(np.array([64])))
    np.testing.assert_allclose(detector.maps(batch)[64:], alone, rtol=0, atol=1e-5)


@each(NAMES)
def test_cells_stay_as_they_are(trained, cells):
    pixels, masks = cells.infected.pixels.copy(), cells.infected.masks.copy()
    trained.on_healthy.maps(cells.infected)
    np.testing.assert_array_equal(cells.infected.pixels, pixels)
    np.testing.assert_array_equal(cells.infected.masks, masks)


@each(NAMES)
def test_a_saved_detector_gives_the_same_bits(trained, cells, tmp_path):
    detector, loaded = trained.on_healthy, replace(trained.on_healthy)
    detector.save(tmp_path)
    loaded.load(tmp_path)
    np.testing.assert_array_equal(loaded.maps(cells.infected), detector.maps(cells.infected))


@each(DRAWING)
def test_the_graph_gives_what_was_expected(trained, cells):
    detector = trained.on_healthy
    given = run_graph(detector.graph_, cells.infected.pixels)
    np.testing.assert_array_equal(given, detector.expected(cells.infected))


@each(COMPARING)
def test_the_graph_gives_the_map_where_nothing_is_drawn(trained, cells):
    detector = trained.on_healthy
    given = run_graph(detector.graph_, cells.infected.pixels)[..., 0]
    np.testing.assert_array_equal(given, detector.maps(cells.infected))
    np.testing.assert_array_equal(detector.expected(cells.infected), cells.infected.pixels)


@each(NETWORKS)
def test_onnx_runtime_gives_what_keras_gives(trained, cells):
    detector = trained.on_healthy
    model = detector.build((32, 32, 3))
    with np.load(trained.checkpoints / "checkpoint.npz") as kept:
        model.set_weights([kept[f"best_{index}"] for index in range(len(model.get_weights()))])
    deployed = detector.deployed(model)
    first = load_keras().Model(deployed.inputs, deployed.outputs[0])
    answered = first.predict_on_batch(cells.infected.pixels)
    difference = answered - run_graph(detector.graph_, cells.infected.pixels)
    assert np.abs(difference).max() <= 1e-5


@each(NAMES)
def test_a_second_fit_forgets_the_first(trained):
    assert trained.then_on_others == trained.on_others
    assert trained.then_on_others.graph_ == trained.on_others.graph_


@each(NAMES)
def test_other_cells_teach_what_learns_something_else(trained):
    detector = trained.on_healthy
    assert (detector.graph_ != trained.on_others.graph_) == detector.learns


@each(NAMES)
def test_another_seed_gives_what_is_seeded_another_graph(trained):
    detector = trained.on_others
    assert (trained.with_another_seed != detector.graph_) == detector.is_seeded


@each(NAMES)
def test_what_learns_counts_its_parameters(trained):
    detector = trained.on_healthy
    assert (count_parameters(detector.graph_) > 0) == detector.learns


@each(NETWORKS)
def test_a_network_keeps_its_learning_curve(trained):
    curve = trained.on_healthy.curve_
    assert len(curve.loss) == len(curve.held_out_loss) >= curve.best_epoch
    assert curve.held_out_loss[curve.best_epoch - 1] == min(curve.held_out_loss)


@pytest.mark.parametrize("name", NAMES)
def test_the_fields_survive_a_configuration(name):
    detector, document = small(name), Document("recipe.toml", "", {})
    assert build_part(document, "detectors", part_table(detector), ("detector",)) == detector
    assert document.faults == []
