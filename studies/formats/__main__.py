"""Runs the study."""

from studies.formats.findings import PAGE
from studies.formats.run import main
from studies.kit.measured import start

start(main, PAGE)
