"""One rule on every draw, in a process and an environment of its own: what it flags, and what that costs."""

from __future__ import annotations

import argparse
import json
import time
from importlib import import_module
from pathlib import Path

import numpy as np
from _catalogue import HEALTHY, LABELLED, PREVALENCES, SMEAR, Flags, Given

REFUSALS = (ValueError, IndexError, RuntimeError, ZeroDivisionError, np.linalg.LinAlgError)


def given(draw: dict[str, np.ndarray], prevalence: int, kind: str, rate: float) -> Given:
    """What a rule is fitted on."""
    if kind == SMEAR:
        test = draw[f"test {prevalence}"]
        return Given(test, np.zeros(len(test), np.int8), draw[f"patients {prevalence}"], rate)
    is_usable = (draw["labels"] == 0) | (kind == LABELLED)
    return Given(*(draw[name][is_usable] for name in ("scores", "labels", "patients")), rate)


def one(flags: Flags, own: Given, draw: dict[str, np.ndarray], prevalence: int) -> dict[str, object]:
    """The figures of one smear, each patient counting as one; a reason where the rule refuses."""
    test, labels, places = (draw[f"{name} {prevalence}"] for name in ("test", "labels", "patients"))
    begin = time.process_time()
    try:
        found = flags(own, test)
    except REFUSALS as error:
        return {"reason": f"{type(error).__name__}: {error}"[:200]}
    seconds = time.process_time() - begin
    return {**figures(found, labels, places), "seconds": seconds}


def figures(found: np.ndarray, labels: np.ndarray, places: np.ndarray) -> dict[str, object]:
    """The share of healthy cells flagged, of infected cells found, of flagged cells infected."""
    healthy = labels == 0
    counts = np.bincount(places[healthy])
    shares = np.bincount(places[healthy], found[healthy], len(counts))[counts > 0] / counts[counts > 0]
    hits, flagged = int(found[~healthy].sum()), int(found.sum())
    return {
        "rate": float(shares.mean()),
        "recall": hits / max(int((~healthy).sum()), 1),
        "precision": hits / flagged if flagged else None,
    }


def measured(flags: Flags, draws: Path, kind: str, rates: list[float]) -> dict[str, dict[str, list[object]]]:
    """For each rate and prevalence the figures of each draw."""
    found: dict[str, dict[str, list[object]]] = {f"{rate:g}": {} for rate in rates}
    for place in sorted(draws.glob("*.npz")):
        with np.load(place) as held:
            draw = dict(held)
        for rate in rates:
            for prevalence in PREVALENCES:
                row = one(flags, given(draw, prevalence, kind, rate), draw, prevalence)
                found[f"{rate:g}"].setdefault(f"{prevalence}", []).append(row)
    return found


def main() -> None:
    """Measure one rule and leave its figures as a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--module", required=True)
    parser.add_argument("--rule", required=True)
    parser.add_argument("--kind", default=HEALTHY)
    parser.add_argument("--rates", nargs="+", type=float, required=True)
    parser.add_argument("--draws", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    flags = import_module(f"_{options.module}").make(options.rule)
    found = measured(flags, options.draws, options.kind, options.rates)
    options.out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
