"""Where a bundle may stand, and how a new one takes the place of an older."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from normocyte.core.errors import OutputError
from normocyte.pipeline.bundle.layout import FACTS, FILES, JUNK, MEMBER


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
