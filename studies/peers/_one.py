"""One peer on one split, in a process and an environment of its own: scores, and what they cost."""

from __future__ import annotations

import argparse
import json
import time
from importlib import import_module
from pathlib import Path

import numpy as np
from _catalogue import LITE, PEERS
from _memory import peak_megabytes

SCORES = ".scores.npy"


def healthy_rows(split: dict[str, np.ndarray], most: int, seed: int) -> np.ndarray:
    """The healthy cells to learn from: all, or as many as the peer can take, drawn by seed."""
    rows = split["train"]
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def measure(name: str, cells: Path, split: Path, seed: int) -> tuple[dict[str, float], np.ndarray]:
    """Learn and score; seconds are those of one core, not of the clock."""
    peer = PEERS[name]
    pixels = np.load(cells / f"{peer.sees}.npy", mmap_mode="r")
    with np.load(split) as rows:
        own = {key: rows[key] for key in ("train", "test")}
    learnt, asked = pixels[healthy_rows(own, peer.cells, seed)], pixels[own["test"]]
    model = import_module(f"_{peer.family}").make(name, seed, cells / LITE)
    begin = time.process_time()
    model.fit(learnt)
    fitted = time.process_time()
    scores = np.asarray(model.scores(asked), np.float64)
    scored = time.process_time()
    row = {
        "cells": len(learnt),
        "seconds": fitted - begin,
        "ms": (scored - fitted) / len(asked) * 1000,
        "megabytes": peak_megabytes(),
        "bytes": model.size(),
    }
    return row, scores


def main() -> None:
    """Measure one peer and leave its scores and its costs as files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", choices=PEERS, required=True)
    parser.add_argument("--cells", type=Path, required=True)
    parser.add_argument("--split", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    row, scores = measure(options.peer, options.cells, options.split, options.seed)
    np.save(options.out.with_suffix(SCORES), scores)
    options.out.write_text(json.dumps(row), encoding="utf-8")


if __name__ == "__main__":
    main()
