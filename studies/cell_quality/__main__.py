"""Runs the study."""

from studies.cell_quality.run import main

main()
