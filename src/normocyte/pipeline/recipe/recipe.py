"""A recipe: everything a configuration file says, as parts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomli_w

from normocyte.cell_checks.contract import Check
from normocyte.cell_checks.gate import Gate
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
from normocyte.core.lines import Place
from normocyte.core.names.hidden import quoted
from normocyte.datasets.contract import Dataset
from normocyte.datasets.splits.split import Fractions, Protocol
from normocyte.datasets.synthetic import Synthetic
from normocyte.pipeline.fusion import Fusion
from normocyte.pipeline.member import Member, Steps
from normocyte.pipeline.pipeline import Pipeline
from normocyte.pipeline.recipe.configurations import PLUGINS, configuration_path, read_configuration
from normocyte.thresholds.contract import Threshold

MOST_SEED = 2**32 - 1
_PARTS = {"detector": "detectors", "score": "scores", "threshold": "thresholds"}
_ENSEMBLE = "ensemble"
_CHECKS = "cell_checks"
_CHECKS_BEFORE = "quality"
"""What configurations and bundles up to format 1 call the checks."""
_TABLES = ("seed", "notes", "dataset", "split", _CHECKS, "preprocessing", *_PARTS, _ENSEMBLE)
_MEMBER = ("recipe", "preprocessing", "detector", "score")


@dataclass(frozen=True)
class Recipe:
    """The parts of a pipeline and how their data are split; `protocol` is a `Protocol`.

    `fusion` makes one number of those of several members. `notes` is Markdown that the
    card of the bundle carries. `cell_checks` are those that a picture must pass before it is assessed.
    """

    members: tuple[Member, ...]
    threshold: Threshold
    seed: int = 0
    dataset: Dataset = field(default_factory=Synthetic)
    fractions: Fractions = field(default_factory=Fractions)
    protocol: str = "mixed"
    fusion: Fusion = field(default_factory=Fusion)
    notes: str = ""
    cell_checks: tuple[Check, ...] = ()

    def pipeline(self) -> Pipeline:
        """The parts joined, nothing learnt yet: each pipeline has its own copies."""
        return Pipeline(
            tuple(member.unlearnt() for member in self.members),
            replace(self.threshold),
            fusion=replace(self.fusion),
            gate=Gate(tuple(replace(check) for check in self.cell_checks)),
        )

    def seeded(self, seed: int | None) -> Recipe:
        """The same recipe with another seed, or itself when none is given.

        ConfigError for an impossible seed.
        """
        if seed is None:
            return self
        if not _is_seed(seed):
            raise ConfigError(_seed_must_be(seed))
        return replace(self, seed=seed)


def find_recipe(name: str) -> Recipe:
    """The recipe in a TOML file, or the built-in one of that name."""
    return read_recipe(configuration_path(name))


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file; ConfigError lists everything that is wrong with it, each with its line."""
    document = read_configuration(path)
    recipe = recipe_of(document)
    document.raise_faults()
    return recipe


def recipe_of(document: Document) -> Recipe:
    """The recipe of a document; faults are noted in it, and the result may be used only if there are none."""
    content = document.content
    known = (*_TABLES, PLUGINS) if document.may_load else _TABLES
    for key in content:
        if key not in (*known, _CHECKS_BEFORE):
            document.fault((key,), f"there is no table or key '{key}'. Choose from: {', '.join(known)}.")
    detector, score, threshold = (_required(document, key, room) for key, room in _PARTS.items())
    values = {"seed": _seed(document), "notes": _notes(document), **_split(document)}
    if "dataset" in content:
        values["dataset"] = build_part(document, "datasets", content["dataset"], ("dataset",))
    first = Member(_steps(document, content.get("preprocessing", []), ("preprocessing",)), detector, score)
    members, fusion = _ensemble(document, first)
    return Recipe(members, threshold, fusion=fusion, cell_checks=_cell_checks(document), **values)


def _required(document: Document, key: str, room: str) -> Any:
    if key not in document.content:
        document.fault((), f"the table [{key}] is missing.")
        return None
    return build_part(document, room, document.content[key], (key,))


def _steps(document: Document, tables: object, place: Place) -> Steps:
    return _list_of_parts(document, "preprocessing", tables, place)


def _cell_checks(document: Document) -> tuple[Check, ...]:
    content = document.content
    if _CHECKS in content and _CHECKS_BEFORE in content:
        document.fault(
            (_CHECKS_BEFORE,), f"[[{_CHECKS_BEFORE}]] is the old name of [[{_CHECKS}]]; keep one of the two."
        )
    key = _CHECKS_BEFORE if _CHECKS_BEFORE in content else _CHECKS
    checks = _list_of_parts(document, _CHECKS, content.get(key, []), (key,))
    try:
        return Gate(tuple(filter(None, checks))).checks
    except ConfigError as error:
        document.fault((key,), str(error))
        return ()


def _list_of_parts(document: Document, room: str, tables: object, place: Place) -> tuple[Any, ...]:
    """The parts of a list of tables; its kind is also the name of the list."""
    if not isinstance(tables, list):
        document.fault(place, f"{room} is a list: write [[{room}]] in double brackets.")
        return ()
    return tuple(build_part(document, room, table, (*place, index)) for index, table in enumerate(tables))


def _ensemble(document: Document, first: Member) -> tuple[tuple[Member, ...], Fusion]:
    """The first member with those that the table [ensemble] adds, and how they are fused."""
    alone = (first,), Fusion()
    table = document.content.get(_ENSEMBLE, {})
    if not isinstance(table, dict):
        document.fault((_ENSEMBLE,), f"ensemble must be a table [ensemble], not {table!r}.")
        return alone
    members = table.get("member", [])
    if table and not (isinstance(members, list) and members):
        document.fault((_ENSEMBLE,), "an ensemble has members: write [[ensemble.member]] at least once.")
        return alone
    others = [
        _member(document, member, (_ENSEMBLE, "member", index), first.steps)
        for index, member in enumerate(members)
    ]
    fusion = {key: value for key, value in table.items() if key != "member"}
    built = build_fields(document, Fusion, fusion, (_ENSEMBLE,)) or Fusion()
    try:
        built.check_members(1 + len(others))
    except ConfigError as error:
        document.fault((_ENSEMBLE, "weights"), str(error))
    return (first, *filter(None, others)), built


def _member(document: Document, table: object, place: Place, steps: Steps) -> Member | None:
    """A member by the recipe that it is taken from, or with its own detector and score.

    Where it names no steps it sees what the first member sees.
    """
    if not isinstance(table, dict):
        document.fault(place, f"a member is a table [[ensemble.member]], not {table!r}.")
        return None
    for key in table.keys() - set(_MEMBER):
        document.fault((*place, key), f"a member has no '{key}'. Choose from: {', '.join(_MEMBER)}.")
    if "recipe" in table:
        return _member_of(document, table, place)
    parts = {
        key: build_part(document, _PARTS[key], table.get(key), (*place, key)) for key in ("detector", "score")
    }
    if "preprocessing" in table:
        steps = _steps(document, table["preprocessing"], (*place, "preprocessing"))
    return Member(steps, **parts)


def _member_of(document: Document, table: Table, place: Place) -> Member | None:
    """The member that a whole recipe makes, by its name or path, its data and threshold left aside."""
    if len(table) > 1:
        document.fault(
            place, 'a member with a "recipe" takes everything from there; leave out its other keys.'
        )
    try:
        path = configuration_path(str(table["recipe"]))
        other = read_configuration(path) if document.may_load else read_document(path)
        if _ENSEMBLE not in other.content:  # else a recipe could name itself
            recipe = recipe_of(other)
            other.raise_faults()
            return recipe.members[0]
        sentence = f"'{table['recipe']}' is an ensemble itself; name its members one by one."
    except ConfigError as error:
        sentence = str(error)
    document.fault((*place, "recipe"), sentence)
    return None


def _seed(document: Document) -> int:
    seed = document.content.get("seed", 0)
    if not _is_seed(seed):
        document.fault(("seed",), _seed_must_be(seed))
        return 0
    return int(seed)


def _notes(document: Document) -> str:
    notes = document.content.get("notes", "")
    if not isinstance(notes, str):
        document.fault(("notes",), f"notes must be a text, not {notes!r}.")
        return ""
    return notes


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
    first, *others = map(_member_table, recipe.members)
    table = {
        "seed": recipe.seed,
        "split": {**fields_table(recipe.fractions), "protocol": recipe.protocol},
        **first,
        "threshold": part_table(recipe.threshold),
    }
    if recipe.notes:
        table["notes"] = recipe.notes
    if recipe.cell_checks:
        table[_CHECKS] = [part_table(check) for check in recipe.cell_checks]
    if others:
        table[_ENSEMBLE] = {**fields_table(recipe.fusion), "member": others}
    return table


def _member_table(member: Member) -> Table:
    return {
        "preprocessing": [part_table(step) for step in member.steps],
        "detector": part_table(member.detector),
        "score": part_table(member.score),
    }


def recipe_toml(recipe: Recipe) -> str:
    """The resolved recipe as TOML, which `read_recipe` reads back, without fields that do not count in it."""
    table = recipe_table(recipe)
    for member, own in zip(recipe.members, (table, *table.get(_ENSEMBLE, {}).get("member", ())), strict=True):
        unused = member.detector.unused_fields
        usual = part_table(type(member.detector)()) if unused else {}
        for name in unused:
            if own["detector"].get(name) == usual[name]:
                del own["detector"][name]
    return quoted(tomli_w.dumps(table))
