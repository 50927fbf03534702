"""What the files of a bundle are called, the seal over what it says, and where a bundle may stand."""

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

from normocyte.core.errors import OutputError
from normocyte.detectors.contract import GRAPH

SCHEMA = 2
TIMES = "training.json"
"""Beside the bundle: how long the training took."""
FACTS = "bundle.json"
CALIBRATION = "calibration.npz"
CARD = "card.md"
FILES = (FACTS, GRAPH, CALIBRATION, CARD)
JUNK = (".DS_Store", "Thumbs.db", "desktop.ini")
SEAL = "sha256"
FUSED = "fusion_"
GATE = "gate_"
MEASURED = "measured_"
AMONG = "neighbours_"
MEMBER = re.compile(r"member-\d+")


def member_folder(folder: Path, place: int) -> Path:
    """Where a member's network lies: the first in the bundle itself, the others in folders of their own."""
    return folder / f"member-{place + 1}" if place else folder


def keras_file(folder: Path, place: int) -> Path:
    """Where the Keras model of a member lies: beside the bundle, so that it is no part of its digest."""
    return folder.with_name(f"{folder.name}.member-{place + 1}.keras" if place else f"{folder.name}.keras")


def learnt_prefix(place: int) -> str:
    """What the arrays of a member's score are called by, before their own names."""
    return f"score{place + 1}_" if place else "score_"


def hashed_files(members: int) -> tuple[str, ...]:
    """The files of a bundle with so many members, but for the one that says their hashes."""
    graphs = [(member_folder(Path(), place) / GRAPH).as_posix() for place in range(members)]
    return (*graphs, CALIBRATION, CARD)


def seal(content: dict[str, Any]) -> str:
    """The SHA-256 of what the bundle says of itself, the seal aside, however it is laid out."""
    said = {key: value for key, value in content.items() if key != SEAL}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def in_current_format(content: dict[str, Any]) -> dict[str, Any]:
    """What a bundle of any known format says of itself, by the keys of the current one.

    Format 1 has `cut` in place of `threshold`, and the curve of the first member apart from the others.
    KeyError where such a key is missing.
    """
    if content["schema"] == SCHEMA:
        return content
    current = _renamed(content) | {"history": [_renamed(one) for one in content.get("history", ())]}
    return current | {"curves": [content["curve"], *content.get("curves_beside", [])]}


def _renamed(content: dict[str, Any]) -> dict[str, Any]:
    return {"threshold" if key == "cut" else key: value for key, value in content.items()}


def check_place(folder: Path) -> None:
    """OutputError when no bundle can stand there: something else does, or the place has no name."""
    if folder.name in ("", ".."):
        raise OutputError(f"'{folder}' has no name of its own. Name a new folder for the bundle.")
    names = {name for name in _names_in(folder) if not MEMBER.fullmatch(name)}
    if names and not (_is_bundle(folder) and names <= {*FILES, *JUNK}):
        strangers = sorted(names - {*FILES, *JUNK})
        held = f" alone: it holds {', '.join(strangers[:3])}" if _is_bundle(folder) else ""
        raise OutputError(
            f"{folder} exists and is not a bundle{held}; it is left as it is. Choose another place."
        )


def advice(folder: Path) -> str:
    """What to give instead of a folder without a bundle: one lies below the folder of a training."""
    below = folder / "bundle"
    if (below / FACTS).is_file():
        return f"Give {below}, where one is."
    return "Give a folder made by normocyte new, train or demo."


def _names_in(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()} if folder.exists() else set()
    except NotADirectoryError:
        return {folder.name}
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"Cannot look into {folder}: {reason}. Choose another place.") from error


def _is_bundle(folder: Path) -> bool:
    try:
        content = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and {"schema", "normocyte"} <= content.keys()


def take_place(draft: Path, place: Path) -> None:
    """Put the draft where an older bundle may stand; that one comes back if the draft cannot."""
    older = place.with_name(f".{place.name}.old")
    if place.exists():
        shutil.rmtree(older, ignore_errors=True)
        place.rename(older)
    try:
        draft.rename(place)
    finally:
        if older.exists() and not place.exists():
            older.rename(place)
    shutil.rmtree(older, ignore_errors=True)


def named_arrays(arrays: Any, beginning: str) -> dict[str, Any]:
    """The arrays whose names begin so, by the rest of their names."""
    return {name.removeprefix(beginning): arrays[name] for name in arrays.files if name.startswith(beginning)}
