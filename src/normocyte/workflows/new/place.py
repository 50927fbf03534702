"""The folder of one detector: what was chosen is kept there, so that the same command goes on."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from normocyte.core.errors import ConfigError, DatasetError, OutputError
from normocyte.core.files import make_folder, sha256_of, write_json, write_text
from normocyte.core.version import __version__
from normocyte.datasets.cohort.cohort import Cohort
from normocyte.pipeline.recipe.recipe import Recipe, read_recipe, recipe_toml
from normocyte.results.codec import codec_for
from normocyte.results.new import Choices

KEPT = "choices.json"
RECIPE, BUNDLE = "recipe.toml", "bundle"
_WIDTH = 100


def check_folder(folder: Path) -> None:
    """OutputError for a folder that holds something else."""
    if not folder.exists():
        return
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / KEPT).is_file()):
        raise OutputError(
            f"{folder} is there already and was not made by normocyte new; choose another name."
        )


def kept_choice(folder: Path, cohort: Cohort, seed: int) -> tuple[Recipe, Choices] | None:
    """What was chosen there before for the same images; None where nothing was.

    OutputError where a bundle of another data set or seed is there; what was only begun gives way, as after
    images that cannot be used were removed.
    """
    try:
        told = json.loads((folder / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    asked = _told(cohort, seed)
    if (folder / BUNDLE).exists():
        _check_same(folder, told, asked)
    if any(told.get(name) != value for name, value in asked.items()):
        return None
    try:
        return read_recipe(folder / RECIPE), codec_for(Choices).read(told.get("choices"), KEPT)
    except (ConfigError, DatasetError):
        return None


def _check_same(folder: Path, told: dict[str, object], asked: dict[str, object]) -> None:
    """OutputError where the bundle there was made from other images, or with another seed."""
    if told.get("data") != asked["data"]:
        raise OutputError(
            f"{folder} was made from another data set; choose another name, or remove the folder if its "
            "images have changed since."
        )
    if told.get("seed") != asked["seed"]:
        raise OutputError(
            f"{folder} was made with `seed={told.get('seed')}`; choose another name, or give that seed again."
        )


def begin(folder: Path, cohort: Cohort, seed: int) -> None:
    """Make the folder, marked as that of these images."""
    write_json(make_folder(folder) / KEPT, _told(cohort, seed))


def keep(folder: Path, cohort: Cohort, recipe: Recipe, choices: Choices) -> None:
    """Write the recipe, and after it what was chosen."""
    write_text(folder / RECIPE, commented(recipe, choices))
    chosen = {"choices": codec_for(Choices).write(choices)}
    write_json(folder / KEPT, _told(cohort, recipe.seed) | chosen)


def _told(cohort: Cohort, seed: int) -> dict[str, object]:
    return {"normocyte": __version__, "data": _data_of(cohort), "seed": seed}


def _data_of(cohort: Cohort) -> str:
    """What says "the same images": their names, labels and patients, and what their files hold.

    Names alone do not: slices of any kind may be called 001.png and so on.
    """
    held = {path: _held(path, *_seen(path)) for path in {record.source.path for record in cohort.records}}
    lines = sorted(f"{record.label}\t{held[record.source.path]}" for record in cohort.records)
    return hashlib.sha256("\n".join([cohort.fingerprint, *lines]).encode()).hexdigest()


def _seen(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=100_000)
def _held(path: Path, size: int, changed: int) -> str:  # noqa: ARG001 - a changed file is read anew
    """The SHA-256 of a file; empty where it cannot be read, which reading the image says."""
    try:
        return sha256_of(path)
    except OSError:
        return ""


def commented(recipe: Recipe, choices: Choices) -> str:
    """The recipe as TOML, with every choice and its reason as comments."""
    lines = ["# Written by normocyte new. Every choice, and why:", "#"]
    for one in choices.choices:
        lines += _wrapped(f"{one.what}: {one.value}. {one.reason[:1].upper()}{one.reason[1:]}.")
    if choices.promise:
        lines += _wrapped(choices.promise)
    return "\n".join([*lines, "", recipe_toml(recipe)])


def _wrapped(text: str) -> list[str]:
    """The text as lines of a comment."""
    words = re.sub(r"[\x00-\x1f\x7f]+", " ", text).split()
    lines, line = [], "#"
    for word in words:
        if len(line) + len(word) >= _WIDTH:
            lines.append(line)
            line = "#  "
        line = f"{line} {word}"
    return [*lines, line]
