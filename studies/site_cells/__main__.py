"""Runs the study."""

from studies.kit.measured import start
from studies.site_cells.run import main

start(main)
