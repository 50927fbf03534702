"""Runs the study."""

from studies.kit.measured import start
from studies.shortcuts.findings import PAGE
from studies.shortcuts.run import main

start(main, PAGE)
