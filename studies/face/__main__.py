"""Runs the study."""

from studies.face.findings import PAGE
from studies.face.run import main
from studies.kit.measured import start

start(main, PAGE)
