"""Keeps a pipeline in one folder, the bundle, and takes it back only when it is whole."""

from __future__ import annotations

import json
import math
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.config import Document
from normocyte.core.errors import BundleError, OutputError
from normocyte.core.files import make_folder, replacing, sha256_of, write_json, write_text
from normocyte.core.types import Part
from normocyte.core.version import __version__
from normocyte.core.words import CELLS, Words
from normocyte.datasets.support.patients import UNKNOWN
from normocyte.detectors.contract import Curve
from normocyte.pipeline.bundle.card import card
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.pipeline.bundle.history import HISTORY, Origin, Replaced, history_arrays, history_of
from normocyte.pipeline.bundle.layout import (
    AMONG,
    CALIBRATION,
    CARD,
    FACTS,
    FUSED,
    GATE,
    MEASURED,
    SCHEMA,
    SEAL,
    advice,
    check_place,
    hashed_files,
    in_current_format,
    learnt_prefix,
    member_folder,
    seal,
    take_place,
)
from normocyte.pipeline.pipeline import Calibration, Pipeline
from normocyte.pipeline.recipe.recipe import Recipe, recipe_of, recipe_table

_ORIGIN = "calibrated_on"
_LATER = ("patients_by", "cells_fingerprint", "thing", "anomaly")
_NOT_A_BUNDLE = (KeyError, TypeError, ValueError, AttributeError, EOFError, zipfile.BadZipFile)


@dataclass(frozen=True)
class PartFacts:
    """How many cells of a part were used, and of which patients; where nobody is known, the cells' places."""

    part: str
    cells: int
    patients: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Where a pipeline comes from.

    The data set, its fingerprint, the parts of the split, how many were unreadable. `calibrated_on` is empty
    unless a site has calibrated it anew: then the part `calibration` is of that other set. `patients_by` and
    `cells_fingerprint` are those of the cohort; empty in bundles of earlier versions. `thing` and `anomaly`
    are the words for what the images show.
    """

    data: str
    data_fingerprint: str
    parts: tuple[PartFacts, ...]
    unreadable: int = 0
    calibrated_on: Origin = field(default_factory=Origin)
    patients_by: str = ""
    cells_fingerprint: str = ""
    thing: str = ""
    anomaly: str = ""

    @property
    def words(self) -> Words:
        """What the images show that it was made from; bundles of earlier versions are of red cells."""
        return Words(self.thing, self.anomaly).or_else(CELLS)

    @property
    def are_patients_known(self) -> bool:
        """False where nobody knew whose the images were."""
        return self.patients_by != UNKNOWN

    def knows_patients_of(self, part: PartFacts) -> bool:
        """Whether the patients of one of the parts are patients; no cells are of nobody."""
        is_of_site = part.part == Part.CALIBRATION and self.calibrated_on.is_another_set
        return not part.cells or (bool(part.patients) and (is_of_site or self.are_patients_known))

    def patients(self, *parts: Part) -> frozenset[str]:
        """The patients of these parts."""
        return frozenset(name for facts in self.parts if facts.part in parts for name in facts.patients)


@dataclass(frozen=True)
class Bundle:
    """A trained pipeline with its recipe, its facts, and the calibrations that it had before, oldest first.

    `normocyte` is the version that made it. Where it was opened or saved, `folder` is where it lies, `name`
    what it was asked for by, and `digest` the SHA-256 of its `bundle.json`, which seals all its files.
    """

    pipeline: Pipeline
    recipe: Recipe
    facts: Facts
    history: tuple[Replaced, ...] = ()
    normocyte: str = __version__
    folder: Path = field(default=Path(), compare=False)
    name: str = field(default="", compare=False)
    digest: str = field(default="", compare=False)

    def at(self, folder: Path) -> Bundle:
        """The same bundle, which lies in this folder."""
        return replace(self, folder=folder, name=str(folder), digest=sha256_of(folder / FACTS))


def save_bundle(bundle: Bundle, folder: Path) -> Bundle:
    """Write the bundle, and give it as it lies there.

    An older bundle in its place goes only when the new one stands there, whole.

    Raises OutputError when the folder holds something that is not a bundle, or cannot be written, and
    BundleError when the pipeline has no cut yet.
    """
    check_place(folder)
    cut = bundle.pipeline.threshold.cut
    if not math.isfinite(cut):
        raise BundleError(f"The pipeline has no cut yet ({cut}); fit its threshold before it is saved.")
    place = folder.resolve()
    draft = place.with_name(f".{place.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _write(bundle, make_folder(draft))
        take_place(draft, place)
    except OSError as error:
        raise OutputError(
            f"Cannot write the bundle {folder}: {error.strerror or error}. Free some space."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return replace(bundle, normocyte=__version__).at(folder)


def _write(bundle: Bundle, folder: Path) -> None:
    pipeline = bundle.pipeline
    learnt: dict[str, npt.NDArray[Any]] = {
        FUSED + name: array for name, array in pipeline.fusion.learnt().items()
    }
    learnt |= {GATE + name: array for name, array in pipeline.gate.learnt().items()}
    learnt |= {AMONG + name: array for name, array in pipeline.neighbours.learnt().items()}
    learnt |= {MEASURED + name: array for name, array in pipeline.measured.items()}
    for index, member in enumerate(pipeline.members):
        member.detector.save(make_folder(member_folder(folder, index)))
        learnt |= {learnt_prefix(index) + name: array for name, array in member.score.learnt().items()}
    with replacing(folder / CALIBRATION) as temporary:
        known = {"scores": pipeline.calibration.scores, "patients": pipeline.calibration.patients}
        np.savez(temporary, allow_pickle=False, **known, **learnt, **history_arrays(bundle.history))
    content = _content(bundle)
    write_text(folder / CARD, card(content, pipeline))
    content["files"] = {name: sha256_of(folder / name) for name in hashed_files(len(pipeline.members))}
    write_json(folder / FACTS, content | {SEAL: seal(content)})


def _content(bundle: Bundle) -> dict[str, Any]:
    past = {HISTORY: [replaced.content() for replaced in bundle.history]} if bundle.history else {}
    return {
        "schema": SCHEMA,
        "normocyte": __version__,
        "threshold": bundle.pipeline.threshold.cut,
        "labels_used": bundle.pipeline.threshold.uses_labels,
        "recipe": recipe_table(bundle.recipe),
        "facts": _stored_facts(bundle.facts),
        "curves": [asdict(member.detector.curve_) for member in bundle.pipeline.members],
        **past,
    }


def _stored_facts(facts: Facts) -> dict[str, Any]:
    """The facts as `bundle.json` holds them: where calibration cells come from only if from another set."""
    told = asdict(facts)
    empty = {key for key in _LATER if not told[key]}
    if not facts.calibrated_on.is_another_set:
        empty.add(_ORIGIN)
    return {key: value for key, value in told.items() if key not in empty}


def open_bundle(name: str | Path | Bundle) -> Bundle:
    """The bundle in a folder, or the one that comes along for `shipped`; BundleError as `load_bundle`.

    One that is open stays as it is.
    """
    if isinstance(name, Bundle):
        return name
    return replace(load_bundle(bundle_folder(Path(name))), name=str(name))


def load_bundle(folder: Path) -> Bundle:
    """Read a bundle; BundleError when it is missing, incomplete, altered or from a newer version."""
    content = _read_facts(folder)
    try:
        current = in_current_format(content)
        _check_files(folder, content, len(current["curves"]))
        return _assemble(folder, current).at(folder)
    except OSError as error:
        raise BundleError(
            f"The bundle {folder} cannot be read: {error.strerror or error}. Check its permissions."
        ) from error
    except _NOT_A_BUNDLE as error:
        raise BundleError(
            f"{folder / FACTS} is not what a bundle says: {error!r}. Train it again."
        ) from error


def _read_facts(folder: Path) -> dict[str, Any]:
    path = folder / FACTS
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(
            f"There is no bundle in {folder}: {FACTS} cannot be read ({error.strerror}). {advice(folder)}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is damaged: {error}. Copy the bundle again or train it anew.") from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise BundleError(
            f"{path} has bundle format {schema}, but this is Normocyte {__version__}, which knows formats up "
            f"to {SCHEMA}. Update Normocyte (the bundle was made by {content.get('normocyte')})."
        )
    if schema not in range(1, SCHEMA + 1):
        raise BundleError(f"{path} says format {schema!r}, which is not a bundle's. Train it again.")
    return dict(content)


def _check_files(folder: Path, content: dict[str, Any], members: int) -> None:
    hashed = hashed_files(members)
    missing = [name for name in hashed if not (folder / name).is_file()]
    if missing:
        raise BundleError(
            f"The bundle {folder} is incomplete: {', '.join(missing)} missing. Copy it again, whole."
        )
    altered = [name for name in hashed if sha256_of(folder / name) != content["files"].get(name)]
    if content.get(SEAL) != seal(content):
        altered.insert(0, FACTS)
    if altered:
        raise BundleError(
            f"The bundle {folder} was altered: {', '.join(altered)} not as it was saved. "
            "Copy it again or train it anew."
        )


def _assemble(folder: Path, content: dict[str, Any]) -> Bundle:
    document = Document(str(folder / FACTS), "", content["recipe"])
    recipe = recipe_of(document)
    if document.missing:
        raise BundleError(
            f"The bundle {folder} needs {' and '.join(dict.fromkeys(document.missing))}, which Normocyte "
            f"{__version__} does not have. Give the folder that it is in: `plugins`, or in Python "
            "nc.use_parts(DIR); or update Normocyte."
        )
    if document.faults:
        raise BundleError(
            f"The bundle {folder} names parts that cannot be built: {'; '.join(document.faults)}"
        )
    pipeline = recipe.pipeline()
    pipeline.threshold.cut = float(content["threshold"])
    with np.load(folder / CALIBRATION, allow_pickle=False) as arrays:
        pipeline.calibration = Calibration(arrays["scores"], arrays["patients"])
        for index, (member, curve) in enumerate(zip(pipeline.members, content["curves"], strict=True)):
            member.detector.load(member_folder(folder, index))
            member.detector.curve_ = Curve(
                tuple(curve["loss"]),
                tuple(curve["held_out_loss"]),
                curve["best_epoch"],
                curve.get("variance_explained"),
            )
            member.score.restore(_named(arrays, learnt_prefix(index)))
        pipeline.fusion.restore(_named(arrays, FUSED))
        pipeline.gate.restore(_named(arrays, GATE))
        pipeline.measured = _named(arrays, MEASURED)
        pipeline.neighbours.restore(_named(arrays, AMONG))
        history = history_of(content.get(HISTORY, ()), arrays)
    return Bundle(pipeline, recipe, _facts(content["facts"]), history, content["normocyte"])


def _named(arrays: Any, beginning: str) -> dict[str, Any]:
    """The arrays whose names begin so, by the rest of their names."""
    return {name.removeprefix(beginning): arrays[name] for name in arrays.files if name.startswith(beginning)}


def _facts(content: dict[str, Any]) -> Facts:
    parts: Sequence[dict[str, Any]] = content["parts"]
    return Facts(
        content["data"],
        content["data_fingerprint"],
        tuple(PartFacts(facts["part"], facts["cells"], tuple(facts["patients"])) for facts in parts),
        content["unreadable"],
        Origin(**content.get(_ORIGIN, {})),
        *(content.get(key, "") for key in _LATER),
    )
