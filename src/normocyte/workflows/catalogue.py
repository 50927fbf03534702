"""Which configurations, parts and terms there are, and what a configuration consists of."""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from normocyte.core.config import fields_table
from normocyte.core.errors import ConfigError
from normocyte.core.fields import settable
from normocyte.core.registry import own_parts, part_class, part_name, part_names
from normocyte.pipeline.member import Member
from normocyte.pipeline.recipe.configurations import configuration_names, configuration_path
from normocyte.pipeline.recipe.recipe import Recipe, read_recipe
from normocyte.wording.glossary import TERMS, terms

CONFIGS, GLOSSARY = "configs", "terms"
_MEANINGS = {
    CONFIGS: "Recipes for training; 'normocyte show NAME' shows one in full.",
    "datasets": "Readers of image sets.",
    "cell_checks": "Checks that the image of a cell must pass before it is scored.",
    "segmentation": "Methods that find the cells in a photo.",
    "photo_checks": "Checks that a photo must pass before its cells are counted.",
    "preprocessing": "Steps that prepare the image of a cell.",
    "detectors": "Models that learn healthy cells and give a map of what is unusual.",
    "scores": "Rules that make one anomaly score of such a map.",
    "thresholds": "Rules that choose the score above which a cell is flagged.",
    "false_discovery": "Rules that choose which cells of one smear to list.",
    "metrics": "Measures of how good scores and flags are.",
    GLOSSARY: "The words of reports and help pages.",
}


@dataclass(frozen=True)
class Kind:
    """What can be listed: `count` configurations, parts or terms of one kind."""

    name: str
    count: int
    meaning: str


@dataclass(frozen=True)
class Entry:
    """A configuration, part or term by its name, with a sentence on it, and the file of an own part."""

    name: str
    meaning: str
    own_file: str | None = None


@dataclass(frozen=True)
class FieldShown:
    """A field of a part with its value; `unit` is empty where it has none."""

    name: str
    value: Any
    meaning: str
    unit: str


@dataclass(frozen=True)
class PartShown:
    """A part of a configuration: the TOML `table` that names it, its name, what it does, and its fields."""

    table: str
    name: str
    meaning: str
    fields: tuple[FieldShown, ...]


@dataclass(frozen=True)
class RecipeShown:
    """A configuration in full. `toml` is the text of its file."""

    name: str
    meaning: str
    file: str
    seed: int
    protocol: str
    parts: tuple[PartShown, ...]
    toml: str

    def as_json(self) -> dict[str, Any]:
        """All of it but the text of the file, as JSON."""
        content = asdict(self)
        del content["toml"]
        return {"schema": 1, **content}


def kinds() -> list[Kind]:
    """All kinds with how many there are of each, own parts included."""
    return [Kind(name, len(_names(name)), meaning) for name, meaning in _MEANINGS.items()]


def entries(kind: str) -> list[Entry]:
    """The configurations, the parts of a kind or the terms; ConfigError for an unknown kind."""
    room = kind.replace("-", "_")
    if room not in _MEANINGS:
        raise ConfigError(f"There is no list of '{kind}'. Choose one of: {', '.join(_MEANINGS)}.")
    if room == GLOSSARY:
        return [Entry(term.name, term.meaning) for term in terms()]
    if room == CONFIGS:
        return [Entry(name, _first_comment(configuration_path(name))) for name in _names(room)]
    own = {name: str(file) for (key, name), file in own_parts().items() if key == room}
    return [Entry(name, _meaning(part_class(room, name)), own.get(name)) for name in _names(room)]


def _names(kind: str) -> Sequence[str]:
    if kind == GLOSSARY:
        return TERMS
    return configuration_names() if kind == CONFIGS else part_names(kind)


def show_recipe(name: str) -> RecipeShown:
    """A configuration by its name or path; ConfigError with every fault of its file."""
    path = configuration_path(name)
    recipe = read_recipe(path)
    return RecipeShown(
        name=name,
        meaning=_first_comment(path),
        file=str(path),
        seed=recipe.seed,
        protocol=recipe.protocol,
        parts=tuple(_parts(recipe)),
        toml=path.read_text(encoding="utf-8-sig"),
    )


def _parts(recipe: Recipe) -> Iterator[PartShown]:
    """In the order in which an image meets them."""
    yield _part("[dataset]", recipe.dataset)
    yield _fields_alone("[split]", "The shares of the cells, split by patient.", recipe.fractions)
    for check in recipe.cell_checks:
        yield _part("[[cell_checks]]", check)
    first, *others = recipe.members
    yield from _member("", first)
    for number, member in enumerate(others, 2):
        yield from _member(f" of member {number}", member)
    if others:
        yield _fields_alone("[ensemble]", "Makes one score of those of all members.", recipe.fusion)
    yield _part("[threshold]", recipe.threshold)


def _member(whose: str, member: Member) -> Iterator[PartShown]:
    for step in member.steps:
        yield _part(f"[[preprocessing]]{whose}", step)
    yield _part(f"[detector]{whose}", member.detector)
    yield _part(f"[score]{whose}", member.score)


def _part(table: str, part: object) -> PartShown:
    return PartShown(table, part_name(part), _meaning(type(part)), _fields(part))


def _fields_alone(table: str, meaning: str, found: object) -> PartShown:
    return PartShown(table, "", meaning, _fields(found))


def _fields(part: object) -> tuple[FieldShown, ...]:
    kind: type = type(part)
    declared = settable(kind)
    return tuple(
        FieldShown(name, value, declared[name].meaning, declared[name].limits.get("unit", ""))
        for name, value in fields_table(part).items()
    )


def _meaning(found: type) -> str:
    """The first line of what the class says of itself."""
    return inspect.cleandoc(found.__doc__ or "").partition("\n")[0]


def _first_comment(path: Path) -> str:
    """The first sentence of the comment with which a file begins; empty without one."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    comment = takewhile(lambda line: line.startswith("#"), lines)
    text = " ".join(line.lstrip("#").strip() for line in comment)
    return f"{text.partition('. ')[0].rstrip('.')}." if text else ""
