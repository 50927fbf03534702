"""A list in a configuration stands for several values, and every combination gets a recipe and a name."""

import pytest

from normocyte.core.errors import ConfigError
from normocyte.pipeline.recipe.configurations import configurations
from normocyte.pipeline.recipe.recipe import find_recipe
from normocyte.pipeline.recipe.sweep import MOST, find_recipes

NETWORK = """
[[preprocessing]]
name = "resize"
size = {size}
[detector]
name = "conv_autoencoder"
filters = {filters}
latent = {latent}
[score]
name = "top_fraction"
fraction = {fraction}
[threshold]
name = "quantile"
"""
PLAIN = {"size": "32", "filters": "[8, 16]", "latent": "16", "fraction": "0.1"}


@pytest.fixture
def swept(tmp_path):
    """The recipes of a configuration in which these fields are set."""

    def call(text=NETWORK, **fields):
        path = tmp_path / "mine.toml"
        path.write_text(text.format(**{**PLAIN, **fields}), encoding="utf-8")
        return find_recipes(str(path))

    return call


@pytest.mark.parametrize("name", sorted(path.stem for path in configurations().glob("*.toml")))
def test_a_configuration_without_lists_is_itself(name):
    (found,) = find_recipes(name)
    assert (found.name, found.recipe) == (name, find_recipe(name))


def test_a_list_gives_one_recipe_a_value_in_the_order_of_the_list(swept):
    found = swept(latent="[32, 8]")
    assert [one.name for one in found] == ["mine[latent=32]", "mine[latent=8]"]
    assert [one.recipe.members[0].detector.latent for one in found] == [32, 8]


def test_several_lists_give_every_combination(swept):
    found = swept(latent="[8, 16]", fraction="[0.1, 0.2, 0.3]")
    pairs = [(one.recipe.members[0].detector.latent, one.recipe.members[0].score.fraction) for one in found]
    assert pairs == [(latent, fraction) for latent in (8, 16) for fraction in (0.1, 0.2, 0.3)]
    assert found[1].name == "mine[latent=8,fraction=0.2]"


def test_a_field_that_is_a_list_by_itself_is_no_sweep(swept):
    (found,) = swept(filters="[8, 16]")
    assert (found.name, found.recipe.members[0].detector.filters) == ("mine", (8, 16))


def test_a_list_of_lists_sweeps_a_field_that_is_a_list(swept):
    found = swept(filters="[[8, 16], [4, 8, 16]]")
    assert [one.name for one in found] == ["mine[filters=8-16]", "mine[filters=4-8-16]"]
    assert [one.recipe.members[0].detector.filters for one in found] == [(8, 16), (4, 8, 16)]


def test_a_step_is_swept_in_its_place(swept):
    found = swept(size="[32, 48]")
    assert [one.recipe.members[0].steps[0].size for one in found] == [32, 48]


def test_a_list_of_one_value_still_names_it(swept):
    assert [one.name for one in swept(latent="[8]")] == ["mine[latent=8]"]


def test_fields_of_one_name_are_told_apart_by_their_parts(swept):
    text = NETWORK.replace("[detector]", '[[preprocessing]]\nname = "denoise"\nsize = [3, 5]\n[detector]')
    assert swept(text, size="[32, 48]")[1].name == "mine[resize.size=32,denoise.size=5]"


def test_parts_of_one_name_are_told_apart_by_their_places(swept):
    text = NETWORK.replace("[detector]", '[[preprocessing]]\nname = "resize"\nsize = [16, 24]\n[detector]')
    assert swept(text, size="[32, 48]")[0].name == "mine[preprocessing.0.size=32,preprocessing.1.size=16]"


def test_an_absurd_number_of_combinations_is_refused_with_the_number(swept):
    many = str(list(range(1, 101)))
    with pytest.raises(
        ConfigError, match=rf"asks for 10,000 configurations .100 latent x 100 fraction., more than {MOST}"
    ):
        swept(latent=many, fraction=many)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"latent": "[]"}, "line 8: 'latent' is an empty list; give it at least one value."),
        ({"latent": '[8, "many"]'}, "line 8: latent must be a whole number from 0, not 'many'."),
        (
            {"filters": "[8, [16]]"},
            "line 7: filters must be a list of at least 1, each item a whole number from 1, not 8.",
        ),
        ({"fraction": "[0.1, 2.0]"}, "line 11: fraction must be a number from 0 to 1, not 2.0."),
        ({"latent": "[[8], [16]]"}, "line 8: latent must be a whole number from 0, not [8]."),
    ],
)
def test_a_mistake_in_a_sweep_is_told_once_with_its_line(fields, sentence, swept):
    with pytest.raises(ConfigError) as caught:
        swept(**fields, size="[32, 48]")
    first, *faults = [line.strip() for line in str(caught.value).splitlines()]
    assert faults[0].startswith(sentence)
    assert len(faults) == len(set(faults))
    assert f"has {len(faults)} mistake" in first


@pytest.mark.parametrize(
    "line", ["seed = [1, 2]", 'detector = "pca"', "split = [0.1, 0.2]", "[[detector]]\nx = 1"]
)
def test_a_list_where_nothing_can_be_swept_is_a_mistake(line, tmp_path):
    (tmp_path / "odd.toml").write_text(line, encoding="utf-8")
    with pytest.raises(ConfigError, match="mistakes:"):
        find_recipes(str(tmp_path / "odd.toml"))


def test_a_configuration_that_does_not_exist_is_told():
    with pytest.raises(ConfigError, match="no configuration called 'nonsense'"):
        find_recipes("nonsense")
