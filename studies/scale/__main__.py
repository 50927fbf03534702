"""`python -m studies.scale`."""

from studies.kit.measured import start
from studies.scale.findings import PAGE
from studies.scale.run import main

start(main, PAGE)
