"""A synthetic smear as a folder: its fields as pictures, and what truly lies where."""

import enum
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from normocyte.core.errors import DatasetError
from normocyte.core.files import make_folder, write_bytes, write_json
from normocyte.core.progress import Progress
from normocyte.core.seeds import generator
from normocyte.datasets.drawing.field import Box, Picture, draw_field
from normocyte.datasets.drawing.field_plan import WantedFields, plan_fields
from normocyte.datasets.drawing.look import STAGES, patient_look

TRUTH, ABOUT = "annotations.json", "smear.json"
_SCALE_BAR = "scale bar"
_RED_CELL_UM = 7.5
_FONT = cv2.FONT_HERSHEY_SIMPLEX

_OURS = re.compile(rf"field_\d+\.(png|jpg)|{TRUTH}|{ABOUT}|\.[^/]+\.part\.\w+|\.DS_Store|Thumbs\.db")


class Picturing(enum.StrEnum):
    """How fields are written."""

    PNG = "png"
    JPEG = "jpg"


@dataclass(frozen=True, slots=True)
class DrawnSmear:
    """What a synthetic smear holds: its red cells and how many of them are infected, in so many fields."""

    fields: int
    red_cells: int
    infected: int


def write_smear(
    wanted: WantedFields, to: Path, progress: Progress, picturing: Picturing, has_scale_bar: bool = False
) -> DrawnSmear:
    """Draw the smear into a folder; fields of an earlier one there are replaced, the truth comes last.

    DatasetError for a folder that holds anything else.
    """
    _clear(to)
    look = patient_look(generator(wanted.seed, "patient"))
    progress.begin("Making synthetic fields", wanted.fields)
    truth: list[dict[str, Any]] = []
    for number, bodies in enumerate(plan_fields(wanted)):
        picture, boxes = draw_field(generator(wanted.seed, "field", number), look, wanted, bodies)
        if has_scale_bar:
            boxes.append(_burn_scale_bar(picture, wanted.radius_px))
        name = f"field_{number + 1:03d}.{picturing.value}"
        write_bytes(to / name, _encoded(picture, picturing))
        truth.append({"image_name": name, "objects": [_object(box) for box in boxes]})
        progress.advance()
    done = _counted(truth)
    write_json(to / ABOUT, {**asdict(done), "wanted": asdict(wanted)})
    write_json(to / TRUTH, truth)
    return done


def _clear(to: Path) -> None:
    """Make the folder, or empty it of an earlier synthetic smear; DatasetError for anything else in it."""
    if to.exists() and not to.is_dir():
        raise DatasetError(f"{to} is a file; choose a folder for the synthetic smear.")
    held = sorted(make_folder(to).iterdir())
    strangers = [path.name for path in held if path.is_dir() or not _OURS.fullmatch(path.name)]
    if strangers:
        raise DatasetError(
            f"The folder {to} holds {len(strangers)} item(s) that are not part of a synthetic "
            "smear, such as "
            f"{', '.join(strangers[:3])}; choose an empty or a new folder."
        )
    for path in held:
        path.unlink(missing_ok=True)


def _burn_scale_bar(picture: Picture, red_radius_px: float, length_um: float = 10.0) -> Box:
    """Draw a bar of this length with its label into the lower right corner, in place; gives their box.

    A red cell of this radius is 7.5 micrometres wide.
    """
    height, width = picture.shape[:2]
    length = round(length_um * 2 * red_radius_px / _RED_CELL_UM)
    thick, size = max(2, round(width / 320)), width / 1280
    label = f"{length_um:g} um"
    (across, up), _ = cv2.getTextSize(label, _FONT, size, thick)
    right, bottom = width - round(0.03 * width), height - round(0.05 * height)
    left = right - length
    cv2.rectangle(picture, (left, bottom - 2 * thick), (right, bottom), (0, 0, 0), -1)
    text = (left + (length - across) // 2, bottom - 5 * thick)
    cv2.putText(picture, label, text, _FONT, size, (0, 0, 0), thick, cv2.LINE_AA)
    x, y = min(left, text[0]), text[1] - up
    return Box(_SCALE_BAR, x, y, max(right, text[0] + across) - x, bottom - y + 1)


def _encoded(picture: Picture, picturing: Picturing) -> bytes:
    """The picture as the bytes of a file."""
    options = (
        (cv2.IMWRITE_JPEG_QUALITY, 93) if picturing is Picturing.JPEG else (cv2.IMWRITE_PNG_COMPRESSION, 3)
    )
    _, encoded = cv2.imencode(f".{picturing.value}", np.ascontiguousarray(picture[..., ::-1]), options)
    return encoded.tobytes()


def _object(box: Box) -> dict[str, Any]:
    """A box in the form of the IML malaria fields, whose numbers are words."""
    sides = {"x": box.x, "y": box.y, "h": box.height, "w": box.width}
    return {"type": box.kind, "bbox": {name: str(value) for name, value in sides.items()}}


def _counted(truth: list[dict[str, Any]]) -> DrawnSmear:
    """The red cells that show, and those with a parasite."""
    kinds = [one["type"] for field in truth for one in field["objects"]]
    infected = sum(kind in STAGES for kind in kinds)
    return DrawnSmear(len(truth), infected + kinds.count("red blood cell"), infected)
