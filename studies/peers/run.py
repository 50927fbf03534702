"""Other people's detectors on the same cells: PyOD, scikit-learn and anomalib beside our own recipes.

    python studies/peers/run.py --data DIR [--ours COMPARED] [--seeds 0 1 2] [--peers NAME ...]

Exports the cells of the split of each seed, makes the peers' own environment from its lock file (with uv;
about 2 GB, without CUDA), runs each peer in a process of its own there, judges all scores with Normocyte's
own metrics, and writes the tables into --page. A finished run is a file in --out and is not repeated; a
failure is a file that says why (remove it to try again) and a row of the page. --ours is a folder that
`normocyte compare` filled. --wheels is where the torch wheel without CUDA lies, an address or a folder. With
--limit-s 0 nothing is run, and the page shows what has been.
What is not run again (other --peers, other --seeds, ours without --ours, costs of what --configs leaves out)
is taken from kept.json, with the day on which it was measured. --kept makes the page from that alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

from _catalogue import LITE, PEERS, SEEDS
from _environment import environment
from _export import export_cells, export_split
from _page import Study, collected, write_page
from _weights import export_weights

from normocyte.core.errors import DatasetError
from normocyte.datasets.opening.detect import open_dataset
from studies.kit.common import Row, kept
from studies.kit.pages import FILE, keep, kept_results
from studies.kit.surroundings import SURROUNDINGS

HERE = Path(__file__).parent
KEPT = HERE / FILE
SCHEMA = 2
OURS = ("stain_rule", "classic", "classic_undercomplete", "local_contrast", "default")
TORCH = "https://download.pytorch.org/whl/cpu/torch/"
REASON_CHARACTERS = 300


def attempt(place: Path, call: list[str], limit_s: float, read: Callable[[str], Row]) -> Row:
    """The row of an earlier or a new run; a failure is a row with its reason, what is not run has none."""
    if not limit_s and not place.is_file():
        return {}

    def measure() -> Row:
        sys.stderr.write(f"  {place.parent.name} {place.stem}\n")
        try:
            done = subprocess.run(
                call,
                env={**os.environ, **SURROUNDINGS},
                capture_output=True,
                text=True,
                timeout=limit_s,
                check=True,
            )
        except subprocess.TimeoutExpired:
            return {"reason": f"not finished after {limit_s / 60:.0f} minutes"}
        except subprocess.CalledProcessError as error:
            return {"reason": _reason(error)}
        return read(done.stdout)

    place.parent.mkdir(parents=True, exist_ok=True)
    return kept(place, measure)


def _reason(error: subprocess.CalledProcessError) -> str:
    """The last line of what the process said, which names the error; a signal says nothing."""
    lines = [line for line in error.stderr.splitlines() if line.strip()]
    said = lines[-1][:REASON_CHARACTERS].replace("|", "/") if lines else ""
    return (
        f"ended with {error.returncode}: {said}" if error.returncode > 0 else f"killed by {-error.returncode}"
    )


def peer_row(name: str, seed: int, python: Path, options: argparse.Namespace) -> Row:
    """One peer on one split."""
    if PEERS[name].unable:
        return {}
    out = options.out
    fresh = out / name / f"{seed}.run.json"
    call = [python, HERE / "_one.py", "--peer", name, "--cells", out / "cells", "--seed", seed]
    call += ["--split", out / "splits" / f"{seed}.npz", "--out", fresh]
    return attempt(
        out / name / f"{seed}.json",
        [str(word) for word in call],
        options.limit_s,
        lambda _: dict(json.loads(fresh.read_text(encoding="utf-8"))),
    )


def our_costs(config: str, seed: int, options: argparse.Namespace) -> Row:
    """What one of our recipes costs, measured on the first split."""
    out = options.out / "ours" / config
    call = [sys.executable, HERE / "_ours.py", "--config", config, "--data", options.data]
    call += ["--out", out / str(seed), "--seed", seed]
    return attempt(
        out / "costs.json",
        [str(word) for word in call],
        options.limit_s,
        lambda said: dict(json.loads(said.splitlines()[-1])),
    )


def arguments() -> argparse.Namespace:
    """What to run and where to put it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--kept", action="store_true", help="make the page from kept.json, run nothing")
    parser.add_argument("--ours", type=Path, default=Path("runs/compare"))
    parser.add_argument("--configs", nargs="*", default=list(OURS), help="which of our own stand beside them")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(SEEDS))
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), metavar="NAME")
    parser.add_argument("--wheels", default=TORCH)
    parser.add_argument("--env", type=Path, default=HERE / ".venv")
    parser.add_argument("--limit-s", type=float, default=3600, help="seconds one peer may take; 0 runs none")
    parser.add_argument("--out", type=Path, default=Path("runs/peers"))
    parser.add_argument("--keep", type=Path, default=KEPT, help="where runs are kept")
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/peers.md"))
    options = parser.parse_args()
    if options.data is None and not options.kept:
        parser.error("give --data, or --kept")
    return options


def main() -> None:
    """Run what is missing and write the page."""
    options = arguments()
    try:
        if not options.kept:
            known = kept_results(options.keep, SCHEMA) if options.keep.is_file() else {}
            keep(options.keep, SCHEMA, collected(_study(options), known))
        found = kept_results(options.keep, SCHEMA)
    except DatasetError as error:
        sys.exit(f"Error: {error}")
    print(write_page(found, options.page))


def _study(options: argparse.Namespace) -> Study:
    """What has been run, and what is run now because it is missing."""
    dataset = open_dataset(options.data)
    if options.limit_s:
        export_cells(dataset, options.out / "cells")
        export_weights(options.out / "cells" / LITE)
        for seed in options.seeds:
            export_split(dataset, options.out / "cells", seed, options.out / "splits" / f"{seed}.npz")
    python = environment(options.env, options.wheels) if options.limit_s else Path()
    rows = {
        name: {seed: peer_row(name, seed, python, options) for seed in options.seeds}
        for name in options.peers
    }
    costs = {config: our_costs(config, options.seeds[0], options) for config in options.configs}
    return Study(options.out, options.ours, tuple(options.seeds), rows, costs)


if __name__ == "__main__":
    main()
