"""Runs the study."""

from studies.beside_new.findings import PAGE
from studies.beside_new.run import main
from studies.kit.measured import start

start(main, PAGE)
