"""Runs the study."""

from studies.another_stain.findings import PAGE
from studies.another_stain.run import main
from studies.kit.measured import start

start(main, PAGE)
