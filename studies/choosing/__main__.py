"""Runs the study."""

from studies.choosing.findings import PAGE
from studies.choosing.run import main
from studies.kit.measured import start

start(main, PAGE)
