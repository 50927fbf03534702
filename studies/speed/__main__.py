"""Runs the study."""

from studies.kit.measured import start
from studies.speed.run import main

start(main)
