"""Runs the study."""

from studies.kit.measured import start
from studies.mutations.findings import PAGE
from studies.mutations.run import main

start(main, PAGE)
