"""Runs the study."""

from studies.compute_tradeoff.findings import PAGE
from studies.compute_tradeoff.run import main
from studies.kit.measured import start

start(main, PAGE)
