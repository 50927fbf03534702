"""Keeps a pipeline in one folder, the bundle, and takes it back only when it is whole."""

from __future__ import annotations

import json
import math
import shutil
import zipfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.config import Document
from normocyte.core.errors import BundleError, OutputError
from normocyte.core.files import make_folder, replacing, sha256_of, write_json, write_text
from normocyte.core.version import __version__
from normocyte.detectors.contract import Curve
from normocyte.pipeline.bundle.card import card
from normocyte.pipeline.bundle.facts import Facts, facts_from, stored_facts
from normocyte.pipeline.bundle.folder import bundle_folder
from normocyte.pipeline.bundle.history import HISTORY, Replaced, history_arrays, history_of
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
    named_arrays,
    seal,
    take_place,
)
from normocyte.pipeline.pipeline import Calibration, Pipeline
from normocyte.pipeline.recipe.recipe import Recipe, recipe_of, recipe_table
from normocyte.wording.of_the_data import in_words

_NOT_A_BUNDLE = (KeyError, TypeError, ValueError, AttributeError, EOFError, zipfile.BadZipFile)


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

    @property
    def guarantee(self) -> str:
        """What the threshold states, in the words of the data."""
        stated = self.pipeline.threshold.guarantee(self.pipeline.calibration).sentence
        return in_words(self.facts.words, stated)

    def at(self, folder: Path) -> Bundle:
        """The same bundle, which lies in this folder."""
        return replace(self, folder=folder, name=str(folder), digest=sha256_of(folder / FACTS))


def save_bundle(bundle: Bundle, folder: Path) -> Bundle:
    """Write the bundle, and give it as it lies there.

    An older bundle in its place goes only when the new one stands there, whole.

    Raises OutputError when the folder holds something that is not a bundle, or cannot be written, and
    BundleError when the pipeline has no threshold yet.
    """
    check_place(folder)
    cut = bundle.pipeline.threshold.cut
    if not math.isfinite(cut):
        raise BundleError(f"The pipeline has no threshold yet ({cut}); fit its threshold before it is saved.")
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
        "facts": stored_facts(bundle.facts),
        "curves": [asdict(member.detector.curve_) for member in bundle.pipeline.members],
        **past,
    }


def open_bundle(name: str | Path | Bundle) -> Bundle:
    """The bundle in a folder, or the built-in one for `shipped`; BundleError as `load_bundle`.

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
        raise BundleError(f"{folder / FACTS} is not that of a bundle: {error!r}. Train it again.") from error


def _read_facts(folder: Path) -> dict[str, Any]:
    path = folder / FACTS
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(
            f"There is no bundle in {folder}: {FACTS} cannot be read ({error.strerror}). {advice(folder)}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is damaged: {error}. Copy the bundle again or train it again.") from error
    schema = content.get("schema") if isinstance(content, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise BundleError(
            f"{path} has bundle format {schema}, but this is Normocyte {__version__}, which reads formats up "
            f"to {SCHEMA}. Update Normocyte (the bundle was made by {content.get('normocyte')})."
        )
    if schema not in range(1, SCHEMA + 1):
        raise BundleError(f"{path} has format {schema!r}, which is not that of a bundle. Train it again.")
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
            "Copy it again or train it again."
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
            member.detector.curve_ = Curve.of(curve)
            member.score.restore(named_arrays(arrays, learnt_prefix(index)))
        pipeline.fusion.restore(named_arrays(arrays, FUSED))
        pipeline.gate.restore(named_arrays(arrays, GATE))
        pipeline.measured = named_arrays(arrays, MEASURED)
        pipeline.neighbours.restore(named_arrays(arrays, AMONG))
        history = history_of(content.get(HISTORY, ()), arrays)
    return Bundle(pipeline, recipe, facts_from(content["facts"]), history, content["normocyte"])
