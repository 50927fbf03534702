"""Runs the study."""

from studies.site_cells.run import main

main()
