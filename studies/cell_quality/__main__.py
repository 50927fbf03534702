"""Runs the study."""

from studies.cell_quality.findings import PAGE
from studies.cell_quality.run import main
from studies.kit.measured import start

start(main, PAGE)
