"""Runs the study."""

from studies.kit.measured import start
from studies.segmentation.findings import PAGE
from studies.segmentation.run import main

start(main, PAGE)
