"""A recipe: everything a configuration file says, as parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomli_w

from normocyte.core.config import (
    Document,
    Table,
    build_fields,
    build_part,
    fields_table,
    part_table,
    read_document,
)
from normocyte.core.errors import ConfigError
from normocyte.datasets._base import Dataset
from normocyte.datasets._splits import Fractions, Protocol
from normocyte.datasets.synthetic import Synthetic
from normocyte.detectors._base import Detector
from normocyte.pipeline.pipeline import Pipeline
from normocyte.preprocessing._base import Step
from normocyte.scores._base import Score
from normocyte.thresholds._base import Threshold

ENDING = ".toml"
MOST_SEED = 2**32 - 1
_PARTS = {"detector": "detectors", "score": "scores", "threshold": "thresholds"}
_TABLES = ("seed", "dataset", "split", "preprocessing", *_PARTS)


@dataclass(frozen=True)
class Recipe:
    """The parts of a pipeline and how their data are split; `protocol` is a `datasets._splits.Protocol`."""

    steps: tuple[Step, ...]
    detector: Detector
    score: Score
    threshold: Threshold
    seed: int = 0
    dataset: Dataset = field(default_factory=Synthetic)
    fractions: Fractions = field(default_factory=Fractions)
    protocol: str = "mixed"

    def pipeline(self) -> Pipeline:
        """The parts joined, nothing learnt yet: each pipeline has its own copies."""
        return Pipeline(self.steps, replace(self.detector), replace(self.score), replace(self.threshold))

    def seeded(self, seed: int | None) -> Recipe:
        """The same recipe with another seed, or itself when none is given.

        ConfigError for an impossible seed.
        """
        if seed is None:
            return self
        if not _is_seed(seed):
            raise ConfigError(_seed_must_be(seed))
        return replace(self, seed=seed)


def configurations() -> Path:
    """The folder of the configurations that come with Normocyte."""
    package = Path(__file__).parents[1] / "configs"
    return package if package.is_dir() else Path(__file__).parents[3] / "configs"


def configuration_path(name: str) -> Path:
    """The TOML file of that path, or the one that comes along by that name, such as "classic"."""
    path = Path(name)
    if path.suffix == ENDING or path.is_file():
        return path
    known = sorted(file.stem for file in configurations().glob(f"*{ENDING}"))
    if name not in known:
        raise ConfigError(
            f"There is no configuration called '{name}'. Give the path of a TOML file or one of: "
            f"{', '.join(known)}."
        )
    return configurations() / f"{name}{ENDING}"


def find_recipe(name: str) -> Recipe:
    """The recipe in a TOML file, or by the name of one that comes along."""
    return read_recipe(configuration_path(name))


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file; ConfigError lists everything that is wrong with it, each with its line."""
    document = read_document(path)
    recipe = recipe_of(document)
    document.raise_faults()
    return recipe


def recipe_of(document: Document) -> Recipe:
    """The recipe of a document; faults are noted in it, and the result may be used only if there are none."""
    content = document.content
    for key in content:
        if key not in _TABLES:
            document.fault((key,), f"there is no table or key '{key}'. Choose from: {', '.join(_TABLES)}.")
    parts = {key: _required(document, key, room) for key, room in _PARTS.items()}
    values = {"seed": _seed(document), **_split(document)}
    if "dataset" in content:
        values["dataset"] = build_part(document, "datasets", content["dataset"], ("dataset",))
    return Recipe(steps=_steps(document), **parts, **values)


def _required(document: Document, key: str, room: str) -> Any:
    if key not in document.content:
        document.fault((), f"the table [{key}] is missing.")
        return None
    return build_part(document, room, document.content[key], (key,))


def _steps(document: Document) -> tuple[Step, ...]:
    tables = document.content.get("preprocessing", [])
    if not isinstance(tables, list):
        document.fault(
            ("preprocessing",), "preprocessing is a list: write [[preprocessing]] in double brackets."
        )
        return ()
    return tuple(
        build_part(document, "preprocessing", table, ("preprocessing", index))
        for index, table in enumerate(tables)
    )


def _seed(document: Document) -> int:
    seed = document.content.get("seed", 0)
    if not _is_seed(seed):
        document.fault(("seed",), _seed_must_be(seed))
        return 0
    return int(seed)


def _is_seed(seed: object) -> bool:
    return isinstance(seed, int) and not isinstance(seed, bool) and 0 <= seed <= MOST_SEED


def _seed_must_be(seed: object) -> str:
    return f"seed must be a whole number from 0 to {MOST_SEED}, not {seed!r}."


def _split(document: Document) -> dict[str, Any]:
    table = document.content.get("split", {})
    if not isinstance(table, dict):
        document.fault(("split",), f"split must be a table [split], not {table!r}.")
        return {}
    fractions = build_fields(
        document, Fractions, {key: value for key, value in table.items() if key != "protocol"}, ("split",)
    )
    protocol = table.get("protocol", Protocol.MIXED.value)
    if protocol not in list(Protocol):
        document.fault(
            ("split", "protocol"), f"protocol must be one of {', '.join(Protocol)}, not {protocol!r}."
        )
    return {"fractions": fractions, "protocol": protocol}


def recipe_table(recipe: Recipe) -> Table:
    """The recipe as a TOML table with every default spelled out.

    The data set is left out, it belongs to a run.
    """
    return {
        "seed": recipe.seed,
        "split": {**fields_table(recipe.fractions), "protocol": recipe.protocol},
        "preprocessing": [part_table(step) for step in recipe.steps],
        **{key: part_table(getattr(recipe, key)) for key in _PARTS},
    }


def recipe_toml(recipe: Recipe) -> str:
    """The resolved recipe as TOML, which `read_recipe` reads back."""
    return tomli_w.dumps(recipe_table(recipe))
