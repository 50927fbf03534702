"""How a patch is described: principal components of healthy patches at a few scales, and its depth."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from normocyte.core.errors import needs
from normocyte.core.types import Batch, Mask, Pixels
from normocyte.detectors.support.onnx_graph import INPUT

ROWS, DEPTH = "rows", "depth"
_FRAMES_DRAWN = 2000
_PATCHES_DRAWN = 20_000
_PLAIN_BACKGROUND = 0.99
_SAME = 1e-3
_EVERYTHING_INSIDE = -1.0

Array = npt.NDArray[np.float32]
Generator = np.random.Generator
Constants = dict[str, Any]


@dataclass(frozen=True)
class PatchConfig:
    """The sides of the windows, the components of each, every which pixel, and the side for the depth."""

    windows: tuple[int, ...]
    components: int
    step: int
    depth_window: int


@dataclass(frozen=True)
class PatchEncoder:
    """The `kernels`, each (features, channels, window, window), for what is left without the `background`.

    A pixel whose channels all lie within `tolerance` of the background counts as outside the cell.
    """

    look: PatchConfig
    kernels: tuple[Array, ...]
    background: Array
    tolerance: float


def learnt_sight(cells: Batch, look: PatchConfig, rng: Generator) -> PatchEncoder:
    """The background and the principal components of these cells' patches."""
    background, tolerance = _background(cells)
    frames = cells.take(few(len(cells), _FRAMES_DRAWN, rng))
    frames = Batch(frames.pixels - background, frames.masks)
    kernels = tuple(_kernels(frames, window, look.components, rng) for window in look.windows)
    return PatchEncoder(look, kernels, background, tolerance)


def _turns(image: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    """The ways to turn and mirror (height, width, ...) that keep its shape: eight, or four if not square."""
    quarters = (0, 1, 2, 3) if image.shape[0] == image.shape[1] else (0, 2)
    for mirrored in (image, image[:, ::-1]):
        yield from (np.rot90(mirrored, quarter) for quarter in quarters)


def turned(cells: Batch, rng: Generator) -> Batch:
    """Each cell turned in one of the ways, by chance."""
    pixels, masks = np.empty_like(cells.pixels), np.empty_like(cells.masks)
    ways = len(tuple(_turns(cells.masks[0])))
    for index, way in enumerate(rng.integers(ways, size=len(cells))):
        pixels[index] = tuple(_turns(cells.pixels[index]))[way]
        masks[index] = tuple(_turns(cells.masks[index]))[way]
    return Batch(pixels, masks)


def _background(cells: Batch) -> tuple[Array, float]:
    """The one colour outside the masks and how near to it is the same; where there is none, all is inside."""
    outside = cells.pixels[cells.masks == 0]
    if len(outside):
        colour = np.median(outside, axis=0)
        tolerance = _SAME * float(cells.pixels.std(dtype=np.float64))
        is_same = np.abs(outside - colour).max(axis=1) <= tolerance
        if is_same.mean() >= _PLAIN_BACKGROUND:
            return colour.astype(np.float32), tolerance
    return cells.pixels.mean(axis=(0, 1, 2), dtype=np.float64).astype(np.float32), _EVERYTHING_INSIDE


def few(count: int, most: int, rng: Generator) -> npt.NDArray[np.intp]:
    """At most so many row numbers, by chance, rising."""
    return np.sort(rng.permutation(count)[:most])


def _kernels(cells: Batch, window: int, components: int, rng: Generator) -> Array:
    """The principal components of patches in every turn, (components, channels, window, window)."""
    places = np.flatnonzero(cells.masks)
    places = places[few(len(places), _PATCHES_DRAWN, rng)]
    patches = _patches_at(cells.pixels, cells.masks, places, window)
    centred = (patches - patches.mean(axis=0)).astype(np.float64)
    covariance = centred.T @ centred / len(centred)
    channels = cells.pixels.shape[-1]
    order = np.arange(channels * window**2).reshape(window, window, channels)
    turns = [turn.ravel() for turn in _turns(order)]
    covariance = np.mean([covariance[np.ix_(turn, turn)] for turn in turns], axis=0)
    vectors = np.linalg.eigh(covariance)[1][:, ::-1][:, :components]
    kernels = vectors.T.reshape(components, window, window, channels).transpose(0, 3, 1, 2)
    return np.ascontiguousarray(kernels / window, np.float32)  # so that windows of all sizes weigh alike


def _patches_at(pixels: Pixels, masks: Mask, places: npt.NDArray[np.intp], window: int) -> Array:
    """The patches around flat places, (m, window * window * channels), with zeros beyond the image."""
    reach = window // 2
    framed = np.pad(pixels, ((0, 0), (reach, reach), (reach, reach), (0, 0)))
    views = np.lib.stride_tricks.sliding_window_view(framed, (window, window), axis=(1, 2))
    found = views[np.unravel_index(places, masks.shape)]  # (m, channels, window, window)
    return found.transpose(0, 2, 3, 1).reshape(len(places), -1)


def spot_like(kernel: Array, width: float) -> Array:
    """A round spot that raises every channel alike, (channels, window, window)."""
    reach = kernel.shape[-1] // 2
    along = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * width**2))
    return np.broadcast_to(np.outer(along, along), kernel.shape[1:]).astype(np.float32)


def describing_nodes(sight: PatchEncoder) -> tuple[list[Any], Constants]:
    """Nodes from INPUT to ROWS and DEPTH at every `step`-th pixel."""
    make = needs("onnx", "train").helper.make_node
    constants: Constants = {
        "background": sight.background,
        "tolerance": np.array(sight.tolerance, np.float32),
    }
    grid = {"strides": [sight.look.step] * 2}
    names = [f"seen_{index}" for index in range(len(sight.kernels))]
    nodes = [
        make("Sub", [INPUT, "background"], ["above"]),
        make("Transpose", ["above"], ["planes"], perm=[0, 3, 1, 2]),
        make("Abs", ["planes"], ["size"]),
        make("ReduceMax", ["size"], ["largest"], axes=[1]),
        make("Greater", ["largest", "tolerance"], ["is_cell"]),
        make("Cast", ["is_cell"], ["cell"], to=1),
        make(
            "AveragePool",
            ["cell"],
            ["share"],
            **grid,
            **_window(sight.look.depth_window),
            count_include_pad=1,
        ),
        make("Transpose", ["share"], [DEPTH], perm=[0, 2, 3, 1]),
    ]
    for name, kernel in zip(names, sight.kernels, strict=True):
        constants[f"kernel_{name}"] = kernel
        nodes.append(make("Conv", ["planes", f"kernel_{name}"], [name], **grid, **_window(kernel.shape[-1])))
    nodes.append(make("Concat", names, ["seen"], axis=1))
    nodes.append(make("Transpose", ["seen"], [ROWS], perm=[0, 2, 3, 1]))
    return nodes, constants


def _window(side: int) -> dict[str, list[int]]:
    return {"kernel_shape": [side] * 2, "pads": [side // 2] * 4}
