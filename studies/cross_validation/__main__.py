"""Runs the study."""

from studies.cross_validation.findings import PAGE
from studies.cross_validation.run import main
from studies.kit.measured import start

start(main, PAGE)
