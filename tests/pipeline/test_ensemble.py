"""Several members judge one cell: read from TOML, kept in a bundle, each with its own preprocessing."""

from dataclasses import replace

import numpy as np
import pytest

from normocyte.core.errors import BundleError, ConfigError, TrainingError
from normocyte.core.progress import Silent
from normocyte.core.types import Part
from normocyte.datasets.drawing.look import Kind
from normocyte.detectors.contract import Training
from normocyte.detectors.contrast_map import ContrastMap
from normocyte.detectors.pca import Pca
from normocyte.pipeline.bundle.bundle import Bundle, load_bundle, save_bundle
from normocyte.pipeline.fusion import Fusion
from normocyte.pipeline.member import Member, prepare, prepare_views
from normocyte.pipeline.pipeline import Calibration, stacked
from normocyte.pipeline.recipe.recipe import find_recipe, read_recipe, recipe_table, recipe_toml
from normocyte.preprocessing.cell_mask import CellMask
from normocyte.preprocessing.grayscale import Grayscale
from normocyte.preprocessing.resize import Resize
from normocyte.scores.mean_square import MeanSquare
from normocyte.scores.regional_tail import RegionalTail
from normocyte.scores.top_fraction import TopFraction
from normocyte.workflows.training.prepare import PreparedCells
from normocyte.workflows.training.train import TrainingPlan, fit_members

MASKED = (CellMask(), Resize(32))
PARTS = """
[detector]
name = "pca"
components = 4
[score]
name = "mean_square"
[threshold]
name = "quantile"
"""


@pytest.fixture
def read(tmp_path):
    """Read a recipe from text."""

    def call(text):
        (tmp_path / "recipe.toml").write_text(PARTS + text, encoding="utf-8")
        return read_recipe(tmp_path / "recipe.toml")

    return call


@pytest.fixture(scope="module")
def bundle(trained, drawn):
    """The small bundle with two members beside its own: one in gray, one that shares the first's steps."""
    members = (
        Member((*MASKED, Grayscale()), Pca(components=4, darker_is="lower"), MeanSquare()),
        Member(trained.recipe.members[0].steps, ContrastMap(), RegionalTail()),
    )
    recipe = replace(trained.recipe, members=(*trained.recipe.members, *members))
    pipeline = recipe.pipeline()
    views = stacked(list(pipeline.prepare_views(drawn(40, 1))))
    for member in pipeline.members:
        batch = views[pipeline.views.index(member.steps)]
        member.detector.fit(batch, batch, Training(1))
        member.score.fit(member.detector.maps(batch), batch.masks)
    pipeline.fusion.fit(pipeline.member_scores(*views))
    scores, patients = pipeline.scores(*views), np.array(["C1", "C2"] * 20)
    pipeline.calibration = Calibration.of(scores, patients)
    pipeline.threshold.fit(scores, patients, np.zeros(40, np.int8))
    return Bundle(pipeline, recipe, trained.facts)


def test_members_that_see_the_same_share_a_view(bundle):
    assert len(bundle.pipeline.members) == 3
    assert bundle.pipeline.views == (bundle.recipe.members[0].steps, (*MASKED, Grayscale()))


def test_a_view_is_what_its_steps_make_of_the_image(bundle, drawn):
    image = drawn(1, 9)[0]
    for view, sample in zip(bundle.pipeline.views, prepare_views(bundle.pipeline.views, image), strict=True):
        alone = prepare(view, image)
        np.testing.assert_array_equal(sample.pixels, alone.pixels)
        np.testing.assert_array_equal(sample.mask, alone.mask)


def test_a_view_may_be_the_beginning_of_another(drawn):
    views = (MASKED, MASKED[:1], (*MASKED, Grayscale()), ())
    image = drawn(1, 9)[0]
    samples = prepare_views(views, image)
    assert [sample.pixels.shape for sample in samples] == [
        prepare(view, image).pixels.shape for view in views
    ]


def test_the_verdict_fuses_what_the_members_say(bundle, drawn):
    pipeline, images = bundle.pipeline, drawn(5, 11) + drawn(5, 12, Kind.TROPHOZOITE)
    views = stacked(list(pipeline.prepare_views(images)))
    fused = pipeline.fusion.fuse(pipeline.member_scores(*views))
    assert [verdict.score for verdict in pipeline.verdicts(images)] == fused.tolist()
    assert fused[5:].mean() > fused[:5].mean()


def test_an_ensemble_comes_back_from_its_bundle(bundle, drawn, tmp_path):
    save_bundle(bundle, tmp_path / "bundle")
    loaded, images = load_bundle(tmp_path / "bundle").pipeline, drawn(6, 21)
    assert [v.score for v in loaded.verdicts(images)] == [v.score for v in bundle.pipeline.verdicts(images)]
    assert loaded.members == bundle.pipeline.members
    save_bundle(bundle, tmp_path / "bundle")  # in place of the older one


def test_a_member_that_is_missing_from_the_bundle_is_named(bundle, tmp_path):
    save_bundle(bundle, tmp_path / "bundle")
    (tmp_path / "bundle" / "member-2" / "network.onnx").unlink()
    with pytest.raises(BundleError, match=r"incomplete: member-2/network.onnx missing"):
        load_bundle(tmp_path / "bundle")


def test_the_cut_of_the_map_is_as_rare_as_the_cut(bundle, trained):
    pipeline = bundle.pipeline
    share = np.mean(pipeline.calibration.scores > pipeline.threshold.cut)
    assert pipeline.map_cut == pipeline.fusion.level(share)
    assert trained.pipeline.map_cut == trained.pipeline.threshold.cut


def test_an_ensemble_that_has_not_learnt_says_so(bundle, drawn):
    pipeline = replace(bundle.pipeline, fusion=Fusion())
    with pytest.raises(TrainingError, match="fit it before it scores"):
        pipeline.verdicts(drawn(1, 3))


def test_a_member_may_be_a_whole_recipe_or_bring_its_own_parts(read):
    recipe = read(
        '[ensemble]\nway = "max"\n[[ensemble.member]]\nrecipe = "contrast"\n'
        '[[ensemble.member]]\ndetector = {name = "contrast_map"}\nscore = {name = "mean_square"}\n'
        '[[ensemble.member]]\npreprocessing = [{name = "grayscale"}]\n'
        'detector = {name = "pca"}\nscore = {name = "mean_square"}\n'
    )
    first, *others = recipe.members
    assert recipe.fusion.way == "max"
    assert others[0] == find_recipe("contrast").members[0]
    assert others[1] == Member(first.steps, ContrastMap(), MeanSquare())
    assert others[2].steps == (Grayscale(),)


def test_an_ensemble_survives_being_written(read, tmp_path):
    recipe = read('[ensemble]\n[[ensemble.member]]\nrecipe = "contrast"\n')
    (tmp_path / "again.toml").write_text(recipe_toml(recipe), encoding="utf-8")
    assert recipe_table(read_recipe(tmp_path / "again.toml")) == recipe_table(recipe)
    assert "ensemble" not in recipe_table(read(""))


def test_pipelines_of_one_recipe_share_nothing_learnt(bundle):
    first, second = bundle.recipe.pipeline(), bundle.recipe.pipeline()
    assert not any(
        one.detector is other.detector for one, other in zip(first.members, second.members, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ensemble = 3\n", "ensemble must be a table"),
        ('[ensemble]\nway = "sum"\n', "an ensemble has members"),
        (
            '[ensemble]\nway = "product"\n[[ensemble.member]]\nrecipe = "contrast"\n',
            "way must be one of sum, max",
        ),
        ("[ensemble]\nmember = [4]\n", "a member is a table"),
        ('[[ensemble.member]]\nrecipe = "contrats"\n', "no configuration called 'contrats'"),
        ('[[ensemble.member]]\nrecipe = "ensemble"\n', "'ensemble' is an ensemble itself"),
        (
            '[[ensemble.member]]\nrecipe = "contrast"\nscore = {name = "mean_square"}\n',
            "leave out its other keys",
        ),
        ('[[ensemble.member]]\ndetector = {name = "pca"}\n', "a score needs a table with a name"),
        ('[[ensemble.member]]\nweight = 2\nrecipe = "contrast"\n', "a member has no 'weight'"),
        ('[[ensemble.member]]\nrecipe = "missing.toml"\n', "Cannot read the configuration missing.toml"),
    ],
)
def test_every_mistake_in_an_ensemble_is_told(text, said, tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(text + PARTS if text.startswith("ensemble =") else PARTS + text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_recipe(path)


class Counting(ContrastMap):
    """A contrast map that counts how often it learns and looks."""

    learnt = looked = 0

    def fit(self, healthy, held_out, training):
        Counting.learnt += 1
        super().fit(healthy, held_out, training)

    def maps(self, batch):
        Counting.looked += 1
        return super().maps(batch)


def test_two_scores_of_the_same_detector_learn_and_look_once(bundle, drawn, tmp_path):
    steps = bundle.recipe.members[1].steps
    members = (Member(steps, Counting(), MeanSquare()), Member(steps, Counting(), TopFraction()))
    plan = TrainingPlan(replace(bundle.recipe, members=members), bundle.pipeline, None, None)
    plan = replace(plan, pipeline=plan.recipe.pipeline())
    views = stacked(list(plan.pipeline.prepare_views(drawn(4, 1))))
    cells = PreparedCells(views, np.array(["C1"] * 4), np.zeros(4, np.int8), ())
    fit_members(plan, {Part.TRAIN: cells, Part.HELD_OUT: cells}, tmp_path, Silent())
    assert plan.pipeline.member_scores(*views).shape == (4, 2)
    assert (Counting.learnt, Counting.looked) == (1, 1)
