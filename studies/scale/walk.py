"""Runs the guide on a batch that is killed, as it is printed, and writes the guide with what was shown.

    python -m studies.scale.walk --data DIR [--images 100000]

Every command block of the guide is typed into a shell of its own, in DIR, and what it shows is kept. A block
that begins a batch to be killed is typed line by line: its `kill -9` once half of the images have a row.
Needs the extras batch and cluster, Linux, and 10 kB an image.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from normocyte.core.errors import NormocyteError
from normocyte.records.manifest import contents_of
from studies.kit.common import machine
from studies.kit.measured import start
from studies.scale.walk_findings import KILL, PAGE, STEPS

ROOT = Path(__file__).parents[2]
SHARE = 0.5
"""The kill is typed when so many of the images have a row."""
ASKED_EVERY_S = 0.05
PATIENCE_S = 3600.0
SHELL = "bash"


@contextmanager
def normocyte_on_path() -> Iterator[dict[str, str]]:
    """An environment in which `normocyte` and `python` are those that run this."""
    with TemporaryDirectory() as folder:
        for name, call in (("normocyte", "-m normocyte"), ("python", "")):
            program = Path(folder) / name
            program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n', encoding="utf-8")
            program.chmod(0o755)
        found = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "COLUMNS": "100"}
        paths = (str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", ""))
        yield {**os.environ, **found, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def typed(block: str, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Type a block into a shell; gives its exit status and what it showed."""
    done = subprocess.run(
        [SHELL, "-c", block], cwd=folder, env=environment, text=True, stdout=-1, stderr=-2, check=False
    )
    return done.returncode, done.stdout


def typed_until_killed(
    block: str, folder: Path, environment: dict[str, str], results: Path, images: int
) -> tuple[int, str]:
    """Type all but the last line, wait until half of the images have a row, and type the kill."""
    *begin, kill = block.splitlines()
    log = folder / ".shown"
    with (
        log.open("w", encoding="utf-8") as shown,
        subprocess.Popen(
            [SHELL], cwd=folder, env=environment, text=True, stdin=-1, stdout=shown, stderr=-2
        ) as shell,
    ):
        assert shell.stdin is not None  # noqa: S101 - it is a pipe
        shell.stdin.write("\n".join(begin) + "\n")
        shell.stdin.flush()
        done = _wait_for(results, images * SHARE)
        shell.stdin.write(f"{kill}\nwait $! 2> {os.devnull}\n")
        shell.stdin.close()
        shell.wait()
    text = log.read_text(encoding="utf-8")
    log.unlink()
    return done, text


def _wait_for(results: Path, images: float) -> int:
    """Until so many images have a row; gives how many."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            done = contents_of(results).counts.images
        except NormocyteError:  # not begun yet
            done = 0
        if done >= images:
            return done
        time.sleep(ASKED_EVERY_S)
    raise SystemExit(f"No batch came to {images:,.0f} images in {results}.")


def walk(folder: Path, images: int) -> dict[str, Any]:
    """Type every block; gives what the guide shows of each."""
    found: dict[str, Any] = {}
    with normocyte_on_path() as environment:
        for name, step in STEPS.items():
            block, begun = step.block(images), time.monotonic()
            if block.endswith(KILL):
                status, text = typed_until_killed(block, folder, environment, folder / step.results, images)
            else:
                status, text = typed(block, folder, environment)
                if status:
                    raise SystemExit(f"The block {block!r} ended with {status}:\n{text}")
            found[name] = {
                "shown": shortened(text),
                "seconds": round(time.monotonic() - begun),
                "done": status,
            }
    return found


def shortened(text: str, begin: int = 3, end: int = 3) -> str:
    """Lines of progress are many: the first and the last ones of them, and all others."""
    lines = text.strip("\n").splitlines()
    told = [at for at, line in enumerate(lines) if " s left" in line]
    left_out = set(told[begin:-end]) if len(told) > begin + end else set()
    kept = [
        "  ..." if at == min(left_out, default=-1) else line.rstrip()
        for at, line in enumerate(lines)
        if at not in left_out or at == min(left_out)
    ]
    return "\n".join(kept)


def main() -> None:
    """Walk, and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder for images and results; emptied first"
    )
    parser.add_argument("--images", type=int, default=100_000)
    options = parser.parse_args()
    shutil.rmtree(options.data / "walk", ignore_errors=True)
    folder = options.data / "walk"
    folder.mkdir(parents=True)
    steps = walk(folder, options.images)
    PAGE.keep({}, {"steps": steps, "images": options.images, "machine": machine(), "cores": os.cpu_count()})
    PAGE.write()
    print(PAGE.place)


if __name__ == "__main__":
    start(main, PAGE)
