"""Other people's thresholds on the same scores: nonconform, PyThresh and anomalib's beside our own rules.

    python studies/threshold_peers/run.py --data DIR --bundle BUNDLE [--peers NAME ...]

Scores the cells of all patients whom the bundle was not trained on (as error_rates.py does; give its
scores.npz with --scores to reuse them), draws --calibrating of them --draws times, and gives each rule the
same scores in a process of its own: the healthy cells of these patients, or the unlabelled cells of a smear
of the others. The peers' own environment is made from its lock file (with uv, 400 MB). A finished rule is a
file in --out and is not repeated; a failure is a file that says why and a row of the page. With --limit-s 0
nothing is run, and the page shows what has been.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))

import _catalogue as peers
import _ours as ours
from _draws import export_draws
from _page import write_page

from studies.error_rates.cells import Cells, score
from studies.kit.common import Row, kept
from studies.kit.measured import start
from studies.kit.surroundings import ONE_CORE
from studies.threshold_peers.findings import PAGE

HERE = Path(__file__).parent
LOCK = HERE / "requirements.txt"
REASON_CHARACTERS = 200


def environment(folder: Path, wanted: str) -> Path:
    """The Python of the peers' environment, which is made anew when the lock file has changed."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp, made = hashlib.sha256(LOCK.read_bytes()).hexdigest(), folder / "lock.sha256"
    if not (made.is_file() and made.read_text(encoding="utf-8") == stamp):
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--clear", "--python", wanted, str(folder)], check=True)
        install = ["pip", "install", "--python", str(python), "--require-hashes", "--requirements", str(LOCK)]
        subprocess.run([*uv, *install], check=True)
        made.write_text(stamp, encoding="utf-8")
    return python


def attempt(name: str, job: peers.Job, python: Path, options: argparse.Namespace) -> Row:
    """The figures of one rule in all draws, from an earlier run or a new one, or why there are none."""
    place = options.out / "rules" / f"{name.replace(' ', '-').replace(',', '')}.json"
    if not options.limit_s and not place.is_file():
        return {"reason": "not run yet"}
    fresh = place.with_suffix(".run")
    call = [python, HERE / "_one.py", "--module", job.module, "--rule", job.rule, "--kind", job.kind]
    call += ["--rates", *job.rates, "--draws", options.out / "draws", "--out", fresh]

    def measure() -> Row:
        sys.stderr.write(f"  {name}\n")
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(
                [str(word) for word in call],
                env={**os.environ, **ONE_CORE},
                capture_output=True,
                text=True,
                timeout=options.limit_s,
                check=True,
            )
        except subprocess.TimeoutExpired:
            return {"reason": f"not finished after {options.limit_s / 60:g} minutes"}
        except subprocess.CalledProcessError as error:
            said = [line for line in error.stderr.splitlines() if line.strip()] or ["no word"]
            return {"reason": said[-1][:REASON_CHARACTERS].replace("|", "/")}
        return dict(json.loads(fresh.read_text(encoding="utf-8")))

    return kept(place, measure)


def arguments() -> argparse.Namespace:
    """What to run and where to put it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--scores", type=Path, help="as error_rates.py leaves them in its --out")
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--calibrating", type=int, default=45, help="calibration patients of a draw")
    parser.add_argument("--peers", nargs="+", metavar="NAME", help="only rules whose names begin so")
    parser.add_argument("--env", type=Path, default=HERE / ".venv")
    parser.add_argument("--python", default="3.12", help="which Python the environment is made of")
    parser.add_argument("--limit-s", type=float, default=600, help="seconds one rule may take; 0 runs none")
    parser.add_argument("--out", type=Path, default=Path("runs/threshold-peers"))
    parser.add_argument("--page", type=Path, default=Path("docs/measurements/threshold-peers.md"))
    return parser.parse_args()


def main() -> None:
    """Run what is missing and write the page."""
    options = arguments()
    scores = options.scores or options.out / "scores.npz"
    score(options.bundle, options.data, scores)
    cells = Cells.load(scores)
    export_draws(cells, options.draws, options.calibrating, options.out / "draws")
    python = environment(options.env, options.python) if options.limit_s else Path()
    pythons = {**dict.fromkeys(peers.jobs(), python), **dict.fromkeys(ours.jobs(), Path(sys.executable))}
    wanted = tuple(options.peers or [""])
    found = {
        name: attempt(name, job, pythons[name], options)
        for name, job in {**ours.jobs(), **peers.jobs()}.items()
        if name.startswith(wanted)
    }
    print(write_page(found, cells, options))


if __name__ == "__main__":
    start(main, PAGE)
