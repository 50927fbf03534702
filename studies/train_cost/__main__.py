"""Runs the study."""

from studies.kit.measured import start
from studies.train_cost.run import main

start(main)
