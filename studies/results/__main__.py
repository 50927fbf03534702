"""Runs the study."""

from studies.kit.measured import start
from studies.results.run import main

start(main)
