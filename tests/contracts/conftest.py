"""The exams are installed with Normocyte: `normocyte parts check` runs them on an own part, by these options.

Without the options, as in the tests of Normocyte itself, nothing here does anything.
"""

import json
from pathlib import Path

import pytest
from hypothesis import settings

from normocyte.core.own_parts import load_own_parts

PART = "part"


def pytest_addoption(parser):
    parser.addoption("--own-parts", help="the folder of own parts")
    parser.addoption("--own-part", help="the one that is examined, such as detectors/blobs")
    parser.addoption("--own-data", help="a data set that an own reader reads")
    parser.addoption("--own-report", help="the file for one line of JSON a check")


def pytest_configure(config):
    folder = config.getoption("--own-parts", default=None)
    if folder:
        settings.register_profile("own parts", deadline=None, derandomize=True, database=None)
        settings.load_profile("own parts")
        load_own_parts(Path(folder))


def pytest_collection_modifyitems(config, items):
    own = config.getoption("--own-part", default=None)
    if own:
        kind, name = own.split("/")
        items[:] = [item for item in items if concerns(item, kind, name)]


def concerns(item, kind, name):
    """Whether a check is one of this part: its name is a parameter, or the check is of all parts together."""
    if not hasattr(item, "callspec"):
        return item.path.stem == f"test_{kind}"
    chosen = item.callspec.params
    return name in list(map(str, chosen.values())) and chosen.get("kind", kind) == kind


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report, file = outcome.get_result(), item.config.getoption("--own-report", default=None)
    if file and (report.when == "call" or not report.passed):
        with Path(file).open("a", encoding="utf-8") as lines:
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
