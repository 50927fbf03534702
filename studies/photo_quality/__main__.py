"""Runs the study."""

from studies.kit.measured import start
from studies.photo_quality.findings import PAGE
from studies.photo_quality.run import main

start(main, PAGE)
