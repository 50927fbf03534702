"""Runs the study."""

from studies.kit.measured import start
from studies.smears.findings import PAGE
from studies.smears.run import main

start(main, PAGE)
