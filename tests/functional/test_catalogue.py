"""`normocyte list` and `normocyte show`: what can be named, and what a configuration consists of."""

import json
import re

import pytest

from normocyte.core.registry import KINDS, part_names
from normocyte.pipeline.recipe.configurations import configuration_names
from normocyte.wording.glossary import TERMS
from normocyte.workflows.catalogue import entries, kinds

LOUDEST = '''"""A score."""

from dataclasses import dataclass

from normocyte.scores.contract import Score


@dataclass
class Loudest(Score):
    """The largest value of the map."""

    def reduce(self, maps, masks):
        return maps.max(axis=(1, 2))
'''


def test_every_kind_of_part_is_listed_with_how_many_there_are(call):
    assert {kind.name: kind.count for kind in kinds()} == {
        "configs": len(configuration_names()),
        **{room: len(part_names(room)) for room in KINDS},
        "terms": len(TERMS),
    }
    rows = call("list").stdout.splitlines()
    assert any(re.match(rf"detectors +{len(part_names('detectors'))} +Models", row) for row in rows)


@pytest.mark.parametrize("kind", ["configs", *KINDS, "terms"])
def test_everything_listed_has_a_sentence(kind):
    assert [entry.name for entry in entries(kind) if not re.fullmatch(r"[A-Z`].+\.", entry.meaning)] == []


def test_a_list_fits_80_columns_and_is_json_when_asked(call):
    lines = call("list", "thresholds").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("best_f1 ")
    content = json.loads(call("list", "thresholds", "--json").stdout)
    assert [entry["name"] for entry in content["entries"]] == part_names("thresholds")
    assert len(json.loads(call("list", "--json").stdout)["kinds"]) == len(KINDS) + 2


def test_an_unknown_kind_is_refused_with_those_there_are(call):
    outcome = call("list", "models")
    assert outcome.exit_code == 2
    assert outcome.stderr == (
        f"Error: There is no list of 'models'. Choose one of: {', '.join(['configs', *KINDS, 'terms'])}.\n"
    )


def test_a_kind_may_be_written_with_a_hyphen(call):
    assert call("list", "cell-checks").stdout == call("list", "cell_checks").stdout


def test_an_own_part_is_listed_with_its_file(call, tmp_path, own_parts_forgotten):
    file = tmp_path / "scores" / "loudest.py"
    file.parent.mkdir()
    file.write_text(LOUDEST, encoding="utf-8")
    content = json.loads(call("list", "scores", "--json", "--plugins", tmp_path).stdout)
    own = next(entry for entry in content["entries"] if entry["name"] == "loudest")
    assert own == {"name": "loudest", "meaning": "The largest value of the map.", "own_file": str(file)}


def test_a_configuration_is_shown_with_every_part_and_field(call):
    page = call("show", "classic").stdout
    assert max(map(len, page.splitlines())) <= 80
    heads = re.findall(r"^(\[.*\]) *(\w*)", page, re.MULTILINE)
    assert heads[2:6] == [
        ("[[preprocessing]]", name) for name in ("otsu_threshold", "grayscale", "resize", "normalise")
    ]
    assert heads[-3:] == [
        ("[detector]", "conv_autoencoder"),
        ("[score]", "mean_square"),
        ("[threshold]", "mean_plus_sigma"),
    ]
    assert re.search(r"^    epochs +12 +passes through the cells", page, re.MULTILINE)
    assert re.search(r"^    masked +false ", page, re.MULTILINE)


def test_each_member_of_an_ensemble_is_shown(call):
    page = call("show", "ensemble").stdout
    assert "[detector] synthetic_parasites" in page
    assert "[detector] of member 2 contrast_map" in page


def test_the_file_of_a_configuration_is_printed_as_it_is(call, recipes):
    assert call("show", recipes["pca"], "--toml").stdout == recipes["pca"].read_text(encoding="utf-8")


def test_a_configuration_as_json_holds_the_values(call, recipes):
    content = json.loads(call("show", recipes["pca"], "--json").stdout)
    detector = next(part for part in content["parts"] if part["table"] == "[detector]")
    assert content["seed"] == 7
    assert {"name": "components", "value": 8} in [
        {k: f[k] for k in ("name", "value")} for f in detector["fields"]
    ]


def test_an_unknown_configuration_is_refused_with_those_there_are(call):
    outcome = call("show", "unheard")
    assert outcome.exit_code == 2
    assert "There is no configuration called 'unheard'." in outcome.stderr
    assert "classic_undercomplete" in outcome.stderr
