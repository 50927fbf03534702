"""Runs the study."""

from studies.drift.findings import PAGE
from studies.drift.run import main
from studies.kit.measured import start

start(main, PAGE)
