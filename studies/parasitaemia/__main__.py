"""Runs the study."""

from studies.kit.measured import start
from studies.parasitaemia.findings import PAGE
from studies.parasitaemia.run import main

start(main, PAGE)
