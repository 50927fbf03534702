"""Looks at healthy images of anything: what they are, before it is chosen how to learn from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from normocyte.core.cancel import current
from normocyte.core.errors import DatasetError, ImageError
from normocyte.core.progress import Progress
from normocyte.core.types import HEALTHY, Flags, Floats, Image8, Record, Source
from normocyte.engine.colour import are_gray
from normocyte.foreground.cell import found_cell
from normocyte.images.headers import header_of
from normocyte.images.reading import decode, read_bytes

LOOKED_AT = 96
TITLE = "Looking at the images"
_MOSTLY = 0.8
_DARK = 0.1
_CONSTANT = 1.0
_LEAST_COVER, _MOST_COVER = 0.2, 0.95
_LEAST_FILL, _MOST_FILL = 0.68, 1.12
_LONGEST = 1.6
_LEAST_PINK = 0.05
_EVEN, _EVEN_SHARE = 0.3, 0.85
_LARGEST_CELL_PX = 400


@dataclass(frozen=True)
class Looked:
    """What one image is: its size in pixels, its format, and what fills it.

    `foreground` is the share that is no near-black or plain surround, 1 where there is no surround.
    `is_plain` means opaque with 8 bits a channel. Where it shows one round and even body before a plain
    surround, `red` and `blue` say how much redder and bluer than green that is, else they are NaN.
    """

    width: int
    height: int
    format: str
    is_plain: bool
    is_gray: bool
    foreground: float
    has_dark_surround: bool
    is_constant: bool
    red: float
    blue: float


@dataclass(frozen=True)
class Survey:
    """What the healthy images are, told from some of them.

    `healthy` and `anomalous` count all images, `looked` are those that were looked at, evenly drawn from the
    healthy ones, and `endings` how often each ending of a file name occurs among the healthy ones.
    """

    healthy: int
    anomalous: int
    looked: tuple[Looked, ...]
    endings: tuple[tuple[str, int], ...]

    def recounted(self, records: Sequence[Record]) -> Survey:
        """The same of these records, which are fewer: others cannot be read."""
        healthy = [record for record in records if record.label == HEALTHY]
        return replace(
            self, healthy=len(healthy), anomalous=len(records) - len(healthy), endings=_endings(healthy)
        )

    @property
    def is_gray(self) -> bool:
        """Whether all of them are gray."""
        return all(one.is_gray for one in self.looked)

    @property
    def mixed_colours(self) -> bool:
        """Whether some are gray and some are coloured."""
        return not self.is_gray and any(one.is_gray for one in self.looked)

    @property
    def has_dark_surround(self) -> bool:
        """Whether most have a near-black surround."""
        return _share(self.looked, "has_dark_surround") >= _MOSTLY

    @property
    def are_red_cells(self) -> bool:
        """Whether they are crops of one stained red cell each.

        Most show one round and even body before a near-black or plain surround, and the typical body is pink:
        redder than green by 5 % or more, and about as blue as green, or bluer, but not bluer than red.
        """
        bodies = [(one.red, one.blue) for one in self.looked if np.isfinite(one.red)]
        if len(bodies) < _MOSTLY * len(self.looked):
            return False
        red, blue = np.median(bodies, axis=0)
        return bool(red >= _LEAST_PINK and -_LEAST_PINK <= blue <= red)

    @property
    def is_constant(self) -> bool:
        """Whether every image is of one colour."""
        return all(one.is_constant for one in self.looked)

    @property
    def foreground(self) -> float:
        """The share of a typical image that is no plain surround."""
        return float(np.median([one.foreground for one in self.looked]))

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """The different sizes (width, height), the most frequent first."""
        counted = Counter((one.width, one.height) for one in self.looked)
        return tuple(size for size, _ in counted.most_common())

    @property
    def side(self) -> int:
        """The shorter side of a typical image in pixels."""
        return int(np.median([min(one.width, one.height) for one in self.looked]))


def _share(looked: Sequence[Looked], name: str) -> float:
    return float(np.mean([getattr(one, name) for one in looked]))


def survey_of(healthy: Sequence[Record], anomalous: int, progress: Progress) -> Survey:
    """What these healthy images are; DatasetError where none that was looked at can be read."""
    rows = np.unique(np.linspace(0, len(healthy) - 1, LOOKED_AT).round().astype(int))
    sources = [healthy[row].source for row in rows]
    progress.begin(TITLE, len(sources))
    found = [_looked(source) for source in _counted(sources, progress)]
    looked = tuple(one for one in found if isinstance(one, Looked))
    if not looked:
        raise DatasetError(f"None of the healthy images can be read, the first: {found[0]}")
    return Survey(len(healthy), anomalous, looked, _endings(healthy))


def _endings(healthy: Sequence[Record]) -> tuple[tuple[str, int], ...]:
    endings = Counter(Path(record.source.name).suffix.lower() or "no ending" for record in healthy)
    return tuple(endings.most_common())


def _counted(sources: Sequence[Source], progress: Progress) -> Iterator[Source]:
    """The sources, one after another, while somebody listens and may stop it."""
    for source in sources:
        current().check()
        yield source
        progress.advance()


def _looked(source: Source) -> Looked | str:
    try:
        data = read_bytes(source)
        header = header_of(data, source.name)
        image = decode(data, source.name)
    except ImageError as error:
        return str(error)
    return described(image, header.format, is_plain=header.is_plain)


def described(image: Image8, format_name: str = "PNG", *, is_plain: bool = True) -> Looked:
    """What an image (height, width, 3) is."""
    surround = _surround(image)
    gray = image.mean(axis=2)
    return Looked(
        image.shape[1],
        image.shape[0],
        format_name,
        is_plain,
        are_gray([image]),
        1 - float(surround.mean()),
        bool(surround.any()) and float(gray[surround].mean()) <= _DARK * float(image.max(initial=1)),
        float(np.ptp(gray)) <= _CONSTANT,
        *_tint(image, _body(image)),
    )


def _surround(image: Image8) -> Flags:
    """What is of the colour of a plain background, (height, width); nothing where there is none."""
    found = found_cell(image)
    if found is None:
        return np.zeros(image.shape[:2], np.bool_)
    return np.asarray(found.mask == 0)


def _body(image: Image8) -> Flags | None:
    """The round, evenly coloured body before a plain surround; None where there is none.

    It fills 20 to 95 % of the image and its own bounding box about as an ellipse does, is at most 1.6 times
    as long as wide, and 85 % of it is as green as its median within 30 %.
    """
    found = found_cell(image)
    if found is None or max(image.shape) > _LARGEST_CELL_PX:
        return None
    inside = np.asarray(found.mask > 0)
    return inside if _is_roundish(inside) and _is_even(image[..., 1][inside].astype(np.float64)) else None


def _is_roundish(inside: Flags) -> bool:
    if not _LEAST_COVER <= inside.mean() <= _MOST_COVER:
        return False
    across, down = _extent(inside.mean(axis=0)), _extent(inside.mean(axis=1))
    fill = inside.sum() / max(np.pi / 4 * across * down, 1.0)
    return bool(_LEAST_FILL <= fill <= _MOST_FILL and max(across, down) <= _LONGEST * min(across, down))


def _extent(shares: Floats) -> float:
    """How many columns or rows hold more than a few pixels of the body."""
    return float(np.count_nonzero(shares > 0.05))  # noqa: PLR2004 - thin threads are no body


def _is_even(green: Floats) -> bool:
    middle = float(np.median(green))
    return bool((np.abs(green - middle) <= _EVEN * max(middle, 1.0)).mean() >= _EVEN_SHARE)


def _tint(image: Image8, body: Flags | None) -> tuple[float, float]:
    """How much redder, and how much bluer, than green the median of a body is, as shares of its red."""
    if body is None:
        return float("nan"), float("nan")
    red, green, blue = np.median(image[body].astype(np.float64), axis=0)
    return float((red - green) / max(red, 1.0)), float((blue - green) / max(red, 1.0))
