"""Runs the study."""

from studies.kit.measured import start
from studies.robustness.findings import PAGE
from studies.robustness.run import main

start(main, PAGE)
