"""Runs the study."""

from studies.adapting.findings import PAGE
from studies.adapting.run import main
from studies.kit.measured import start

start(main, PAGE)
