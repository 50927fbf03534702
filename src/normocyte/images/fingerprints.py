"""Recognises a picture that was given before, whatever its file is called."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xxhash

Pixels8 = npt.NDArray[np.uint8]


def fingerprint(pixels: Pixels8) -> str:
    """The SHA-256, in hexadecimal, of decoded pixels and their shape: the same for a lossless copy."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def quick_fingerprint(pixels: Pixels8) -> str:
    """An x and the 128 bits of XXH3, in hexadecimal, of the same: eight times as fast, or more.

    No two pictures have the same by chance. Unlike `fingerprint` it is no proof against somebody who looks
    for two that do. The x tells it from what stood in rows before: the beginning of a SHA-256.
    """
    digest = xxhash.xxh3_128(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return f"x{digest.hexdigest()}"


def duplicates(fingerprints: Sequence[str]) -> list[tuple[int, int]]:
    """For every fingerprint that came before: its place, and the place where it came first."""
    first: dict[str, int] = {}
    places = [(index, first.setdefault(found, index)) for index, found in enumerate(fingerprints)]
    return [(place, earlier) for place, earlier in places if place != earlier]
