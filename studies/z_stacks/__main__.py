"""Runs the study."""

from studies.kit.measured import start
from studies.z_stacks.findings import PAGE
from studies.z_stacks.run import main

start(main, PAGE)
