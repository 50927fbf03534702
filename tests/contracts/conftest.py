"""The exams are installed with Normocyte: `normocyte parts check` runs them on an own part.

It says which in a variable of the environment. Without it, as in the tests of Normocyte itself, nothing here
does anything.
"""

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

from normocyte.core.own.loading import load_own_parts

ASKED = json.loads(os.environ.get("NORMOCYTE_EXAM", "{}"))


def pytest_configure():
    if ASKED:
        settings.register_profile("own parts", deadline=None, derandomize=True, database=None)
        settings.load_profile("own parts")
        load_own_parts(Path(ASKED["folder"]))


@pytest.fixture(scope="session")
def own_exam():
    """Which own part is examined: `folder`, `part`, `report` and perhaps `data`; empty for the package's."""
    return ASKED


def pytest_collection_modifyitems(items):
    if ASKED:
        kind, name = ASKED["part"].split("/")
        items[:] = [item for item in items if concerns(item, kind, name)]


def concerns(item, kind, name):
    """Whether a check is one of this part: its name is a parameter, or the check is of all parts together."""
    if not hasattr(item, "callspec"):
        return item.path.stem == f"test_{kind}"
    chosen = item.callspec.params
    return name in list(map(str, chosen.values())) and chosen.get("kind", kind) == kind


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if ASKED and (report.when == "call" or not report.passed):
        with Path(ASKED["report"]).open("a", encoding="utf-8") as lines:
            check = {"exam": item.path.stem, "check": item.originalname, "outcome": report.outcome}
            lines.write(json.dumps({**check, "reason": reason(report, call)}) + "\n")


def reason(report, call):
    """Why a check failed or was skipped, in its first line; empty when it passed."""
    if report.skipped:
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    if not call.excinfo:
        return ""
    error = call.excinfo.value
    kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    return f"{kind}{str(error).strip().partition(chr(10))[0]}"
