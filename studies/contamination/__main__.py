"""Runs the study."""

from studies.contamination.findings import PAGE
from studies.contamination.run import main
from studies.kit.measured import start

start(main, PAGE)
