"""A recipe reads from TOML, survives being written, and every mistake in it is told at once."""

from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from normocyte.core.config import Document
from normocyte.core.errors import ConfigError
from normocyte.core.registry import part_class, part_names
from normocyte.datasets.folder import Folder
from normocyte.datasets.splits.split import Fractions, Protocol
from normocyte.datasets.synthetic import Synthetic
from normocyte.detectors.support.onnx_graph import graph_shape
from normocyte.pipeline.bundle.bundle import save_bundle
from normocyte.pipeline.member import Member
from normocyte.pipeline.recipe.configurations import configurations
from normocyte.pipeline.recipe.recipe import (
    MOST_SEED,
    Recipe,
    find_recipe,
    read_recipe,
    recipe_of,
    recipe_table,
    recipe_toml,
)

CONFIGURATIONS = sorted(configurations().glob("*.toml"))
PARTS = '[detector]\nname = "pca"\n[score]\nname = "mean_square"\n[threshold]\nname = "quantile"\n'


@pytest.fixture
def read(tmp_path):
    """Read a recipe from text."""

    def call(text: str) -> Recipe:
        (tmp_path / "recipe.toml").write_text(text, encoding="utf-8")
        return read_recipe(tmp_path / "recipe.toml")

    return call


@pytest.fixture
def mistakes(read):
    """What is said of a recipe, one item a mistake."""

    def call(text: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            read(text)
        first, *faults = str(caught.value).splitlines()
        assert first.endswith(f"has {len(faults)} mistake{'s' * (len(faults) > 1)}:")
        return [fault.strip() for fault in faults]

    return call


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.stem)
def test_a_configuration_that_comes_along_reads_and_survives_being_written(path, read):
    recipe = find_recipe(path.stem)
    assert recipe == read_recipe(path)
    assert read(recipe_toml(recipe)) == replace(recipe, dataset=Synthetic())
    assert recipe_toml(read(recipe_toml(recipe))) == recipe_toml(recipe)


def test_a_recipe_with_a_backbone_is_written_without_the_fields_that_do_not_count(read):
    detector = '[detector]\nname = "patch_memory"\nbackbone = "local_descriptors"\n'
    recipe = read(detector + PARTS[PARTS.index("[score]") :])
    written = recipe_toml(recipe)
    assert "depth_window" not in written
    assert "patches = 500" in written
    assert read(written) == recipe


def test_a_field_that_does_not_count_is_written_where_somebody_set_it(read):
    detector = '[detector]\nname = "patch_memory"\nbackbone = "local_descriptors"\nspot = 3.0\n'
    recipe = read(detector + PARTS[PARTS.index("[score]") :])
    assert "spot = 3.0" in recipe_toml(recipe)
    assert read(recipe_toml(recipe)) == recipe


def test_the_classic_the_default_and_the_stain_rule_come_along():
    assert {"classic", "default", "stain_rule"} <= {path.stem for path in CONFIGURATIONS}


def any_part(room: str) -> st.SearchStrategy:
    return st.sampled_from(part_names(room)).map(lambda name: part_class(room, name)())


members = st.builds(
    Member,
    steps=st.lists(any_part("preprocessing"), max_size=4).map(tuple),
    detector=any_part("detectors"),
    score=any_part("scores"),
)
recipes = st.builds(
    Recipe,
    members=st.lists(members, min_size=1, max_size=3).map(tuple),
    threshold=any_part("thresholds"),
    seed=st.integers(0, MOST_SEED),
    fractions=st.floats(0, 0.4).map(lambda tuning: Fractions(0.6 - tuning, 0.1, 0.1, tuning, 0.2)),
    protocol=st.sampled_from([str(protocol) for protocol in Protocol]),
    cell_checks=st.lists(any_part("cell_checks"), max_size=4, unique_by=type).map(tuple),
)


@given(recipe=recipes)
def test_any_recipe_survives_being_written(tmp_path_factory, recipe):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(recipe_toml(recipe), encoding="utf-8")
    assert recipe_table(read_recipe(path)) == recipe_table(recipe)


def test_a_written_recipe_spells_every_default_out(read):
    text = recipe_toml(read(PARTS))
    assert 'name = "pca"\ncomponents = 32\ndarker_is = "higher"\n' in text
    assert "seed = 0" in text
    assert "preprocessing = []" in text


def test_a_data_set_is_read_but_not_written(read):
    recipe = read(f'[dataset]\nname = "folder"\nfolder = "cells"\n{PARTS}')
    assert recipe.dataset == Folder(folder="cells")
    assert "dataset" not in recipe_toml(recipe)


def test_what_is_left_out_has_its_default(read):
    recipe = read(PARTS)
    assert (recipe.members[0].steps, recipe.seed, recipe.protocol) == ((), 0, "mixed")
    assert (recipe.fractions, recipe.dataset) == (Fractions(), Synthetic())


def test_three_mistakes_are_reported_at_once_each_with_its_line(mistakes):
    text = """# a comment
seed = -7

[[preprocessing]]
name = "resize"
size = 64
[[preprocessing]]
name = "resize"
size = "large"

[detector]
name = "conv-ae"
[score]
name = "mean_square"
[threshold]
name = "quantile"
"""
    assert [fault.split(":")[0] for fault in mistakes(text)] == ["line 12", "line 2", "line 9"]


def test_all_missing_tables_are_named_at_once(mistakes):
    assert mistakes("") == [f"the table [{name}] is missing." for name in ("detector", "score", "threshold")]


def test_an_unknown_table_and_key_are_told_with_what_there_is(mistakes):
    known = (
        "Choose from: seed, notes, dataset, split, cell_checks, preprocessing, detector, score, "
        "threshold, ensemble, plugins."
    )
    assert mistakes(f"sead = 7\n{PARTS}[scores]\nname = 'mean_square'\n") == [
        f"line 1: there is no table or key 'sead'. {known}",
        f"line 8: there is no table or key 'scores'. {known}",
    ]


def test_two_unknown_checks_are_two_faults_and_no_third(mistakes):
    faults = mistakes(PARTS + "[[cell_checks]]\nname = 'light'\n[[cell_checks]]\nname = 'hue'\n")
    assert [fault.split(".")[0].split(": ")[1] for fault in faults] == [
        "There is no check called 'light'",
        "There is no check called 'hue'",
    ]


@pytest.mark.parametrize("key", ["cell_checks", "quality"])
def test_a_check_that_stands_twice_is_told_under_its_name(mistakes, key):
    (fault,) = mistakes(PARTS + f"[[{key}]]\nname = 'exposure'\n" * 2)
    assert fault.endswith("The check Exposure is given 2 times under cell_checks; keep one.")


@pytest.mark.parametrize("seed", ["-1", "true", "1.0", '"7"', "[7]", str(2**32)])
def test_a_seed_that_is_none_is_refused(mistakes, seed):
    (fault,) = mistakes(f"seed = {seed}\n{PARTS}")
    assert fault.startswith("line 1: seed must be a whole number from 0 to 4294967295, not ")


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ('[preprocessing]\nname = "resize"\n', 1, "write [[preprocessing]] in double brackets"),
        ('preprocessing = "resize"\n', 1, "write [[preprocessing]] in double brackets"),
        ('preprocessing = ["resize"]\n', 1, "a preprocessing step needs a table with a name"),
        ("preprocessing = [{size = 3}]\n", 1, "a preprocessing step needs a table with a name"),
        (
            '[[preprocessing]]\nname = "resize"\nsize = 3\n',
            3,
            "size must be a whole number from 8 to 1024, not 3",
        ),
        ('[[preprocessing]]\nname = "resise"\n', 2, "There is no preprocessing step called 'resise'"),
        ('dataset = "nih"\n', 1, "a dataset needs a table with a name"),
        ('[dataset]\nname = "nih"\n', 2, "There is no dataset called 'nih'"),
        ("split = 3\n", 1, "split must be a table [split], not 3"),
        ("[split]\ntrain = 0.9\n", 1, "must be 1 together"),
        ('[split]\n\ntrain = "half"\n', 3, "train must be a number above 0 and at most 1, not 'half'"),
        ("[split]\nvalidation = 0.5\n", 2, "there is no field 'validation' here"),
        ('[split]\nprotocol = "by day"\n', 2, "protocol must be one of mixed, clean_patients, not 'by day'"),
        ("[split]\nprotocol = [3]\n", 2, "protocol must be one of mixed, clean_patients, not [3]"),
    ],
)
def test_a_mistake_is_told_with_its_line(mistakes, text, line, sentence):
    (fault,) = mistakes(text + PARTS)
    assert fault.startswith(f"line {line}: ")
    assert sentence in fault


@pytest.mark.parametrize("key", ["detector", "score", "threshold"])
@pytest.mark.parametrize("value", [3, "pca", [], {}])
def test_a_part_that_is_no_table_is_told(key, value):
    tables = recipe_table(find_recipe("classic")) | {key: value}
    document = Document("recipe.toml", tomli_w.dumps(tables), tables)
    recipe_of(document)
    assert [f"a {key} needs a table with a name" in fault for fault in document.faults] == [True]


def test_a_name_that_is_no_configuration_is_told_with_those_that_are():
    with pytest.raises(
        ConfigError, match=r"no configuration called 'best'.*one of: .*classic.*, .*stain_rule"
    ):
        find_recipe("best")


def test_a_path_that_is_not_there_is_told():
    with pytest.raises(ConfigError, match=r"Cannot read the configuration nowhere\.toml: No such file"):
        find_recipe("nowhere.toml")


def test_a_folder_with_the_name_of_a_configuration_does_not_hide_it(tmp_path, monkeypatch):
    (tmp_path / "default").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_recipe("default") == read_recipe(configurations() / "default.toml")


def test_a_file_of_any_name_is_read(tmp_path):
    (tmp_path / "mine.txt").write_text(PARTS, encoding="utf-8")
    assert find_recipe(str(tmp_path / "mine.txt")).members[0].detector == part_class("detectors", "pca")()


def test_the_configurations_lie_in_the_package_or_beside_the_source():
    assert configurations() in {
        Path(__file__).parents[2] / "configs",
        Path(__file__).parents[2] / "src" / "normocyte" / "configs",
    }


@pytest.mark.parametrize("seed", [0, 3, MOST_SEED])
def test_another_seed_changes_nothing_else(seed):
    recipe = find_recipe("classic")
    assert recipe.seeded(seed) == replace(recipe, seed=seed)


def test_no_seed_leaves_the_recipe_as_it_is():
    recipe = find_recipe("classic")
    assert recipe.seeded(None) is recipe


@pytest.mark.parametrize("seed", [-1, MOST_SEED + 1])
def test_an_impossible_seed_is_refused(seed):
    with pytest.raises(ConfigError, match=f"seed must be a whole number from 0 to {MOST_SEED}, not {seed}"):
        find_recipe("classic").seeded(seed)


def test_what_one_pipeline_learns_stays_out_of_the_recipe_and_of_other_pipelines(trained):
    taught = trained.recipe.pipeline()
    taught.shown.detector.graph_ = trained.pipeline.shown.detector.graph_
    taught.threshold.cut = 0.5
    taught.shown.score.restore(trained.pipeline.shown.score.learnt())
    fresh = trained.recipe.seeded(9).pipeline()
    assert graph_shape(fresh.shown.detector.graph_) == ()
    assert fresh.shown.score.learnt() == {}
    assert fresh.threshold != taught.threshold


def test_notes_of_a_recipe_stand_in_the_card_of_its_bundle(read, trained, tmp_path):
    recipe = read(f'notes = "Never for another species."\n{PARTS}')
    assert recipe_table(recipe)["notes"] == "Never for another species."
    save_bundle(replace(trained, recipe=replace(trained.recipe, notes=recipe.notes)), tmp_path / "bundle")
    assert "\nNever for another species.\n" in (tmp_path / "bundle" / "card.md").read_text(encoding="utf-8")


def test_notes_are_a_text(mistakes):
    assert mistakes(f"notes = 3\n{PARTS}") == ["line 1: notes must be a text, not 3."]
