"""Thick, lysed and empty films, drawn: how many are told to be no thin film, and how many real fields are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from normocyte.core.types import Source
from normocyte.images.reading import read
from normocyte.photo_checks.gate import FieldGate, Finding, finding_of
from normocyte.pipeline.pipeline import Pipeline
from normocyte.results.verdict import Grade
from normocyte.segmentation.watershed import Watershed
from normocyte.wording.causes import sentences
from normocyte.workflows.smear.detections import photo_of
from studies.kit.tables import Table
from studies.robustness.section import Section

Image8 = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float64]
Rng = np.random.Generator

FILMS = 200
SEED = 4711
SIZES = ((600, 800), (960, 1280), (768, 1024), (1000, 1000), (1200, 1600))
NEW = frozenset({"circles", "sizes", "found"})
CAUSES = ("no thin film", "too few cells")
LABS = {"IML fields": "iml-malaria-fields/images", "BCCD fields": "bccd-fields/JPEGImages"}


@dataclass(frozen=True)
class Canvas:
    """What a film is drawn on: its size, a cell's diameter in pixels, and the colours of ground and stain."""

    rng: Rng
    height: int
    width: int
    cell: float
    ground: Plane
    stain: Plane

    @classmethod
    def of(cls, rng: Rng) -> Canvas:
        """A canvas of any camera, stain and magnification."""
        height, width = SIZES[rng.integers(len(SIZES))]
        ground = np.array([rng.uniform(190, 245), rng.uniform(190, 240), rng.uniform(190, 245)])
        taken = np.array([rng.uniform(15, 70), rng.uniform(35, 110), rng.uniform(5, 60)])
        return cls(rng, height, width, height * rng.uniform(0.04, 0.11), ground, ground - taken)

    def waves(self, width: float) -> Plane:
        """Smooth noise of mean 0 and deviation 1, from sines of random ways with about this wavelength."""
        down, right = np.mgrid[: self.height, : self.width]
        total = np.zeros((self.height, self.width))
        for _ in range(14):
            way, length = self.rng.uniform(0, 2 * np.pi), width * self.rng.uniform(0.6, 1.8)
            phase = self.rng.uniform(0, 2 * np.pi)
            total += np.sin(2 * np.pi / length * (np.cos(way) * right + np.sin(way) * down) + phase)
        return np.asarray(total / total.std())

    def warped(self, field: Plane, by: float, width: float) -> Plane:
        """The field with its places shifted by waves."""
        down, right = (axis.astype(np.float32) for axis in np.mgrid[: self.height, : self.width])
        right += np.float32(by) * self.waves(width).astype(np.float32)
        down += np.float32(by) * self.waves(width).astype(np.float32)
        moved = cv2.remap(
            field.astype(np.float32), right, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
        )
        return np.asarray(moved, np.float64)

    def place(self) -> Plane:
        """Somewhere in the picture, or a little outside: column and row."""
        return self.rng.uniform(-0.03, 1.03, 2) * (self.width, self.height)

    def blank(self) -> npt.NDArray[np.float32]:
        """Nothing yet."""
        return np.zeros((self.height, self.width), np.float32)


def layers(canvas: Canvas) -> Plane:
    """Stained matter in octaves, folded by its own waves: the granular ground of a thick film."""
    total = sum(canvas.waves(canvas.cell * scale) * scale**0.6 for scale in (0.5, 1.1, 2.5, 6.0))
    folded = canvas.warped(np.asarray(total), 0.4 * canvas.cell, 2 * canvas.cell)
    return _levelled(folded, canvas.rng.uniform(0.3, 0.8), canvas.rng.uniform(1.5, 9))


def network(canvas: Canvas) -> Plane:
    """Ridges of noise: strands of fibrin with holes between them."""
    ridge = -np.abs(canvas.warped(canvas.waves(canvas.cell * canvas.rng.uniform(2, 6)), canvas.cell, 200.0))
    return _levelled(ridge, canvas.rng.uniform(0.35, 0.7), canvas.rng.uniform(3, 12))


def cracks(canvas: Canvas) -> Plane:
    """A dried layer that bent cracks have cut into angular pieces."""
    crack = canvas.blank()
    for _ in range(canvas.rng.integers(25, 110)):
        at, way = canvas.place(), canvas.rng.uniform(0, 2 * np.pi)
        step = canvas.cell * canvas.rng.uniform(0.5, 1.2)
        points = [at]
        for _ in range(canvas.rng.integers(4, 40)):
            way += canvas.rng.normal(0, 0.5)
            points.append(points[-1] + step * np.array([np.cos(way), np.sin(way)]))
        thickness = max(1, round(canvas.cell * canvas.rng.uniform(0.04, 0.25)))
        cv2.polylines(crack, [np.array(points, np.int32)], False, 1.0, thickness, cv2.LINE_AA)
    return np.asarray((1 - crack) * np.clip(0.85 + 0.1 * canvas.waves(canvas.cell), 0, 1), np.float64)


def puddles(canvas: Canvas) -> Plane:
    """Sums of soft hills, cut at one height: puddles that run together."""
    down, right = np.mgrid[: canvas.height : 4, : canvas.width : 4]
    hills = np.zeros(down.shape)
    for _ in range(canvas.rng.integers(30, 140)):
        column, row = canvas.place()
        radius = canvas.cell * canvas.rng.lognormal(-0.2, 0.6)
        hills += radius**2 / ((right - column) ** 2 + (down - row) ** 2 + 0.3 * radius**2)
    large = cv2.resize(hills, (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC)
    return _levelled(large, canvas.rng.uniform(0.25, 0.65), canvas.rng.uniform(8, 60))


def ghosts(canvas: Canvas) -> Plane:
    """Rims of lysed cells, gnawed and bent, on stained haze."""
    rims = canvas.blank()
    for _ in range(canvas.rng.integers(80, 320)):
        way = np.linspace(0, 2 * np.pi, 40)
        phase = canvas.rng.uniform(0, 2 * np.pi, 3)
        bent = sum(canvas.rng.uniform(0, 0.14) * np.sin(n * way + phase[n - 2]) for n in (2, 3, 4))
        radius = canvas.cell / 2 * canvas.rng.uniform(0.7, 1.25) * (1 + bent)
        points = canvas.place() + radius[:, np.newaxis] * np.column_stack([np.cos(way), np.sin(way)])
        first, last = sorted(canvas.rng.integers(0, 41, 2))
        kept = np.concatenate([points[last:], points[:first]])
        width = max(1, round(canvas.cell * 0.05))
        cv2.polylines(rims, [np.int32(kept).reshape(-1, 1, 2)], False, 1.0, width, cv2.LINE_AA)
    haze = np.clip(0.25 + 0.12 * canvas.waves(3 * canvas.cell), 0, 1)
    return np.asarray(np.maximum(haze, canvas.rng.uniform(0.4, 0.9) * rims), np.float64)


def empty(canvas: Canvas) -> Plane:
    """Bare glass with specks of stain of all sizes, a scratch and dried drops."""
    dirt = canvas.blank()
    for size in canvas.cell * 0.05 * canvas.rng.pareto(1.8, canvas.rng.integers(20, 250)):
        column, row = canvas.place()
        corners = np.add(canvas.rng.normal(0, min(size, canvas.cell) + 1, (7, 2)), (column, row))
        cv2.fillConvexPoly(dirt, cv2.convexHull(np.int32(corners)), canvas.rng.uniform(0.4, 1), cv2.LINE_AA)
    ends = np.int32([canvas.place(), canvas.place()])
    cv2.line(dirt, tuple(map(int, ends[0])), tuple(map(int, ends[1])), 0.5, max(1, round(canvas.cell * 0.05)))
    return np.asarray(dirt, np.float64)


KINDS: dict[str, Callable[[Canvas], Plane]] = {
    "thick, granular layers": layers,
    "thick, network of strands": network,
    "thick, cracked layer": cracks,
    "thick, puddles": puddles,
    "lysed, ghosts on haze": ghosts,
    "empty, with dirt": empty,
}


def film(kind: Callable[[Canvas], Plane], rng: Rng) -> Image8:
    """A photo of such a film, with white cells and dots upon it, by a camera of its own."""
    canvas = Canvas.of(rng)
    taken = cv2.GaussianBlur(kind(canvas), (0, 0), canvas.cell * rng.uniform(0.01, 0.05))[..., np.newaxis]
    picture = canvas.ground * (1 - taken) + canvas.stain * taken
    picture = _with_dots(_with_nuclei(picture, canvas), canvas)
    down, right = np.mgrid[-1 : 1 : canvas.height * 1j, -1 : 1 : canvas.width * 1j]
    picture *= (1 - rng.uniform(0, 0.12) * (down**2 + right**2))[..., np.newaxis]
    seen = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.3))
    grain = rng.normal(0, rng.uniform(0.5, 4), picture.shape)
    shown = np.clip(seen + cv2.GaussianBlur(grain, (0, 0), 0.7), 0, 255).astype(np.uint8)
    code = cv2.imencode(".jpg", shown[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(80, 98))])[1]
    return np.ascontiguousarray(cv2.imdecode(code, cv2.IMREAD_COLOR)[..., ::-1])


def _with_nuclei(picture: Plane, canvas: Canvas) -> Plane:
    """White cells: nuclei of two to four lobes or like a kidney, in pale bodies."""
    rng = canvas.rng
    for _ in range(rng.integers(0, 22)):
        middle, size = canvas.place(), canvas.cell * rng.uniform(0.6, 0.95)
        body, nucleus = canvas.blank(), canvas.blank()
        cv2.circle(body, tuple(int(at) for at in middle), round(size), 0.35, -1, cv2.LINE_AA)
        for _ in range(rng.integers(1, 5)):
            at = middle + rng.normal(0, 0.35 * size, 2)
            axes = tuple(round(float(axis)) for axis in size * rng.uniform(0.3, 0.65, 2))
            cv2.ellipse(nucleus, tuple(map(int, at)), axes, rng.uniform(0, 180), 0, 360, 0.9, -1, cv2.LINE_AA)
        for mask, colour in ((body, canvas.stain), (nucleus, np.array([90.0, 55.0, 135.0]))):
            picture = picture * (1 - mask[..., np.newaxis]) + colour * mask[..., np.newaxis]
    return picture


def _with_dots(picture: Plane, canvas: Canvas) -> Plane:
    """Platelets and parasites without their cells: dots and commas."""
    dots, rng = canvas.blank(), canvas.rng
    for _ in range(rng.integers(0, 260)):
        at = tuple(map(int, canvas.place()))
        axes = tuple(max(1, round(float(axis))) for axis in canvas.cell * rng.uniform(0.03, 0.12, 2))
        cv2.ellipse(dots, at, axes, rng.uniform(0, 180), 0, rng.uniform(120, 360), 0.8, -1, cv2.LINE_AA)
    return np.asarray(
        picture * (1 - dots[..., np.newaxis]) + np.array([150.0, 80, 170]) * dots[..., np.newaxis]
    )


def _levelled(height: Plane, share: float, steep: float) -> Plane:
    """1 on that share of a relief which is highest, 0 elsewhere, with soft slopes."""
    level = (height - np.quantile(height, 1 - share)) / height.std() * steep
    return np.asarray(1 / (1 + np.exp(-np.clip(level, -50, 50))))


def assessed(pixels: Image8) -> Finding:
    """What the gate says of a segmented photo, as `smear` does."""
    return FieldGate().assess(photo_of(pixels, Watershed().segment(pixels)))


def before(finding: Finding) -> Finding:
    """The same without what asks for outlines."""
    return finding_of([measure for measure in finding.measures if measure.name not in NEW])


def shares(findings: Iterable[Finding]) -> list[float]:
    """Refused before and now, and called so first of all and at any place, as shares."""
    rows = [
        (
            before(finding).grade is Grade.UNUSABLE,
            finding.grade is Grade.UNUSABLE,
            any(cause in "".join(sentences(finding.causes[:1])) for cause in CAUSES),
            any(cause in reason for reason in sentences(finding.causes) for cause in CAUSES),
        )
        for finding in findings
    ]
    return [float(share) for share in np.mean(rows, axis=0)]


def newly(findings: Iterable[Finding]) -> float:
    """The share that is refused and was not before."""
    return float(
        np.mean([f.grade is Grade.UNUSABLE and before(f).grade is not Grade.UNUSABLE for f in findings])
    )


def films(count: int = FILMS, seed: int = SEED) -> dict[str, list[Finding]]:
    """What is said of `count` films, by kind."""
    found: dict[str, list[Finding]] = {name: [] for name in KINDS}
    for number in range(count):
        name = list(KINDS)[number % len(KINDS)]
        found[name].append(assessed(film(KINDS[name], np.random.default_rng((seed, number)))))
    return found


def section(data: Path, pipeline: Pipeline) -> Section:
    """The films by kind, and the real fields, as they were refused without and are with the outlines."""
    del pipeline
    drawn = films()
    every = [finding for findings in drawn.values() for finding in findings]
    fields = {
        name: [assessed(read(Source(path))) for path in sorted((data / folder).iterdir())]
        for name, folder in LABS.items()
    }
    kinds = {**drawn, "all films": every, **fields}
    rows = [
        [name, str(len(found)), *map(percent, [*shares(found), newly(found)])]
        for name, found in kinds.items()
    ]
    columns = (
        "photos",
        "number",
        "refused before",
        "refused now",
        "named first",
        "named",
        "refused only now",
    )
    refused = newly([finding for found in fields.values() for finding in found])
    return Section({"films": Table.of(columns, rows)}, {"fields_refused": percent(refused)})


def percent(share: float) -> str:
    """A share in words."""
    return f"{share:.1%}".replace("%", " %")
