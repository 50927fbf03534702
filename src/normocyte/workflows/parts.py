"""Checks own parts: the exam of its kind is run on each, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from normocyte.core.cancel import current
from normocyte.core.errors import check_installed
from normocyte.core.own.loading import load_own_parts
from normocyte.core.progress import Progress

ASKED = "NORMOCYTE_EXAM"
"""The variable that tells the exams which own part to examine, as JSON."""
_FIELDS = "test_fields.py"
_TEST = "test_"
_LONGEST = 160
_FINISHED = (0, 1)
"""The exit status of pytest where all checks ran, failed or not."""


@dataclass(frozen=True)
class Failed:
    """What should hold of a part and does not, in words, and the first line that says why."""

    should: str
    reason: str


@dataclass(frozen=True)
class CheckedPart:
    """What came of the checks of a part, such as "detectors/blobs".

    `fault` says why it was not checked at all.
    """

    part: str
    passed: int = 0
    failed: tuple[Failed, ...] = ()
    fault: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it was checked and nothing failed."""
        return not self.failed and not self.fault


@dataclass(frozen=True)
class CheckedParts:
    """Every part of a folder."""

    parts: tuple[CheckedPart, ...]

    @property
    def is_sound(self) -> bool:
        """Whether all passed."""
        return all(one.is_sound for one in self.parts)

    def as_json(self) -> dict[str, Any]:
        """Everything as texts, numbers, lists and dictionaries."""
        parts = [asdict(one) | {"is_sound": one.is_sound} for one in self.parts]
        return {"schema": 1, "is_sound": self.is_sound, "parts": parts}


def check_parts(folder: Path, data: Path | None, progress: Progress) -> CheckedParts:
    """Run the exams on the parts of a folder, which runs their code.

    `data` is a small data set that own readers can read. The exams are those that the tests of Normocyte run
    on the parts of the package. ConfigError as `load_own_parts`, MissingExtraError without the extra "exam".
    """
    for package in ("pytest", "hypothesis"):
        check_installed(package, "exam")
    loaded = load_own_parts(folder)
    progress.begin("Checking own parts", len(loaded.keys))
    found = [CheckedPart("/".join(key), fault=fault) for key, fault in loaded.faults.items()]
    for key in loaded.keys:
        current().check()
        found.append(_checked(folder, "/".join(key), data))
        progress.advance()
    return CheckedParts(tuple(sorted(found, key=lambda one: one.part)))


def _exams() -> Path:
    """The folder of the exams: in the package where it is installed, else among the tests."""
    package = Path(__file__).parents[1] / "exams"
    return package if package.is_dir() else Path(__file__).parents[3] / "tests" / "contracts"


def _checked(folder: Path, part: str, data: Path | None) -> CheckedPart:
    with tempfile.TemporaryDirectory(prefix="normocyte-exam-") as place:
        report = Path(place) / "report.jsonl"
        asked = {"folder": str(folder.absolute()), "part": part, "report": str(report)}
        cut_short = _run(asked | ({"data": str(data.absolute())} if data else {}), place)
        lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    current().check()  # Ctrl-C stops the exam as well
    return _outcome(part, [json.loads(line) for line in lines], cut_short)


def _run(asked: Mapping[str, str], place: str) -> str:
    """Run an exam in a folder of its own; where it stopped early, the last line that it printed."""
    exams, kind = _exams(), asked["part"].partition("/")[0]
    files = [str(exams / name) for name in (f"{_TEST}{kind}.py", _FIELDS)]
    paths = [str(Path(one).absolute()) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
    own = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "HYPOTHESIS_STORAGE_DIRECTORY": place}
    own |= {"PYTHONPATH": os.pathsep.join(paths), ASKED: json.dumps(asked)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", str(exams / "exam.ini"), *files],
        cwd=place,
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode in _FINISHED:
        return ""
    said = ["it printed nothing", *done.stdout.splitlines(), *done.stderr.splitlines()]
    last = next(line for line in reversed(said) if line.strip())
    return f"Its test stopped early (exit status {done.returncode}): {last}."


def _outcome(part: str, checks: Sequence[dict[str, str]], cut_short: str) -> CheckedPart:
    """What the lines of a report say; of a check that fails on many examples the first one."""
    failed = {check["check"]: check for check in reversed(checks) if check["outcome"] == "failed"}
    return CheckedPart(
        part,
        passed=sum(check["outcome"] == "passed" for check in checks),
        failed=tuple(_failed(check) for check in reversed(failed.values())),
        fault=cut_short or _unchecked(checks),
    )


def _unchecked(checks: Sequence[dict[str, str]]) -> str:
    """Why nothing but the fields was checked; empty where more was."""
    own = [check for check in checks if f"{check['exam']}.py" != _FIELDS]
    if any(check["outcome"] != "skipped" for check in own):
        return ""
    return f"It was not checked: {own[0]['reason'] if own else 'there is no check for it'}."


def _failed(check: dict[str, str]) -> Failed:
    return Failed(check["check"].removeprefix(_TEST).replace("_", " "), check["reason"][:_LONGEST])
